"""Which sentences make the answer, and the quotes that they become."""

from collections.abc import Sequence
from dataclasses import replace

from rag.answering.candidates import Candidate, Features
from rag.answering.cohesion import LIST_ITEM
from rag.answering.questions import Kind
from rag.answering.quotes import Quote, widen
from rag.retrieval.terms import shared_terms
from rag.transcripts.sentences import sentences

WEIGHTS = Features(cosine=0.45, near=0.32, own=0.08, asked=0.29, passage=0.37, expected=0.23, asker=-0.12, named=0.39)
"""How the features of a sentence add up: a listwise fit on the questions over `corpus/`, judged on others.

`python -m benchmarks.sentence_weights` repeats both.
"""
MARGIN = {
    Kind.POINT: 0.15,
    Kind.SEQUENCE: 0.25,
    Kind.COMPARISON: 0.15,
    Kind.BROAD: 0.2,
    Kind.WHO_SAID: 0.0,
}
"""How far below the best sentence another may score and still be quoted."""
OTHER_SIDE = 0.25
"""The same for the best sentence of another side, where the question compares or is broad."""
NAMED_SIDE = 0.6
"""The same for the best sentence of a speaker whom a comparison names."""
BEARING = 0.5
"""Share of the best sentence's hold on the question's terms that any other quoted one has."""
MOST_QUOTES = {Kind.POINT: 3, Kind.SEQUENCE: 5, Kind.COMPARISON: 4, Kind.BROAD: 5, Kind.WHO_SAID: 1}
MOST_WORDS = {Kind.POINT: 180, Kind.SEQUENCE: 220, Kind.COMPARISON: 220, Kind.BROAD: 220, Kind.WHO_SAID: 220}
"""Of an answer with more than one quote."""
INTRODUCTION = 20
"""Words that tell whose a quote is, and from which conversation: about."""
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
    """
    if not candidates:
        return []
    if kind is Kind.WHO_SAID:
        return [widen(max(candidates, key=_wording), kind)]
    best = candidates[0]
    items = _list_around(best)
    if items:
        return _in_order(_all_merged([widen(best, kind), *items])[:most], Kind.SEQUENCE)
    if kind is Kind.SEQUENCE and (whole := widen(best, kind)).announces:
        return [whole]
    most = min(most, MOST_QUOTES[kind])
    quotes: list[Quote] = []
    for candidate in _in_turn(candidates, kind):
        if any(_holds(q, candidate) or _says_the_same(candidate, q.candidate) for q in quotes):
            continue
        merged = _merge(quotes, widen(candidate, kind))
        if len(merged) > most or (quotes and sum(q.words + INTRODUCTION for q in merged) > MOST_WORDS[kind]):
            continue
        quotes = merged
    return _in_order(quotes, kind)


def _in_turn(candidates: Sequence[Candidate], kind: Kind) -> list[Candidate]:
    """Return those that may be quoted: best first, or, where there are sides, the best of each, then the next of each.

    The sides are the speakers that a comparison names, if it names two, else the conversations.
    """
    best = candidates[0]
    by_speaker = kind is Kind.COMPARISON and len({c.spoken.speaker for c in candidates if c.features.named}) > 1
    has_sides = kind in (Kind.COMPARISON, Kind.BROAD)
    placed: dict[str | None, int] = {}
    kept: list[tuple[int, Candidate]] = []
    for candidate in candidates:
        if candidate.features.asker and not best.features.asker:
            continue
        named = by_speaker and bool(candidate.features.named)
        if candidate.features.near < BEARING * best.features.near and not named:
            continue
        side = candidate.spoken.speaker if named else candidate.transcript.id
        place = placed.get(side, 0) if has_sides else 0
        margin = MARGIN[kind]
        if has_sides and place == 0:
            margin = NAMED_SIDE if named else OTHER_SIDE
        if candidate.score >= best.score - margin:
            placed[side] = place + 1
            kept.append((place, candidate))
    return [candidate for _, candidate in sorted(kept, key=lambda pair: pair[0])]


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
