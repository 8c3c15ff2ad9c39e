"""The questions over the two real transcripts, where they are at hand: found, quoted verbatim, present in the files."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.assembly import Turnwise, open_turnwise
from rag.settings import load_settings

NEEDED_IN_TOP_5 = 19


@pytest.fixture(scope="module")
def seeds(seeds_home: Path) -> Iterator[Turnwise]:
    with open_turnwise(load_settings(home=seeds_home), read_only=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def questions(shared: Path) -> list[dict[str, Any]]:
    file = shared / "questions/seeds-dev.jsonl"
    if not file.is_file():
        pytest.skip("the shared material has no questions over the seeds (../shared/questions)")
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def folded(text: str) -> str:
    return " ".join(text.split())


def test_gold_is_in_the_top_5_for_19_of_the_21_answerable(seeds: Turnwise, questions: list[dict[str, Any]]) -> None:
    found = 0
    for question in questions:
        passages = seeds.retriever.search(question["question"], top_k=5).passages
        texts = [folded(" ".join(turn.text for turn in passage.turns)) for passage in passages]
        found += any(folded(gold["quote"]) in text for gold in question["gold"] for text in texts)
    assert sum(bool(question["gold"]) for question in questions) == 21
    assert found >= NEEDED_IN_TOP_5


def test_every_citation_is_verbatim_and_in_the_raw_file(
    seeds: Turnwise, questions: list[dict[str, Any]], shared: Path
) -> None:
    raw = [folded(file.read_text("utf-8")) for file in sorted((shared / "seeds").glob("*.txt"))]
    for question in questions:
        for citation in seeds.answerer.ask(question["question"]).citations:
            turn = seeds.library.transcript(citation.transcript_id).turns[citation.turn]
            assert turn.text[citation.start : citation.end] == citation.quote
            assert turn.speaker == citation.speaker
            assert any(citation.quote in text for text in raw)
