"""The stretch of a text that is nearest to a quote, and what differs, word by word.

Edit distance over words where the quote may begin and end anywhere in the text (Sellers 1980, "The theory and
computation of evolutionary distances: pattern recognition"): a word replaced, added or left out costs 1. Where the
quote itself says that something is left out ("…"), any number of words may be, for the cost of one. Of equal costs,
the one with more words the same is taken, then the one with more words replaced. A row of the table is computed at
once: the chain of insertions in it is a running minimum.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.quoting.asked import Asked

Costs = npt.NDArray[np.int64]
_UNIT = 1 << 12
"""A cost of 1 in the table: more than the credits of a quote of 1,000 words, the most in 2,000 characters."""
_SAME, _REPLACED = 2, 1
"""Credits that choose between equal costs."""
_WALL = 1 << 24
"""Cost of leaving one text for the next: more than a quote of 1,000 words can cost."""
_NO_WORD = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of an alignment: a word of the quote, a word of the text, or both; None where there is none."""

    asked: int | None
    said: int | None
    same: bool = False
    elided: bool = False
    """The quote said that this word of the text is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """How a quote lies on a stretch of one text."""

    cost: int
    steps: tuple[Step, ...]
    """In order; those with a word of the text cover a stretch of it without a hole."""

    @property
    def first(self) -> int:
        """Return the number of the stretch's first word."""
        return next(step.said for step in self.steps if step.said is not None)

    @property
    def end(self) -> int:
        """Return the number of the word after the stretch's last."""
        return 1 + next(step.said for step in reversed(self.steps) if step.said is not None)

    @property
    def similarity(self) -> float:
        """Return 1 less the share of words that differ, of the longer of the two; elided words don't count."""
        asked = sum(step.asked is not None for step in self.steps)
        said = sum(step.said is not None and not step.elided for step in self.steps)
        return max(0.0, 1 - self.cost / max(asked, said))


def nearest_costs(asked: Asked, texts: Sequence[Sequence[str]]) -> list[int]:
    """Return, for each text (its words' keys), the cost of the stretch nearest to a quote."""
    table = _Table(asked, texts)
    row = table.rows(keep=False)[-1]
    return [_whole(row[start:end].min()) for start, end in table.bounds]


def greatest_similarities(asked: Asked, texts: Sequence[Sequence[str]]) -> list[float]:
    """Return, for each text, how similar its stretch nearest to a quote is, at most; just so without an elision.

    What `align` would count step by step follows from cost and credits: where s of the quote's words are the same, r
    replaced and d left out, and i are added, credits are 2s + r and the cost r + d + i, so that the stretch has
    s + r + i = cost + credits - asked words.
    """
    table = _Table(asked, texts)
    row = table.rows(keep=False)[-1]
    found = []
    for start, end in table.bounds:
        least = row[start:end].min()
        cost = _whole(least)
        said = cost + (cost * _UNIT - int(least)) - len(asked)
        found.append(max(0.0, 1 - cost / max(len(asked), said)))
    return found


def align(asked: Asked, text: Sequence[str]) -> Alignment | None:
    """Return how a quote lies on the stretch of a text (its words' keys) that is nearest; None if no word is shared."""
    table = _Table(asked, [text])
    rows = table.rows(keep=True)
    end = int(rows[-1].argmin())
    steps = tuple(reversed(list(table.back(rows, end))))
    if not any(step.same for step in steps):
        return None
    return Alignment(cost=_whole(rows[-1][end]), steps=steps)


def _whole(value: np.int64) -> int:
    """Return a cost without its credits."""
    return -(-int(value) // _UNIT) if value > 0 else 0


class _Table:
    """Costs of a quote's beginnings (rows) against ends in the texts (columns), a wall in front of each text."""

    def __init__(self, asked: Asked, texts: Sequence[Sequence[str]]) -> None:
        numbers: dict[str, int] = {}
        self._asked = [numbers.setdefault(key, len(numbers)) for key in asked.keys]
        self._elisions = asked.elisions
        columns: list[int] = []
        self.bounds: list[tuple[int, int]] = []
        for text in texts:
            start = len(columns)
            columns.append(_NO_WORD)
            columns.extend([numbers.get(key, _NO_WORD) for key in text])
            self.bounds.append((start, len(columns)))
        self._said = np.array(columns, dtype=np.int32)
        walls = np.zeros(len(columns), dtype=np.int64)
        walls[[start for start, _ in self.bounds]] = 1
        self._is_wall = walls.astype(np.bool_)
        # Of two texts the later one's columns count as further away than any quote is long.
        self._text = np.cumsum(walls) * _WALL
        self._place = np.arange(len(columns), dtype=np.int64) * _UNIT + self._text

    def rows(self, *, keep: bool) -> list[Costs]:
        """Return the table's rows, or only the last."""
        row: Costs = np.zeros(len(self._said), dtype=np.int64)
        rows = [row]
        for number, word in enumerate(self._asked, start=1):
            matched = np.empty_like(row)
            matched[0] = _WALL
            matched[1:] = row[:-1] + np.where(self._said[1:] == word, -_SAME, _UNIT - _REPLACED)
            matched[self._is_wall] = _WALL
            row = np.minimum(matched, row + _UNIT)
            row = np.minimum.accumulate(row - self._place) + self._place
            if number in self._elisions:
                row = np.minimum(row, np.minimum.accumulate(row - self._text) + self._text + _UNIT)
            rows = [*rows, row] if keep else [row]
        return rows

    def back(self, rows: Sequence[Costs], column: int) -> Iterator[Step]:
        """Yield the steps that lead to the last row of a column of a single text, last step first."""
        row = len(self._asked)
        while row:
            cost, before = rows[row][column], rows[row - 1]
            same = bool(self._said[column] == self._asked[row - 1])
            if column and before[column - 1] + (-_SAME if same else _UNIT - _REPLACED) == cost:
                row, column = row - 1, column - 1
                yield Step(asked=row, said=column, same=same)
            elif column and rows[row][column - 1] + _UNIT == cost:
                column -= 1
                yield Step(asked=None, said=column)
            elif before[column] + _UNIT == cost:
                row -= 1
                yield Step(asked=row, said=None)
            else:
                # Only an elision is left: it began at the nearest column that costs one less.
                while rows[row][column] + _UNIT != cost:
                    column -= 1
                    yield Step(asked=None, said=column, elided=True)
