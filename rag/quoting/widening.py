"""Whole sentences around a stretch, so that the nearest passage to a quote can be read on its own."""

from collections.abc import Sequence
from dataclasses import replace

from rag.quoting.alignment import Alignment, Step
from rag.quoting.nearest import Near
from rag.quoting.words import Words
from rag.transcripts.sentences import sentences

LONGEST = 60
"""Words; a stretch whose sentences are longer stays as it is."""


def widened(near: Near) -> Near:
    """Return a place with the stretch widened to whole sentences; the words that come along count as added."""
    if len(near.turns) > 1:
        return near
    words, alignment = near.words[0], near.alignment
    first, end = _whole_sentences(words, alignment.first, alignment.end)
    if end - first > LONGEST:
        return near
    steps = (*_added(first, alignment.first), *alignment.steps, *_added(alignment.end, end))
    cost = alignment.cost + (alignment.first - first) + (end - alignment.end)
    return replace(near, alignment=Alignment(cost=cost, steps=steps))


def _added(first: int, end: int) -> Sequence[Step]:
    return [Step(asked=None, said=number) for number in range(first, end)]


def _whole_sentences(words: Words, first: int, end: int) -> tuple[int, int]:
    """Return the numbers of the first word and after the last of the sentences that a stretch touches."""
    start_at, end_at = words.spans[first][0], words.spans[end - 1][1]
    touched = [s for s in sentences(words.text) if s.start < end_at and s.end > start_at]
    inside = [
        number
        for number, (start, stop) in enumerate(words.spans)
        if touched and touched[0].start <= start and stop <= touched[-1].end
    ]
    return min([first, *inside]), max([end, *(number + 1 for number in inside)])
