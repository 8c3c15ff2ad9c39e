"""What do Ray's workers cost and bear? The same chunks embedded here, by a cluster, and by one that loses a worker.

    ray start --head --num-cpus=1 --include-dashboard=false && ray start --address=127.0.0.1:6379 --num-cpus=1
    python -m benchmarks.ray_embedding --workers 127.0.0.1:6379

The nodes have to be on this machine: their processor time is read, and one worker is killed. On one machine no
speed-up is to be expected: what is asked is what the way there and back costs. Rounds go in turns; processor time is
the steadier figure where other work is running. Last comes how fast `add` reads, cuts and stores when vectors cost
nothing, which is how many workers one `add` can keep busy.
"""

import argparse
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from index.embedded import EmbeddedEngine
from rag.chunking import count_tokens
from rag.embedding import Backend, Embedder, OpenVinoEmbedder, unit_rows
from rag.embedding.distributed import DistributedEmbedder
from rag.embedding.ray_worker import machine_of
from rag.embedding.worker_pool import WorkerPool, worker_pool
from rag.ingestion import Ingestion
from rag.settings import Settings

KILL_AFTER_S = 1.0
WORDS = "we tried the change on one ward first and learned from what the chart showed us about waiting at night".split()
_TICKS = os.sysconf("SC_CLK_TCK")
_Matrix = npt.NDArray[np.float32]


class InstantEmbedder(OpenVinoEmbedder):
    """Makes vectors up at once, and keeps what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.parts: list[Sequence[tuple[int, int]]] = []

    def embed_with_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[_Matrix, list[_Matrix]]:
        """Return random unit vectors."""
        self.texts.extend(texts)
        self.parts.extend(parts)
        chance = np.random.default_rng(len(self.texts))
        rows = unit_rows(chance.standard_normal((sum(map(len, parts)) + len(texts), self.dimension), dtype=np.float32))
        return rows[: len(texts)], np.split(rows[len(texts) :], np.cumsum([len(places) for places in parts]))[:-1]


@dataclass(slots=True)
class Rates:
    """What the rounds of one way gave."""

    chunks_a_s: list[float] = field(default_factory=list)
    processor_ms: list[float] = field(default_factory=list)
    """A chunk, of this process and the workers; empty where one was killed and took its count along."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", required=True, metavar="ADDRESS", help="of a cluster on this machine")
    parser.add_argument("--chunks", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--backend", default="openvino", choices=("openvino", "openvino-bf16"))
    arguments = parser.parse_args()
    instant, capacity = measure_capacity(transcripts=max(20, arguments.chunks // 12))
    texts, parts = instant.texts[: arguments.chunks], instant.parts[: arguments.chunks]
    measure_workers(arguments.workers, arguments.backend, arguments.rounds, texts, parts)
    print(f"\nread, cut and stored, with vectors that cost nothing: {capacity:.0f} chunks/s of processor time")


def measure_capacity(*, transcripts: int) -> tuple[InstantEmbedder, float]:
    """Return what was embedded, and how many chunks `add` gets through in a second of processor time."""
    instant = InstantEmbedder()
    instant.count_pieces("loads a tokenizer")
    count_tokens("and the other")
    with TemporaryDirectory(prefix="turnwise-") as folder:
        files = Path(folder) / "files"
        files.mkdir()
        for number in range(transcripts):
            write_transcript(files / f"{number:05}.txt", number)
        engine = EmbeddedEngine(Path(folder) / "home", dimension=instant.dimension, model=instant.name)
        ingestion = Ingestion(engine=engine, embedder=instant, max_tokens=Settings().chunk_tokens, at_once=1024)
        started = time.process_time()
        ingestion.add([str(files)])
        spent = time.process_time() - started
        engine.close()
    return instant, len(instant.texts) / spent


def write_transcript(file: Path, number: int) -> None:
    """Write a conversation of some thousand words, about a dozen chunks."""
    chance = random.Random(number)
    lines = [f"Title: Conversation {number}", "Date: 2024-05-06", ""]
    for turn in range(24):
        said = ". ".join(" ".join(chance.choices(WORDS, k=12)).capitalize() for _ in range(5))
        lines.append(f"{('Ann Lee', 'Bo Ek')[turn % 2]}: {said}.\n")
    file.write_text("\n".join(lines), "utf-8")


def measure_workers(
    address: str, backend: Backend, rounds: int, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]]
) -> None:
    """Print the rates of this process, of the workers, and of the workers while one is killed."""
    local = OpenVinoEmbedder(precision="bf16" if backend == "openvino-bf16" else "f32")
    with worker_pool(address, model=local.name, backend=backend, here=machine_of(local)) as pool:
        remote = DistributedEmbedder(local, pool)
        wait_for_all(remote, pool)
        ways: dict[str, Callable[[], object]] = {
            "here, one process": lambda: local.embed_with_parts(texts, parts),
            f"{pool.size} Ray workers": lambda: remote.embed_with_parts(texts, parts),
            f"{pool.size} Ray workers, one killed": lambda: with_a_kill(remote, pool, texts, parts),
        }
        rates = {name: Rates() for name in ways}
        for _ in range(rounds):
            for name, run in ways.items():
                wait_for_all(remote, pool)
                pids = {os.getpid(), *(machine.process for machine in pool.machines)}
                started, spent = time.perf_counter(), processor_s(pids)
                run()
                rates[name].chunks_a_s.append(len(texts) / (time.perf_counter() - started))
                if {machine.process for machine in pool.machines} >= pids - {os.getpid()}:
                    rates[name].processor_ms.append(1000 * (processor_s(pids) - spent) / len(texts))
        show(rates, texts=len(texts), backend=backend, losses=pool.losses)
        whole, _ = local.embed_with_parts(texts[:64], parts[:64])
        theirs, _ = remote.embed_with_parts(texts[:64], parts[:64])
        print(f"least cosine of 64 vectors made here and there: {(whole * theirs).sum(axis=1).min():.6f}")


def show(rates: dict[str, Rates], *, texts: int, backend: str, losses: int) -> None:
    """Print what was measured, beside the first way."""
    print(f"{texts} chunks, {backend}; medians of rounds in turns, ratios of pairs; workers lost: {losses}")
    base = next(iter(rates.values()))
    for name, measured in rates.items():
        pairs = zip(measured.chunks_a_s, base.chunks_a_s, strict=True)
        ratio = median(rate / beside for rate, beside in pairs)
        line = f"{name:<28} {median(measured.chunks_a_s):6.1f} chunks/s {ratio:5.2f}x"
        if len(measured.processor_ms) == len(base.processor_ms):
            costs = zip(measured.processor_ms, base.processor_ms, strict=True)
            cost = median(spent / beside for spent, beside in costs)
            line += f"   {median(measured.processor_ms):6.1f} ms of processor a chunk {cost:5.2f}x"
        print(line)


def with_a_kill(
    remote: Embedder, pool: WorkerPool, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]]
) -> None:
    """Embed while one worker is killed."""
    killer = threading.Timer(KILL_AFTER_S, os.kill, (pool.machines[0].process, signal.SIGKILL))
    killer.start()
    remote.embed_with_parts(texts, parts)
    killer.join()


def wait_for_all(remote: Embedder, pool: WorkerPool) -> None:
    """Embed little things until every worker is there."""
    while len(pool.machines) < pool.size:
        remote.embed_with_parts(["Is everybody there?"], [[]])


def processor_s(pids: Iterable[int]) -> float:
    """Return the processor time that processes have had."""
    spent = 0
    for pid in pids:
        after_name = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        spent += int(after_name[11]) + int(after_name[12])
    return spent / _TICKS


if __name__ == "__main__":
    main()
