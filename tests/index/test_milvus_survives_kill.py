"""A writer killed while it writes to a server: the next refresh finds everything that was acknowledged."""

import random
import subprocess
import sys
import time
from pathlib import Path

from index.milvus.engine import MilvusEngine
from index.types import Filter
from tests.index.made_milvus import collection_of, milvus_engine
from tests.index.made_records import vector

ROOT = Path(__file__).resolve().parents[2]
A_DOCUMENT = 40

WRITER = """
import sys
from pathlib import Path
from tests.index.made_milvus import milvus_engine
from tests.index.made_records import document, record

engine = milvus_engine(Path(sys.argv[1]), sys.argv[2])
engine.refresh()
print("ready", flush=True)
number = int(sys.argv[3])
while True:
    name = f"d{number}"
    records = [record(f"{name}-{n}", "word", fields={"who": (name,)}) for n in range(40)]
    engine.replace(document(name), records)
    engine.refresh()
    print("refreshed", number, flush=True)
    if number % 3 == 0:
        engine.remove([f"d{number - 2}"])
        print("removed", number - 2, flush=True)
    if number % 4 == 0:
        # Replaced by as many: a count alone could not tell.
        engine.replace(document(f"d{number}", "again"), records)
        engine.refresh()
    number += 1
"""


def killed_writer(folder: Path, address: str, first: int, after_lines: int, after_s: float) -> list[tuple[str, int]]:
    command = [sys.executable, "-c", WRITER, str(folder), address, str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        said = "".join(writer.stdout.readline() for _ in range(after_lines))
        time.sleep(after_s)
        writer.kill()
        said += writer.stdout.read()
    return [(line.split()[0], int(line.split()[1])) for line in said.split("\n")[:-1]]


def found_of(engine: MilvusEngine, number: int) -> int:
    where = Filter(any_of={"who": frozenset({f"d{number}"})})
    return len(engine.search_vectors(vector("x"), 100, where))


def test_a_killed_writer_loses_nothing_that_it_acknowledged(tmp_path: Path, milvus_address: str) -> None:
    moments = random.Random(5)
    refreshed: set[int] = set()
    removed: set[int] = set()
    for turn in range(2):
        said = killed_writer(tmp_path, milvus_address, 100 * turn + 1, moments.randint(2, 5), moments.uniform(0, 0.08))
        refreshed |= {number for what, number in said if what == "refreshed"}
        removed |= {number for what, number in said if what == "removed"}
    # The last word may have been on its way when the writer died: what stands in the database holds.
    engine = milvus_engine(tmp_path, milvus_address)
    engine.refresh()
    stored = {int(summary.id.removeprefix("d")) for summary in engine.documents()}
    assert len(refreshed) >= 4
    assert refreshed - removed <= stored | {max(refreshed) - 2}
    assert {number for number in stored if found_of(engine, number) != A_DOCUMENT} == set()
    there = collection_of(engine).keys(0, 10**6, timeout_s=5).tolist()
    assert there == sorted(engine._embedded.store.keys())
    engine.close()
