"""Calibration: is a confidence of .8 right in 8 of 10 cases?

The contract calls `confidence` the probability that the transcripts answer the question, so what it is held against is
whether they do (gold or no gold). In ten bins of equal width over 0 to 1,

    ECE = sum over bins of n_bin / n · |share answerable in bin − mean confidence in bin|

(Guo et al. 2017, arXiv:1706.04599), and without bins the Brier score, mean of (confidence − answerable)² (Brier 1950).
Both depend on the share of unanswerable questions in the set, which is seldom that of real use.
"""

from dataclasses import dataclass

import numpy as np

from eval.metrics.outcome import Outcomes

BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """The questions whose confidence lies in `[low, high)`; in the last bin 1 included."""

    low: float
    high: float
    count: int
    mean_confidence: float
    share_answerable: float


def reliability(outcomes: Outcomes) -> list[ReliabilityBin]:
    """Return the bins that hold questions."""
    places = np.clip((outcomes.confidence * BINS).astype(np.int64), 0, BINS - 1)
    bins = []
    for place in np.unique(places).tolist():
        inside = places == place
        bins.append(
            ReliabilityBin(
                low=place / BINS,
                high=(place + 1) / BINS,
                count=int(inside.sum()),
                mean_confidence=float(outcomes.confidence[inside].mean()),
                share_answerable=float(outcomes.answerable[inside].mean()),
            )
        )
    return bins


def expected_calibration_error(outcomes: Outcomes) -> float | None:
    """Return the ECE, or None without questions."""
    if not len(outcomes):
        return None
    bins = reliability(outcomes)
    return sum(b.count * abs(b.share_answerable - b.mean_confidence) for b in bins) / len(outcomes)


def brier(outcomes: Outcomes) -> float | None:
    """Return the Brier score, or None without questions."""
    if not len(outcomes):
        return None
    return float(np.mean((outcomes.confidence - outcomes.answerable) ** 2))
