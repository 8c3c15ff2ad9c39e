"""`turnwise add`, `remove`, `list` and `export`: what is in the collection."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import AsJson, Home, opened
from api.cli.output import complain, print_bytes, print_json, printable, progress_console, say, table_console

if TYPE_CHECKING:
    from api.schemas.jobs import JobOut
    from rag.assembly import Turnwise
    from rag.ingestion import IngestEvent, IngestResult
    from rag.transcripts.readers import ReadOptions

LOCAL_JOB = "local"
"""The command line's stand-in for a job's id: its work is done when it prints the document."""
Ids = Annotated[list[str], typer.Argument(metavar="TRANSCRIPT_ID...", help="Ids, as `turnwise list` shows them.")]


def add(
    context: typer.Context,
    sources: Annotated[
        list[str], typer.Argument(metavar="PATH-OR-URL...", help="Files, folders, globs, web pages, podcast feeds.")
    ],
    *,
    collection: Annotated[str | None, typer.Option(help="Put them into this collection.", show_default=False)] = None,
    format: Annotated[  # noqa: A002 - the option's public name
        str | None, typer.Option(help="Read them as this format; else it is detected.", show_default=False)
    ] = None,
    title: Annotated[str | None, typer.Option(help="Their title; else the source's own.", show_default=False)] = None,
    date: Annotated[
        str | None, typer.Option(help="Their date, YYYY-MM-DD; else the source's own.", show_default=False)
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Read transcripts and index what is new or changed; what is unchanged costs nothing.

    Ends with 1 if a source failed; the others are kept.
    """
    options = _read_options(collection, format, title, date)
    with opened(context, home, read_only=False) as turnwise:
        results = _add_with_progress(turnwise, sources, options)
    if as_json:
        from api.schemas.jobs import JobResult  # noqa: PLC0415

        print_json(_job([JobResult.of(result) for result in results]))
    else:
        _print_summary(results)
    failed = [result for result in results if result.outcome == "failed"]
    for result in failed:
        reason = result.reason or ""
        complain(reason if result.source in reason else f"{result.source}: {reason}")
    if failed:
        raise typer.Exit(1)


def _read_options(
    collection: str | None, format_name: str | None, title: str | None, date: str | None
) -> "ReadOptions":
    from api.cli.validation import validated  # noqa: PLC0415
    from api.schemas.requests import ReadOptionsIn  # noqa: PLC0415

    given = {"collection": collection, "format": format_name, "title": title, "date": date}
    return validated(ReadOptionsIn, given).to_domain()


def _add_with_progress(turnwise: "Turnwise", sources: list[str], options: "ReadOptions") -> "list[IngestResult]":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=progress_console(),
        transient=True,
    )
    with bar:
        task = bar.add_task("reading", total=None)

        def on_event(event: "IngestEvent") -> None:
            bar.update(task, description=printable(Path(event.source).name), completed=event.done, total=event.total)

        return turnwise.ingestion.add(sources, options, on_event=on_event)


def _print_summary(results: "list[IngestResult]") -> None:
    from rich.table import Table  # noqa: PLC0415

    changed = [result for result in results if result.outcome in ("added", "replaced")]
    if changed:
        table = Table(box=None, pad_edge=False)
        for heading in ("outcome", "transcript", "source"):
            table.add_column(heading, overflow="fold")
        for result in changed:
            table.add_row(result.outcome, printable(result.transcript_id or ""), printable(result.source))
        table_console().print(table)
    counts = dict.fromkeys(("added", "replaced", "unchanged", "failed"), 0)
    for result in results:
        counts[result.outcome] += 1
    say(", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count) or "nothing to add")


def _job(results: list) -> "JobOut":  # type: ignore[type-arg]
    from api.schemas.jobs import JobOut  # noqa: PLC0415

    return JobOut(job=LOCAL_JOB, state="done", done=len(results), total=len(results), results=tuple(results))


def remove(context: typer.Context, transcript_ids: Ids, home: Home = None, as_json: AsJson = False) -> None:
    """Remove transcripts for good: nothing of them can be found, nor recovered from the data folder.

    Ends with 1 if an id is unknown; the others are removed.
    """
    from api.schemas.jobs import JobResult  # noqa: PLC0415

    wanted = list(dict.fromkeys(transcript_ids))
    with opened(context, home, read_only=False) as turnwise:
        known = {summary.id for summary in turnwise.library.transcripts()}
        there = [transcript_id for transcript_id in wanted if transcript_id in known]
        if there:
            turnwise.library.remove(there)
    missing = [transcript_id for transcript_id in wanted if transcript_id not in known]
    if as_json:
        reason = "There is no such transcript."
        gone = [JobResult(source=i, outcome="removed", transcript_id=i, reason=None) for i in there]
        lost = [JobResult(source=i, outcome="failed", transcript_id=None, reason=reason) for i in missing]
        print_json(_job([*gone, *lost]))
    say(f"{len(there)} removed")
    for transcript_id in missing:
        complain(f"there is no transcript {transcript_id!r}; `turnwise list` shows the ids")
    if missing:
        raise typer.Exit(1)


def list_transcripts(context: typer.Context, home: Home = None, as_json: AsJson = False) -> None:
    """List the transcripts."""
    with opened(context, home, read_only=True) as turnwise:
        summaries = list(turnwise.library.transcripts())
    if as_json:
        from api.schemas.transcripts import TranscriptList  # noqa: PLC0415

        print_json(TranscriptList.of(summaries))
        return
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, pad_edge=False)
    table.add_column("id", overflow="fold")
    table.add_column("date", no_wrap=True)
    table.add_column("title", overflow="fold")
    table.add_column("turns", justify="right")
    table.add_column("speakers", overflow="fold")
    for summary in summaries:
        names = ", ".join(speaker.name for speaker in summary.speakers)
        table.add_row(
            printable(summary.id),
            str(summary.date or ""),
            printable(summary.title),
            str(summary.turn_count),
            printable(names),
        )
    if summaries:
        table_console().print(table)
    say(f"{len(summaries)} transcript{'' if len(summaries) == 1 else 's'}")


def export(
    context: typer.Context,
    transcript_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[TRANSCRIPT_ID...]", help="Which; without any, all.")
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Print transcripts as native JSON Lines, which `turnwise add` reads back.

    With --json, one document instead: {"transcripts": [...]}.
    """
    from rag.transcripts.native import to_native  # noqa: PLC0415

    with opened(context, home, read_only=True) as turnwise:
        ids = transcript_ids or [summary.id for summary in turnwise.library.transcripts()]
        if as_json:
            whole = [to_native(turnwise.library.transcript(transcript_id)) for transcript_id in ids]
            print_bytes(json.dumps({"transcripts": whole}, ensure_ascii=False, indent=2).encode() + b"\n")
            return
        for transcript_id in ids:
            native = to_native(turnwise.library.transcript(transcript_id))
            print_bytes(json.dumps(native, ensure_ascii=False).encode() + b"\n")
