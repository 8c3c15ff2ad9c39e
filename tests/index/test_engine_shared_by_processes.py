"""Readers go on while a writer swaps the index under them; a second writer waits its turn."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock

from index.embedded import EmbeddedEngine
from index.errors import IndexLockedError, IndexMismatchError, IndexMissingError, IndexReadOnlyError
from tests.index.made_records import DIMENSION, document, record, vector

ROOT = Path(__file__).resolve().parents[2]
SWAPS = 30

# Every state holds four records of one generation: anything else that a search returns is a torn read.
READER = """
import sys
from pathlib import Path
from index.embedded import EmbeddedEngine
from tests.index.made_records import DIMENSION, vector

engine = EmbeddedEngine(Path(sys.argv[1]), dimension=DIMENSION, model="made", read_only=True, poll_interval_s=0)
print("ready", flush=True)
searches, generations = 0, set()
while not Path(sys.argv[2]).exists():
    for hits in (engine.search_text("generation", 9), engine.search_vectors(vector("q"), 9)):
        seen = {hit.id.split("-")[0] for hit in hits}
        assert len(hits) == 4 and len(seen) == 1, hits
        generations |= seen
    searches += 1
print(searches, len(generations), flush=True)
"""


def engine_in(folder: Path, **options: object) -> EmbeddedEngine:
    return EmbeddedEngine(folder, dimension=DIMENSION, model="made", **options)  # type: ignore[arg-type]


def store_generation(engine: EmbeddedEngine, number: int) -> None:
    engine.replace(document("d", str(number)), [record(f"g{number}-{n}", "generation") for n in range(4)])
    engine.refresh()


def test_no_read_fails_or_is_torn_while_a_writer_swaps(tmp_path: Path) -> None:
    folder, stop = tmp_path / "home", tmp_path / "stop"
    writer = engine_in(folder, poll_interval_s=0)
    store_generation(writer, 0)
    torn: list[object] = []

    def search_in_thread() -> None:
        while not stop.exists():
            hits = writer.search_vectors(vector("q"), 9)
            if len(hits) != 4 or len({hit.id.split("-")[0] for hit in hits}) != 1:
                torn.append(hits)

    thread = threading.Thread(target=search_in_thread)
    command = [sys.executable, "-c", READER, str(folder), str(stop)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        thread.start()
        for number in range(1, SWAPS + 1):
            store_generation(writer, number)
        stop.touch()
        said, complaint = reader.communicate(timeout=30)
    thread.join()
    assert reader.returncode == 0, complaint
    searches, generations = map(int, said.split())
    assert searches > SWAPS
    assert generations > SWAPS / 3, "the reader didn't follow the writer"
    assert torn == []
    writer.close()


def test_a_reader_notices_a_refresh_by_another_engine(tmp_path: Path) -> None:
    writer = engine_in(tmp_path)
    store_generation(writer, 0)
    reader = engine_in(tmp_path, read_only=True, poll_interval_s=0)
    before = reader.version
    store_generation(writer, 1)
    assert {h.id for h in reader.search_text("generation", 9)} == {f"g1-{n}" for n in range(4)}
    assert reader.version == writer.version != before


def test_a_second_writer_gives_up_after_its_timeout(tmp_path: Path) -> None:
    engine = engine_in(tmp_path, lock_timeout_s=0.2)
    store_generation(engine, 0)
    with FileLock(tmp_path / "writer.lock"):
        began = time.monotonic()
        with pytest.raises(IndexLockedError, match="another process"):
            engine.replace(document("e"), [])
        assert 0.15 < time.monotonic() - began < 5
        assert len(engine.search_text("generation", 9)) == 4
    engine.replace(document("e"), [])


def test_threads_write_one_after_the_other(tmp_path: Path) -> None:
    engine = engine_in(tmp_path, lock_timeout_s=60)

    def write(number: int) -> None:
        engine.replace(document(f"d{number}"), [record(f"r{number}", "word")])
        engine.refresh()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(engine.search_text("word", 99)) == 8
    assert engine.check() == []


def test_reading_what_does_not_exist_says_so(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="no index"):
        engine_in(tmp_path / "nowhere", read_only=True)
    assert not (tmp_path / "nowhere").exists()


def test_a_reader_refuses_to_write(tmp_path: Path) -> None:
    store_generation(engine_in(tmp_path), 0)
    reader = engine_in(tmp_path, read_only=True)
    for change in (lambda: reader.replace(document("x"), []), lambda: reader.remove(["d"]), reader.refresh):
        with pytest.raises(IndexReadOnlyError):
            change()


@pytest.mark.parametrize(("dimension", "model"), [(DIMENSION + 1, "made"), (DIMENSION, "another")])
def test_an_index_of_another_model_or_dimension_is_refused(tmp_path: Path, dimension: int, model: str) -> None:
    store_generation(engine_in(tmp_path), 0)
    with pytest.raises(IndexMismatchError, match="index again"):
        EmbeddedEngine(tmp_path, dimension=dimension, model=model)
