"""How likely it is that the transcripts answer a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from rag.answering.candidates import Evidence
from rag.retrieval.types import Passage

THRESHOLD = 0.65
"""Confidence below which the reply is `not_found`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What the confidence is computed from."""

    strength: float
    """Score of the best passage as the reranker sees it; about 5 to 15."""
    sentence: float
    """Cosine of the question and the nearest quotable sentence."""
    missing: float
    """Share of the question's terms that none of the first passages holds."""


WEIGHTS = Features(strength=0.10, sentence=6.09, missing=-2.04)
BIAS = -2.39
"""A logistic regression on the questions over `corpus/` and MTRAG-UN, judged on others: `benchmarks.abstention`."""


def measure(evidence: Evidence, passages: Sequence[Passage]) -> Features:
    """Return the features of a question's evidence."""
    candidates = evidence.candidates
    if not candidates:
        return Features(strength=0.0, sentence=0.0, missing=1.0)
    return Features(
        strength=max((passage.scores.rerank or 0.0 for passage in passages), default=0.0),
        sentence=max(c.features.cosine for c in candidates),
        missing=evidence.missing,
    )


def confidence(features: Features) -> float:
    """Return the probability that the transcripts answer the question: logistic in the features."""
    total = BIAS + sum(getattr(WEIGHTS, name) * getattr(features, name) for name in Features.__slots__)
    return 1 / (1 + exp(-total))
