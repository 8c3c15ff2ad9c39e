"""A damaged index is set aside and a backup restored while others have it open; a text that is none is damage."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.database import DATABASE_NAME
from index.errors import BackupError, IndexDamagedError
from index.restoring import set_aside
from tests.index.test_backup_and_restore import add, engine_in, found


def test_who_has_a_damaged_database_open_writes_to_the_one_in_its_place(tmp_path: Path) -> None:
    home = tmp_path / "home"
    serving = engine_in(home)
    add(serving, "first")
    serving.backup(tmp_path / "copy")
    assert found(serving) == {"first"}
    with set_aside(home):
        engine_in(home).restore(tmp_path / "copy")
    add(serving, "second")
    assert found(engine_in(home)) == {"first", "second"}
    assert found(serving) == {"first", "second"}


def _spoil_a_text(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE documents SET body = CAST(X'22FFFE22' AS TEXT)")


def test_a_text_that_is_none_is_found_and_never_takes_a_sound_copys_place(tmp_path: Path) -> None:
    home, copy = tmp_path / "home", tmp_path / "copy"
    engine = engine_in(home)
    add(engine, "first")
    engine.backup(copy)
    sound = copy.read_bytes()
    _spoil_a_text(home / DATABASE_NAME)
    assert [problem.what for problem in engine.check()] == ["database: a text in the table documents can't be read"]
    with pytest.raises(IndexDamagedError, match="a text in the table documents"):
        engine.backup(copy)
    assert copy.read_bytes() == sound
    _spoil_a_text(copy)
    other = engine_in(tmp_path / "other")
    add(other, "mine")
    with pytest.raises(BackupError, match="is damaged"):
        other.restore(copy)
    assert found(other) == {"mine"}


def test_what_was_set_aside_comes_back_where_the_backup_fails(tmp_path: Path) -> None:
    home = tmp_path / "home"
    engine = engine_in(home)
    add(engine, "first")
    engine.close()
    (home / "keys.db").write_bytes(b"a key")
    before = {path.relative_to(home): path.read_bytes() for path in home.rglob("*") if path.is_file()}

    def fail() -> None:
        (home / DATABASE_NAME).write_bytes(b"half made")
        (home / "segments").mkdir()
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"), set_aside(home):
        fail()
    assert {path.relative_to(home): path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
    assert list(tmp_path.iterdir()) == [home]


def test_what_is_set_aside_is_inside_only_where_nothing_can_be_made_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    add(engine_in(home), "first")
    with set_aside(home) as aside:
        assert (aside.parent, (aside / DATABASE_NAME).is_file()) == (tmp_path, True)
    make = Path.mkdir

    def mkdir(path: Path, *args: object) -> None:
        if path.parent == tmp_path:
            raise PermissionError(path)
        make(path)

    monkeypatch.setattr(Path, "mkdir", mkdir)
    (home / DATABASE_NAME).write_bytes(b"damaged")
    with set_aside(home) as aside:
        assert (aside.parent, (aside / DATABASE_NAME).read_bytes()) == (home, b"damaged")
