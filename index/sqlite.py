"""SQLite, one file in the data folder. The only file that knows that it is SQLite."""

import os
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import URL, ColumnElement, Connection, Engine, create_engine, event, insert, literal
from sqlalchemy.exc import DatabaseError, DBAPIError, DisconnectionError, IntegrityError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from index.database import POOL_OVERFLOW, POOL_SIZE, TEMPORARY_SUFFIX, T, sync_folder
from index.errors import IndexDamagedError, IndexLockedError, IndexStorageError, InvalidRecordError
from index.schema import metadata, properties

_FILE = "file"
"""Of a connection: the file that it leads to."""
_RESTORE = "restore a backup, or move it away and index again"
_LEAST_FREE_BYTES = 1024 * 1024
"""With less, SQLite may not even get the 32 kB of the index beside its log, and speaks of an I/O error instead."""


class SQLiteDatabase:
    """The truth in a file: any number of processes of one machine read it, one at a time writes."""

    is_shared = False
    kept_removals = 0

    def __init__(self, path: Path, *, read_only: bool, timeout_s: float) -> None:
        """Use the file at `path`; `timeout_s` is how long a statement waits for another connection."""
        self._path = path
        self._timeout_s = timeout_s
        self._engine = _engine(path, read_only=read_only, timeout_s=timeout_s)

    @property
    def name(self) -> str:
        """Return the path of the file."""
        return str(self._path)

    def exists(self) -> bool:
        """Tell whether there is such a file."""
        return self._path.exists()

    def create(self, values: Mapping[str, str]) -> None:
        """Make the file with these properties, so that there is either nothing or all of it."""
        create_file(self._path, values)

    def read(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` makes of a connection."""
        with translated(self._path), self._engine.connect() as connection:
            return work(connection)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do `work` in one transaction, which is durable when this returns."""
        with translated(self._path), self._engine.begin() as connection:
            return work(connection)

    def one_moment(self) -> AbstractContextManager[None]:
        """Do nothing: whoever derives holds the lock of the folder, which is the writer's."""
        return nullcontext()

    def incarnation(self) -> ColumnElement[str]:
        """Return nothing: only `restore` puts older content in place, and says so."""
        return literal("")

    def writer_lock(self) -> None:
        """Return nothing: the lock of the data folder keeps other writers away."""

    def wipe(self) -> None:
        """Rewrite the file so that nothing deleted remains in it or in its write-ahead log.

        `secure_delete` alone isn't enough: it zeroes deleted cells, but when SQLite moves a row to another page, the
        stale copy stays in the gap of the first page and outlives the row (seen in 2 of 900 removals).

        Raises:
            IndexLockedError: A reader held on to the old state for longer than the timeout.
        """
        with (
            translated(self._path),
            self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            connection.exec_driver_sql("VACUUM")
            busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        if busy:
            raise IndexLockedError(
                f"{self._path} is being read by another process: removed text is still in its log; try again"
            )

    def copy_to(self, target: Path) -> None:
        """Copy the database, which may be in use, into one file."""
        copy_file(self._path, target)

    def overwrite(self, source: Path) -> None:
        """Replace the content of the database, which may be in use, by that of another, in one transaction."""
        with (
            translated(self._path),
            closing(sqlite3.connect(source)) as reading,
            closing(sqlite3.connect(self._path, timeout=self._timeout_s)) as writing,
        ):
            reading.backup(writing)
            writing.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def problems(self) -> list[str]:
        """Return what SQLite's integrity check finds wrong; empty when nothing is."""
        return _problems(self._path)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _problems(path: Path) -> list[str]:
    try:
        with closing(sqlite3.connect(path)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
            return _undecodable(connection) if found == ["ok"] else found
    except sqlite3.DatabaseError as error:
        return [str(error)]


def _undecodable(connection: sqlite3.Connection) -> list[str]:
    """Return which tables hold a text that is none: of that, SQLite's own check says nothing."""
    found = []
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        try:
            for _ in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - a name from the file itself  # nosec B608
                pass
        except sqlite3.OperationalError as error:
            if "decode" not in str(error):
                raise
            # What it says in full is that text.
            found.append(f"a text in the table {table} can't be read")
    return found


def create_file(path: Path, values: Mapping[str, str]) -> None:
    """Create a database with these properties, so that at `path` there is either nothing or all of it."""
    temporary = path.with_name(f"{path.name}-{uuid.uuid4().hex}{TEMPORARY_SUFFIX}")
    with translated(path):
        engine = create_engine(URL.create("sqlite", database=str(temporary)), hide_parameters=True)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA auto_vacuum = INCREMENTAL")
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
            metadata.create_all(connection)
            connection.execute(insert(properties), [{"name": n, "value": v} for n, v in values.items()])
            connection.commit()
        engine.dispose()
    temporary.replace(path)
    sync_folder(path.parent)


def copy_file(source: Path, target: Path) -> None:
    """Copy a database that may be in use into one file, consistently, by SQLite's online backup.

    Raises:
        IndexDamagedError: The copy is not sound, and `target` is as it was.
    """
    with written_beside(target) as temporary:
        with (
            translated(source),
            closing(sqlite3.connect(source)) as reading,
            closing(sqlite3.connect(temporary)) as writing,
        ):
            reading.backup(writing)
        make_lone(temporary)
        if problems := _problems(temporary):
            raise IndexDamagedError(f"{source} is damaged ({problems[0]}); {_RESTORE}")


def make_lone(path: Path) -> None:
    """Make a database one durable file, without a write-ahead log beside it that could be forgotten."""
    with translated(path), closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def written_beside(target: Path) -> Iterator[Path]:
    """Give a path beside `target` to write to, and put what was written in its place at the end."""
    # Of another suffix than a writer's own files: a writer at work must not take it for a left-over.
    temporary = target.with_name(f"{target.name}-{uuid.uuid4().hex}.partial")
    try:
        yield temporary
        temporary.replace(target)
        sync_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _engine(path: Path, *, read_only: bool, timeout_s: float) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": timeout_s},
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        # What fails is told with its statement, not with what people said.
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
        entry.info[_FILE] = _file_at(path)
        cursor = connection.cursor()
        # FULL: in WAL mode a commit is on the disk when it returns, even if the power goes.
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA secure_delete = ON").fetchall()
        cursor.execute("PRAGMA foreign_keys = ON")
        if read_only:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine, "checkout")
    def check(_connection: sqlite3.Connection, entry: ConnectionPoolEntry, _fairy: object) -> None:
        # A restored backup may have taken the place of a damaged file, to which this still leads.
        now = _file_at(path)
        if now is not None and now != entry.info[_FILE]:
            raise DisconnectionError

    return engine


def _file_at(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another of its name; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLAlchemy's and SQLite's exceptions into ours."""
    try:
        yield
    except (IntegrityError, sqlite3.IntegrityError) as error:
        raise InvalidRecordError(f"a record id belongs to another document already ({_reason(error)})") from error
    except (OperationalError, sqlite3.OperationalError) as error:
        reason = _reason(error)
        if "Could not decode to UTF-8" in reason:  # and then, what it says in full is what people said
            raise IndexDamagedError(f"{path} is damaged (a text in it is none); {_RESTORE}") from error
        if "no such table" in reason:
            raise IndexDamagedError(f"{path} is not an index of Turnwise: {reason}") from error
        if "locked" in reason or "busy" in reason:
            raise IndexLockedError(f"{path} is locked by another process ({reason}); try again") from error
        raise IndexStorageError(f"{path} can't be read or written: {_explained(reason, path.parent)}") from error
    except (DatabaseError, sqlite3.DatabaseError) as error:
        raise IndexDamagedError(f"{path} is damaged ({_reason(error)}); {_RESTORE}") from error


def _reason(error: DBAPIError | sqlite3.Error) -> str:
    """Return what SQLite says, without the statement, which may hold what people said."""
    return str(error.orig if isinstance(error, DBAPIError) else error)


def _explained(reason: str, folder: Path) -> str:
    """Return what SQLite says when the system refused, and how to mend it: SQLite itself hardly knows why."""
    if folder.is_dir() and not os.access(folder, os.W_OK):
        return (
            f"the folder {folder} is read-only, and even who only asks writes a little there ({reason}); "
            "make it writable, or give another folder with --home"
        )
    is_refused = "disk I/O error" in reason
    if "full" in reason or (is_refused and shutil.disk_usage(folder).free < _LEAST_FREE_BYTES):
        return (
            "the disk is full; free some space and repeat the command, what was stored before is kept "
            "(removing needs as much space as the file has, for a while: it is written anew)"
        )
    if is_refused:
        return (
            f"the system refused to read or write it ({reason}); see that the disk is sound, and that "
            "files may grow so large (`ulimit -f`, quotas), and repeat the command; what was stored before is kept"
        )
    return reason
