"""How likely it is that the transcripts answer a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp

from rag.answering.candidates import Candidate, Evidence
from rag.answering.expectations import Expects
from rag.answering.features import coverage
from rag.answering.selection import score
from rag.mishearing.finding import Alternatives
from rag.retrieval.types import Passage
from rag.transcripts.sentences import sentences

THRESHOLD = 0.66
"""Confidence below which the reply is `not_found`."""
COUNTABLE = (Expects.NUMBER, Expects.DURATION, Expects.MONEY)
BEST = 5
"""Best sentences of which one has to hold what is asked for."""
LOOKED_AT = 12
"""Best sentences around which the question's terms may stand together."""
AROUND = 2
"""Sentences before and after one that count as around it."""
ASKING = 3
"""Sentences at the end of a turn that the next turn answers; they count as around its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What the confidence is computed from."""

    strength: float
    """Score of the best passage as the reranker sees it; about 5 to 15."""
    sentence: float
    """Cosine of the question and the nearest quotable sentence."""
    together: float
    """Share of the question's terms, but for speakers' names, that stand around one of the best sentences."""
    best: float
    """Score of the best sentence, be its speaker named or not; about 0.5 to 1.5."""
    unmet: float
    """1 where a number, a length of time or a sum is asked for and none of the best sentences holds one."""


WEIGHTS = Features(strength=0.07, sentence=3.20, together=1.34, best=1.56, unmet=-1.93)
BIAS = -3.32
"""A logistic regression on the odd questions over `corpus/` and MTRAG-UN, judged on others: `benchmarks.abstention`."""


def measure(evidence: Evidence, passages: Sequence[Passage]) -> Features:
    """Return the features of a question's evidence."""
    candidates = evidence.candidates
    if not candidates:
        return Features(strength=0.0, sentence=0.0, together=0.0, best=0.0, unmet=0.0)
    return Features(
        strength=max((passage.scores.rerank or 0.0 for passage in passages), default=0.0),
        sentence=max(c.features.cosine for c in candidates),
        together=_most_together(evidence),
        best=score(replace(candidates[0].features, named=0.0)),
        unmet=_unmet(evidence),
    )


def _unmet(evidence: Evidence) -> float:
    if evidence.analysis.expects not in COUNTABLE:
        return 0.0
    return 1.0 - max(candidate.features.expected for candidate in evidence.candidates[:BEST])


def _most_together(evidence: Evidence) -> float:
    if not evidence.weights:
        # Nothing is asked for but somebody.
        return float(bool(evidence.analysis.named))
    return max(together(c, evidence.weights, evidence.instead) for c in evidence.candidates[:LOOKED_AT])


def together(candidate: Candidate, weights: Mapping[str, float], instead: Alternatives) -> float:
    """Return the share of weighted terms that stand around a sentence, the question that its turn answers included."""
    found = sentences(candidate.spoken.text)
    number = candidate.number
    around = found[max(0, number - AROUND) : number + AROUND + 1]
    if number <= AROUND and candidate.turn:
        around = [*sentences(candidate.transcript.turns[candidate.turn - 1].text)[-ASKING:], *around]
    return coverage(" ".join(sentence.text for sentence in around), weights, instead)


def confidence(features: Features) -> float:
    """Return the probability that the transcripts answer the question: logistic in the features."""
    total = BIAS + sum(getattr(WEIGHTS, name) * getattr(features, name) for name in Features.__slots__)
    return 1 / (1 + exp(-total))
