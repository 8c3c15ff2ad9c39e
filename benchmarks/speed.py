"""Where the time of one search and of one answer goes, as multiples of the embedding of the question alone.

    python -m benchmarks.speed                          # over corpus/, its own questions
    python -m benchmarks.speed --home DATA --questions SET.jsonl --json speed.json

Questions are distinct and asked one after the other, in turns: embedded alone, searched, answered, and the same over
the HTTP application without a network. Nothing is remembered from one to the next but in `remembered`, where chunks
are. Processor time of the whole process; medians over the questions. Embedding is in
float32, whatever set-up chose. The table names the parts of an answer by what is spent in each and in nothing below it.
"""

import argparse
import asyncio
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
from rag.assembly import OpenTurnwise, open_turnwise
from rag.retrieval import retriever as retrieval
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
            ratios = compare(turnwise, asked)
            parts = named_parts(turnwise, asked)
    for name, ratio in ratios.items():
        print(f"{name:<28}{ratio:8.2f}")
    print("\n| part of an answer | ms | share |\n| --- | --- | --- |")
    for name, ms in sorted(parts.items(), key=lambda part: -part[1]):
        print(f"| {name} | {ms:.2f} | {ms / sum(parts.values()):.0%} |")
    if options.json:
        options.json.write_text(json.dumps({"ratios": ratios, "parts_ms": parts}, indent=1) + "\n", "utf-8")


def compare(turnwise: OpenTurnwise, asked: list[str]) -> dict[str, float]:
    """Return medians as multiples of the embedding alone, in turns so that what else runs falls on all alike."""
    app, loop = build_app(turnwise), asyncio.Runner()
    forget = turnwise.retriever.forget
    ways: dict[str, Callable[[str], object]] = {
        "embed": lambda question: turnwise.embedder.embed([question], input_type="query"),
        "search": turnwise.retriever.search,
        "search, remembered": turnwise.retriever.search,
        "ask": turnwise.answerer.ask,
        "POST /v1/search": lambda question: post(loop, app, "/v1/search", {"query": question}),
        "POST /v1/ask": lambda question: post(loop, app, "/v1/ask", {"question": question}),
    }
    took: defaultdict[str, list[float]] = defaultdict(list)
    for number, question in enumerate([*asked[:WARM_UP], *asked]):
        for name, way in ways.items():
            forget(chunks=name != "search, remembered")
            began = time.process_time()
            way(question)
            if number >= WARM_UP:
                took[name].append((time.process_time() - began) * 1000)
    alone = statistics.median(took["embed"])
    return {"embed, ms": alone} | {f"{n}, times": statistics.median(t) / alone for n, t in took.items() if n != "embed"}


def named_parts(turnwise: OpenTurnwise, asked: list[str]) -> dict[str, float]:
    """Return the milliseconds of one answer by what they are spent on."""
    parts = Parts()
    retriever, engine, answerer = turnwise.retriever, turnwise.engine, turnwise.answerer
    parts.watch(turnwise.embedder, "embed", "embedding the question")
    parts.watch(retriever, "_rank", "ranking: candidates of both kinds, fused")
    parts.watch(engine, "search_vectors", "vector search, a thousand deep")
    parts.watch(engine, "search_text", "word search, a thousand deep")
    parts.watch(engine, "vectors", "vectors of what only words found")
    parts.watch(engine, "term_rarities", "rarity of the question's words")
    parts.watch(retriever._chunks, "of", "chunks: decoding, terms")
    parts.watch(engine, "records", "chunks from the database")
    parts.watch(engine, "attachments", "sentence vectors from the database")
    parts.watch(retriever, "_rerank", "closer look")
    parts.watch(retrieval, "as_passage", "passages")
    parts.watch(retriever, "search", "search, the rest: spelling, names, filters")
    parts.watch(retriever, "sentence_vectors", "answer: sentence vectors unpacked")
    parts.watch(turnwise.library, "find", "answer: transcripts")
    parts.watch(answerer, "_look", "answer: sentences and what speaks for them")
    parts.watch(answerer, "ask", "answer, the rest: choice, proof, prose")
    for question in asked:
        retriever.forget()
        answerer.ask(question)
    return {name: seconds * 1000 / len(asked) for name, seconds in parts.spent.items()}


def post(loop: asyncio.Runner, app: Any, path: str, body: dict[str, Any]) -> None:
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

    loop.run(app(scope, receive, send))
    if sent[0]["status"] != 200:
        sys.exit(f"{path} answered {sent[0]['status']}: {sent[-1].get('body')!r}")


if __name__ == "__main__":
    main()
