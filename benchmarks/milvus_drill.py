"""Load a Milvus server, kill what it runs on, and count what was lost or wrongly shown as whole.

    python -m benchmarks.milvus_drill http://127.0.0.1:19530 --source HOME --folder DIR \
        --kill-data-node CMD --start-data-node CMD --kill-query-node CMD --start-query-node CMD

`--source` names data folders of Turnwise: their vectors, and copies turned away from them, are what is loaded. Commands
are run as they stand, without a shell; a step whose command is not given is left out. Figures: docs/decisions/010.
"""

import argparse
import itertools
import logging
import multiprocessing
import os
import shlex
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.turned_vectors import A_DOCUMENT, documents, real_vectors, turned
from index.embedded import EmbeddedEngine
from index.errors import IndexStorageError
from index.milvus.connection import MilvusAddress
from index.milvus.engine import MilvusEngine
from index.protocols import NO_FILTER
from index.types import Filter, Matrix

MODEL = "drill"
FIELDS = ("speaker", "transcript", "collection")
REFRESH_EVERY = 5_000
K = 10
WRONG_BELOW = 0.8
"""Recall at 10 below which an answer was made from a part of the rows: a lost node has a fifth of them or more."""
WATCHED_S = 75.0


def opened(arguments: argparse.Namespace, dimension: int, **options: Any) -> MilvusEngine:
    """Open the engine of the drill."""
    return MilvusEngine(
        EmbeddedEngine(arguments.folder, dimension=dimension, model=MODEL),
        MilvusAddress(uri=arguments.address, token=arguments.token),
        dimension=dimension,
        fields=FIELDS,
        collection="drill",
        **{"replicas": arguments.replicas, **options},
    )


def run(command: str | None) -> None:
    """Run a command that was given."""
    if command:
        subprocess.run(shlex.split(command), check=True, stdout=subprocess.DEVNULL, timeout=60)


def missing(engine: MilvusEngine, acknowledged: int) -> str:
    """Say how many of the acknowledged chunks the server doesn't hold, by listing all of it."""
    snapshot = engine._embedded.snapshot()
    collection = engine._collection_of(snapshot)
    there: set[int] = set()
    for after in range(0, snapshot.manifest.last_key + 1, 8_000):
        there |= set(collection.keys(after, after + 8_000, timeout_s=60).tolist())
    stored = set(engine._embedded.store.keys())
    return (
        f"acknowledged {acknowledged}, stored {len(stored)}, missing {len(stored - there)}, dead {len(there - stored)}"
    )


def load(engine: MilvusEngine, origins: Matrix, arguments: argparse.Namespace) -> None:
    """Load all chunks; at three tenths a data node is killed, at six it is started again."""
    began, refused, acknowledged = time.monotonic(), 0, 0
    events = {0.3: arguments.kill_data_node, 0.6: arguments.start_data_node}
    for number, (document, records) in enumerate(documents(origins, arguments.chunks, 0), start=1):
        engine.replace(document, records)
        share = number * A_DOCUMENT / arguments.chunks
        if number * A_DOCUMENT % REFRESH_EVERY == 0 or share >= 1:
            for moment in [m for m in events if m <= share]:
                run(events.pop(moment))
            while True:
                try:
                    engine.refresh()
                except IndexStorageError as error:
                    refused += 1
                    print(f"  refused at {share:.0%}: {error}", flush=True)
                else:
                    break
            acknowledged = number * A_DOCUMENT
    seconds = time.monotonic() - began
    print(f"load: {acknowledged} chunks in {seconds:.0f} s, {refused} refusals to the writer")
    print(f"      {missing(engine, acknowledged)}", flush=True)


def write_until_killed(arguments: argparse.Namespace, origins: Matrix, seed: int, acknowledged: Any) -> None:
    """Store transcript after transcript in a process of its own, which is going to be killed."""
    engine = opened(arguments, origins.shape[1])
    for number, (document, records) in enumerate(documents(origins, 1_000_000, seed), start=1):
        engine.replace(document, records)
        if number % 5 == 0:
            engine.refresh()
            acknowledged.value = number * A_DOCUMENT


def kill_writers(arguments: argparse.Namespace, origins: Matrix, times: int) -> None:
    """Kill a writer in the middle again and again; look what the server has after the next refresh."""
    spawned = multiprocessing.get_context("spawn")
    randomly = np.random.default_rng(7)
    total = 0
    for seed in range(1, times + 1):
        acknowledged = spawned.Value("q", 0)
        writer = spawned.Process(target=write_until_killed, args=(arguments, origins, seed, acknowledged))
        writer.start()
        while not acknowledged.value and writer.is_alive():
            time.sleep(0.05)
        time.sleep(float(randomly.uniform(0.2, 3)))
        os.kill(writer.pid or 0, signal.SIGKILL)
        writer.join()
        total += acknowledged.value
    engine = opened(arguments, origins.shape[1])
    engine.refresh()
    print(f"client killed {times} times while writing: {missing(engine, arguments.chunks + total)}", flush=True)
    engine.close()


def judged(engine: MilvusEngine, queries: Matrix, where: Filter, limit: int) -> tuple[list[float], list[float], float]:
    """Return milliseconds here and there, by turns, and the mean recall at `limit` against the exact answer."""
    here, there, recalls = [], [], []
    for query in queries:
        began = time.perf_counter()
        exact = {hit.id for hit in engine._embedded.search_vectors(query, limit, where)}
        between = time.perf_counter()
        found = {hit.id for hit in engine.search_vectors(query, limit, where)}
        here.append(1000 * (between - began))
        there.append(1000 * (time.perf_counter() - between))
        recalls.append(len(found & exact) / max(1, len(exact)))
    return here, there, float(np.mean(recalls))


def measure(arguments: argparse.Namespace, queries: Matrix) -> None:
    """Print time and recall without and with filters, and what the graph alone would reach under them."""
    filters = {
        "no filter": NO_FILTER,
        "half": Filter(any_of={"speaker": frozenset({"everybody"})}),
        "a tenth": Filter(any_of={"collection": frozenset({"small"})}),
        "a fiftieth": Filter(any_of={"speaker": frozenset({"speaker 7"})}),
    }
    for below in (10_000, 0):
        engine = opened(arguments, queries.shape[1], exact_below=below)
        engine.search_vectors(queries[0], K)
        for (name, where), limit in itertools.product(filters.items(), (K, 1000)):
            if below == 0 and where == NO_FILTER:
                continue
            here, there, recall = judged(engine, queries[:100], where, limit)
            p50, p95 = np.percentile(there, [50, 95])
            print(
                f"search: {name:10} limit {limit:4} {'' if below else 'never exact here'} recall {recall:.4f} "
                f"p50 {p50:.1f} ms p95 {p95:.1f} ms; embedded engine p50 {np.median(here):.1f} ms",
                flush=True,
            )
        engine.close()


def watch(arguments: argparse.Namespace, queries: Matrix, replicas: int) -> None:
    """Search all the time while a query node is killed; compare each answer with the exact one."""
    arguments.replicas = replicas
    engine = opened(arguments, queries.shape[1])
    engine.refresh()
    engine.search_vectors(queries[0], K)
    exact = [{hit.id for hit in engine._embedded.search_vectors(query, K)} for query in queries]
    done = threading.Event()
    seen: list[tuple[float, str]] = []
    raw: list[tuple[float, str]] = []
    collection = engine._collection_of(engine._embedded.snapshot())
    keys = [{k for k, i in _keys(engine) if i in ids} for ids in exact]

    def ask(answer: Callable[[int], set[Any]], truth: list[set[Any]], into: list[tuple[float, str]]) -> None:
        for n in itertools.cycle(range(len(queries))):
            if done.is_set():
                return
            try:
                share = len(answer(n) & truth[n]) / K
                into.append((time.monotonic(), "whole" if share >= WRONG_BELOW else "PARTIAL"))
            except IndexStorageError:
                into.append((time.monotonic(), "refused"))
                time.sleep(0.05)

    def unchecked(n: int) -> set[Any]:
        return set(collection.nearest(queries[n], K, "", probes=64, strong=False, timeout_s=3)[0].tolist())

    def checked(n: int) -> set[Any]:
        return {hit.id for hit in engine.search_vectors(queries[n], K)}

    threads = [
        threading.Thread(target=ask, args=(checked, exact, seen)),
        threading.Thread(target=ask, args=(checked, exact, seen)),
        threading.Thread(target=ask, args=(unchecked, keys, raw)),
    ]
    for thread in threads:
        thread.start()
    time.sleep(3)
    killed = time.monotonic()
    run(arguments.kill_query_node)
    time.sleep(WATCHED_S)
    done.set()
    for thread in threads:
        thread.join()
    for name, events in (("Turnwise", seen), ("server's own answers", raw)):
        print(f"query node killed, {replicas} replica(s): {name}: {_told(events, killed)}", flush=True)
    engine.close()
    run(arguments.start_query_node)


def _keys(engine: MilvusEngine) -> Iterator[tuple[int, str]]:
    for segment in engine._embedded.snapshot().segments.values():
        yield from zip(segment.keys.tolist(), (i.decode() for i in segment.ids.tolist()), strict=True)


def _told(events: list[tuple[float, str]], killed: float) -> str:
    counted = Counter(kind for _, kind in events)
    spans = []
    for kind in ("refused", "PARTIAL"):
        times = [moment - killed for moment, k in events if k == kind]
        if times:
            spans.append(f"{kind} {min(times):.1f} to {max(times):.1f} s after the kill")
    return ", ".join(f"{count} {kind}" for kind, count in sorted(counted.items())) + "; " + "; ".join(spans)


def main() -> None:
    """Run the drill."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("--token")
    parser.add_argument("--source", type=Path, required=True, nargs="+")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--chunks", type=int, default=100_000)
    parser.add_argument("--replicas", type=int, default=1)
    parser.add_argument("--client-kills", type=int, default=5)
    parser.add_argument("--skip-load", action="store_true", help="the folder was loaded before")
    parser.add_argument("--skip-measure", action="store_true")
    parser.add_argument("--watch-replicas", type=int, nargs="*", default=[1, 2])
    for part in ("data", "query"):
        parser.add_argument(f"--kill-{part}-node")
        parser.add_argument(f"--start-{part}-node")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    origins: Matrix = np.concatenate([real_vectors(home) for home in arguments.source])
    print(f"{len(origins)} real vectors, {arguments.chunks} chunks", flush=True)
    queries: Matrix = turned(
        origins[np.random.default_rng(3).permutation(len(origins))[:200]], 0.7, np.random.default_rng(4)
    )
    if not arguments.skip_load:
        engine = opened(arguments, origins.shape[1])
        load(engine, origins, arguments)
        engine.close()
    if not arguments.skip_measure:
        measure(arguments, queries)
    if arguments.client_kills:
        kill_writers(arguments, origins, arguments.client_kills)
    if arguments.kill_query_node:
        for replicas in arguments.watch_replicas:
            watch(arguments, queries, replicas)


if __name__ == "__main__":
    main()
