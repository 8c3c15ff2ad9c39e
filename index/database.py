"""Open, create, copy and wipe the SQLite database. The only file that knows that it is SQLite."""

import os
import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, event, insert
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from index.errors import IndexDamagedError, IndexLockedError, IndexStorageError, InvalidRecordError
from index.schema import metadata, properties

DATABASE_NAME = "turnwise.db"
TEMPORARY_SUFFIX = ".tmp"
"""Files of this suffix in the data folder are left-overs of a killed process unless the writer lock is held."""


def open_database(path: Path, *, read_only: bool, timeout_s: float) -> Engine:
    """Open a database that exists; `timeout_s` is how long a statement waits for another connection."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": timeout_s},
        pool_size=8,
        max_overflow=32,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        # FULL: in WAL mode a commit is on the disk when it returns, even if the power goes.
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA secure_delete = ON").fetchall()
        cursor.execute("PRAGMA foreign_keys = ON")
        if read_only:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    return engine


def create_database(path: Path, values: Mapping[str, str]) -> None:
    """Create a database with these properties, so that at `path` there is either nothing or all of it."""
    temporary = path.with_name(f"{path.name}-{uuid.uuid4().hex}{TEMPORARY_SUFFIX}")
    with translated(path):
        engine = create_engine(URL.create("sqlite", database=str(temporary)))
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA auto_vacuum = INCREMENTAL")
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
            metadata.create_all(connection)
            connection.execute(insert(properties), [{"name": n, "value": v} for n, v in values.items()])
            connection.commit()
        engine.dispose()
    temporary.replace(path)
    sync_folder(path.parent)


def copy_database(source: Path, target: Path) -> None:
    """Copy a database that may be in use into one file, consistently, by SQLite's online backup."""
    # Of another suffix than a writer's own files: a writer at work must not take it for a left-over.
    temporary = target.with_name(f"{target.name}-{uuid.uuid4().hex}.partial")
    try:
        with (
            translated(source),
            closing(sqlite3.connect(source)) as reading,
            closing(sqlite3.connect(temporary)) as writing,
        ):
            reading.backup(writing)
            # A lone file: no write-ahead log beside it that could be forgotten.
            writing.execute("PRAGMA journal_mode = DELETE").fetchall()
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(target)
        sync_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def overwrite_database(source: Path, target: Path, *, timeout_s: float) -> None:
    """Replace the content of a database that may be in use by that of another, in one transaction."""
    with (
        translated(target),
        closing(sqlite3.connect(source)) as reading,
        closing(sqlite3.connect(target, timeout=timeout_s)) as writing,
    ):
        reading.backup(writing)
        writing.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def wipe_free_space(engine: Engine, path: Path) -> None:
    """Rewrite the database so that nothing deleted remains in the file or in its write-ahead log.

    `secure_delete` alone isn't enough: it zeroes deleted cells, but when SQLite moves a row to another page, the
    stale copy stays in the gap of the first page and outlives the row (seen in 2 of 900 removals).

    Raises:
        IndexLockedError: A reader held on to the old state for longer than the timeout.
    """
    with translated(path), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM")
        busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    if busy:
        raise IndexLockedError(f"{path} is being read by another process: removed text is still in its log; try again")


def quick_problems(path: Path) -> list[str]:
    """Return what SQLite's integrity check finds wrong; empty when nothing is."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [] if found == ["ok"] else found


def sync_folder(folder: Path) -> None:
    """Make renames within a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLAlchemy's and SQLite's exceptions into ours."""
    try:
        yield
    except (IntegrityError, sqlite3.IntegrityError) as error:
        raise InvalidRecordError(f"a record id belongs to another document already ({error})") from error
    except (OperationalError, sqlite3.OperationalError) as error:
        reason = str(getattr(error, "orig", error))
        if "no such table" in reason:
            raise IndexDamagedError(f"{path} is not an index of Turnwise: {reason}") from error
        if "locked" in reason or "busy" in reason:
            raise IndexLockedError(f"{path} is locked by another process ({reason}); try again") from error
        if "full" in reason:
            reason = "the disk is full; free some space and repeat the command, what was stored before is kept"
        raise IndexStorageError(f"{path} can't be read or written: {reason}") from error
    except (DatabaseError, sqlite3.DatabaseError) as error:
        raise IndexDamagedError(
            f"{path} is damaged ({getattr(error, 'orig', error)}); restore a backup, or move it away and index again"
        ) from error
