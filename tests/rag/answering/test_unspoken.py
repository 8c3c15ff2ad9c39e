"""What a question asks and nobody near speaks of counts against an answer, the more of the question hangs on it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest

from rag.answering.abstention import confidence
from rag.answering.types import Status
from rag.answering.unspoken import NOTHING_UNSPOKEN, hanging_on_unspoken, unspoken
from rag.retrieval.terms import term_set
from rag.retrieval.types import Filters

if TYPE_CHECKING:
    from rag.assembly import Turnwise

SPOKEN = term_set("We measured the beds on the ward, and the nurses choose what to measure.")


@pytest.mark.parametrize(
    ("question", "stretches"),
    [
        ("How did the nurses measure the beds?", []),
        ("How did blockchain help the ward?", ["blockchain help"]),
        ("Which bracelets did nurses choose for patients?", ["bracelets", "patients"]),
        ("Can you give an example of what was measured?", []),
        ("Which speakers disagree about the beds, and what is the biggest reason?", []),
        ("Summarise the discussion about beds", []),
        ("", []),
    ],
)
def test_stretches_of_words_that_nobody_near_says(question: str, stretches: list[str]) -> None:
    assert [question[start:end] for start, end in unspoken(question, SPOKEN)] == stretches


def test_that_counts_which_moves_the_question_most() -> None:
    asked: list[str] = []

    def embed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        asked.extend(texts)
        return np.array([[1, 0], [0.6, 0.8], [0.8, 0.6]], dtype=np.float32)

    found = hanging_on_unspoken("Which bracelets did the nurses choose, and why sold?", SPOKEN, embed)
    assert found == ("bracelets", pytest.approx(0.4))
    assert asked[1:] == [
        "Which did the nurses choose, and why sold?",
        "Which bracelets did the nurses choose, and why ?",
    ]


def test_of_nothing_but_unspoken_words_all_hangs_on_them_and_of_spoken_ones_nothing_is_embedded() -> None:
    def embed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        raise AssertionError(texts)

    assert hanging_on_unspoken("Blockchain?", SPOKEN, embed) == ("Blockchain", 1.0)
    assert hanging_on_unspoken("Which beds?", SPOKEN, embed) == NOTHING_UNSPOKEN


def test_the_matter_of_a_question_must_be_spoken_of(turnwise: "Turnwise") -> None:
    asked = "How is blockchain used in health care?"
    measures = turnwise.answerer.measure(asked)
    assert measures.unspoken > 0.0
    assert confidence(measures) < confidence(replace(measures, unspoken=0.0))
    answer = turnwise.answerer.ask(asked)
    assert answer.status is Status.NOT_FOUND
    assert "The word “blockchain” is in none of these transcripts." in answer.answer
    assert turnwise.answerer.measure("How did Hamish Dunmore measure hearing aids?").unspoken == 0.0


def test_without_a_reader_it_is_not_looked_at(turnwise_without_reader: "Turnwise") -> None:
    assert turnwise_without_reader.answerer.measure("How is blockchain used in health care?").unspoken == 0.0


def test_of_a_word_that_is_said_elsewhere_it_is_not_told_that_nobody_says_it(turnwise: "Turnwise") -> None:
    only = Filters(transcript_ids=("2023-05-23-it-was-our-corridor",))
    asked = "What is the role of aids in astronomy?"
    narrowed = turnwise.answerer.ask(asked, filters=only).answer
    assert "is not in what you narrowed the question to." in narrowed or "are not in what" in narrowed
    for words, nowhere in (("aids", False), ("aids astronomy", False), ("astronomy", True), ("Astronomies", True)):
        assert turnwise.retriever.in_none(words, Filters()) == nowhere
