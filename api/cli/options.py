"""The options that several commands share, and opening the data folder that they name."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from api.schemas.requests import FiltersIn
    from rag.assembly import OpenTurnwise
    from rag.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """What was said before the command's name."""

    home: Path | None
    config: Path | None = None


def _named(folder: str) -> Path:
    if not folder:
        raise typer.BadParameter("it names no folder; name one, or leave it out")
    return Path(folder)


Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="The data folder; else TURNWISE_HOME, else ./.turnwise.",
        show_default=False,
        parser=_named,
        metavar="<path>",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Speakers = Annotated[
    list[str] | None,
    typer.Option("--speaker", help="Only what this person says; may be repeated.", show_default=False),
]
TranscriptIds = Annotated[
    list[str] | None,
    typer.Option("--transcript", help="Only this transcript (its id); may be repeated.", show_default=False),
]
Collections = Annotated[
    list[str] | None,
    typer.Option("--collection", help="Only this collection; may be repeated.", show_default=False),
]
DateFrom = Annotated[
    str | None, typer.Option("--date-from", help="First day, YYYY-MM-DD.", metavar="DATE", show_default=False)
]
DateTo = Annotated[
    str | None, typer.Option("--date-to", help="Last day, YYYY-MM-DD.", metavar="DATE", show_default=False)
]


def settings_of(context: typer.Context, home: Path | None) -> "Settings":
    """Return the settings, with the data folder that the command line names.

    Raises:
        SettingsError: A setting is misspelt or out of bounds.
    """
    from rag.settings import load_settings  # noqa: PLC0415 - pydantic-settings costs more than all of --help

    invocation: Invocation = context.obj
    return load_settings(config=invocation.config, home=home or invocation.home)


def require_index(settings: "Settings") -> None:
    """Refuse a data folder that nothing was ever added to: most often its name is misspelt.

    With PostgreSQL the folder may be empty; whoever opens the database hears whether there is an index in it.

    Raises:
        IndexUnavailableError: There is no index.
    """
    from index.database import DATABASE_NAME  # noqa: PLC0415
    from rag.errors import IndexUnavailableError  # noqa: PLC0415

    if settings.home.is_file():
        raise IndexUnavailableError(f"{settings.home} is a file: give the folder of an index with --home.")
    if settings.database is None and not (settings.home / DATABASE_NAME).exists():
        raise IndexUnavailableError(f"There is no index in {settings.home}. Make one: `turnwise add PATH`.")


@contextmanager
def opened(
    context: typer.Context, home: Path | None, *, read_only: bool, is_there: bool = False
) -> Iterator["OpenTurnwise"]:
    """Open the data folder for the length of a command; with `is_there`, or for reading only, none is made.

    Raises:
        SettingsError: A setting is misspelt or out of bounds.
        IndexUnavailableError: The index is missing, locked or damaged.
        ModelError: The model is absent.
    """
    settings = settings_of(context, home)
    if read_only or is_there:
        require_index(settings)
    from rag.assembly import open_turnwise  # noqa: PLC0415 - brings numpy, FAISS and SQLAlchemy

    with open_turnwise(settings, read_only=read_only) as turnwise:
        yield turnwise


def filters_from(
    *,
    speakers: list[str] | None,
    transcript_ids: list[str] | None,
    collections: list[str] | None,
    date_from: str | None,
    date_to: str | None,
) -> "FiltersIn":
    """Return the filters that the options name, held to the same rules as over HTTP.

    Raises:
        InputError: A value is not valid.
    """
    from api.cli.validation import validated  # noqa: PLC0415 - brings pydantic
    from api.schemas.requests import FiltersIn  # noqa: PLC0415

    given = {
        "speakers": speakers,
        "transcript_ids": transcript_ids,
        "collections": collections,
        "date_from": date_from,
        "date_to": date_to,
    }
    return validated(FiltersIn, given)
