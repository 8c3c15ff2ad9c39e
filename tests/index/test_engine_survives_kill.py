"""A writer killed at any moment loses nothing that it acknowledged, and the index goes on serving."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.embedded import EmbeddedEngine
from tests.index.made_records import DIMENSION

ROOT = Path(__file__).resolve().parents[2]

WRITER = """
import sys
from pathlib import Path
from index.embedded import EmbeddedEngine
from tests.index.made_records import DIMENSION, document, record

engine = EmbeddedEngine(Path(sys.argv[1]), dimension=DIMENSION, model="made", max_segment_records=64)
number = int(sys.argv[2])
print("ready", flush=True)
while True:
    records = [record(f"d{number}-{n}", f"common word{number} rest{n}") for n in range(5)]
    engine.replace(document(f"d{number}"), records)
    print("stored", number, flush=True)
    if number % 3 == 0:
        engine.refresh()
        print("refreshed", number, flush=True)
    if number % 7 == 0:
        engine.remove([f"d{number - 5}"])
        print("removed", number - 5, flush=True)
    number += 1
"""


def killed_writer(folder: Path, first: int, after_lines: int, after_s: float) -> list[tuple[str, int]]:
    """Run a writer, kill it some time after it acknowledged so many steps, and return all that it acknowledged."""
    command = [sys.executable, "-c", WRITER, str(folder), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        said = "".join(writer.stdout.readline() for _ in range(after_lines))
        time.sleep(after_s)
        writer.kill()
        said += writer.stdout.read()
    # The last line may have been cut in two.
    return [(line.split()[0], int(line.split()[1])) for line in said.split("\n")[:-1]]


def findable(engine: EmbeddedEngine, number: int) -> bool:
    return {h.id for h in engine.search_text(f"word{number}", 9)} == {f"d{number}-{n}" for n in range(5)}


@pytest.mark.parametrize("seed", [11])
def test_nothing_acknowledged_is_lost_when_a_writer_is_killed_at_ten_points(tmp_path: Path, seed: int) -> None:
    moments = random.Random(seed)
    stored: set[int] = set()
    removed: set[int] = set()
    attempted = 1
    for _ in range(10):
        acknowledged = killed_writer(tmp_path, attempted, moments.randint(0, 12), moments.uniform(0.0, 0.1))
        stored |= {number for what, number in acknowledged if what == "stored"}
        refreshed = max((number for what, number in acknowledged if what == "refreshed"), default=0)
        removed |= {number for what, number in acknowledged if what == "removed"}
        # One removal may have been done, or half done, without being acknowledged.
        unsure = {number - 5 for number in stored if number % 7 == 0} - removed

        reader = EmbeddedEngine(tmp_path, dimension=DIMENSION, model="made", read_only=True)
        assert all(findable(reader, number) for number in stored - removed - unsure if number <= refreshed)
        assert not any(findable(reader, number) for number in removed)
        reader.close()

        engine = EmbeddedEngine(tmp_path, dimension=DIMENSION, model="made")
        there = {int(d.id[1:]) for d in engine.documents()}
        assert stored - removed - unsure <= there
        assert not removed & there
        engine.refresh()
        assert engine.check() == []
        assert all(findable(engine, number) for number in there)
        assert len(engine.search_text("common", 5 * len(there) + 1) if there else []) == 5 * len(there)
        engine.close()
        stored, removed = there, removed | (unsure - there)
        attempted = max([attempted, *(number for _, number in acknowledged)]) + 2
    assert len(stored) > 10
    assert removed
