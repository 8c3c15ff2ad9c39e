"""Scores are fused as the source says; questions and filters are understood as the contract says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import InputError
from rag.retrieval.fusion import fuse, z_scores
from rag.retrieval.query import clean_question, standalone_query
from rag.retrieval.types import Exchange
from rag.transcripts.names import name_key

FINITE = st.floats(-1e6, 1e6)


def test_z_scores_worked_by_hand() -> None:
    # mean 2, standard deviation sqrt(2/3)
    assert z_scores(np.array([1.0, 2.0, 3.0])) == pytest.approx([-1.2247449, 0.0, 1.2247449])


@pytest.mark.filterwarnings("error")
def test_where_there_are_no_candidates_there_are_no_scores() -> None:
    assert z_scores(np.array([])).tolist() == []


@given(st.lists(FINITE, min_size=1, max_size=30))
def test_z_scores_have_mean_zero_and_keep_the_order(scores: list[float]) -> None:
    values = z_scores(np.array(scores))
    assert float(values.mean()) == pytest.approx(0.0, abs=1e-6)
    for i, one in enumerate(scores):
        for j, other in enumerate(scores):
            assert not (one < other and values[i] > values[j] + 1e-9)


def test_fusion_adds_z_scores_and_keeps_a_clear_lead() -> None:
    total = fuse(
        {"dense": np.array([0.9, 0.5, 0.5]), "lexical": np.array([0.0, 1.0, 1.0])}, {"dense": 2.0, "lexical": 1.0}
    )
    assert total[0] > total[1] == total[2]
    # z(dense) of the first is sqrt(2), z(lexical) of it is -sqrt(2)
    assert total[0] == pytest.approx(2**0.5)


def test_evidence_that_tells_nothing_apart_changes_nothing() -> None:
    flat = fuse({"dense": np.array([0.3, 0.7]), "lexical": np.array([5.0, 5.0])}, {"dense": 1, "lexical": 1})
    assert flat.tolist() == pytest.approx([-1.0, 1.0])


@pytest.mark.parametrize("question", ["", "   \n\t ", "x" * 2001])
def test_empty_and_overlong_questions_are_refused(question: str) -> None:
    with pytest.raises(InputError):
        clean_question(question)


def test_a_question_of_2000_characters_after_trimming_is_read() -> None:
    assert clean_question("  " + "x" * 2000 + "\n") == "x" * 2000


def test_a_follow_up_is_searched_with_the_question_before_it() -> None:
    history = [
        Exchange(question="Who runs the huddles?"),
        Exchange(question="When do the huddles start?", answer="At 8."),
    ]
    asked = standalone_query(" And on Sundays? ", history)
    assert asked.standalone == "When do the huddles start on Sundays?"
    assert asked.background == "When do the huddles start?"
    assert standalone_query("And on Sundays?", []).standalone == "And on Sundays?"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Prof. Sir Ann Lee", "ann lee", True),
        ("Ingrid Nåvik", "INGRID NAVIK", True),
        ("Dr Bo Ek", "Bo Ek", True),
        ("Ann Lee", "Ann Leigh", False),
        ("Lee", "Ann Lee", False),
        ("O’Neil", "O'Neil", True),
        ("Dr", "dr", True),
    ],
)
def test_names_are_the_same_whatever_their_honorifics_case_accents(one: str, other: str, same: bool) -> None:
    assert (name_key(one) == name_key(other)) is same
