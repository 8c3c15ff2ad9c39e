"""A backup is a consistent copy of one file, taken while serving; restoring puts it back, whole or not at all."""

import sqlite3
import threading
from pathlib import Path

import pytest

from index.embedded import EmbeddedEngine
from index.errors import BackupError, IndexMismatchError
from tests.index.made_records import DIMENSION, document, record


def engine_in(folder: Path, model: str = "made") -> EmbeddedEngine:
    return EmbeddedEngine(folder, dimension=DIMENSION, model=model, poll_interval_s=0)


def add(engine: EmbeddedEngine, name: str) -> None:
    engine.replace(document(name), [record(f"{name}-{n}", f"common {name}word") for n in range(3)])
    engine.refresh()


def found(engine: EmbeddedEngine) -> set[str]:
    return {hit.id.split("-")[0] for hit in engine.search_text("common", 99)}


def test_a_restored_index_finds_what_was_backed_up_and_nothing_else(tmp_path: Path) -> None:
    engine = engine_in(tmp_path / "home")
    add(engine, "first")
    engine.backup(tmp_path / "copy")
    engine.remove(["first"])
    add(engine, "second")
    add(engine, "third")
    engine.restore(tmp_path / "copy")
    assert found(engine) == {"first"}
    assert engine.document("second") is None
    assert engine.check() == []
    add(engine, "fourth")
    assert found(engine) == {"first", "fourth"}
    contents = b"".join(p.read_bytes() for p in (tmp_path / "home").rglob("*") if p.is_file())
    assert b"secondword" not in contents


def test_a_backup_is_a_single_file_that_restores_into_a_new_folder(tmp_path: Path) -> None:
    engine = engine_in(tmp_path / "home")
    add(engine, "first")
    (tmp_path / "backups").mkdir()
    engine.backup(tmp_path / "backups" / "copy")
    assert [p.name for p in (tmp_path / "backups").iterdir()] == ["copy"]
    other = engine_in(tmp_path / "other")
    other.restore(tmp_path / "backups" / "copy")
    assert other.search_text("common", 9) == engine.search_text("common", 9)


def test_a_reader_follows_a_restore(tmp_path: Path) -> None:
    engine = engine_in(tmp_path / "home")
    add(engine, "first")
    engine.backup(tmp_path / "copy")
    add(engine, "second")
    reader = EmbeddedEngine(tmp_path / "home", dimension=DIMENSION, model="made", read_only=True, poll_interval_s=0)
    assert found(reader) == {"first", "second"}
    engine.restore(tmp_path / "copy")
    assert found(reader) == {"first"}
    assert [d.id for d in reader.documents()] == ["first"]


def test_a_backup_taken_while_writing_is_consistent(tmp_path: Path) -> None:
    engine = engine_in(tmp_path / "home")
    add(engine, "d0")
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            engine.replace(document(f"d{number}"), [record(f"d{number}-{n}", "common") for n in range(3)])

    writer = threading.Thread(target=write)
    writer.start()
    for number in range(5):
        engine.backup(tmp_path / f"copy{number}")
    stop.set()
    writer.join()
    for number in range(5):
        with sqlite3.connect(tmp_path / f"copy{number}") as copy:
            counts = copy.execute("SELECT count(*), (SELECT count(*) FROM documents) FROM records").fetchone()
        copy.close()
        assert counts[0] == 3 * counts[1]


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough to look at" * 100])
def test_what_is_not_a_backup_is_refused_and_changes_nothing(tmp_path: Path, content: bytes) -> None:
    engine = engine_in(tmp_path / "home")
    add(engine, "first")
    (tmp_path / "copy").write_bytes(content)
    for source in (tmp_path / "copy", tmp_path / "absent"):
        with pytest.raises(BackupError):
            engine.restore(source)
    assert found(engine) == {"first"}
    assert engine.check() == []
    assert list((tmp_path / "home").glob("*.tmp*")) == []


def test_a_backup_of_another_model_is_refused(tmp_path: Path) -> None:
    other = engine_in(tmp_path / "other", model="another")
    add(other, "first")
    other.backup(tmp_path / "copy")
    with pytest.raises(IndexMismatchError):
        engine_in(tmp_path / "home").restore(tmp_path / "copy")
