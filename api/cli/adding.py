"""`turnwise add`: read transcripts and index what is new or changed, once or for as long as folders are watched."""

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from api.cli.addition_output import complain_of, print_job, print_summary, progress_bar
from api.cli.options import AsJson, Home, settings_of
from api.cli.output import say

if TYPE_CHECKING:
    from rag.assembly import Turnwise
    from rag.ingestion import Ingestion, IngestResult
    from rag.transcripts.readers import ReadOptions


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
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove what the folders and feeds named no longer hold.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on watching the folders until stopped (Ctrl+C).")] = False,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Fetch from addresses of private networks and this machine too.")
    ] = False,
    workers: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Have the workers of this Ray cluster make the vectors: ray://HOST:10001, HOST:6379 or auto.",
            show_default=False,
        ),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Read transcripts and index what is new or changed; what is unchanged costs nothing.

    Ends with 1 if a source failed; the others are kept.
    """
    options = _read_options(collection, format, title, date)
    folders = _folders(sources, watch=watch, prune=prune)
    if watch and dry_run:
        _refuse("--watch and --dry-run exclude each other.")
    if watch and workers is not None:
        _refuse("--watch and --workers exclude each other: a watch would keep a cluster's cores for ever.")
    with _opened(context, home, dry_run=dry_run) as turnwise, _ingestion(turnwise, workers) as ingestion:
        work = _Work(ingestion, options, prune=prune, dry_run=dry_run, allow_private=allow_private, as_json=as_json)
        if watch:
            _watch(work, sources, folders)
        else:
            try:
                work.add(sources)
            except KeyboardInterrupt:
                say("stopped; what was added before stays, and the same command goes on from there")
                raise
    if as_json:
        print_job(work.latest)
    if work.failed:
        raise typer.Exit(1)


class _Work:
    """What is added, how, and what became of it so far."""

    def __init__(
        self,
        ingestion: "Ingestion",
        options: "ReadOptions",
        *,
        prune: bool,
        dry_run: bool,
        allow_private: bool,
        as_json: bool,
    ) -> None:
        self._ingestion = ingestion
        self._options = options
        self._prune = prune
        self._dry_run = dry_run
        self._allow_private = allow_private
        self._as_json = as_json
        self._results: dict[str, list[IngestResult]] = {}

    @property
    def latest(self) -> "list[IngestResult]":
        """Return the last that became of each source."""
        return [result for results in self._results.values() for result in results]

    @property
    def failed(self) -> bool:
        """Say whether the last that became of any source is a failure."""
        return any(result.outcome == "failed" for result in self.latest)

    def add(self, sources: Sequence[str]) -> None:
        """Add sources, and say what became of them."""
        started = time.monotonic()
        with progress_bar() as on_event:
            results = self._ingestion.add(
                sources,
                self._options,
                on_event=on_event,
                prune=self._prune,
                dry_run=self._dry_run,
                allow_private=self._allow_private,
            )
        for source in dict.fromkeys(result.source for result in results):
            self._results[source] = [result for result in results if result.source == source]
        if not self._as_json:
            print_summary(results, seconds=time.monotonic() - started, dry_run=self._dry_run)
        complain_of(results)


def _watch(work: _Work, sources: Sequence[str], folders: Sequence[Path]) -> None:
    from rag.ingestion import watch_folders  # noqa: PLC0415

    with _stopped_by_signals():
        try:
            for changes in watch_folders(folders):
                if changes.is_first:
                    work.add(sources)
                    say(f"watching {', '.join(map(str, folders))} (Ctrl+C stops it)")
                elif changes.look_through:
                    work.add([*map(str, folders), *map(str, changes.whole)])
                elif changes.whole:
                    work.add([str(file) for file in changes.whole])
        except KeyboardInterrupt:
            say("stopped watching; what was added stays")


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Let SIGTERM stop what runs as Ctrl+C does."""

    def stop(number: int, frame: object) -> NoReturn:
        del number, frame
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _opened(context: typer.Context, home: Path | None, *, dry_run: bool) -> Iterator["Turnwise"]:
    """Open the data folder; for a dry run only to read, and an empty one elsewhere where there is none yet."""
    settings = settings_of(context, home)
    from index.database import DATABASE_NAME  # noqa: PLC0415
    from index.errors import IndexMissingError  # noqa: PLC0415
    from rag.assembly import open_turnwise  # noqa: PLC0415 - brings numpy, FAISS and SQLAlchemy
    from rag.errors import IndexUnavailableError  # noqa: PLC0415

    if not dry_run or settings.database is not None or (settings.home / DATABASE_NAME).exists():
        try:
            turnwise = open_turnwise(settings, read_only=dry_run)
        except IndexUnavailableError as error:
            if not dry_run or not isinstance(error.__cause__, IndexMissingError):
                raise
        else:
            with turnwise:
                yield turnwise
            return
    with (
        TemporaryDirectory(prefix="turnwise-") as empty,
        open_turnwise(settings.model_copy(update={"home": Path(empty), "database": None})) as turnwise,
    ):
        yield turnwise


@contextmanager
def _ingestion(turnwise: "Turnwise", workers: str | None) -> Iterator["Ingestion"]:
    if workers is None:
        yield turnwise.ingestion
        return
    from rag.assembly import ingestion_on_workers  # noqa: PLC0415

    with ingestion_on_workers(turnwise, workers) as ingestion:
        say(f"the vectors are made by Ray's workers at {workers}")
        yield ingestion


def _read_options(
    collection: str | None, format_name: str | None, title: str | None, date: str | None
) -> "ReadOptions":
    from api.cli.validation import validated  # noqa: PLC0415
    from api.schemas.requests import ReadOptionsIn  # noqa: PLC0415

    given = {"collection": collection, "format": format_name, "title": title, "date": date}
    return validated(ReadOptionsIn, given).to_domain()


def _folders(sources: Sequence[str], *, watch: bool, prune: bool) -> list[Path]:
    """Return the folders among the sources.

    Raises:
        InputError: Something else is to be watched, or nothing that is named can be pruned.
    """
    from rag.sources import folder_of, is_address  # noqa: PLC0415

    if not all(sources):
        _refuse("A source has no name: name a file, a folder or an address.")
    folders = {source: folder_of(source) for source in sources}
    others = [source for source, folder in folders.items() if folder is None]
    if watch and others:
        _refuse(f"--watch works on folders that exist, and {others[0]} is none.")
    if prune and not any(folder is not None or is_address(source) for source, folder in folders.items()):
        _refuse(f"--prune works on folders and feeds, and {others[0]} is neither. `turnwise remove` takes ids.")
    return [folder for folder in folders.values() if folder is not None]


def _refuse(reason: str) -> NoReturn:
    from rag.errors import InputError  # noqa: PLC0415

    raise InputError(reason)
