"""The question sets over invented conversations: what the harness needs, and no question that was fitted on."""

import pytest

from benchmarks.answers.invented import CONVERSATIONS_FILE, PARTS, conversation_lines, invented_sets
from benchmarks.reader.questions import CONVERSATIONS, lines
from eval.dataset import Question, load_questions
from rag.transcripts.readers import read_transcripts
from rag.transcripts.sentences import sentences
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
        "invented-fitted": 720,
        "invented-judged": 1_392,
    }
    assert len({question.id for questions in sets.values() for question in questions}) == 720 + 1_392


def test_each_gold_quote_is_a_whole_sentence_of_its_speaker(
    sets: dict[str, tuple[Question, ...]], transcripts: dict[str, Transcript]
) -> None:
    said = {
        (transcript.id, turn.speaker, sentence.text.strip())
        for transcript in transcripts.values()
        for turn in transcript.turns
        for sentence in sentences(turn.text)
    }
    for questions in sets.values():
        for question in questions:
            assert said.issuperset((item.source, item.speaker, item.quote) for item in question.gold), question.id


def test_each_set_asks_about_conversations_of_its_own_part(
    sets: dict[str, tuple[Question, ...]], transcripts: dict[str, Transcript]
) -> None:
    part = {row["id"]: row["part"] for row in lines(CONVERSATIONS)}
    assert len(transcripts) == 88
    assert {part[each] for each in transcripts} == set(PARTS)
    for name, questions in sets.items():
        assert {PARTS[part[item.source]] for question in questions for item in question.gold} == {name}
