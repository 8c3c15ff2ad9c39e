"""Small texts that the engine's owner keeps beside the documents, by name; the engine makes nothing of them."""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, inspect, select

from index.database import Database
from index.schema import notes

_PAGE = 500
"""Names a statement; SQLite allows 32,766 parameters."""


def read_notes(database: Database) -> dict[str, str]:
    """Return all notes of a database, by name."""

    def work(connection: Connection) -> dict[str, str]:
        if not inspect(connection).has_table(notes.name):
            return {}
        rows = connection.execute(select(notes.c.name, notes.c.value))
        return {str(name): str(value) for name, value in rows}

    return database.read(work)


def write_notes(database: Database, changes: Mapping[str, str | None]) -> None:
    """Keep notes in place of any of the same name, in one durable transaction; None drops one."""
    kept = [{"name": name, "value": value} for name, value in changes.items() if value is not None]
    names = sorted(changes)

    def work(connection: Connection) -> None:
        # Databases of before there were notes get the table with their first one.
        notes.create(connection, checkfirst=True)
        for start in range(0, len(names), _PAGE):
            connection.execute(delete(notes).where(notes.c.name.in_(names[start : start + _PAGE])))
        if kept:
            connection.execute(insert(notes), kept)

    database.write(work)
