"""Intervals by the bootstrap over questions (Efron and Tibshirani 1993; for retrieval: Sakai 2006).

Questions are drawn with replacement as often as there are, many times, always with the same seed; the interval holds
the middle 95% of the figures. For two runs the same draws are used on both sides, question by question (paired), which
takes out how hard the questions are.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eval.metrics.case import Share, Shares
from eval.metrics.outcome import Outcomes

SEED = 20240229
RESAMPLES = 10_000
SET_RESAMPLES = 1_000
"""Figures that only a whole set has are computed anew for every draw."""
BLOCK = 500
"""Draws held in memory at once."""
UNDECIDED = Share(0.0, 0.0)
LOW, HIGH = 2.5, 97.5
"""Percentiles of a 95% interval."""

Floats = npt.NDArray[np.float64]
Statistic = Callable[[Outcomes], float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A figure, or a difference of two, with its 95% interval. `low` and `high` are None where no draw decides."""

    value: float
    low: float | None
    high: float | None
    n: int
    """Questions that it is made of."""

    @property
    def clear(self) -> bool:
        """Return whether the interval leaves out 0, which for a difference means that it is not chance."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high


def share_intervals(questions: Sequence[Shares]) -> dict[str, Interval]:
    """Return the figures of one run, by name, in the order in which they are met."""
    names = list(dict.fromkeys(name for shares in questions for name in shares))
    parts, wholes = _tables(questions, names)
    ratios = np.concatenate([_ratio(d @ parts, d @ wholes) for d in _draws(len(questions))]) if names else parts
    values = _ratio(parts.sum(axis=0), wholes.sum(axis=0))
    return _intervals(names, values, ratios, (wholes > 0).sum(axis=0))


def share_differences(before: Sequence[Shares], after: Sequence[Shares]) -> dict[str, Interval]:
    """Return after less before, by name; both hold the same questions in the same order."""
    names_after = {name for shares in after for name in shares}
    names = [name for name in dict.fromkeys(n for shares in before for n in shares) if name in names_after]
    parts_a, wholes_a = _tables(before, names)
    parts_b, wholes_b = _tables(after, names)
    differences = [
        _ratio(draws @ parts_b, draws @ wholes_b) - _ratio(draws @ parts_a, draws @ wholes_a)
        for draws in _draws(len(before))
    ]
    values = _ratio(parts_b.sum(axis=0), wholes_b.sum(axis=0)) - _ratio(parts_a.sum(axis=0), wholes_a.sum(axis=0))
    decided = ((wholes_a > 0) | (wholes_b > 0)).sum(axis=0)
    return _intervals(names, values, np.concatenate(differences), decided)


def set_interval(statistic: Statistic, outcomes: Outcomes) -> Interval | None:
    """Return a figure that only a whole set has."""
    value = statistic(outcomes)
    if value is None:
        return None
    figures = [statistic(outcomes.take(indices)) for indices in _indices(len(outcomes))]
    return _interval(value, np.array([f for f in figures if f is not None]), len(outcomes))


def set_difference(statistic: Statistic, before: Outcomes, after: Outcomes) -> Interval | None:
    """Return after less before of a figure that only a whole set has."""
    one, other = statistic(before), statistic(after)
    if one is None or other is None:
        return None
    pairs = [(statistic(before.take(i)), statistic(after.take(i))) for i in _indices(len(before))]
    differences = np.array([b - a for a, b in pairs if a is not None and b is not None])
    return _interval(other - one, differences, len(before))


def _tables(questions: Sequence[Shares], names: Sequence[str]) -> tuple[Floats, Floats]:
    """Return parts and wholes, each of shape (questions, names); a measure that is not decided has a whole of 0."""
    table = np.array([[shares.get(name, UNDECIDED) for name in names] for shares in questions], dtype=np.float64)
    table = table.reshape(len(questions), len(names), 2)
    return table[:, :, 0], table[:, :, 1]


def _draws(n: int) -> Iterator[Floats]:
    """Yield how often each question was drawn: blocks of shape (draws, n)."""
    generator = np.random.default_rng(SEED)
    for _ in range(0, RESAMPLES, BLOCK):
        yield generator.multinomial(n, np.full(n, 1 / n), size=BLOCK).astype(np.float64)


def _indices(n: int) -> Iterator[npt.NDArray[np.int64]]:
    generator = np.random.default_rng(SEED)
    for _ in range(SET_RESAMPLES):
        yield generator.integers(0, n, size=n)


def _ratio(parts: Floats, wholes: Floats) -> Floats:
    return np.divide(parts, wholes, out=np.full_like(parts, np.nan), where=wholes > 0)


def _intervals(
    names: Sequence[str], values: Floats, figures: Floats, counts: npt.NDArray[np.int64]
) -> dict[str, Interval]:
    return {
        name: _interval(float(values[column]), figures[:, column], int(counts[column]))
        for column, name in enumerate(names)
        if not np.isnan(values[column])
    }


def _interval(value: float, figures: Floats, n: int) -> Interval:
    decided = figures[~np.isnan(figures)]
    if not len(decided):
        return Interval(value=value, low=None, high=None, n=n)
    low, high = np.percentile(decided, (LOW, HIGH)).tolist()
    return Interval(value=value, low=low, high=high, n=n)
