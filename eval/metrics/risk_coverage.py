"""The risk-coverage curve and the area under it: what would be wrong if only the surest answers were shown?

Questions are taken in the order of falling confidence. After each,

    coverage = questions taken / questions
    risk     = questions taken that were not answered rightly / questions taken

(El-Yaniv and Wiener 2010, JMLR 11; Geifman and El-Yaniv 2017, arXiv:1705.08500.) A question is answered rightly when
the answer has a citation that supports; one without an answer never is, nor one that got none. AURC is the mean of the
risks: 0 is best, and at least what the order of a perfect confidence would leave. Questions of equal confidence are
taken together, so that their order in the file does not matter.
"""

from dataclasses import dataclass

import numpy as np

from eval.metrics.outcome import Floats, Outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """What showing every answer of at least this confidence would mean."""

    confidence: float
    coverage: float
    risk: float


def risk_coverage(outcomes: Outcomes) -> list[CurvePoint]:
    """Return the curve, one point a distinct confidence, from the surest on."""
    if not len(outcomes):
        return []
    levels, taken, wrong = _levels(outcomes)
    return [
        CurvePoint(confidence=float(level), coverage=float(n / len(outcomes)), risk=float(w / n))
        for level, n, w in zip(levels, taken, wrong, strict=True)
    ]


def aurc(outcomes: Outcomes) -> float | None:
    """Return the area under the curve, or None without questions."""
    if not len(outcomes):
        return None
    _, taken, wrong = _levels(outcomes)
    widths = np.diff(taken, prepend=0)
    return float(np.sum(wrong / taken * widths) / len(outcomes))


def _levels(outcomes: Outcomes) -> tuple[Floats, Floats, Floats]:
    """Return the distinct confidences, falling, with the questions and the wrong ones down to each."""
    levels, places, counts = np.unique(-outcomes.confidence, return_inverse=True, return_counts=True)
    wrong = np.bincount(places, weights=1 - outcomes.right, minlength=len(levels))
    return -levels, np.cumsum(counts).astype(np.float64), np.cumsum(wrong)
