"""Quotes: a sentence with what it leans on and what it announces, so that it can stand alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answering.candidates import Candidate
from rag.answering.cohesion import CARRIES_ON, LIST_ITEM, ORDINAL, POINTS_BACK, SAYS_HOW, announced
from rag.answering.questions import Kind
from rag.transcripts.sentences import Sentence, sentences

LONGEST_LIST = 130
"""Words of a quote that takes along the items which its sentence announces."""
MOST_BETWEEN = 2
"""Sentences that an item may take."""
STANDS_ALONE = 18
"""Words; a shorter quote takes the next sentence along. It is about what a spoken sentence has."""
LONGEST_FILLED = 40
"""Words up to which it does."""
LONGEST_QUOTE = 90
"""Words up to which a quote takes along what its sentence leans on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A run of whole sentences, first to last, of one paragraph of one turn, with the best candidate in it."""

    candidate: Candidate
    first: int
    last: int

    @property
    def _found(self) -> list[Sentence]:
        return sentences(self.candidate.spoken.text)

    @property
    def start(self) -> int:
        """Return where it starts in the turn's text."""
        return self._found[self.first].start

    @property
    def end(self) -> int:
        """Return where it ends in the turn's text."""
        return self._found[self.last].end

    @property
    def text(self) -> str:
        """Return the words, verbatim."""
        return self.candidate.spoken.text[self.start : self.end]

    @property
    def words(self) -> int:
        """Return its length."""
        return len(self.text.split())

    @property
    def announces(self) -> bool:
        """Say whether a sentence of it announces items that it goes on to name."""
        return any(announced(s.text) for s in self._found[self.candidate.number : self.last])

    @property
    def place(self) -> tuple[str, int]:
        """Return the transcript and the turn."""
        return self.candidate.transcript.id, self.candidate.turn


def widen(candidate: Candidate, kind: Kind) -> Quote:
    """Take along what a sentence leans on: the one that it points back to, the one that carries it on, its list."""
    text = candidate.spoken.text
    found = sentences(text)
    first = last = candidate.number

    def joined(a: int, b: int) -> bool:
        return "\n\n" not in text[found[a].end : found[b].start]

    def length() -> int:
        return len(text[found[first].start : found[last].end].split())

    if first and POINTS_BACK.match(found[first].text) and joined(first - 1, first):
        first -= 1
    while last + 1 < len(found) and joined(last, last + 1) and length() <= LONGEST_QUOTE:
        after = found[last + 1]
        in_list = LIST_ITEM.match(after.text) or (last > candidate.number and LIST_ITEM.match(found[last].text))
        carried_on = SAYS_HOW.match(after.text) or (last == candidate.number and CARRIES_ON.match(after.text))
        if after.text.endswith("?") or not (in_list or carried_on):
            break
        if length() + len(after.text.split()) > LONGEST_QUOTE and not in_list:
            break
        last += 1
    if kind is Kind.SEQUENCE:
        last = max(_end_of_items(text, found, number) for number in range(candidate.number, last + 1))
    while last + 1 < len(found) and joined(last, last + 1) and length() < STANDS_ALONE:
        if found[last + 1].text.endswith("?") or length() + len(found[last + 1].text.split()) > LONGEST_FILLED:
            break
        last += 1
    return Quote(candidate=candidate, first=first, last=last)


def _end_of_items(text: str, found: Sequence[Sentence], number: int) -> int:
    """Return the last sentence of the items that a sentence announces ("There are four things."), or the sentence."""
    items = announced(found[number].text)
    last = number
    for after in range(number + 1, min(len(found), number + 1 + MOST_BETWEEN * items)):
        if "\n\n" in text[found[after - 1].end : found[after].start]:
            break
        if len(text[found[number].start : found[after].end].split()) > LONGEST_LIST:
            break
        if after <= number + items or ORDINAL.match(found[after].text):
            last = after
    return last
