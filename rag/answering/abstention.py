"""How likely it is that the transcripts answer a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from rag.answering.candidates import Evidence
from rag.retrieval.types import Passage

THRESHOLD = 0.5
"""Confidence below which the reply is `not_found`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What the confidence is computed from; each is between 0 and 1 or close to it."""

    passage_cosine: float
    """Of the question and the nearest passage."""
    sentence_cosine: float
    """Of the question and the nearest sentence that is not itself a question."""
    coverage: float
    """Share of the question's terms, weighted by rarity, around the best sentence."""
    best_coverage: float
    """The highest such share of any candidate."""
    absent: float
    """Weight of the question's terms that no passage holds."""


WEIGHTS = Features(passage_cosine=3.0, sentence_cosine=4.0, coverage=2.0, best_coverage=2.0, absent=-3.0)
BIAS = -3.0


def measure(evidence: Evidence, passages: Sequence[Passage]) -> Features:
    """Return the features of a question's evidence."""
    candidates = evidence.candidates
    if not candidates:
        return Features(passage_cosine=0.0, sentence_cosine=0.0, coverage=0.0, best_coverage=0.0, absent=1.0)
    return Features(
        passage_cosine=max((p.scores.dense or 0.0 for p in passages), default=0.0),
        sentence_cosine=max(c.features.cosine for c in candidates),
        coverage=candidates[0].features.near,
        best_coverage=max(c.features.near for c in candidates),
        absent=evidence.absent,
    )


def confidence(features: Features) -> float:
    """Return the probability that the transcripts answer the question: logistic in the features."""
    total = BIAS + sum(getattr(WEIGHTS, name) * getattr(features, name) for name in Features.__slots__)
    return 1 / (1 + exp(-total))
