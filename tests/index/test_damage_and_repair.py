"""Damage to derived files is found and mended from the database; damage to the database is named."""

import logging
from pathlib import Path

import numpy as np
import pytest

from index.embedded import EmbeddedEngine
from index.errors import IndexDamagedError, IndexStorageError, InvalidRecordError, SearchEngineError
from index.types import Record
from tests.index.made_records import DIMENSION, document, record, vector


def engine_in(folder: Path, **options: object) -> EmbeddedEngine:
    return EmbeddedEngine(folder, dimension=DIMENSION, model="made", **options)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    engine = engine_in(tmp_path, max_segment_records=4)
    for number in range(4):
        engine.replace(document(f"d{number}"), [record(f"d{number}-{n}", f"common word{number}") for n in range(3)])
        engine.refresh()
    engine.close()
    return tmp_path


def segments(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_ino for path in (folder / "segments").iterdir()}


def test_a_damaged_segment_is_mended_and_the_others_are_left_alone(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = segments(folder)
    victim = sorted((folder / "segments").iterdir())[0]
    (victim / "vectors.faiss").write_bytes(b"")
    engine = engine_in(folder, max_segment_records=4)
    assert [p.remedy for p in engine.check()] == ["rebuild"]
    with caplog.at_level(logging.WARNING):
        assert len(engine.search_text("common", 99)) == 12
    assert "building it anew" in caplog.text
    assert engine.check() == []
    kept = {name for name, inode in segments(folder).items() if before.get(name) == inode}
    assert kept == set(before) - {victim.name}


def test_a_missing_manifest_is_mended_by_a_writer_and_named_to_a_reader(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    reader = engine_in(folder, read_only=True)
    with pytest.raises(IndexDamagedError, match="manifest"):
        reader.search_text("common", 9)
    writer = engine_in(folder)
    assert len(writer.search_vectors(vector("x"), 99)) == 12
    assert len(reader.search_text("common", 99)) == 12


def test_a_folder_where_the_manifest_should_be_is_named_and_not_taken_for_damage(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    (folder / "manifest.json").mkdir()
    for read_only in (True, False):
        with pytest.raises(IndexStorageError, match=r"manifest\.json is no file: move it away"):
            engine_in(folder, read_only=read_only).search_text("common", 9)
    (folder / "manifest.json").rmdir()
    assert len(engine_in(folder).search_text("common", 99)) == 12


def test_a_state_that_is_loaded_goes_on_serving_when_the_next_one_is_damaged(folder: Path) -> None:
    reader = engine_in(folder, read_only=True, poll_interval_s=0)
    assert len(reader.search_text("common", 99)) == 12
    (folder / "manifest.json").write_text("{}")
    assert len(reader.search_text("common", 99)) == 12


def test_rebuilding_finds_the_same(folder: Path) -> None:
    engine = engine_in(folder)
    before = engine.search_text("common word2", 99), engine.search_vectors(vector("x"), 99)
    engine.rebuild()
    assert (engine.search_text("common word2", 99), engine.search_vectors(vector("x"), 99)) == before
    assert engine.check() == []


def test_what_waits_for_a_refresh_is_no_damage(folder: Path) -> None:
    engine = engine_in(folder)
    engine.replace(document("late"), [record("late-1", "word")])
    assert [p.remedy for p in engine.check()] == ["refresh"]


def test_a_database_that_is_none_is_named_as_damaged(folder: Path) -> None:
    for name in ("turnwise.db-wal", "turnwise.db-shm"):
        (folder / name).unlink(missing_ok=True)
    (folder / "turnwise.db").write_bytes(b"no database" * 1000)
    with pytest.raises(SearchEngineError, match="damaged"):
        engine_in(folder)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"id": ""}, "visible ASCII"),
        ({"id": "ü"}, "visible ASCII"),
        ({"id": "x" * 65}, "visible ASCII"),
        ({"vector": np.zeros(DIMENSION, dtype=np.float32)}, "length 0"),
        ({"vector": np.full(DIMENSION, np.nan, dtype=np.float32)}, "length nan"),
        ({"vector": vector("x").astype(np.float64)}, "float64"),
        ({"vector": np.ones(1, dtype=np.float32)}, "shape"),
        ({"fields": {"who": "Ann"}}, "tuple"),
        ({"id": "d0-0"}, "another document"),
    ],
)
def test_a_record_that_breaks_the_rules_is_refused_with_its_document(
    folder: Path, change: dict[str, object], complaint: str
) -> None:
    engine = engine_in(folder)
    engine.replace(document("new"), [record("good", "before")])
    given = {"id": "bad", "body": "{}", "text": "t", "vector": vector("x"), "fields": {}, **change}
    with pytest.raises(InvalidRecordError, match=complaint):
        engine.replace(document("new"), [record("fine", "after"), Record(**given)])  # type: ignore[arg-type]
    assert [r.id for r in engine.document_records("new")] == ["good"]


def test_a_query_of_the_wrong_shape_or_limit_is_refused(folder: Path) -> None:
    engine = engine_in(folder)
    with pytest.raises(ValueError, match="finite numbers"):
        engine.search_vectors(np.ones(3, dtype=np.float32), 5)
    with pytest.raises(ValueError, match="at least 1"):
        engine.search_text("common", 0)
