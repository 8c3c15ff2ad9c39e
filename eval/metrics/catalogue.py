"""All measures: their names, what they are called in a report, and which way is better."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from eval.metrics.answer_contains import answer_contains
from eval.metrics.attribution import attribution
from eval.metrics.auroc import auroc
from eval.metrics.calibration import brier, expected_calibration_error
from eval.metrics.case import Case, Shares
from eval.metrics.citations import citations
from eval.metrics.context_recall import context_recall
from eval.metrics.outcome import Outcomes
from eval.metrics.quote_coverage import quote_coverage
from eval.metrics.ranked import ranked
from eval.metrics.refusal import refusal
from eval.metrics.risk_coverage import aurc
from eval.metrics.verbatim import verbatim
from eval.metrics.within_words import within_words


class Family(StrEnum):
    """What a measure is about."""

    RETRIEVAL = "retrieval"
    ANSWERS = "answers"
    REFUSAL = "refusal"
    SPEED = "speed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A figure of a report."""

    name: str
    family: Family
    says: str
    """What it says, for somebody who reads the report."""
    higher_is_better: bool = True
    headline: bool = False
    """Shown large, and in the breakdown by kind."""


def _measure(name: str, family: Family, says: str, *, lower: bool = False, headline: bool = False) -> Measure:
    return Measure(name=name, family=family, says=says, higher_is_better=not lower, headline=headline)


_R, _A, _F, _S = Family.RETRIEVAL, Family.ANSWERS, Family.REFUSAL, Family.SPEED
MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        _measure("hit@1", _R, "the first passage is right", headline=True),
        _measure("hit@3", _R, "one of the first 3 passages is right"),
        _measure("hit@5", _R, "one of the first 5 passages is right", headline=True),
        _measure("hit@10", _R, "one of the first 10 passages is right"),
        _measure("recall@5", _R, "share of the gold that is in the first 5 passages"),
        _measure("recall@10", _R, "share of the gold that is in the first 10 passages"),
        _measure("recall@20", _R, "share of the gold that is in the first 20 passages"),
        _measure("nDCG@10", _R, "how high the gold stands among the first 10", headline=True),
        _measure("MRR@10", _R, "1 / rank of the first right passage"),
        _measure("all_gold@5", _R, "all of the gold is in the first 5 passages", headline=True),
        _measure("gold_within_150", _R, "gold is met within 150 words"),
        _measure("gold_within_300", _R, "gold is met within 300 words", headline=True),
        _measure("gold_within_1000", _R, "gold is met within 1,000 words"),
        _measure("gold_recall_1600", _R, "share of the gold text in a context of 1,600 tokens"),
        _measure("answered", _A, "answerable questions that got an answer"),
        _measure("cited_gold", _A, "answerable questions whose answer cites gold", headline=True),
        _measure("answer_contains", _A, "the answer holds the words that it must", headline=True),
        _measure("gold_quote_f1", _A, "words in common with the gold quotes (F1)"),
        _measure("citation_precision", _A, "citations that support (overlap gold)"),
        _measure("citation_recall", _A, "sentences with a citation that supports"),
        _measure("min_sources", _A, "gold is cited from as many conversations as asked for"),
        _measure("verbatim", _A, "quotes that stand word for word where they say", headline=True),
        _measure("attribution", _A, "citations of gold that name the right speaker", headline=True),
        _measure("refusal_recall", _F, "unanswerable questions that were refused", headline=True),
        _measure("refusal_precision", _F, "refused questions that were unanswerable"),
        _measure("over_refusal", _F, "answerable questions that got no answer", lower=True, headline=True),
        _measure("auroc", _F, "confidence tells answerable from unanswerable"),
        _measure("aurc", _F, "area under the risk-coverage curve", lower=True),
        _measure("ece", _F, "expected calibration error of confidence", lower=True),
        _measure("brier", _F, "squared error of confidence", lower=True),
        _measure("search_ms", _S, "mean time of a search, as the caller waits (ms)", lower=True),
        _measure("ask_ms", _S, "mean time of an answer, as the caller waits (ms)", lower=True),
    )
}

SHARE_MEASURES: tuple[Callable[[Case], Shares], ...] = (
    ranked,
    within_words,
    context_recall,
    citations,
    answer_contains,
    quote_coverage,
    verbatim,
    attribution,
    refusal,
)
"""Figures that are sums of parts over sums of wholes."""

SET_MEASURES: dict[str, Callable[[Outcomes], float | None]] = {
    "auroc": auroc,
    "aurc": aurc,
    "ece": expected_calibration_error,
    "brier": brier,
}
"""Figures that only a whole set has."""


def measure_named(name: str) -> Measure | None:
    """Return a measure by its name; case and the choice between `-` and `_` don't matter."""
    key = name.strip().lower().replace("-", "_")
    return next((measure for own, measure in MEASURES.items() if own.lower() == key), None)
