"""Two reports side by side, question by question."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.bootstrap import Interval, set_difference, share_differences
from eval.errors import DatasetError
from eval.metrics.case import Share, Shares
from eval.metrics.catalogue import MEASURES, SET_MEASURES
from eval.metrics.outcome import Outcome, Outcomes
from eval.report.document import FORMAT, QuestionPart, Report


class Difference(BaseModel):
    """One measure in both runs. The interval is that of `after` less `before` (95%, paired bootstrap)."""

    model_config = ConfigDict(frozen=True)

    name: str
    before: float
    after: float
    difference: float
    low: float | None
    high: float | None
    n: int
    verdict: str
    """`better`, `worse`, or `open` where the interval holds 0."""


class Comparison(BaseModel):
    """Two runs of the same questions."""

    model_config = ConfigDict(frozen=True)

    before: str
    after: str
    same_dataset: bool
    questions: int
    """Questions that both runs answered; only they are compared."""
    differences: tuple[Difference, ...]


def load_report(path: Path) -> Report:
    """Read a report that `--report x.json` or `--json` wrote.

    Raises:
        DatasetError: It is none.
    """
    try:
        value: Any = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise DatasetError(
            f"{path}: {error.strerror or error}. Name a report, written with --report x.json."
        ) from error
    except ValueError as error:
        raise DatasetError(f"{path}: not a JSON report; write one with --report x.json.") from error
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise DatasetError(f"{path}: not a report of `turnwise eval`; write one with --report x.json.")
    try:
        return Report.model_validate(value)
    except ValidationError as error:
        where = ", ".join(".".join(map(str, e["loc"])) for e in error.errors()[:5])
        raise DatasetError(f"{path}: a damaged report ({where}).") from error


def compare(before: Report, after: Report, *, names: tuple[str, str] = ("before", "after")) -> Comparison:
    """Compare two runs on the questions that both answered.

    Raises:
        DatasetError: They have no question in common.
    """
    answered = {question.id: question for question in after.questions if question.error is None}
    pairs = [(q, answered[q.id]) for q in before.questions if q.error is None and q.id in answered]
    if not pairs:
        raise DatasetError(f"{names[0]} and {names[1]} have no answered question in common.")
    ours, theirs = [a for a, _ in pairs], [b for _, b in pairs]
    intervals = share_differences([_shares(q) for q in ours], [_shares(q) for q in theirs])
    asked = [(a, b) for a, b in pairs if a.confidence is not None and b.confidence is not None]
    one, other = Outcomes.of([_outcome(a) for a, _ in asked]), Outcomes.of([_outcome(b) for _, b in asked])
    for name, statistic in SET_MEASURES.items():
        interval = set_difference(statistic, one, other)
        if interval is not None:
            intervals[name] = interval
    values = [_values(ours, one), _values(theirs, other)]
    return Comparison(
        before=names[0],
        after=names[1],
        same_dataset=before.dataset.sha256 == after.dataset.sha256,
        questions=len(pairs),
        differences=tuple(
            _difference(name, intervals[name], values[0][name], values[1][name])
            for name in MEASURES
            if name in intervals
        ),
    )


def _difference(name: str, interval: Interval, before: float, after: float) -> Difference:
    verdict = "open"
    if interval.clear:
        verdict = "better" if (interval.value > 0) == MEASURES[name].higher_is_better else "worse"
    return Difference(
        name=name,
        before=before,
        after=after,
        difference=interval.value,
        low=interval.low,
        high=interval.high,
        n=interval.n,
        verdict=verdict,
    )


def _values(questions: Sequence[QuestionPart], outcomes: Outcomes) -> dict[str, float]:
    values = {name: figure for name, s in SET_MEASURES.items() if (figure := s(outcomes)) is not None}
    for name in MEASURES:
        shares = [question.shares[name] for question in questions if name in question.shares]
        whole = sum(share[1] for share in shares)
        if whole:
            values[name] = sum(share[0] for share in shares) / whole
    return values


def _shares(question: QuestionPart) -> Shares:
    return {name: Share(*share) for name, share in question.shares.items()}


def _outcome(question: QuestionPart) -> Outcome:
    return Outcome(confidence=question.confidence or 0.0, answerable=bool(question.gold), right=bool(question.right))
