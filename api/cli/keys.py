"""`turnwise keys`: make, list and revoke the keys with which programs ask the server."""

import datetime as dt
import re
from typing import Annotated

import typer

from api.cli.options import AsJson, Home, settings_of
from api.cli.output import print_json, printable, say, table_console
from rag.errors import InputError

app = typer.Typer(help="Keys with which programs ask the server.", no_args_is_help=True)
_DAYS = re.compile(r"(\d{1,5})d")
_RATE = re.compile(r"(\d{1,6})(?:/min)?")


def _listed(text: str | None) -> frozenset[str]:
    return frozenset(part.strip() for part in (text or "").split(",") if part.strip())


@app.command("create")
def create(
    context: typer.Context,
    *,
    name: Annotated[str, typer.Option("--name", help="What it is for, so that you know which one to revoke.")],
    scopes: Annotated[str, typer.Option("--scopes", help="read, write, admin; separated by commas.")] = "read",
    collections: Annotated[
        str | None,
        typer.Option("--collections", help="It reads and writes nothing but these; separated by commas."),
    ] = None,
    groups: Annotated[
        str | None,
        typer.Option("--groups", help="It reads what these groups of access.toml read; separated by commas."),
    ] = None,
    rate: Annotated[str | None, typer.Option("--rate", metavar="N/min", help="At most so many requests.")] = None,
    expires: Annotated[
        str | None, typer.Option("--expires", metavar="DATE|DAYSd", help="As 2027-06-30 (its end, UTC) or 90d.")
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and show it, this once. With the first one, the server asks everybody for a key."""
    from api.auth.keys import KeyStore  # noqa: PLC0415 - brings FastAPI
    from api.auth.principal import Scope  # noqa: PLC0415

    given = _listed(scopes)
    unknown = given - set(Scope)
    if unknown:
        raise InputError(f"--scopes: there is no {', '.join(sorted(unknown))}; there are {', '.join(Scope)}.")
    if collections is not None and not _listed(collections):
        raise InputError("--collections names none; leave it out for those that are open to all.")
    folder = settings_of(context, home).home
    is_new = not folder.exists()
    key, text = KeyStore(folder).create(
        name,
        scopes=frozenset(Scope(scope) for scope in given),
        collections=None if collections is None else _listed(collections),
        groups=_listed(groups),
        rate_per_minute=_rate(rate),
        expires_at=_end(expires),
    )
    if as_json:
        from api.schemas.access import NewKeyOut  # noqa: PLC0415

        print_json(NewKeyOut.made(key, text))
    else:
        if is_new:
            say(f"{folder.resolve()} is a new data folder. If the server has another, name that with --home.")
        say(f"Key {key.id} for {printable(key.name)}, in {folder.resolve()}: keep it safe, it is not shown again.")
        typer.echo(text)


@app.command("list")
def list_keys(context: typer.Context, *, home: Home = None, as_json: AsJson = False) -> None:
    """List the keys, without what opens the server."""
    from api.auth.keys import KeyStore  # noqa: PLC0415
    from api.schemas.access import KeyList  # noqa: PLC0415
    from rag.errors import IndexUnavailableError  # noqa: PLC0415

    folder = settings_of(context, home).home
    if not folder.is_dir():
        raise IndexUnavailableError(f"There is no data folder {folder}: name another with --home.")
    found = KeyList.of(KeyStore(folder).all())
    if as_json:
        print_json(found)
        return
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, pad_edge=False)
    for heading in ("id", "name", "scopes", "reads", "rate", "made", "expires", ""):
        table.add_column(heading, overflow="fold")
    for key in found.keys:
        if "admin" in key.scopes:
            reads = "everything"
        elif key.collections is not None:
            reads = ", ".join(key.collections)
        else:
            reads = ", ".join(["what is open to all", *(f"what {group} read" for group in key.groups)])
        table.add_row(
            key.id,
            printable(key.name),
            ", ".join(key.scopes),
            printable(reads),
            f"{key.rate_per_minute}/min" if key.rate_per_minute else "",
            f"{key.created_at:%Y-%m-%d}",
            f"{key.expires_at:%Y-%m-%d %H:%M}" if key.expires_at else "",
            "" if key.valid else "revoked" if key.revoked_at else "expired",
        )
    if found.keys:
        table_console().print(table)
    say(f"{len(found.keys)} key{'' if len(found.keys) == 1 else 's'}")


@app.command("revoke")
def revoke(
    context: typer.Context,
    key_id: Annotated[str, typer.Argument(metavar="ID", help="As `turnwise keys list` shows it.")],
    *,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Make a key open nothing from now on; a server that runs knows it at once. Its widgets' tokens end with it."""
    from api.auth.keys import KeyStore  # noqa: PLC0415

    key = KeyStore(settings_of(context, home).home).revoke(key_id)
    if as_json:
        from api.schemas.access import KeyOut  # noqa: PLC0415

        print_json(KeyOut.of(key))
    else:
        say(f"Key {key.id} for {printable(key.name)} opens nothing any more.")


def _rate(text: str | None) -> int | None:
    if text is None:
        return None
    match = _RATE.fullmatch(text.strip())
    if match is None or int(match[1]) == 0:
        raise InputError(f"--rate {text}: a number of requests a minute is expected, as 60/min.")
    return int(match[1])


def _end(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    days = _DAYS.fullmatch(text.strip())
    try:
        if days is not None:
            return dt.datetime.now(dt.UTC) + dt.timedelta(days=int(days[1]))
        day = dt.datetime.combine(dt.date.fromisoformat(text.strip()), dt.time(), dt.UTC)
        return day + dt.timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise InputError(f"--expires {text}: a day as 2027-06-30, or a number of days as 90d, is expected.") from error
