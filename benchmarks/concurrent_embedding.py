"""What do many who ask at the same time get of what the model can embed?

    python -m benchmarks.concurrent_embedding                      # a question a call, and batches
    python -m benchmarks.concurrent_embedding --served --home DATA --questions SET.jsonl

The first prints questions a second, and how long one question alone takes, side by side in one run. The second also
serves a copy of a data folder (without one, `corpus/`) with two workers on loopback and has 100 connections ask
distinct questions, each the next as soon as it has its answer: at `/v1/search`, then at `/v1/ask`. It prints answers a
second as a share of what two processes embed in batches, and the processor time of one answer beside that of one
embedding; where the rest of it goes, `benchmarks.speed` tells. It needs the extra `load`.
"""

import argparse
import asyncio
import itertools
import json
import multiprocessing
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

from rag.assembly import open_turnwise
from rag.embedding import Embedder, open_embedder
from rag.settings import Settings, load_settings

PROJECT = Path(__file__).resolve().parents[1]
SUBJECTS = ("the huddle", "a run chart", "the discharge lounge", "driver diagrams", "the pilot", "the night shift")
QUESTIONS = [
    f"What did people say about {subject}, {number} weeks later?" for number in range(16) for subject in SUBJECTS
]
ROUNDS = 3
WORKERS = 2
BATCH = 16
EMBEDDING_S = 5.0
WARM_UP_S = 5.0
ARRIVING_S = 2.0
"""Within which all connect: nobody's hundred users come in the same millisecond."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--served", action="store_true", help="ask a server, too")
    parser.add_argument("--home", type=Path, help="data folder that is served")
    parser.add_argument("--questions", type=Path, default=PROJECT / "eval" / "sets" / "corpus.jsonl")
    parser.add_argument("--connections", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60.0, help="at each address")
    parser.add_argument("--json", type=Path, help="where the ratios are kept")
    options = parser.parse_args()
    if options.served:
        lines = options.questions.read_text("utf-8").splitlines()
        served = asked_of_a_server(
            options.home,
            list(dict.fromkeys(json.loads(line)["question"] for line in lines)),
            connections=options.connections,
            seconds=options.seconds,
        )
        if options.json:
            options.json.write_text(json.dumps(served, indent=1) + "\n", "utf-8")
    else:
        compare_batches(_embedder())


def _embedder() -> Embedder:
    settings = load_settings()
    return open_embedder(settings.model, backend=settings.embedding_backend, threads=settings.threads)


def compare_batches(embedder: Embedder) -> None:
    """Compare a question a call, on 1 to 8 threads, with batches."""
    embedder.embed(QUESTIONS[:2], input_type="query")
    alone = []
    for question in QUESTIONS:
        started = time.perf_counter()
        embedder.embed([question], input_type="query")
        alone.append(time.perf_counter() - started)
    print(f"{embedder.backend}: one question alone takes {median(alone) * 1000:.1f} ms (median)")
    rates: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for threads in (1, 2, 4, 8):
            with ThreadPoolExecutor(threads) as pool:
                started = time.perf_counter()
                list(pool.map(lambda question: embedder.embed([question], input_type="query"), QUESTIONS))
                rates.setdefault(f"one a call, {threads} threads", []).append(_rate(started))
        for size in (2, 4, 8, 16):
            started = time.perf_counter()
            for first in range(0, len(QUESTIONS), size):
                embedder.embed(QUESTIONS[first : first + size], input_type="query")
            rates.setdefault(f"batches of {size}", []).append(_rate(started))
    base = median(rates["one a call, 1 threads"])
    for name, measured in rates.items():
        print(f"{name:<24} {median(measured):7.0f} questions/s   {median(measured) / base:.2f}x")


def _rate(started: float) -> float:
    return len(QUESTIONS) / (time.perf_counter() - started)


def distinct(asked: list[str]) -> Iterator[str]:
    """Yield questions without end, no two the same: nothing that is remembered of one helps with another."""
    for number in itertools.count():
        yield from (f"{question} ({number})" for question in asked)


def asked_of_a_server(
    home: Path | None, asked: list[str], *, connections: int, seconds: float
) -> dict[str, dict[str, float]]:
    """Serve a copy of a data folder, ask, print, and return what was measured by address."""
    from benchmarks.load import served  # noqa: PLC0415 - of the extra `load`

    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "home"
        if home is not None:
            shutil.copytree(home, copy)
        else:
            with open_turnwise(Settings(home=copy)) as turnwise:
                turnwise.ingestion.add([str(PROJECT / "corpus")])
        before = _embedded_in_batches(asked)
        questions = distinct(asked)
        with served(copy) as (url, server):
            for path, key in (("/v1/search", "query"), ("/v1/ask", "question")):
                bodies = (json.dumps({key: question}).encode() for question in questions)
                asyncio.run(_crowd(url, path, bodies, connections, WARM_UP_S))
                began = _processor_s(server), time.process_time()
                took, seconds_s = asyncio.run(_crowd(url, path, bodies, connections, seconds))
                spent, own = _processor_s(server) - began[0], time.process_time() - began[1]
                found[path] = {
                    "answers_a_second": len(took) / seconds_s,
                    "processor_ms_an_answer": spent / len(took) * 1000,
                    "p50_ms": median(took) * 1000,
                    "p95_ms": quantiles(took, n=20)[-1] * 1000,
                    "share_of_the_cores_that_asking_took": own / seconds_s / (os.cpu_count() or 1),
                }
        after = _embedded_in_batches(asked)
    rate, each = ((one + other) / 2 for one, other in zip(before, after, strict=True))
    print(f"{WORKERS} processes embed {rate:.0f} questions/s in batches of {BATCH}, {each:.2f} ms of a core each")
    for path, measured in found.items():
        measured["share_of_embedding"] = measured["answers_a_second"] / rate
        measured["times_an_embedding"] = measured["processor_ms_an_answer"] / each
        print(f"{path}: {connections} connections")
        for name, value in measured.items():
            print(f"  {name.replace('_', ' '):<40}{value:9.2f}")
    return found


def _processor_s(server: Any) -> float:
    times = [process.cpu_times() for process in (server, *server.children(recursive=True))]
    return sum(each.user + each.system for each in times)


async def _crowd(
    url: str, path: str, bodies: Iterator[bytes], connections: int, seconds: float
) -> tuple[list[float], float]:
    """Keep so many connections asking; return what each answer took, and how long all of it was."""
    took: list[float] = []
    began = time.perf_counter()
    people = [_person(url, path, bodies, began + seconds, took) for _ in range(connections)]
    asking = []
    for person in people:
        asking.append(asyncio.ensure_future(person))
        await asyncio.sleep(ARRIVING_S / connections)
    await asyncio.gather(*asking)
    return took, time.perf_counter() - began


async def _person(url: str, path: str, bodies: Iterator[bytes], until: float, took: list[float]) -> None:
    host = urlsplit(url).netloc
    reader, writer = await asyncio.open_connection(*host.split(":"))
    while (began := time.perf_counter()) < until:
        body = next(bodies)
        head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        writer.write(f"{head}\r\n\r\n".encode() + body)
        answered = await reader.readuntil(b"\r\n\r\n")
        length = int(answered.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        content = await reader.readexactly(length)
        if not answered.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"{path} answered {answered[:40]!r} {content[:300]!r}")
        took.append(time.perf_counter() - began)
    writer.close()


def _embedded_in_batches(asked: list[str]) -> tuple[float, float]:
    """Return how many questions a second as many processes as workers embed in batches, and processor ms of each."""
    with multiprocessing.get_context("spawn").Pool(WORKERS) as pool:
        found = pool.map(_embed_for_a_while, [asked] * WORKERS, chunksize=1)
    return sum(rate for rate, _ in found), sum(ms for _, ms in found) / len(found)


def _embed_for_a_while(asked: list[str]) -> tuple[float, float]:
    embedder, questions = _embedder(), distinct(asked)
    embedder.embed(asked[:BATCH], input_type="query")
    began, processor, count = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - began < EMBEDDING_S:
        embedder.embed(list(itertools.islice(questions, BATCH)), input_type="query")
        count += BATCH
    return count / (time.perf_counter() - began), (time.process_time() - processor) / count * 1000


if __name__ == "__main__":
    main()
