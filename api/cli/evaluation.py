"""`turnwise eval DATASET` and `turnwise eval compare A B`: how good are the answers?"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from api.cli.evaluation_output import print_comparison, print_report
from api.cli.options import AsJson, Home, opened
from api.cli.output import complain, print_json, progress_console, say

if TYPE_CHECKING:
    from eval.floors import Bound
    from eval.report.document import Report
    from eval.runner import OnProgress
    from eval.target.protocol import Target

CONCURRENCY_IN_PROCESS = 1
CONCURRENCY_HTTP = 4
SHORT = 1
RUN = "run"


class EvalGroup(TyperGroup):
    """Takes `turnwise eval DATASET` for `turnwise eval run DATASET`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; what names no command is the set to run."""
        return super().parse_args(ctx, args if args and args[0] in self.commands else [RUN, *args])


app = typer.Typer(cls=EvalGroup, help="Judge the answers to a set of questions, or compare two such runs.")


@app.command(RUN)
def evaluate(
    context: typer.Context,
    dataset: Annotated[Path, typer.Argument(help="The questions: JSON Lines, as docs/evaluation.md describes.")],
    *,
    target: Annotated[
        str | None, typer.Option(help="Judge the server at this address; else the data folder.", show_default=False)
    ] = None,
    report: Annotated[
        list[Path] | None,
        typer.Option(help="Write a report: .html, .json or .md; may be repeated.", show_default=False),
    ] = None,
    run: Annotated[Path | None, typer.Option(help="Write the rankings as a TREC run.", show_default=False)] = None,
    qrels: Annotated[Path | None, typer.Option(help="Write the judgements as TREC qrels.", show_default=False)] = None,
    record: Annotated[
        Path | None,
        typer.Option(help="Keep the raw replies (JSON Lines); continue there if it exists.", show_default=False),
    ] = None,
    least: Annotated[
        list[str] | None,
        typer.Option(
            "--min", metavar="METRIC=VALUE", help="End with 1 under this; may be repeated.", show_default=False
        ),
    ] = None,
    most: Annotated[
        list[str] | None,
        typer.Option(
            "--max", metavar="METRIC=VALUE", help="End with 1 over this; may be repeated.", show_default=False
        ),
    ] = None,
    search_only: Annotated[bool, typer.Option("--search-only", help="Judge the search, not the answers.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first questions.", show_default=False)] = None,
    top_k: Annotated[int, typer.Option(help="How deep the ranking is judged, 1 to 50.")] = 20,
    mode: Annotated[str, typer.Option(help="hybrid, dense (meaning) or lexical (words).")] = "hybrid",
    generator: Annotated[str | None, typer.Option(help="extractive (quotes only) or llm.", show_default=False)] = None,
    concurrency: Annotated[
        int | None, typer.Option(min=1, help="Questions asked at once; 1, or 4 with --target.", show_default=False)
    ] = None,
    timeout_s: Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds a reply of --target may take.")] = 120,
    header: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME:VALUE", help="Send this to --target; may be repeated.", show_default=False),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Put a set of questions to the collection and judge what comes back.

    Ends with 1 if a question got no reply or a --min or --max is not kept. `turnwise eval compare A.json B.json`
    compares two reports.
    """
    from eval import evaluation  # noqa: PLC0415 - brings numpy and ir-measures
    from eval.dataset import load_questions  # noqa: PLC0415
    from eval.floors import parse_bounds  # noqa: PLC0415
    from eval.report.writing import check_folder, check_report_path, write_report  # noqa: PLC0415
    from eval.runner import RunOptions  # noqa: PLC0415
    from eval.trec import write_qrels, write_run  # noqa: PLC0415

    bounds = parse_bounds(least or [], least=True) + parse_bounds(most or [], least=False)
    for path in report or []:
        check_report_path(path)
    for option, file in (("--run", run), ("--qrels", qrels), ("--record", record)):
        if file is not None:
            check_folder(option, file)
    questions = load_questions(dataset)
    at_once = concurrency or (CONCURRENCY_HTTP if target is not None else CONCURRENCY_IN_PROCESS)
    options = RunOptions(top_k=top_k, mode=mode, search_only=search_only, generator=generator, concurrency=at_once)
    asking = _server(target, timeout_s, at_once, header or []) if target is not None else _folder(context, home)
    with asking as asked, _progress() as on_progress:
        done = evaluation.evaluate(questions, asked, options, limit=limit, record_path=record, on_progress=on_progress)
    for path in report or []:
        write_report(done.report, path)
        say(f"wrote {path}")
    if run is not None:
        write_run(done.judged, run)
    if qrels is not None:
        write_qrels(done.judged, qrels)
    if as_json:
        print_json(done.report)
    else:
        print_report(done.report)
    if not _kept(done.report, bounds):
        raise typer.Exit(SHORT)


@app.command("compare")
def compare(
    before: Annotated[Path, typer.Argument(metavar="A", help="A report, written with --report a.json.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="Another, of the same questions.")],
    as_json: AsJson = False,
) -> None:
    """Compare two runs question by question: B less A, with 95% intervals (paired bootstrap)."""
    from eval.comparison import compare as compare_reports  # noqa: PLC0415
    from eval.comparison import load_report  # noqa: PLC0415

    compared = compare_reports(load_report(before), load_report(after), names=(str(before), str(after)))
    if as_json:
        print_json(compared)
    else:
        print_comparison(compared)
    if not compared.same_dataset:
        say("The question sets differ; questions with the same id were compared.")


@contextmanager
def _server(url: str, timeout_s: float, at_once: int, headers: list[str]) -> "Iterator[Target]":
    from eval.target.http import HttpTarget  # noqa: PLC0415

    with HttpTarget(url, timeout_s=timeout_s, connections=at_once, headers=_headers(headers)) as server:
        yield server


@contextmanager
def _folder(context: typer.Context, home: Path | None) -> "Iterator[Target]":
    from eval.target.in_process import InProcessTarget  # noqa: PLC0415

    with opened(context, home, read_only=True) as turnwise:
        yield InProcessTarget(turnwise)


def _headers(given: list[str]) -> dict[str, str]:
    from rag.errors import InputError  # noqa: PLC0415

    headers = {}
    for line in given:
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise InputError("--header: write NAME:VALUE, such as --header 'Authorization: Bearer …'.")
        if not (line.isascii() and line.isprintable()):
            raise InputError(f"--header {name.strip()}: a header is made of printable ASCII characters.")
        headers[name.strip()] = value.strip()
    return headers


@contextmanager
def _progress() -> "Iterator[OnProgress]":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    bar = Progress(
        TextColumn("asking"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=progress_console(),
        transient=True,
    )
    with bar:
        task = bar.add_task("asking", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _kept(report: "Report", bounds: "list[Bound]") -> bool:
    """Say on standard error what went wrong, and return whether nothing did."""
    if report.notes:
        say(f"{len(report.notes)} gold items are not in these transcripts; the first: {report.notes[0]}")
    missed = [words for bound in bounds if (words := bound.missed(report.values()))]
    for words in missed:
        complain(words)
    failed = [question for question in report.questions if question.error is not None]
    for question in failed:
        complain(f"{question.id}: no reply: {question.error}")
    return not missed and not failed
