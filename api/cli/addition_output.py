"""What `turnwise add` shows: how far it is, and what became of each source."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.output import complain, print_json, printable, progress_console, say, table_console

if TYPE_CHECKING:
    from api.schemas.jobs import JobOut
    from rag.ingestion import IngestEvent, IngestResult

LOCAL_JOB = "local"
"""The command line's stand-in for a job's id: its work is done when it prints the document."""
LISTED = 50
"""Transcripts that the summary names; of more, the rest is counted."""
NAMED = 3
"""Sources that one line names; of more, the rest is counted."""
LONGEST_NAME = 40
"""Characters of a source's name beside the bar."""
OUTCOMES = ("added", "replaced", "removed", "unchanged", "failed")


@contextmanager
def progress_bar() -> "Iterator[Callable[[IngestEvent], None]]":
    """Show a bar on standard error for the length of a block: what is read, how fast, and how long it will take."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415 - only some commands show progress

    class PaceColumn(ProgressColumn):
        """How fast sources are finished over the whole, since they are finished in batches, and how long is left."""

        def render(self, task: Task) -> Text:
            """Return rate and time left, once there is something to tell them from."""
            if not task.elapsed or not task.completed or task.total is None:
                return Text("")
            return Text(pace(task.completed / task.elapsed, left=task.total - task.completed))

    console = progress_console()
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        PaceColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task("reading", total=None)

        def on_event(event: "IngestEvent") -> None:
            name = printable(Path(event.source).name)[:LONGEST_NAME]
            bar.update(task, description=name, completed=event.done, total=event.total)

        yield on_event


def pace(rate: float, *, left: float) -> str:
    """Return a rate in sources a second, or a minute where they are slow, and the time that so many more take."""
    shown = f"{rate:.1f}/s" if rate >= 1 else f"{rate * 60:.1f}/min"
    seconds = round(left / rate)
    time_left = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{shown}, {time_left} left"


def print_summary(results: "Sequence[IngestResult]", *, seconds: float, dry_run: bool) -> None:
    """Print a table of what changed, and say how much that was."""
    from rich.table import Table  # noqa: PLC0415

    changed = [result for result in results if result.outcome in ("added", "replaced", "removed")]
    if changed:
        table = Table(box=None, pad_edge=False)
        for heading in ("outcome", "transcript", "source"):
            table.add_column(heading, overflow="fold")
        for result in changed[:LISTED]:
            outcome = f"would be {result.outcome}" if dry_run else result.outcome
            table.add_row(outcome, printable(result.transcript_id or ""), printable(result.source))
        table_console().print(table)
    if len(changed) > LISTED:
        say(f"and {len(changed) - LISTED} more")
    if unnamed := list(dict.fromkeys(result.source for result in changed if result.names_nobody)):
        say(f"no speaker was recognised in {_some(unnamed)}; see corpus/README.md")
    counts = {outcome: sum(result.outcome == outcome for result in results) for outcome in OUTCOMES}
    counted = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count) or "nothing to add"
    say(f"{'dry run, nothing was written: ' if dry_run else ''}{counted} ({seconds:.1f} s)")


def complain_of(results: "Sequence[IngestResult]") -> None:
    """Name each source that failed, with its reason; a fault of the owner's file that others share, once."""
    failed = [result for result in results if result.outcome == "failed"]
    for reason in dict.fromkeys(result.reason for result in failed if result.owners_file):
        left = list(dict.fromkeys(result.source for result in failed if result.reason == reason))
        complain(f"{reason} Until then this is not read: {_some(left)}.")
    for result in failed:
        reason = result.reason or ""
        if not result.owners_file:
            complain(reason if _names(reason, result.source) else f"{result.source}: {reason}")


def _some(sources: Sequence[str]) -> str:
    """Name some sources, and count the rest."""
    more = len(sources) - NAMED
    return ", ".join(sources[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _names(reason: str, source: str) -> bool:
    """Say whether a reason names a source, and not only another one whose path ends or begins like it."""
    return re.search(rf"(?<![\w./-]){re.escape(source)}(?![\w/-])", reason) is not None


def print_job(results: "Sequence[IngestResult]") -> None:
    """Print results as the document that a job is over HTTP."""
    from api.schemas.jobs import JobResult  # noqa: PLC0415

    print_json(job_of([JobResult.of(result) for result in results]))


def job_of(results: list) -> "JobOut":  # type: ignore[type-arg]
    """Return the document of a job that is done."""
    from api.schemas.jobs import JobOut  # noqa: PLC0415

    return JobOut(job=LOCAL_JOB, state="done", done=len(results), total=len(results), results=tuple(results))
