"""A whole evaluation: ask, judge, sum up."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from eval.bootstrap import Interval, set_interval, share_intervals
from eval.dataset import QuestionSet
from eval.judge import Judged, judge
from eval.metrics.calibration import reliability
from eval.metrics.catalogue import MEASURES, SET_MEASURES
from eval.metrics.latency import latency
from eval.metrics.outcome import Outcomes
from eval.metrics.risk_coverage import risk_coverage
from eval.provenance import provenance
from eval.record import Replies, open_record
from eval.report.document import (
    BinPart,
    CurvePart,
    DatasetPart,
    Figure,
    KindPart,
    LatencyPart,
    Report,
    RunPart,
)
from eval.report.questions import question_part
from eval.runner import OnProgress, RunOptions, run
from eval.sources import Sources
from eval.target.protocol import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """A judged run: the report, and what it was made from."""

    report: Report
    judged: tuple[Judged, ...]


def evaluate(
    questions: QuestionSet,
    target: Target,
    options: RunOptions,
    *,
    limit: int | None = None,
    record_path: Path | None = None,
    on_progress: OnProgress = lambda done, total: None,
) -> Evaluation:
    """Put a question set to a target and judge the replies.

    Args:
        questions: The set.
        target: Whom to ask.
        options: How to ask.
        limit: Only the first so many questions.
        record_path: Where replies are kept as they come; an earlier run's record is continued.
        on_progress: Called with the questions done and all questions.

    Raises:
        DatasetError: The record is one of something else.
        TargetError: The target does not answer, or not as the contract says.
        IndexUnavailableError: The index is missing or damaged.
        ModelError: The model is not usable.
    """
    started = perf_counter()
    origin = provenance()
    chosen = questions.questions[:limit]
    about = target.describe()
    asked = {name: value for name, value in dataclasses.asdict(options).items() if name != "concurrency"}
    heading = {"dataset_sha256": questions.sha256, "target": about, "options": asked}
    sources = Sources(target)
    with open_record(record_path, heading) as record:
        replies = run(chosen, target, options, record, on_progress=on_progress)
    judged = tuple(judge(question, replies[question.id], sources) for question in chosen)
    outcomes = [item.outcome for item in judged if item.outcome is not None]
    together = Outcomes.of(outcomes)
    report = Report(
        dataset=DatasetPart(
            name=questions.name,
            path=str(questions.path),
            sha256=questions.sha256,
            questions=len(chosen),
            answerable=sum(question.answerable for question in chosen),
            transcripts=len(sources),
        ),
        target=about,
        run=RunPart(
            **asked,
            concurrency=options.concurrency,
            limit=limit,
            seconds=perf_counter() - started,
            failed=sum(item.error is not None for item in judged),
            index_versions=_index_versions(judged),
        ),
        provenance=origin,
        figures=_figures(judged, together),
        kinds=_kinds(judged),
        latency=_latency(replies),
        risk_coverage=tuple(CurvePart(**dataclasses.asdict(point)) for point in risk_coverage(together)),
        reliability=tuple(BinPart(**dataclasses.asdict(each)) for each in reliability(together)),
        notes=tuple(dict.fromkeys(note for item in judged for note in item.missing)),
        questions=tuple(question_part(item) for item in judged),
    )
    return Evaluation(report=report, judged=judged)


def _figures(judged: Sequence[Judged], outcomes: Outcomes) -> tuple[Figure, ...]:
    intervals: dict[str, Interval] = share_intervals([item.shares for item in judged])
    for name, statistic in SET_MEASURES.items():
        interval = set_interval(statistic, outcomes)
        if interval is not None:
            intervals[name] = interval
    return tuple(
        Figure(name=name, value=i.value, low=i.low, high=i.high, n=i.n)
        for name in MEASURES
        if (i := intervals.get(name)) is not None
    )


def _kinds(judged: Sequence[Judged]) -> tuple[KindPart, ...]:
    names = dict.fromkeys(group for item in judged for group in item.question.groups)
    rows = []
    for name in names:
        inside = [item for item in judged if name in item.question.groups]
        rows.append(KindPart(kind=name, questions=len(inside), figures=_means(inside)))
    return tuple(rows)


def _means(judged: Sequence[Judged]) -> dict[str, float]:
    means = {}
    for name in MEASURES:
        shares = [item.shares[name] for item in judged if name in item.shares]
        whole = sum(share.whole for share in shares)
        if whole:
            means[name] = sum(share.part for share in shares) / whole
    return means


def _latency(replies: Mapping[str, Replies]) -> tuple[LatencyPart, ...]:
    times = [
        (call, {**timed.document.get("timings_ms", {}), "wall": timed.wall_ms})
        for reply in replies.values()
        for call, timed in (("search", reply.search), ("ask", reply.ask))
        if timed is not None
    ]
    return tuple(
        LatencyPart(**dataclasses.asdict(row)) for row in sorted(latency(times), key=lambda r: r.call != "search")
    )


def _index_versions(judged: Sequence[Judged]) -> tuple[str, ...]:
    replies = [reply for item in judged for reply in (item.search, item.answer) if reply is not None]
    return tuple(dict.fromkeys(reply.index_version for reply in replies))
