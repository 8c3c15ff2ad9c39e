"""Notes: in databases of before there were any, in backups, in the hands of readers."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.database import DATABASE_NAME
from index.embedded import EmbeddedEngine
from index.errors import IndexReadOnlyError


def opened(folder: Path, *, read_only: bool = False) -> EmbeddedEngine:
    return EmbeddedEngine(folder, dimension=4, model="made", read_only=read_only)


def test_a_database_of_before_there_were_notes_has_none_and_takes_some(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / DATABASE_NAME)) as database:
        database.execute("DROP TABLE notes")
        database.commit()
    engine = opened(tmp_path)
    assert engine.notes() == {}
    engine.write_notes({"name": "value"})
    assert engine.notes() == {"name": "value"}
    assert engine.check() == []
    engine.close()


def test_notes_are_in_a_backup_and_thousands_of_them_are_no_trouble(tmp_path: Path) -> None:
    many = {f"note {number}": str(number) for number in range(2000)}
    engine = opened(tmp_path / "home")
    engine.write_notes(many)
    engine.backup(tmp_path / "copy")
    engine.write_notes(dict.fromkeys(many))
    assert engine.notes() == {}
    engine.restore(tmp_path / "copy")
    assert engine.notes() == many
    engine.close()


def test_a_reader_sees_notes_and_writes_none(tmp_path: Path) -> None:
    engine = opened(tmp_path)
    engine.write_notes({"name": "value"})
    reader = opened(tmp_path, read_only=True)
    assert reader.notes() == {"name": "value"}
    with pytest.raises(IndexReadOnlyError):
        reader.write_notes({"name": None})
    reader.close()
    engine.close()
