"""What PostgreSQL as the database costs against SQLite, in pairs taken in turn, and how soon a second machine follows.

    python -m benchmarks.postgresql postgresql://user@host/database ../shared/benchmarks/changelog/transcripts.jsonl.xz

In the database, which must exist and lets that user make schemas, schemas `turnwise_benchmark_…` are made and dropped.
Printed: seconds to add `corpus/` (embedding included) and the first episodes of the file (with made-up vectors, so that
what remains is cutting, storing and deriving); milliseconds from question to answer; seconds from a change on one
machine until another one finds it; and after each, how many times as long PostgreSQL takes: the median of the pairs.
"""

import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, sleep

import numpy as np
from sqlalchemy import create_engine, make_url

from benchmarks.made_index import DIMENSION, MODEL, fill
from index.embedded import EmbeddedEngine
from index.types import Document, Record
from rag.assembly import OpenTurnwise, open_turnwise
from rag.settings import load_settings

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
QUESTIONS = Path(__file__).resolve().parents[1] / "eval" / "sets" / "corpus.jsonl"
ROUNDS, EPISODES, ASKED, CHANGES = 3, 60, 80, 15

Place = tuple[Path, str | None]
"""A data folder, and the address of a database or None."""


class Places:
    """Empty places to index into: folders, and schemas of the database."""

    def __init__(self, address: str, folder: Path) -> None:
        self._url = make_url(address).set(drivername="postgresql+psycopg")
        self._folder = folder
        self._made: list[str] = []

    def sqlite(self) -> Place:
        """Return a new folder and no address."""
        return Path(tempfile.mkdtemp(dir=self._folder)), None

    def postgresql(self) -> Place:
        """Return a new folder and the address of a new schema."""
        name = f"turnwise_benchmark_{len(self._made)}"
        self._run(f"DROP SCHEMA IF EXISTS {name} CASCADE", f"CREATE SCHEMA {name}")
        self._made.append(name)
        url = self._url.set(drivername="postgresql").update_query_dict({"options": f"-csearch_path={name}"})
        return Path(tempfile.mkdtemp(dir=self._folder)), url.render_as_string(hide_password=False)

    def drop(self) -> None:
        """Drop all schemas."""
        self._run(*(f"DROP SCHEMA {name} CASCADE" for name in self._made))

    def _run(self, *statements: str) -> None:
        engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()


@contextmanager
def opened(place: Place) -> Iterator[OpenTurnwise]:
    """Open the product in a place."""
    home, address = place
    with open_turnwise(load_settings(home=home, database=address)) as turnwise:
        turnwise.embedder.embed(["warm up"], input_type="document")
        yield turnwise


def say(what: str, unit: str, sqlite: list[float], postgresql: list[float]) -> None:
    """Print both medians and the median ratio of the pairs."""
    ratio = statistics.median(p / s for s, p in zip(sqlite, postgresql, strict=True))
    one, other = statistics.median(sqlite), statistics.median(postgresql)
    print(
        f"{what}: SQLite {one:.2f} {unit}, PostgreSQL {other:.2f} {unit}, ratio {ratio:.2f} (of {len(sqlite)} pairs)",
        flush=True,
    )


def in_pairs(what: str, places: Places, work: Callable[[Place], float]) -> None:
    """Do the same in new places of both kinds in turn, and print what it takes."""
    pairs = [(work(places.sqlite()), work(places.postgresql())) for _ in range(ROUNDS)]
    say(what, "s", [sqlite for sqlite, _ in pairs], [postgresql for _, postgresql in pairs])


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def add_corpus(place: Place) -> float:
    """Return the seconds that it takes to add `corpus/`."""
    with opened(place) as turnwise:
        return seconds(lambda: turnwise.ingestion.add([str(CORPUS)]))


def add_episodes(place: Place, path: Path) -> float:
    """Return the seconds that it takes to add episodes with made-up vectors."""
    home, address = place
    engine = EmbeddedEngine(home, dimension=DIMENSION, model=MODEL, database=address)
    try:
        return seconds(lambda: fill(engine, path, EPISODES))
    finally:
        engine.close()


def ask_in_turn(places: Places) -> tuple[list[float], list[float]]:
    """Return the milliseconds of the same questions, asked of one and then of the other."""
    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()][:ASKED]
    with opened(places.sqlite()) as one, opened(places.postgresql()) as other:
        for turnwise in (one, other):
            turnwise.ingestion.add([str(CORPUS)])
            for question in questions[:5]:
                turnwise.answerer.ask(question)
        times: tuple[list[float], list[float]] = ([], [])
        for number, question in enumerate(questions):
            pair = [(one, times[0]), (other, times[1])]
            # Whoever comes second finds the words of the question in the model's memory.
            for turnwise, kept in pair if number % 2 else pair[::-1]:
                kept.append(1000 * seconds(lambda asked=turnwise, q=question: asked.answerer.ask(q)))  # type: ignore[misc]
    return times


def follow(places: Places) -> list[float]:
    """Return the seconds from the end of a change on one machine until another one finds it."""
    home, address = places.postgresql()
    writer = EmbeddedEngine(home, dimension=DIMENSION, model=MODEL, database=address)
    writer.refresh()
    reader = EmbeddedEngine(places.sqlite()[0], dimension=DIMENSION, model=MODEL, database=address, read_only=True)
    reader.search_text("begin", 1)
    vector = np.eye(1, DIMENSION, dtype=np.float32)[0]
    took = []
    for number in range(CHANGES):
        word = f"zyx{number}word"
        record = Record(id=f"r{number}", body="{}", text=word, vector=vector)
        writer.replace(Document(id=f"d{number}", fingerprint="f", summary="{}", body="{}"), [record])
        began = perf_counter()
        while not reader.search_text(word, 1):
            sleep(0.005)
        took.append(perf_counter() - began)
        sleep(0.1)
    writer.close()
    reader.close()
    return took


def main() -> None:
    """Measure, and print."""
    address, episodes = sys.argv[1], Path(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="turnwise-") as folder:
        places = Places(address, Path(folder))
        try:
            in_pairs(f"add {EPISODES} episodes, vectors made up", places, lambda place: add_episodes(place, episodes))
            say("ask", "ms", *ask_in_turn(places))
            took = sorted(follow(places))
            print(f"found on another machine after {statistics.median(took):.2f} s (p50), {took[-1]:.2f} s (most)")
            in_pairs("add corpus/", places, add_corpus)
        finally:
            places.drop()


if __name__ == "__main__":
    main()
