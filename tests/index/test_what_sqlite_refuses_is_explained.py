"""What SQLite says of a disk that refuses is explained, and nothing that people said stands in an error."""

import os
import shutil
import sqlite3
import traceback
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import OperationalError

from index.embedded import EmbeddedEngine
from index.errors import IndexStorageError, InvalidRecordError, SearchEngineError
from index.sqlite import translated
from tests.index.made_records import DIMENSION, document, record

SAID = "what somebody said in confidence"


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedEngine:
    return EmbeddedEngine(tmp_path, dimension=DIMENSION, model="made")


def raised(path: Path, reason: str) -> SearchEngineError:
    with pytest.raises(SearchEngineError) as caught, translated(path):
        raise OperationalError("SELECT 1", {}, sqlite3.OperationalError(reason))
    return caught.value


def test_an_error_holds_no_text_of_a_transcript(engine: EmbeddedEngine) -> None:
    engine.replace(document("first", SAID), [record("a", SAID)])
    with pytest.raises(InvalidRecordError, match=r"belongs to another document already \(UNIQUE constraint") as caught:
        engine.replace(document("second", SAID), [record("a", SAID)])
    engine.close()
    assert SAID not in "".join(traceback.format_exception(caught.value))
    assert "INSERT" not in str(caught.value)


def test_a_statement_that_fails_is_told_of_without_what_was_to_be_stored(
    engine: EmbeddedEngine, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "turnwise.db") as database:
        database.execute("ALTER TABLE records DROP COLUMN attachment")
    with pytest.raises(SearchEngineError) as caught:
        engine.replace(document("first", SAID), [record("a", SAID)])
    engine.close()
    assert SAID not in "".join(traceback.format_exception(caught.value))


def test_of_a_read_only_folder_it_is_said_and_how_to_mend_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    for reason in ("unable to open database file", "attempt to write a readonly database"):
        said = str(raised(tmp_path / "turnwise.db", reason))
        assert f"the folder {tmp_path} is read-only" in said
        assert f"({reason})" in said
        assert "make it writable, or give another folder with --home" in said


def test_of_a_full_disk_an_io_error_is_told_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=4096))
    assert "the disk is full" in str(raised(tmp_path / "turnwise.db", "disk I/O error"))


@pytest.mark.parametrize(
    ("reason", "explained"),
    [
        ("database or disk is full", "removing needs as much space as the file has"),
        ("disk I/O error", "ulimit -f"),
        ("unable to open database file", "can't be read or written: unable to open database file"),
    ],
)
def test_what_the_system_refused_is_explained(tmp_path: Path, reason: str, explained: str) -> None:
    error = raised(tmp_path / "turnwise.db", reason)
    assert isinstance(error, IndexStorageError)
    assert explained in str(error)
