"""Open the database that holds the truth: pick it, make it where it is absent, upgrade it, see that it is ours."""

import errno
import uuid
from importlib.util import find_spec
from pathlib import Path

from index.database import DATABASE_NAME, Database
from index.errors import IndexStorageError
from index.locking import WriterLock
from index.manifest import Manifest, write_manifest
from index.records import RecordStore
from index.restoring import check_properties
from index.schema import FORMAT
from index.sqlite import SQLiteDatabase
from index.upgrading import upgrade_if_older


def open_database(folder: Path, address: str | None, *, read_only: bool, timeout_s: float) -> Database:
    """Return the database that holds the truth; nothing is connected to yet.

    Args:
        folder: The data folder.
        address: `postgresql://user@host/database`; without it, SQLite in the data folder is meant.
        read_only: Never write.
        timeout_s: How long a statement waits for a lock of another connection.

    Raises:
        IndexStorageError: The address is none, or the driver is not installed.
    """
    if address is None:
        return SQLiteDatabase(folder / DATABASE_NAME, read_only=read_only, timeout_s=timeout_s)
    if find_spec("psycopg") is None:
        raise IndexStorageError("PostgreSQL needs the driver psycopg: pip install 'turnwise[postgres]'")
    from index.postgresql import PostgreSQLDatabase  # noqa: PLC0415 - needs the driver

    return PostgreSQLDatabase(address, read_only=read_only, timeout_s=timeout_s)


def create_if_absent(database: Database, folder: Path, lock: WriterLock, *, model: str, dimension: int) -> None:
    """Make an empty index, and the data folder.

    Raises:
        IndexLockedError: Another process is making it, and went on too long.
        IndexStorageError: The disk or the database refused.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if database.exists():
            return
        with lock.held():
            if not database.exists():
                _create(database, folder, model=model, dimension=dimension)
    except OSError as error:
        mend = "free some space" if error.errno == errno.ENOSPC else "make the folder writable"
        raise IndexStorageError(
            f"the index in {folder} can't be made: {error.strerror or error}; {mend}, or give another with --home"
        ) from error


def checked_properties(database: Database, lock: WriterLock | None, *, model: str, dimension: int) -> dict[str, str]:
    """Return what a database says of itself once it has today's format.

    Args:
        database: It may be of an older format.
        lock: Under which that is upgraded; None for who only reads.
        model: Whose vectors are wanted.
        dimension: Of the vectors.

    Raises:
        IndexMissingError: There is no index in it.
        IndexMismatchError: It was made with another model, dimension or format.
    """
    store = RecordStore(database)
    said = store.properties()
    if said.get("format") != FORMAT and lock is not None:
        with lock.held():
            upgrade_if_older(database, store)
        said = store.properties()
    check_properties(said, database.name, model=model, dimension=dimension)
    return said


def _create(database: Database, folder: Path, *, model: str, dimension: int) -> None:
    history = uuid.uuid4().hex
    if not database.is_shared:
        # Before the database: where there is a database, a missing manifest means a damaged index.
        write_manifest(folder, Manifest(history=history, model=model, dimension=dimension))
    said = {"format": FORMAT, "model": model, "dimension": str(dimension), "history": history}
    database.create({**said, "purge": "0", "erase": "0"})
