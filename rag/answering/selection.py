"""Which sentences make the answer, and the quotes that they become."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answering.candidates import Candidate, Features
from rag.answering.cohesion import CARRIES_ON, LIST_ITEM, POINTS_BACK, SAYS_HOW
from rag.answering.questions import Kind
from rag.retrieval.terms import shared_terms
from rag.transcripts.sentences import Sentence, sentences

WEIGHTS = Features(cosine=0.45, near=0.32, own=0.08, asked=0.29, passage=0.37, expected=0.23, asker=-0.12, named=0.39)
"""How the features of a sentence add up: a listwise fit on the questions over `corpus/`, judged on others.

`python -m benchmarks.sentence_weights` repeats both.
"""
MARGIN = {Kind.POINT: 0.15, Kind.SEQUENCE: 0.25, Kind.COMPARISON: 0.15}
"""How far below the best sentence another may score and still be quoted."""
OTHER_SIDE = 0.4
"""The same for the best sentence of another conversation, where the question compares."""
BEARING = 0.5
"""Share of the best sentence's hold on the question's terms that any other quoted one has."""
MOST_QUOTES = {Kind.POINT: 3, Kind.SEQUENCE: 5, Kind.COMPARISON: 4}
MOST_WORDS = 130
"""Of all quotes together, beyond the first."""
LONGEST_QUOTE = 90
"""Words up to which a quote takes along what its sentence leans on."""
SAME = 0.6
"""Share of terms in common (Jaccard) from which two sentences say the same."""


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
    def place(self) -> tuple[str, int]:
        """Return the transcript and the turn."""
        return self.candidate.transcript.id, self.candidate.turn


def score(features: Features) -> float:
    """Return how well a sentence answers: the weighted sum of its features."""
    return float(sum(getattr(WEIGHTS, name) * getattr(features, name) for name in Features.__slots__))


def select(candidates: Sequence[Candidate], kind: Kind, most: int) -> list[Quote]:
    """Return at most `most` quotes in a readable order.

    The best sentence comes first, or, where the answer is a sequence, everything in the order in which it was said;
    conversations are kept together, the one with the best sentence first. A list that the best sentence announces, or
    is part of, is quoted whole.
    """
    if not candidates:
        return []
    items = _list_around(candidates[0])
    if items:
        return _in_order(_all_merged([_widen(candidates[0]), *items])[:most], Kind.SEQUENCE)
    threshold = candidates[0].score - MARGIN[kind]
    most = min(most, MOST_QUOTES[kind])
    quotes: list[Quote] = []
    for candidate in candidates:
        if candidate.score < threshold:
            break
        if candidate.features.near < BEARING * candidates[0].features.near:
            continue
        if any(_holds(q, candidate) or _says_the_same(candidate, q.candidate) for q in quotes):
            continue
        merged = _merge(quotes, _widen(candidate))
        if len(merged) > most or (quotes and sum(q.words for q in merged) > MOST_WORDS):
            continue
        quotes = merged
    if kind is Kind.COMPARISON and len({quote.place[0] for quote in quotes}) == 1:
        quotes = _with_other_side(quotes, candidates, most)
    return _in_order(quotes, kind)


def _with_other_side(quotes: Sequence[Quote], candidates: Sequence[Candidate], most: int) -> list[Quote]:
    """Add the best sentence of another conversation, in place of the last quote where there is no room."""
    for candidate in candidates:
        if candidate.score < candidates[0].score - OTHER_SIDE:
            break
        if candidate.transcript.id != quotes[0].place[0]:
            return [*quotes[: max(1, most - 1)], _widen(candidate)] if most > 1 else list(quotes)
    return list(quotes)


def _holds(quote: Quote, candidate: Candidate) -> bool:
    same = quote.place == (candidate.transcript.id, candidate.turn)
    return same and quote.first <= candidate.number <= quote.last


def _widen(candidate: Candidate) -> Quote:
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
    return Quote(candidate=candidate, first=first, last=last)


def _list_around(candidate: Candidate) -> list[Quote]:
    """Return the numbered items that follow a sentence, or that it is one of: one quote an item."""
    found = sentences(candidate.spoken.text)
    numbered = [n for n, sentence in enumerate(found) if LIST_ITEM.match(sentence.text)]
    after = [n for n in numbered if n > candidate.number]
    if candidate.number not in numbered and (not after or after[0] > candidate.number + 1):
        return []
    return [Quote(candidate=replace(candidate, number=n, sentence=found[n]), first=n, last=n) for n in numbered]


def _all_merged(quotes: Sequence[Quote]) -> list[Quote]:
    merged: list[Quote] = []
    for quote in quotes:
        merged = _merge(merged, quote)
    return merged


def _merge(quotes: Sequence[Quote], quote: Quote) -> list[Quote]:
    """Add a quote, joined with those that it overlaps or touches in its paragraph."""
    apart = []
    for other in quotes:
        if other.place == quote.place and _touch(other, quote):
            best = max(other.candidate, quote.candidate, key=lambda c: c.score)
            quote = replace(
                quote, candidate=best, first=min(other.first, quote.first), last=max(other.last, quote.last)
            )
        else:
            apart.append(other)
    return [*apart, quote]


def _touch(one: Quote, other: Quote) -> bool:
    first, second = sorted((one, other), key=lambda q: q.first)
    if second.first <= first.last:
        return True
    return second.first == first.last + 1 and "\n\n" not in one.candidate.spoken.text[first.end : second.start]


def _says_the_same(one: Candidate, other: Candidate) -> bool:
    return shared_terms(one.sentence.text, other.sentence.text) >= SAME


def _in_order(quotes: Sequence[Quote], kind: Kind) -> list[Quote]:
    best_of: dict[str, float] = {}
    for quote in quotes:
        transcript = quote.candidate.transcript.id
        best_of[transcript] = max(best_of.get(transcript, -9.0), quote.candidate.score)

    def rank(quote: Quote) -> tuple[float, str, float, int, int]:
        transcript, turn = quote.place
        by_score = 0.0 if kind is Kind.SEQUENCE else -quote.candidate.score
        return -best_of[transcript], transcript, by_score, turn, quote.first

    return sorted(quotes, key=rank)
