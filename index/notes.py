"""Small texts that the engine's owner keeps beside the documents, by name; the engine makes nothing of them."""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, inspect, select

from index.database import translated
from index.schema import notes

_PAGE = 500
"""Names a statement; SQLite allows 32,766 parameters."""


def read_notes(engine: Engine, path: Path) -> dict[str, str]:
    """Return all notes of the database at `path`, by name."""
    with translated(path), engine.connect() as connection:
        if not _has_notes(connection):
            return {}
        return {str(name): str(value) for name, value in connection.execute(select(notes))}


def write_notes(engine: Engine, path: Path, changes: Mapping[str, str | None]) -> None:
    """Keep notes in place of any of the same name, in one durable transaction; None drops one."""
    kept = [{"name": name, "value": value} for name, value in changes.items() if value is not None]
    names = sorted(changes)
    with translated(path), engine.begin() as connection:
        # Databases of before there were notes get the table with their first one.
        notes.create(connection, checkfirst=True)
        for start in range(0, len(names), _PAGE):
            connection.execute(delete(notes).where(notes.c.name.in_(names[start : start + _PAGE])))
        if kept:
            connection.execute(insert(notes), kept)


def _has_notes(connection: Connection) -> bool:
    return inspect(connection).has_table(notes.name)
