"""Reports and comparisons as tables on standard output."""

from typing import TYPE_CHECKING

from rich.table import Table

from api.cli.output import printable, table_console

if TYPE_CHECKING:
    from eval.comparison import Comparison
    from eval.report.document import Report


def print_report(report: "Report") -> None:
    """Print the figures with their intervals, the breakdown by kind, and how long it took."""
    from eval.metrics.catalogue import MEASURES  # noqa: PLC0415 - brings numpy and ir-measures
    from eval.report.wording import interval, written  # noqa: PLC0415

    console = table_console()
    figures = _table("measure", "value", "95% interval", "n", "says")
    for figure in report.figures:
        measure = MEASURES[figure.name]
        says = measure.says if measure.higher_is_better else f"{measure.says} (lower is better)"
        figures.add_row(figure.name, written(figure.name, figure.value), interval(figure), str(figure.n), says)
    console.print(figures)
    if len(report.kinds) > 1:
        console.print()
        names = [n for n, m in MEASURES.items() if m.headline and any(n in kind.figures for kind in report.kinds)]
        kinds = _table("kind", "n", *names)
        for kind in report.kinds:
            values = (written(name, kind.figures.get(name)) for name in names)
            kinds.add_row(printable(kind.kind), str(kind.questions), *values)
        console.print(kinds)
    console.print()
    times = _table("call", "stage", "n", "p50 ms", "p95 ms", "p99 ms")
    for row in report.latency:
        milliseconds = (f"{value:.0f}" for value in (row.p50_ms, row.p95_ms, row.p99_ms))
        times.add_row(printable(row.call), printable(row.stage), str(row.count), *milliseconds)
    console.print(times)


def print_comparison(comparison: "Comparison") -> None:
    """Print what changed from one run to the other."""
    from eval.report.wording import NOTHING, written  # noqa: PLC0415

    console = table_console()
    console.print(printable(f"A {comparison.before}\nB {comparison.after}\n{comparison.questions} questions\n"))
    table = _table("measure", "A", "B", "B - A", "95% interval", "verdict")
    for d in comparison.differences:
        known = d.low is not None and d.high is not None
        table.add_row(
            d.name,
            written(d.name, d.before),
            written(d.name, d.after),
            f"{d.difference:+.3f}",
            f"{d.low:+.3f} to {d.high:+.3f}" if known else NOTHING,
            d.verdict,
        )
    console.print(table)


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        words = heading in ("measure", "says", "kind", "call", "stage", "verdict")
        table.add_column(heading, justify="left" if words else "right", overflow="fold")
    return table
