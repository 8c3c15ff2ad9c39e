"""Where the time of one search and of one answer goes, as multiples of the embedding of the question alone.

    python -m benchmarks.speed                          # over corpus/, its own questions
    python -m benchmarks.speed --home DATA --questions SET.jsonl --json speed.json

Questions are distinct and asked one after the other, in turns: embedded alone, searched, answered, and the same over
the HTTP application without a network. What is remembered of a question goes before each; chunks are remembered, as a
server does that has been asked before, but in `new chunks`. Medians over the questions, by the clock and in processor
time of the whole process. Embedding is in float32, whatever set-up chose. The tables name the parts of a request by
what is spent in each and in nothing below it, in processor time.
"""

import argparse
import asyncio
import inspect
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from api.app import build_app
from api.routes import search as search_route
from api.schemas.passages import SearchResponse
from index import finding
from rag.assembly import OpenTurnwise, open_turnwise
from rag.retrieval import retriever as retrieval
from rag.retrieval.known_chunks import KnownChunks
from rag.settings import Settings

PROJECT = Path(__file__).resolve().parents[1]
WARM_UP = 10


class Parts:
    """Adds up the processor time of functions, less that of those that they call."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._below = [0.0]

    def watch(self, owner: Any, function: str, name: str) -> None:
        """Count what is spent in a function under a name from now on."""
        inner: Callable[..., Any] = getattr(owner, function)

        def timed(*args: Any, **named: Any) -> Any:
            began = time.process_time()
            self._below.append(0.0)
            try:
                return inner(*args, **named)
            finally:
                took = time.process_time() - began
                self.spent[name] += took - self._below.pop()
                self._below[-1] += took

        setattr(owner, function, timed)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--questions", type=Path, default=PROJECT / "eval" / "sets" / "corpus.jsonl")
    parser.add_argument("--limit", type=int, default=120)
    parser.add_argument("--json", type=Path, help="where the ratios are kept")
    options = parser.parse_args()
    lines = options.questions.read_text("utf-8").splitlines()
    asked = list(dict.fromkeys(json.loads(line)["question"] for line in lines))[: options.limit]
    with tempfile.TemporaryDirectory() as temporary:
        settings = Settings(home=options.home or Path(temporary), embedding_backend="openvino")
        with open_turnwise(settings) as turnwise:
            if options.home is None:
                turnwise.ingestion.add([str(PROJECT / "corpus")])
            found = asyncio.run(measured(turnwise, asked))
    print(f"{'times an embedding':<30}{'clock':>8}{'processor':>11}")
    for name, (clock, processor) in found["ratios"].items():
        print(f"{name:<30}{clock:8.2f}{processor:11.2f}")
    for request, parts in found["parts_ms"].items():
        print(f"\n| part of {request} | ms | share |\n| --- | --- | --- |")
        for name, ms in sorted(parts.items(), key=lambda part: -part[1]):
            print(f"| {name} | {ms:.2f} | {ms / sum(parts.values()):.0%} |")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


async def measured(turnwise: OpenTurnwise, asked: list[str]) -> dict[str, Any]:
    """Return the ratios, and the parts of each request; in one task, as a server's worker threads end with it."""
    app = build_app(turnwise)
    ratios = await compare(turnwise, app, asked)
    return {"ratios": ratios, "parts_ms": await named_parts(turnwise, app, asked)}


async def compare(turnwise: OpenTurnwise, app: Any, asked: list[str]) -> dict[str, tuple[float, float]]:
    """Return medians as multiples of the embedding alone, in turns so that what else runs falls on all alike."""
    forget, embed = turnwise.retriever.forget, turnwise.embedder.embed
    ways: dict[str, Callable[[str], Any]] = {
        "embed": lambda question: embed([question], input_type="query"),
        "search": turnwise.retriever.search,
        "search, new chunks": turnwise.retriever.search,
        "ask": turnwise.answerer.ask,
        "POST /v1/search": lambda question: post(app, "/v1/search", {"query": question}),
        "POST /v1/ask": lambda question: post(app, "/v1/ask", {"question": question}),
    }
    clock: defaultdict[str, list[float]] = defaultdict(list)
    processor: defaultdict[str, list[float]] = defaultdict(list)
    for question in asked:  # what a server has read that was asked for a while
        turnwise.retriever.search(question)
    kept = turnwise.retriever._chunks
    for number, question in enumerate([*asked[:WARM_UP], *asked]):
        for name, way in ways.items():
            forget(chunks=False)
            turnwise.retriever._chunks = KnownChunks(turnwise.engine) if name == "search, new chunks" else kept
            began = time.perf_counter(), time.process_time()
            doing = way(question)
            if inspect.isawaitable(doing):
                await doing
            if number >= WARM_UP:
                clock[name].append((time.perf_counter() - began[0]) * 1000)
                processor[name].append((time.process_time() - began[1]) * 1000)
    alone = [statistics.median(took["embed"]) for took in (clock, processor)]
    ratios = {"embed, ms": (alone[0], alone[1])}
    for name in list(ways)[1:]:
        ratios[f"{name}, times"] = (
            statistics.median(clock[name]) / alone[0],
            statistics.median(processor[name]) / alone[1],
        )
    return ratios


async def named_parts(turnwise: OpenTurnwise, app: Any, asked: list[str]) -> dict[str, dict[str, float]]:
    """Return the milliseconds of each request by what they are spent on."""
    parts = Parts()
    retriever, engine, answerer = turnwise.retriever, turnwise.engine, turnwise.answerer
    parts.watch(turnwise.embedder, "embed", "embedding the question")
    parts.watch(finding, "nearest", "vector search, a thousand deep")
    parts.watch(finding, "matching", "word search, a thousand deep")
    parts.watch(engine, "evidence", "evidence of both searches put together")
    parts.watch(retriever, "_rank", "ranking: candidates fused")
    parts.watch(engine, "term_rarities", "rarity of the question's words")
    parts.watch(retriever._chunks, "of", "chunks: remembered, or decoded")
    parts.watch(engine, "records", "chunks from the database")
    parts.watch(engine, "attachments", "chunks from the database")
    parts.watch(retriever, "_rerank", "closer look")
    parts.watch(retrieval, "passages_of", "passages")
    parts.watch(retriever, "search", "search, the rest: spelling, names, filters")
    parts.watch(SearchResponse, "of", "response: built")
    parts.watch(SearchResponse, "model_dump_json", "response: written")
    parts.watch(search_route, "note_search", "noted: for feedback and metrics")
    parts.watch(retriever, "sentence_vectors", "answer: sentence vectors unpacked")
    parts.watch(turnwise.library, "find", "answer: transcripts")
    parts.watch(answerer, "_look", "answer: sentences and what speaks for them")
    parts.watch(answerer, "ask", "answer, the rest: choice, proof, prose")
    found = {}
    for path, key in (("/v1/search", "query"), ("/v1/ask", "question")):
        parts.spent.clear()
        began = time.process_time()
        for question in asked:
            retriever.forget(chunks=False)
            await post(app, path, {key: question})
        total = time.process_time() - began
        parts.spent["server: middlewares, routing, threads"] = total - sum(parts.spent.values())
        found[f"POST {path}"] = {name: seconds * 1000 / len(asked) for name, seconds in parts.spent.items()}
    return found


async def post(app: Any, path: str, body: dict[str, Any]) -> None:
    """Call an ASGI application as a server does, and see that it answers."""
    sent: list[dict[str, Any]] = []
    content = json.dumps(body).encode()
    headers = {"host": "127.0.0.1", "content-type": "application/json", "content-length": str(len(content))}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
        "state": {},
    }
    whole = [{"type": "http.request", "body": content, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if whole:
            return whole.pop()
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    if sent[0]["status"] != 200:
        sys.exit(f"{path} answered {sent[0]['status']}: {sent[-1].get('body')!r}")


if __name__ == "__main__":
    main()
