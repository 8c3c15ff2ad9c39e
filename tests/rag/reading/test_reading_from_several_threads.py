"""One reader serves many threads; it is made ready beside them, and what is wrong with it is said where it reads."""

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from rag.errors import ModelError
from rag.reading import Reader, Window
from rag.reading.reader import ADDITIONS

QUESTIONS = (
    "How many hives are on the roof?",
    "Who repaired the ferry?",
    "Why did the tenors leave the choir?",
    "When is the first crossing?",
)


def wait_for_the_thread() -> None:
    for thread in threading.enumerate():
        if thread.name == "reader":
            thread.join()


def test_many_threads_read_what_one_reads(reader: Reader, told: dict[str, Window]) -> None:
    windows = list(told.values())
    expected = [np.concatenate(reader.read(question, windows)) for question in QUESTIONS]
    fresh, started = Reader(), threading.Barrier(8)

    def ask(place: int) -> list[np.ndarray]:
        started.wait()
        fresh.prepare()
        return [np.concatenate(fresh.read(QUESTIONS[(place + n) % 4], windows)) for n in range(4)]

    with ThreadPoolExecutor(8) as pool:
        for place, found in enumerate(pool.map(ask, range(8))):
            for n, row in enumerate(found):
                np.testing.assert_allclose(row, expected[(place + n) % 4], rtol=0, atol=1e-4)


def test_what_was_prepared_is_not_loaded_again(reader: Reader, told: dict[str, Window], tmp_path: Path) -> None:
    file = Path(shutil.copy(ADDITIONS, tmp_path))
    prepared = Reader(additions=file)
    prepared.prepare()
    wait_for_the_thread()
    file.unlink()
    prepared.prepare()
    (found,), (expected,) = (each.read(QUESTIONS[0], [told["hives"]]) for each in (prepared, reader))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-4)


def test_a_process_does_not_end_while_the_reader_is_made_ready() -> None:
    """OpenVINO is in the middle of compiling: a daemon's thread torn away there aborts the process, now and then."""
    before = threading.enumerate()
    Reader().prepare()
    (thread,) = (thread for thread in threading.enumerate() if thread not in before)
    assert not thread.daemon
    thread.join()


def test_nothing_is_loaded_before_it_is_needed(told: dict[str, Window], tmp_path: Path) -> None:
    reader = Reader(additions=tmp_path / "absent.npz")
    assert [found.size for found in reader.read("Why?", [Window(asked="", stretches=())])] == [0]
    with pytest.raises(ModelError):
        reader.read("Why?", [told["hives"]])


def test_what_is_wrong_is_said_at_each_reading_and_not_in_the_thread_until_it_is_mended(
    told: dict[str, Window], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaints: list[object] = []
    monkeypatch.setattr(threading, "excepthook", complaints.append)
    file = tmp_path / "reader.npz"
    reader = Reader(additions=file)
    reader.prepare()
    wait_for_the_thread()
    for _ in range(2):
        with pytest.raises(ModelError, match=r"reader\.npz can't be read.*TURNWISE_READER=off"):
            reader.read("How many hives are on the roof?", [told["hives"]])
    assert complaints == []
    shutil.copy(ADDITIONS, file)
    assert np.isfinite(reader.read("How many hives are on the roof?", [told["hives"]])[0]).all()
