"""Copy what is stored from one database into another, of whatever kind the two are."""

from pathlib import Path

from sqlalchemy import Connection, delete, insert, inspect, select

from index.records import state_properties
from index.schema import documents, notes, properties, records
from index.sqlite import SQLiteDatabase, create_file, make_lone, written_beside

_PAGE = 500
"""Rows a statement: of records, some 4 MB."""
_TIMEOUT_S = 30.0
_ORDER = {documents: documents.c.id, records: records.c.key, notes: notes.c.name}
"""By table that is copied: the column that orders its rows. Keys are given anew by the target, never used there."""


def write_backup(source: Connection, target: Path) -> None:
    """Write what a connection sees of a database into one file of SQLite; replaces it.

    The connection's transaction has to see one moment throughout.
    """
    with written_beside(target) as temporary:
        create_file(temporary, _said(source))
        written = SQLiteDatabase(temporary, read_only=False, timeout_s=_TIMEOUT_S)
        try:
            written.write(lambda connection: _copy_rows(source, connection))
        finally:
            written.close()
        make_lone(temporary)


def read_backup(source: Path, target: Connection) -> None:
    """Put the content of a file of SQLite in place of what a connection sees of a database.

    Removals stay: other machines go by their numbers, and the new history tells them that all has changed.
    """
    backup = SQLiteDatabase(source, read_only=True, timeout_s=_TIMEOUT_S)
    try:
        backup.read(lambda connection: _replace_all(connection, target))
    finally:
        backup.close()


def _replace_all(source: Connection, target: Connection) -> None:
    for table in (records, documents, notes):
        target.execute(delete(table))
    _copy_rows(source, target)
    state_properties(target, _said(source))


def _copy_rows(source: Connection, target: Connection) -> None:
    present = inspect(source).get_table_names()
    for table, order in _ORDER.items():
        # A database of before there were notes has no such table.
        if table.name in present:
            columns = [column for column in table.c if column is not records.c.key]
            query = select(*columns).order_by(order).execution_options(yield_per=_PAGE)
            for page in source.execute(query).mappings().partitions():
                target.execute(insert(table), [dict(row) for row in page])


def _said(connection: Connection) -> dict[str, str]:
    rows = connection.execute(select(properties.c.name, properties.c.value))
    # The other database counts removals by itself; those of before are in nothing that is derived from it.
    return {**{str(row.name): str(row.value) for row in rows}, "erase": "0"}
