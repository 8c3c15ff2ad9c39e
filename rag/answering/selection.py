"""Which sentences make the answer, and the quotes that they become."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from rag.answering.analysis.questions import Kind
from rag.answering.candidates import Candidate
from rag.answering.cohesion import LIST_ITEM
from rag.answering.features import Features
from rag.answering.quotes import AS_WELL, Quote, Scores, widen
from rag.retrieval.terms import shared_terms
from rag.transcripts.sentences import sentences

WEIGHTS = Features(
    cosine=0.4,
    near=0.46,
    own=0.14,
    asked=0.18,
    passage=0.25,
    expected=0.25,
    defines=0.3,
    asker=-0.2,
    named=0.5,
    read=0.4,
)
"""How the features of a sentence add up: between a listwise fit on the questions over `corpus/` and one on four sets.

`python -m benchmarks.sentence_weights` fits and judges; decision 002 has the sets.
"""
MARGIN = {
    Kind.POINT: 0.38,
    Kind.SEQUENCE: 0.38,
    Kind.COMPARISON: 0.22,
    Kind.BROAD: 0.3,
    Kind.WHO_SAID: 0.0,
}
"""How far below the best sentence another may score and still be quoted."""
OTHER_SIDE = {Kind.COMPARISON: 0.38, Kind.BROAD: 0.6}
"""The same for the best sentence of another side, where the question compares or is broad."""
UNHEARD = -0.7
"""Least that reading says of the best sentence of another side: nobody is quoted on what they don't speak of."""
NAMED_SIDE = 0.75
"""The same for the best sentence of a speaker whom a comparison names."""
ALSO_SAID = 0.5
"""How much less near to what was said another speaker's words may be, and still be quoted as said too."""
SIDED = (Kind.COMPARISON, Kind.BROAD)
MOST_AS_WELL = 3
"""Sentences that have their place before what stands around them."""
MUCH_BETTER = 0.2
"""How much higher the sentence of who asks the questions must score than any guest's to be quoted."""
STANDS_ALONE = 10
"""Words of a quote, but for the best one; fewer, and it needs what stood around it ("At the other end of it.")."""
BEARING = 0.5
"""Share of the best sentence's hold on the question's terms that any other quoted one has."""
MOST_QUOTES = {Kind.POINT: 3, Kind.SEQUENCE: 5, Kind.COMPARISON: 4, Kind.BROAD: 5, Kind.WHO_SAID: 2}
MOST_WORDS = {Kind.POINT: 124, Kind.SEQUENCE: 180, Kind.COMPARISON: 180, Kind.BROAD: 180, Kind.WHO_SAID: 140}
"""Of an answer with more than one quote."""
INTRODUCTION, NAME = 20, 7
"""Words that tell whose a quote is, and from which conversation: about; and where that was said just before."""
BETWEEN = 2
"""Sentences from one quote to the next that it is joined with: what is said between two answers belongs there."""
SAME = 0.6
"""Share of terms in common (Jaccard) from which two sentences say the same."""


def score(features: Features) -> float:
    """Return how well a sentence answers: the weighted sum of its features."""
    return float(sum(getattr(WEIGHTS, name) * getattr(features, name) for name in Features.__slots__))


def select(candidates: Sequence[Candidate], kind: Kind, most: int) -> list[Quote]:
    """Return at most `most` quotes in a readable order.

    The best sentence comes first, or, where the answer is a sequence, everything in the order in which it was said;
    conversations are kept together, the one with the best sentence first. A list that the best sentence announces, or
    is part of, is quoted whole. Where the question compares, or is broad, each side has its best sentence quoted before
    any has a second. Who asks the questions in a conversation is quoted only if nobody answers better.

    What answers nearly as well as the best sentence has its place first, then the best are given what stands around
    them, then the rest of the room goes to others.
    """
    if not candidates:
        return []
    if kind is Kind.WHO_SAID:
        return _who_said(candidates, most)
    candidates = _answering(candidates)
    widened = partial(widen, kind=kind, around=_scores(candidates))
    best = candidates[0]
    items = _list_around(best)
    if items:
        return _in_order(_all_merged([widened(best), *items])[:most], Kind.SEQUENCE)
    if kind is Kind.SEQUENCE and (whole := widened(best)).announces:
        return [whole]
    room = _Room(most=min(most, MOST_QUOTES[kind]), words=MOST_WORDS[kind])
    sides = _sides(candidates, kind)
    for candidate in _firsts(sides, kind):
        if candidate is best or _stands_alone(widened(candidate)):
            room.put(widen(candidate, kind))
    for quote in room.quotes:
        room.put(widened(quote.candidate))
    for _, candidate in sides:
        if not room.repeats(candidate):
            room.put_any(each for each in (widened(candidate), widen(candidate, kind)) if _stands_alone(each))
    return _in_order(room.quotes, kind)


def quote_each(candidates: Sequence[Candidate], kind: Kind, most: int) -> list[Quote]:
    """Return the quotes of sentences that were chosen, in their order, joined where they touch."""
    return _all_merged([widen(candidate, kind) for candidate in candidates])[:most]


def _answering(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """Return the sentences of those who answer, or all where who asks says it much better."""
    guests = [candidate for candidate in candidates if not candidate.features.asker]
    return guests if guests and guests[0].score >= candidates[0].score - MUCH_BETTER else candidates


def _stands_alone(quote: Quote) -> bool:
    """Say whether a quote says enough to stand beside others."""
    return quote.words >= STANDS_ALONE or bool(quote.candidate.features.expected)


def _scores(candidates: Sequence[Candidate]) -> Scores:
    """Return the scores of sentences, by number, by turn."""
    found: dict[tuple[str, int], dict[int, float]] = {}
    for candidate in candidates:
        found.setdefault((candidate.transcript.id, candidate.turn), {})[candidate.number] = candidate.score
    return found


def _firsts(sides: Sequence[tuple[int, Candidate]], kind: Kind) -> list[Candidate]:
    """Return what has its place before what stands around it: the best of each side, or what is nearly as good."""
    if kind in SIDED:
        return [candidate for place, candidate in sides if place == 0]
    as_well = [c for _, c in sides if c.score >= sides[0][1].score - AS_WELL]
    return as_well[:MOST_AS_WELL]


class _Room:
    """Quotes, as many and as long as there is room for; the first is taken however long."""

    def __init__(self, *, most: int, words: int) -> None:
        self.quotes: list[Quote] = []
        self._most = most
        self._words = words

    def repeats(self, candidate: Candidate) -> bool:
        """Say whether a quote holds a sentence, or says the same."""
        return any(_holds(quote, candidate) or _says_the_same(candidate, quote.candidate) for quote in self.quotes)

    def put_any(self, quotes: Iterable[Quote]) -> None:
        """Take in the first quote that there is room for."""
        any(self.put(quote) for quote in quotes)

    def put(self, quote: Quote) -> bool:
        """Take a quote in, joined with those that it touches, and say whether there was room for it."""
        merged = _merge(self.quotes, quote)
        conversations = len({each.place[0] for each in merged})
        length = sum(each.words for each in merged) + NAME * len(merged) + (INTRODUCTION - NAME) * conversations
        if len(merged) > self._most or (self.quotes and length > self._words):
            return False
        self.quotes = merged
        return True


def _who_said(candidates: Sequence[Candidate], most: int) -> list[Quote]:
    """Return the sentence that is nearest to what was said, and another speaker's that is nearly as near."""
    first, *others = sorted(candidates, key=_wording, reverse=True)
    quotes = [widen(first, Kind.WHO_SAID)]
    for other in others:
        if _wording(other) < _wording(first) - ALSO_SAID:
            break
        if other.spoken.speaker != first.spoken.speaker:
            quotes.append(widen(other, Kind.WHO_SAID))
            break
    return quotes[:most]


def _sides(candidates: Sequence[Candidate], kind: Kind) -> list[tuple[int, Candidate]]:
    """Return those that may be quoted, best first, or, where there are sides, the best of each, then the next of each.

    The sides are the speakers that a comparison names, if it names two, or the things, else the conversations; of what
    is broad, who speaks in them.
    Each comes with its place in its side, counted from 0.
    """
    best = candidates[0]
    by_speaker = kind is Kind.COMPARISON and len({c.spoken.speaker for c in candidates if c.features.named}) > 1
    placed: dict[tuple[str | None, ...], int] = {}
    kept: list[tuple[int, Candidate]] = []
    for candidate in candidates:
        named = (by_speaker and bool(candidate.features.named)) or bool(candidate.of)
        if candidate.features.near < BEARING * best.features.near and not named:
            continue
        speaker, conversation = candidate.spoken.speaker, candidate.transcript.id
        side: tuple[str | None, ...] = (conversation, speaker if kind is Kind.BROAD else None)
        if named:
            side = tuple(sorted(candidate.of)) or (speaker,)
        place = placed.get(side, 0) if kind in SIDED else 0
        margin = MARGIN[kind]
        if kind in SIDED and place == 0:
            margin = NAMED_SIDE if named else OTHER_SIDE[kind]
            if candidate is not best and len(candidate.sentence.text.split()) < STANDS_ALONE:
                continue
            if not named and candidate.features.read < UNHEARD <= best.features.read:
                continue
        if candidate.score >= best.score - margin:
            placed[side] = place + 1
            kept.append((place, candidate))
    return sorted(kept, key=lambda pair: pair[0])


def _wording(candidate: Candidate) -> float:
    """Return how near a sentence is to what was said, in meaning and in words."""
    return candidate.score + candidate.features.cosine + candidate.features.own


def _holds(quote: Quote, candidate: Candidate) -> bool:
    same = quote.place == (candidate.transcript.id, candidate.turn)
    return same and quote.first <= candidate.number <= quote.last


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
    """Add a quote, joined with those that it overlaps, touches, or is parted from by one sentence in its paragraph."""
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
    return second.first <= first.last + BETWEEN and "\n\n" not in one.candidate.spoken.text[first.end : second.start]


def _says_the_same(one: Candidate, other: Candidate) -> bool:
    return shared_terms(one.sentence.text, other.sentence.text) >= SAME


def _in_order(quotes: Sequence[Quote], kind: Kind) -> list[Quote]:
    """Return quotes by conversation, of a comparison by speaker in each, those with the best sentence first."""
    best_of: dict[tuple[str, ...], float] = {}
    for quote in quotes:
        for group in _groups(quote, kind):
            best_of[group] = max(best_of.get(group, -9.0), quote.candidate.score)

    def rank(quote: Quote) -> tuple[list[tuple[float, tuple[str, ...]]], float, int, int]:
        by_score = 0.0 if kind is Kind.SEQUENCE else -quote.candidate.score
        return [(-best_of[group], group) for group in _groups(quote, kind)], by_score, quote.place[1], quote.first

    return sorted(quotes, key=rank)


def _groups(quote: Quote, kind: Kind) -> list[tuple[str, ...]]:
    """Return what a quote is kept together with others by, the widest first."""
    transcript, speaker = quote.place[0], quote.candidate.spoken.speaker or ""
    return [(transcript,), (transcript, speaker)] if kind is Kind.COMPARISON else [(transcript,)]
