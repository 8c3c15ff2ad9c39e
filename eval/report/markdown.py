"""The report as Markdown: tables for a pull request or a decision record."""

from collections.abc import Iterable, Sequence

from eval.metrics.catalogue import MEASURES
from eval.report.document import QuestionPart, Report
from eval.report.questions import worst
from eval.report.wording import FAMILY_TITLES, NOTHING, interval, written

WORST_SHOWN = 10


def as_markdown(report: Report) -> str:
    """Return the report as Markdown."""
    run, data, origin = report.run, report.dataset, report.provenance
    model = str(report.target.get("model", "unknown"))
    about = (
        f"{data.questions} questions, {data.answerable} of them answerable, over {data.transcripts} transcripts; "
        f"top_k {run.top_k}, mode {run.mode}. Turnwise {origin.turnwise}, commit {origin.commit or 'unknown'}, "
        f"model {_cell(model)}, index {', '.join(run.index_versions) or NOTHING}, {origin.started}."
    )
    lines = [f"# {_cell(data.name)}", "", about, ""]
    if run.failed:
        lines += [f"**{run.failed} questions got no reply and are in no figure.**", ""]
    for family, title in FAMILY_TITLES.items():
        figures = [figure for figure in report.figures if MEASURES[figure.name].family is family]
        if figures:
            rows = [(f.name, written(f.name, f.value), interval(f), str(f.n), MEASURES[f.name].says) for f in figures]
            lines += [f"## {title}", "", *_table(("measure", "value", "95% interval", "n", "says"), rows), ""]
    lines += ["## By kind", "", *_kinds(report), ""]
    times = [
        (
            row.call,
            row.stage,
            str(row.count),
            *(f"{ms:,.0f}" for ms in (row.p50_ms, row.p95_ms, row.p99_ms, row.max_ms)),
        )
        for row in report.latency
    ]
    lines += ["## Latency (ms)", "", *_table(("call", "stage", "n", "p50", "p95", "p99", "max"), times), ""]
    lines += ["## Worst questions", "", *(_worst(question) for question in worst(report, WORST_SHOWN)), ""]
    if report.notes:
        lines += ["## Gold that is not in the transcripts", "", *(f"- {_cell(note)}" for note in report.notes), ""]
    return "\n".join(lines)


def _kinds(report: Report) -> list[str]:
    names = [name for name, m in MEASURES.items() if m.headline and any(name in k.figures for k in report.kinds)]
    rows = [
        (_cell(kind.kind), str(kind.questions), *(written(name, kind.figures.get(name)) for name in names))
        for kind in report.kinds
    ]
    return _table(("kind", "n", *names), rows)


def _worst(question: QuestionPart) -> str:
    history = "".join(f"{_cell(before)} → " for before in question.history)
    if not question.gold:
        became = f"no answer there, yet {question.status} ({question.confidence or 0.0:.2f})"
    else:
        rank = "not found" if question.first_rank is None else f"gold at rank {question.first_rank}"
        became = rank if question.status is None else f"{rank}, {question.status}"
    return f"- `{_cell(question.id)}` {history}{_cell(question.question)}: {became}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [
        f"| {' | '.join(head)} |",
        f"|{' --- |' * len(head)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def _cell(text: str) -> str:
    """Return foreign text so that it stays within its cell and marks nothing up."""
    folded = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\|`*_<>[]" else c for c in folded)
