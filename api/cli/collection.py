"""`turnwise remove`, `list` and `export`: what is in the collection."""

import json
from typing import Annotated

import typer

from api.cli.addition_output import job_of
from api.cli.options import AsJson, Home, opened
from api.cli.output import complain, print_bytes, print_json, printable, say, table_console

Ids = Annotated[list[str], typer.Argument(metavar="TRANSCRIPT_ID...", help="Ids, as `turnwise list` shows them.")]


def remove(context: typer.Context, transcript_ids: Ids, home: Home = None, as_json: AsJson = False) -> None:
    """Remove transcripts for good: nothing of them can be found, nor recovered from the data folder.

    Ends with 1 if an id is unknown; the others are removed.
    """
    from api.schemas.jobs import JobResult  # noqa: PLC0415

    wanted = list(dict.fromkeys(transcript_ids))
    with opened(context, home, read_only=False, is_there=True) as turnwise:
        known = {summary.id for summary in turnwise.library.transcripts()}
        there = [transcript_id for transcript_id in wanted if transcript_id in known]
        if there:
            turnwise.library.remove(there)
    missing = [transcript_id for transcript_id in wanted if transcript_id not in known]
    if as_json:
        reason = "There is no such transcript."
        gone = [JobResult(source=i, outcome="removed", transcript_id=i, reason=None) for i in there]
        lost = [JobResult(source=i, outcome="failed", transcript_id=None, reason=reason) for i in missing]
        print_json(job_of([*gone, *lost]))
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
