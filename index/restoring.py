"""Check that a database is one of ours, and put a backup in place of what is stored."""

import os
import shutil
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from index.database import DATABASE_NAME, TEMPORARY_SUFFIX, Database
from index.errors import BackupError, IndexDamagedError, IndexMismatchError, SearchEngineError
from index.manifest import MANIFEST_NAME
from index.records import RecordStore
from index.schema import FORMAT
from index.snapshot import SEGMENTS_FOLDER
from index.sqlite import SQLiteDatabase, copy_file
from index.upgrading import upgrade_if_older

_TIMEOUT_S = 30.0
_MADE_OF = (DATABASE_NAME, f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm", MANIFEST_NAME, SEGMENTS_FOLDER)
_NOT_SOUND = "is not a sound backup of Turnwise's"
_MEND = "Restore another one. Nothing was changed."


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
        BackupError: `source` isn't a sound backup of an index.
        IndexMismatchError: It was made with another model, dimension or format.
    """
    checked = folder / f"restored-{uuid.uuid4().hex}{TEMPORARY_SUFFIX}"
    try:
        _copy_checked(source, checked, model=model, dimension=dimension)
        database.overwrite(checked)
    finally:
        checked.unlink(missing_ok=True)


@contextmanager
def set_aside(folder: Path) -> Iterator[Path]:
    """Move what an index is made of out of its folder for good, or, where the block fails, back again.

    Settings, keys and whatever else lies in the folder stay where they are. It goes into a folder beside it, for what
    is removed later must not be found in the data folder; into one inside where no other can be made on the same disk.
    """
    aside = _folder_for(folder)
    moved = [name for name in _MADE_OF if os.path.lexists(folder / name)]
    for name in moved:
        (folder / name).rename(aside / name)
    try:
        yield aside
    except BaseException:
        for name in _MADE_OF:
            _delete(folder / name)
        for name in moved:
            (aside / name).rename(folder / name)
        aside.rmdir()
        raise


def _folder_for(folder: Path) -> Path:
    name = f"damaged-{time.strftime('%Y%m%d-%H%M%S')}-{uuid.uuid4().hex[:4]}"
    whole = folder.resolve()
    beside = whole.with_name(f"{whole.name}.{name}")
    with suppress(OSError):
        beside.mkdir()
        if beside.stat().st_dev == whole.stat().st_dev:
            return beside
        beside.rmdir()
    inside = folder / name
    inside.mkdir()
    return inside


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def is_backup(file: Path) -> bool:
    """Tell whether a file is a database of ours, of whatever format, model and dimension, sound or not."""
    database = SQLiteDatabase(file, read_only=True, timeout_s=_TIMEOUT_S)
    try:
        return "format" in RecordStore(database).properties()
    except SearchEngineError:
        return False
    finally:
        database.close()


def check_is_backup(file: Path) -> None:
    """Check, without reading all of it, that a file is a backup.

    Raises:
        BackupError: It isn't.
    """
    if not file.is_file():
        missing = "is not a file" if file.exists() else "is not there"
        raise BackupError(f"{file} {missing}. Name a file that `turnwise backup` wrote. Nothing was changed.")
    if not is_backup(file):
        raise BackupError(f"{file} {_NOT_SOUND}: it is another file, or cut short or damaged. {_MEND}")


def _copy_checked(source: Path, target: Path, *, model: str, dimension: int) -> None:
    check_is_backup(source)
    try:
        copy_file(source, target)
    except IndexDamagedError as error:
        raise BackupError(f"{source} {_NOT_SOUND}: it is damaged. {_MEND}") from error
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
        raise BackupError(f"{source} {_NOT_SOUND}: {str(error).replace(str(target), 'it')}. {_MEND}") from error
    finally:
        database.close()


def _file(path: Path) -> SQLiteDatabase:
    return SQLiteDatabase(path, read_only=False, timeout_s=_TIMEOUT_S)
