"""What each stage of a search takes, by pytest-benchmark: over `corpus/`, with its own questions, one after the other.

    python -m pytest benchmarks/stages.py --benchmark-json stages.json       (a part of `make bench`)

The first stage is the embedding of a question: read the others as multiples of it. What a question left in memory is
forgotten before each search; chunks stay.
"""

# ruff: noqa: D103 - the names say it

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from api.schemas.passages import SearchResponse
from index.finding import matching, nearest
from index.lexical import BM25
from index.protocols import NO_FILTER
from index.types import Vector
from rag.assembly import OpenTurnwise, open_turnwise
from rag.retrieval.retriever import CANDIDATES
from rag.retrieval.terms import ANALYZER
from rag.retrieval.types import Mode
from rag.settings import Settings

PROJECT = Path(__file__).resolve().parents[1]
ROUNDS = 200
Next = Callable[[], str]


@pytest.fixture(scope="module")
def turnwise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenTurnwise]:
    with open_turnwise(Settings(home=tmp_path_factory.mktemp("home"), embedding_backend="openvino")) as opened:
        opened.ingestion.add([str(PROJECT / "corpus")])
        yield opened


@pytest.fixture(scope="module")
def question(turnwise: OpenTurnwise) -> Next:
    lines = (PROJECT / "eval" / "sets" / "corpus.jsonl").read_text("utf-8").splitlines()
    asked = [json.loads(line)["question"] for line in lines]
    for each in asked:
        turnwise.retriever.search(each)
    return itertools.cycle(asked).__next__


@pytest.fixture(scope="module")
def vector(turnwise: OpenTurnwise) -> Vector:
    return turnwise.retriever.embed_query("What did the morning huddle change on the ward?")


def test_1_embedding_a_question(benchmark: BenchmarkFixture, turnwise: OpenTurnwise, question: Next) -> None:
    embed = turnwise.embedder.embed
    benchmark.pedantic(lambda: embed([question()], input_type="query"), rounds=ROUNDS, warmup_rounds=10)


def test_2_vectors(benchmark: BenchmarkFixture, turnwise: OpenTurnwise, vector: Vector) -> None:
    parts = turnwise.engine.snapshot().findable(NO_FILTER)
    benchmark.pedantic(lambda: nearest(parts, vector, CANDIDATES), rounds=ROUNDS, warmup_rounds=10)


def test_3_words(benchmark: BenchmarkFixture, turnwise: OpenTurnwise, question: Next) -> None:
    parts, formula = turnwise.engine.snapshot().findable(NO_FILTER), BM25()
    benchmark.pedantic(
        lambda: matching(parts, ANALYZER.terms(question()), CANDIDATES, formula), rounds=ROUNDS, warmup_rounds=10
    )


def test_4_evidence_fused(benchmark: BenchmarkFixture, turnwise: OpenTurnwise, question: Next, vector: Vector) -> None:
    rank = turnwise.retriever._rank
    benchmark.pedantic(lambda: rank(question(), vector, NO_FILTER, Mode.HYBRID, 60), rounds=ROUNDS, warmup_rounds=10)


@pytest.mark.parametrize("mode", Mode)
def test_5_search(benchmark: BenchmarkFixture, turnwise: OpenTurnwise, question: Next, mode: Mode) -> None:
    def search() -> None:
        turnwise.retriever.forget(chunks=False)
        turnwise.retriever.search(question(), mode=mode)

    benchmark.pedantic(search, rounds=ROUNDS, warmup_rounds=10)


def test_6_response_written(benchmark: BenchmarkFixture, turnwise: OpenTurnwise, question: Next) -> None:
    found = turnwise.retriever.search(question())
    benchmark.pedantic(
        lambda: SearchResponse.of(found, request_id="r").model_dump_json(), rounds=ROUNDS, warmup_rounds=10
    )


def test_7_answer(benchmark: BenchmarkFixture, turnwise: OpenTurnwise, question: Next) -> None:
    def ask() -> None:
        turnwise.retriever.forget(chunks=False)
        turnwise.answerer.ask(question())

    benchmark.pedantic(ask, rounds=ROUNDS, warmup_rounds=10)
