"""Machines that share a PostgreSQL, for tests: each is an engine with a folder of its own; some are killed."""

import random
import subprocess
import sys
import time
from pathlib import Path

from index.embedded import EmbeddedEngine
from tests.index.made_records import DIMENSION, document, record

ROOT = Path(__file__).resolve().parents[2]
SOON_S = 2.0
PATIENCE = 5
"""How many times as long as promised a machine busy with other work may take."""

WRITER = """
import sys
from pathlib import Path
from index.embedded import EmbeddedEngine
from tests.index.made_records import DIMENSION, document, record

engine = EmbeddedEngine(Path(sys.argv[1]), dimension=DIMENSION, model="made", database=sys.argv[2])
number = int(sys.argv[3])
print("ready", flush=True)
while True:
    records = [record(f"d{number}-{n}", f"common word{number} rest{n} " + "filler " * 200) for n in range(20)]
    engine.replace(document(f"d{number}"), records)
    print(number, flush=True)
    if number % 3 == 0:
        engine.refresh()
    number += 1
"""


def machine(folder: Path, address: str, **options: object) -> EmbeddedEngine:
    given = {"dimension": DIMENSION, "model": "made", "database": address, **options}
    return EmbeddedEngine(folder, **given)  # type: ignore[arg-type]


def add(engine: EmbeddedEngine, name: str, count: int = 3) -> None:
    engine.replace(document(name), [record(f"{name}-{n}", f"common {name}word") for n in range(count)])
    engine.refresh()


def found(engine: EmbeddedEngine) -> set[str]:
    return {hit.id.split("-")[0] for hit in engine.search_text("common", 100_000)}


def soon(engine: EmbeddedEngine, expected: set[str]) -> float:
    """Wait until an engine finds what is expected; return how long that took."""
    began = time.monotonic()
    while found(engine) != expected:
        assert time.monotonic() - began < SOON_S * PATIENCE, (found(engine), expected)
        time.sleep(0.01)
    return time.monotonic() - began


def check_killed_writers(folder: Path, address: str, *, attempts: int, seed: int) -> int:
    """Kill writers at random moments and check all that must hold after each; return how much they acknowledged."""
    moments = random.Random(seed)
    survivor = machine(folder / "survivor", address, lock_timeout_s=20)
    acknowledged: set[str] = set()
    for attempt in range(attempts):
        command = [sys.executable, "-c", WRITER, str(folder / "killed"), address, str(attempt * 1000)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
            said = "".join(writer.stdout.readline() for _ in range(moments.randint(1, 8)))
            time.sleep(moments.uniform(0.0, 0.05))
            writer.kill()
            said += writer.stdout.read()
        # The last line may have been cut in two.
        acknowledged |= {f"d{line}" for line in said.split("\n")[:-1]}
        # Nobody is kept waiting by the dead one's locks.
        add(survivor, f"after{attempt}")
        there = {summary.id for summary in survivor.documents()}
        assert acknowledged <= there
        halves = [name for name in there if name[0] == "d" and len(survivor.document_records(name)) != 20]
        assert halves == []
    again = machine(folder / "killed", address)
    for engine in (survivor, again):
        engine.refresh()
        assert found(engine) == there
        assert engine.check() == []
        engine.close()
    return len(acknowledged)
