"""How likely it is that the transcripts answer a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from rag.answering.candidates import Evidence
from rag.retrieval.types import Passage

THRESHOLD = 0.6
"""Confidence below which the reply is `not_found`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What the confidence is computed from; each is between 0 and 1 or close to it."""

    passage: float
    """Cosine of the question and the nearest passage."""
    sentence: float
    """Cosine of the question and the nearest quotable sentence."""
    asked: float
    """Cosine of the question and the nearest question that a candidate's turn answers."""
    near: float
    """Share of the question's terms, weighted by rarity, around the sentence that holds most of them."""
    absent: float
    """Weight of the question's terms that no passage holds."""
    names: float
    """Share of the names in the question that the turn of one of the best sentences, or its speaker, holds."""


WEIGHTS = Features(passage=0.11, sentence=3.19, asked=3.57, near=2.92, absent=-0.35, names=0.62)
BIAS = -2.75
"""A logistic regression on the questions over `corpus/`; judged on others: `python -m benchmarks.abstention`."""


def measure(evidence: Evidence, passages: Sequence[Passage]) -> Features:
    """Return the features of a question's evidence."""
    candidates = evidence.candidates
    if not candidates:
        return Features(passage=0.0, sentence=0.0, asked=0.0, near=0.0, absent=1.0, names=0.0)
    return Features(
        passage=max((p.scores.dense or 0.0 for p in passages), default=0.0),
        sentence=max(c.features.cosine for c in candidates),
        asked=max(c.features.asked for c in candidates),
        near=max(c.features.near for c in candidates),
        absent=evidence.absent,
        names=evidence.names,
    )


def confidence(features: Features) -> float:
    """Return the probability that the transcripts answer the question: logistic in the features."""
    total = BIAS + sum(getattr(WEIGHTS, name) * getattr(features, name) for name in Features.__slots__)
    return 1 / (1 + exp(-total))
