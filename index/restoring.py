"""Check that a database is one of ours, and put a backup in place of what is stored."""

import uuid
from collections.abc import Mapping
from pathlib import Path

from index.database import TEMPORARY_SUFFIX, Database
from index.errors import IndexDamagedError, IndexMismatchError, SearchEngineError
from index.records import RecordStore
from index.schema import FORMAT
from index.sqlite import SQLiteDatabase, copy_file
from index.upgrading import upgrade_if_older

_TIMEOUT_S = 30.0


def check_properties(said: Mapping[str, str], name: str, *, model: str, dimension: int) -> None:
    """Compare what a database says of itself with what is wanted.

    Raises:
        IndexMismatchError: It was made with another model, dimension or format.
    """
    wanted = {"format": FORMAT, "model": model, "dimension": str(dimension)}
    wrong = [f"{name} {said.get(name)!r}, not {value!r}" for name, value in wanted.items() if said.get(name) != value]
    if wrong:
        raise IndexMismatchError(
            f"{name} was made with {'; '.join(wrong)}: index again elsewhere, or go back to that setting"
        )


def restore_backup(source: Path, database: Database, folder: Path, *, model: str, dimension: int) -> None:
    """Put a backup in place of all that a database holds, in one transaction; under the writer lock.

    Args:
        source: The backup, a file of SQLite whatever the database is.
        database: What is overwritten.
        folder: Where the backup is checked before that.
        model: Whose vectors are wanted.
        dimension: Of the vectors.

    Raises:
        IndexDamagedError: `source` isn't a sound backup of an index.
        IndexMismatchError: It was made with another model, dimension or format.
    """
    checked = folder / f"restored-{uuid.uuid4().hex}{TEMPORARY_SUFFIX}"
    try:
        _copy_checked(source, checked, model=model, dimension=dimension)
        database.overwrite(checked)
    finally:
        checked.unlink(missing_ok=True)


def is_backup(file: Path) -> bool:
    """Tell whether a file is a database of ours, of whatever format, model and dimension, sound or not."""
    database = SQLiteDatabase(file, read_only=True, timeout_s=_TIMEOUT_S)
    try:
        return "format" in RecordStore(database).properties()
    except SearchEngineError:
        return False
    finally:
        database.close()


def _copy_checked(source: Path, target: Path, *, model: str, dimension: int) -> None:
    problems = _file(source).problems() if source.is_file() else ["there is no such file"]
    if problems:
        raise IndexDamagedError(f"{source} is not a sound backup: {problems[0]}")
    copy_file(source, target)
    database = _file(target)
    try:
        copy = RecordStore(database)
        upgrade_if_older(database, copy)
        check_properties(copy.properties(), str(source), model=model, dimension=dimension)
        # A new history: record keys mean other records now, so nothing derived before can be kept.
        copy.begin_history(uuid.uuid4().hex)
    except IndexMismatchError:
        raise
    except SearchEngineError as error:
        raise IndexDamagedError(f"{source} is not a backup of an index: {error}") from error
    finally:
        database.close()


def _file(path: Path) -> SQLiteDatabase:
    return SQLiteDatabase(path, read_only=False, timeout_s=_TIMEOUT_S)
