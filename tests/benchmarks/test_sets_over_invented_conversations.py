"""The question sets over invented conversations: what the harness needs, and no question that was fitted on."""

import pytest

from benchmarks.answers.invented import CONVERSATIONS_FILE, PARTS, conversation_lines, invented_sets
from benchmarks.reader.questions import CONVERSATIONS, lines
from eval.dataset import Question, load_questions
from rag.transcripts.readers import read_transcripts
from rag.transcripts.types import Transcript


@pytest.fixture(scope="module")
def transcripts() -> dict[str, Transcript]:
    return {each.id: each for each in read_transcripts(conversation_lines(), source=CONVERSATIONS_FILE)}


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Question, ...]]:
    folder = tmp_path_factory.mktemp("sets")
    for name, written in invented_sets().items():
        (folder / f"{name}.jsonl").write_text("".join(written), encoding="utf-8")
    return {name: tuple(load_questions(folder / f"{name}.jsonl").questions) for name in PARTS.values()}


def test_the_sets_are_as_large_as_they_are_said_to_be(sets: dict[str, tuple[Question, ...]]) -> None:
    assert {name: len(questions) for name, questions in sets.items()} == {
        "invented-fitted": 408,
        "invented-judged": 888,
    }
    assert len({question.id for questions in sets.values() for question in questions}) == 408 + 888


def test_each_gold_quote_is_said_in_its_turn_by_its_speaker(
    sets: dict[str, tuple[Question, ...]], transcripts: dict[str, Transcript]
) -> None:
    for questions in sets.values():
        for question in questions:
            for item in question.gold:
                said = [turn.text for turn in transcripts[item.source].turns if turn.speaker == item.speaker]
                assert item.quote
                assert any(item.quote in text for text in said), question.id


def test_no_conversation_that_was_fitted_on_is_asked_about(transcripts: dict[str, Transcript]) -> None:
    assert len(transcripts) == 54
    assert transcripts.keys().isdisjoint(row["id"] for row in lines(CONVERSATIONS) if row["part"] == "fitted")
