"""Quotes: a sentence with what it leans on and what it announces, so that it can stand alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from rag.answering.analysis.questions import Kind
from rag.answering.candidates import Candidate
from rag.answering.cohesion import (
    CARRIES_ON,
    LIST_ITEM,
    ORDINAL,
    POINTS_BACK,
    SAYS_HOW,
    SETS_UP,
    SHORT_ANSWER,
    announced,
    joined,
    named_before,
    only_adds,
    quoted_from,
    voiced_from,
)
from rag.transcripts.sentences import Sentence, sentences

LONGEST_LIST = 130
"""Words of a quote that takes along the items which its sentence announces."""
MOST_BETWEEN = 2
"""Sentences that an item may take."""
LONGEST_FILLED = 50
"""Words up to which a quote takes along the sentences around it that answer nearly as well."""
NEARLY = 0.5
"""How far below its sentence they may score."""
AS_WELL = 0.2
"""How far below its sentence they may score to be taken along into a longer quote."""
LONGEST_QUOTE = 75
"""Words up to which a quote takes along what its sentence leans on."""
Scores = Mapping[tuple[str, int], Mapping[int, float]]
"""Of sentences, by their number, by transcript and turn."""
NOTHING_AROUND: Scores = MappingProxyType({})


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

    def holds(self, other: "Quote") -> bool:
        """Say whether another quote is part of it."""
        return self.place == other.place and self.first <= other.first <= other.last <= self.last

    @property
    def lead(self) -> "Quote | None":
        """Return the sentence that names whose words it tells, where only the paragraph before does."""
        named = named_before(self._found, self.candidate.number)
        if named is None:
            return None
        spoken = replace(self.candidate, number=named[0], sentence=self._found[named[0]])
        return Quote(candidate=spoken, first=named[0], last=named[0])

    @property
    def announces(self) -> bool:
        """Say whether a sentence of it announces items that it goes on to name."""
        return any(announced(s.text) for s in self._found[self.candidate.number : self.last])

    @property
    def place(self) -> tuple[str, int]:
        """Return the transcript and the turn."""
        return self.candidate.transcript.id, self.candidate.turn


def widen(candidate: Candidate, kind: Kind, around: Scores = NOTHING_AROUND) -> Quote:
    """Take along what a sentence leans on: who said it, what it points back to, what carries it on, its list.

    Args:
        candidate: The sentence.
        kind: What the question asks for.
        around: Scores of the sentences that may be quoted; those beside it that answer nearly as well come along too.
    """
    stretch = _Stretch(candidate)
    number = candidate.number
    stretch.begin_with_voice()
    leant = stretch.lean_back()
    while stretch.joined(stretch.last) and stretch.words() <= LONGEST_QUOTE:
        after = stretch.found[stretch.last + 1].text
        in_list = LIST_ITEM.match(after) or (
            stretch.last > number and LIST_ITEM.match(stretch.found[stretch.last].text)
        )
        carried_on = SAYS_HOW.match(after) or (stretch.last == number and CARRIES_ON.match(after))
        carried_on = carried_on or SETS_UP.search(stretch.found[stretch.last].text)
        if after.endswith("?") or not (in_list or carried_on) or not stretch.voices(stretch.last + 1):
            break
        if stretch.words(last=stretch.last + 1) > LONGEST_QUOTE and not in_list:
            break
        stretch.last += 1
    if leant:
        stretch.lean_back(longest=LONGEST_QUOTE)
    stretch.first -= stretch.begins_with_answer()
    if kind is not Kind.WHO_SAID:
        stretch.last = max(stretch.end_of_items(n) for n in range(number, stretch.last + 1))
        stretch.grow(around.get((candidate.transcript.id, candidate.turn), {}))
    return Quote(candidate=candidate, first=stretch.first, last=stretch.last)


def with_leads(quotes: Sequence[Quote], most: int) -> list[Quote]:
    """Return quotes, each that tells somebody's words just after the sentence that names them; `most` at most."""
    leads = [(quote, lead) for quote in quotes if (lead := quote.lead) is not None]
    named = {id(quote): next((k for k in quotes if k.holds(lead)), lead) for quote, lead in leads}
    kept: list[Quote] = []
    for quote in quotes:
        both = [named[id(quote)], quote] if id(quote) in named else [quote]
        if not any(quote is lead for lead in named.values()) and len(kept) + len(both) <= most:
            kept += both
    return kept


class _Stretch:
    """Sentences of a turn, first to last, around one of them."""

    def __init__(self, candidate: Candidate) -> None:
        self._text = candidate.spoken.text
        self._score = candidate.score
        self.found = sentences(self._text)
        self.first = self.last = candidate.number

    def begin_with_voice(self) -> None:
        """Begin where it is said whose words the first sentence is."""
        first = quoted_from(self.found, self.first)
        self.first = self.first if first is None else first

    def voices(self, number: int) -> bool:
        """Say whether the stretch shows whose words a sentence after it is, or would if it held that one."""
        first = quoted_from(self.found, number)
        return first is not None and first >= self.first

    def lean_back(self, longest: int | None = None) -> bool:
        """Take along the sentence that the first one needs, where the stretch stays short enough, and say whether."""
        text = self.found[self.first].text
        if not self.joined(self.first - 1) or not (POINTS_BACK.match(text) or only_adds(text)):
            return False
        before = voiced_from(self.found, self.first - 1)
        if before is None or (longest is not None and self.words(first=before) > longest):
            return False
        self.first = before
        return True

    def begins_with_answer(self) -> bool:
        """Say whether the turn begins, just before the stretch, with a yes or a no that it goes on from."""
        return self.first == 1 and self.joined(0) and bool(SHORT_ANSWER.match(self.found[0].text))

    def joined(self, number: int) -> bool:
        """Say whether a sentence and the next are of one paragraph."""
        return joined(self.found, number)

    def words(self, *, first: int | None = None, last: int | None = None) -> int:
        """Return the words of the stretch, or of a longer one."""
        start = self.found[self.first if first is None else first].start
        return len(self._text[start : self.found[self.last if last is None else last].end].split())

    def grow(self, scores: Mapping[int, float]) -> None:
        """Take along the sentences beside it that answer nearly as well, the better first."""
        while True:
            beside = [n for n in (self.first - 1, self.last + 1) if self.joined(min(n, self.last)) and n in scores]
            if not beside:
                return
            best = max(beside, key=lambda n: (scores[n], n))
            voice = voiced_from(self.found, best)
            first, last = min(self.first, best if voice is None else voice), max(best, self.last)
            longest = LONGEST_QUOTE if scores[best] >= self._score - AS_WELL else LONGEST_FILLED
            if scores[best] < self._score - NEARLY or self.words(first=first, last=last) > longest:
                return
            self.first, self.last = first, last

    def end_of_items(self, number: int) -> int:
        """Return the last sentence of the items that one announces ("There are four things."), or the sentence."""
        items = announced(self.found[number].text)
        last = number
        for after in range(number + 1, min(len(self.found), number + 1 + MOST_BETWEEN * items)):
            if not self.joined(after - 1) or self.words(first=number, last=after) > LONGEST_LIST:
                break
            if after <= number + items or ORDINAL.match(self.found[after].text):
                last = after
        return last
