"""The questions that the reader was trained on: what their documentation says of them, and no word of a transcript."""

from collections import Counter
from typing import Any, get_args

import pytest

from benchmarks.reader.questions import CONVERSATIONS, QUESTIONS, Kind, lines
from rag.transcripts.sentences import sentences

UNANSWERED = {"near", "far", "absent"}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return list(lines(QUESTIONS))


@pytest.fixture(scope="module")
def invented() -> list[dict[str, Any]]:
    return list(lines(CONVERSATIONS))


def test_there_are_as_many_as_is_said_in_each_part(rows: list[dict[str, Any]]) -> None:
    parts: Counter[str] = Counter()
    for row in rows:
        parts[row["part"]] += len(row["questions"])
    assert parts == {"fitted": 20_390, "watched": 3_316, "judged": 1_600}
    assert len(rows) == 800


def test_no_episode_that_judges_was_fitted_or_watched(rows: list[dict[str, Any]]) -> None:
    judged = {row["episode"] for row in rows if row["part"] == "judged"}
    assert len(judged) == 50
    assert judged.isdisjoint(row["episode"] for row in rows if row["part"] != "judged")


def test_there_are_as_many_invented_conversations_as_is_said(invented: list[dict[str, Any]]) -> None:
    assert Counter(row["part"] for row in invented) == {"fitted": 1_123, "watched": 36, "judged": 65}
    assert sum(len(row["questions"]) for row in invented) == 29_375
    assert Counter(row["genre"] for row in invented) == {"care": 1_018, "meeting": 112, "page": 94}
    assert len({row["id"] for row in invented}) == len({row["title"] for row in invented}) == 1_224


def test_what_answers_in_an_invented_conversation_is_a_sentence_of_it(invented: list[dict[str, Any]]) -> None:
    for row in invented:
        starts = {(n, found.start) for n, turn in enumerate(row["turns"]) for found in sentences(turn["text"])}
        for question in row["questions"]:
            named = [tuple(place) for place in (*question["gold"], *question.get("also", []))]
            assert starts.issuperset(named), (row["id"], question)
            assert len(named) == len(set(named))


def test_exactly_the_kinds_without_an_answer_have_no_gold(
    rows: list[dict[str, Any]], invented: list[dict[str, Any]]
) -> None:
    for row in (*rows, *invented):
        for question in row["questions"]:
            assert question["kind"] in get_args(Kind)
            assert bool(question["gold"]) == (question["kind"] not in UNANSWERED), question


def test_a_sentence_is_told_by_its_place_alone(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        first, last = row["turns"]
        assert row.keys() == {"episode", "turns", "part", "questions"}
        for question in row["questions"]:
            assert question.keys() <= {"question", "kind", "gold", "also", "near"}
            for place in (*question["gold"], *question.get("also", []), *question.get("near", [])):
                turn, start = place
                assert first <= turn <= last
                assert isinstance(start, int)
                assert start >= 0
