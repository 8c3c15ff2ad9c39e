"""`turnwise backup`, `restore` and `doctor`: keeping a collection well."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import AsJson, Home, opened, settings_of
from api.cli.output import print_json, printable, prose_console, say

if TYPE_CHECKING:
    from rag.errors import IndexUnavailableError

INDEX_PROBLEM = 3
File = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]


def backup(context: typer.Context, file: File, home: Home = None, as_json: AsJson = False) -> None:
    """Write a consistent copy of everything into one file, also while the server runs.

    Replaces FILE if that is an earlier backup, and refuses to if it is anything else.
    """
    from api.schemas.copies import BackupOut  # noqa: PLC0415
    from rag.storage import engine_errors  # noqa: PLC0415

    _check_replaceable(file, settings_of(context, home).home)
    with opened(context, home, read_only=True) as turnwise:
        file.absolute().parent.mkdir(parents=True, exist_ok=True)
        with engine_errors():
            turnwise.engine.backup(file)
        documents, _ = turnwise.engine.counts()
    done = BackupOut(file=str(file), bytes=file.stat().st_size, transcripts=documents)
    if as_json:
        print_json(done)
    else:
        say(f"{done.transcripts} transcripts are in {file} ({done.bytes / 1024**2:.1f} MB)")


def restore(
    context: typer.Context,
    file: File,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask before what is there is replaced.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup in place of everything in the data folder.

    Asks before it replaces transcripts if a person is there to answer. A damaged index is set aside first.
    """
    import sys  # noqa: PLC0415

    from api.schemas.copies import RestoreOut  # noqa: PLC0415
    from index.restoring import check_is_backup, set_aside  # noqa: PLC0415
    from rag.errors import IndexUnavailableError  # noqa: PLC0415
    from rag.storage import engine_errors  # noqa: PLC0415

    with engine_errors():
        check_is_backup(file)
    try:
        documents = _restored(context, home, file, asks=not yes and not as_json and sys.stdin.isatty())
    except IndexUnavailableError as error:
        settings = settings_of(context, home)
        if settings.database is not None or not _is_damaged(error):
            raise
        with set_aside(settings.home) as aside:
            documents = _restored(context, home, file, asks=False)
        say(
            f"the damaged index was set aside in {aside}: delete it soon, what you remove from now on is still in there"
        )
    done = RestoreOut(file=str(file), transcripts=documents)
    if as_json:
        print_json(done)
    else:
        say(f"{done.transcripts} transcripts are back from {file}")


def _restored(context: typer.Context, home: Path | None, file: Path, *, asks: bool) -> int:
    """Put a backup in place of what is there, and return how many transcripts that are."""
    from rag.storage import engine_errors  # noqa: PLC0415

    with opened(context, home, read_only=False) as turnwise:
        present, _ = turnwise.engine.counts()
        if present and asks:
            typer.confirm(f"Replace the {present} transcripts that are there?", abort=True, err=True)
        with engine_errors():
            turnwise.engine.restore(file)
        return turnwise.engine.counts()[0]


def _check_replaceable(file: Path, home: Path) -> None:
    """Refuse to write over what is no backup: a mistyped name must not cost a document, or the collection itself.

    Raises:
        InputError: There is something else already.
    """
    from index.database import DATABASE_NAME  # noqa: PLC0415
    from index.restoring import is_backup  # noqa: PLC0415
    from rag.errors import InputError  # noqa: PLC0415

    if not file.exists():
        return
    live = home / DATABASE_NAME
    if live.exists() and file.samefile(live):
        raise InputError(f"{file} is the collection itself. Give the backup another name.")
    if not file.is_file():
        raise InputError(f"{file} is not a file. Give the name of one, which is made or replaced.")
    if file.stat().st_size and not is_backup(file):
        raise InputError(f"{file} is there and is no backup of Turnwise's. Give another name, or delete it first.")


def _is_damaged(error: "IndexUnavailableError") -> bool:
    """Tell whether the index is damaged, and not that another process holds it."""
    from index.errors import IndexDamagedError  # noqa: PLC0415

    return isinstance(error.__cause__, IndexDamagedError)


def doctor(
    context: typer.Context,
    repair: Annotated[
        bool, typer.Option("--repair", help="Make what is derived in the index anew, without embedding anything.")
    ] = False,
    ask_model: Annotated[
        bool,
        typer.Option("--ask-model", help="Also call the language model, if one is set up."),
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Check the installation and the data folder, and say how to mend what is wrong. Ends with 3 if something is."""
    from api.cli.checks import DoctorReport, run_checks  # noqa: PLC0415

    found = []
    console = prose_console()
    for check in run_checks(settings_of(context, home), repair=repair, ask_model=ask_model):
        found.append(check)
        if not as_json:
            console.print(f"{'ok     ' if check.ok else 'PROBLEM'}  {check.name}: {printable(check.detail)}")
            if check.mend:
                console.print(f"         to mend it: {printable(check.mend)}")
    well = all(check.ok for check in found)
    if as_json:
        print_json(DoctorReport(ok=well, checks=tuple(found)))
    if not well:
        raise typer.Exit(INDEX_PROBLEM)
