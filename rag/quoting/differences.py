"""What a place has to show: its quotes, each within one paragraph of one turn, and what differs in each.

A stretch that runs over paragraphs or turns becomes several quotes, and so does one with many words that the asked
quote leaves out ("…"): a quote is verbatim and has no elision inside. A few such words stay, as a difference: they may
hold a "not".
"""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rag.quoting.alignment import Alignment, Step
from rag.quoting.asked import Asked
from rag.quoting.types import Difference
from rag.quoting.words import Words
from rag.transcripts.folding import PARAGRAPH_BREAK

LONGEST_ELISION = 40
"""Words left out by the asked quote that are still quoted, so that the reader sees what was left out."""
ELISION = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A quote: `text[start:end]` of one of the turns, and how it compares with what was asked."""

    turn: int
    """Number among the turns that the words are of."""
    start: int
    end: int
    similarity: float
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """Steps whose words lie in one paragraph of one turn."""

    turn: int
    steps: tuple[Step, ...]
    """Words of the text are counted within the turn."""
    elided_after: bool


def parts_of(asked: Asked, words: Sequence[Words], alignment: Alignment) -> list[Part]:
    """Return the quotes of an alignment over turns with these words, in order."""
    stretches = list(_stretches(words, alignment.steps))
    alone = len({stretch.turn for stretch in stretches}) == 1
    return [_part(asked, words[s.turn], s, alignment.similarity if alone else None) for s in stretches]


def _part(asked: Asked, words: Words, stretch: _Stretch, similarity: float | None) -> Part:
    said = [step.said for step in stretch.steps if step.said is not None]
    numbers = [step.asked for step in stretch.steps if step.asked is not None]
    differences = [_difference(asked, words, block) for block in _blocks(stretch.steps)]
    if stretch.elided_after:
        differences.append(Difference(said="", asked=ELISION))
    if similarity is None:
        # What somebody else said of it, or the same speaker in another turn, is missing here.
        before, after = asked.words.stretch(0, numbers[0]), asked.words.stretch(numbers[-1] + 1, len(asked))
        differences[:0] = [Difference(said="", asked=before)] if before else []
        differences += [Difference(said="", asked=after)] if after else []
        same = sum(step.same for step in stretch.steps)
        similarity = same / max(len(asked), len(said))
    return Part(
        turn=stretch.turn,
        start=words.spans[said[0]][0],
        end=words.spans[said[-1]][1],
        similarity=similarity,
        differences=tuple(differences),
    )


def _stretches(words: Sequence[Words], steps: Iterable[Step]) -> Iterator[_Stretch]:
    """Yield the steps by paragraph, without the words of long elisions."""
    places = [place for turn, each in enumerate(words) for place in _places(turn, each)]
    here: tuple[int, int] | None = None
    held: list[Step] = []
    for elided, run in groupby(steps, key=lambda step: step.elided):
        taken = list(run)
        if elided and here and (len(taken) > LONGEST_ELISION or any(places[s.said or 0][:2] != here for s in taken)):
            yield _stretch(here, held, elided_after=True)
            here, held = None, []
            continue
        for step in taken:
            if step.said is None:
                held.append(step)
                continue
            turn, paragraph, number = places[step.said]
            if here is not None and here != (turn, paragraph):
                yield _stretch(here, held, elided_after=False)
                held = []
            here = (turn, paragraph)
            held.append(replace(step, said=number))
    if here is not None:
        yield _stretch(here, held, elided_after=False)


def _stretch(here: tuple[int, int], held: Sequence[Step], *, elided_after: bool) -> _Stretch:
    kept = list(held)
    while kept and kept[-1].elided:
        kept.pop()
    return _Stretch(turn=here[0], steps=tuple(kept), elided_after=elided_after or len(kept) < len(held))


def _places(turn: int, words: Words) -> Iterator[tuple[int, int, int]]:
    """Yield the turn, the paragraph and the number of each word."""
    breaks = [match.start() for match in re.finditer(PARAGRAPH_BREAK, words.text)]
    for number, (start, _) in enumerate(words.spans):
        yield turn, bisect(breaks, start), number


def _blocks(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Yield the runs of steps that differ."""
    for kind, run in groupby(steps, key=lambda step: (step.same, step.elided)):
        if kind != (True, False):
            yield list(run)


def _difference(asked: Asked, words: Words, block: Sequence[Step]) -> Difference:
    said = [step.said for step in block if step.said is not None]
    numbers = [step.asked for step in block if step.asked is not None]
    return Difference(
        said=words.stretch(said[0], said[-1] + 1) if said else "",
        asked=asked.words.stretch(numbers[0], numbers[-1] + 1) if numbers else ELISION if block[0].elided else "",
    )
