"""Whom "she", "him" and "her" stand for: two of them are two people, and nobody is guessed. People are invented."""

import pytest

from rag.retrieval.followups.genders import MEN, WOMEN, Gender, gender_of
from rag.retrieval.types import Exchange
from tests.rag.retrieval.followups.invented_people import MAYA_ANSWERED, read_as

TWO_ANSWERED = Exchange(
    question="How did the ward at Fernhollow cut its falls?",
    answer="Maya Lindqvist, ward manager: “Chairs.” [1]\n\nTobias Okafor, porter: “Lights.” [2]",
)


def told_by_hugh(question: str) -> Exchange:
    """Return a question about somebody or something of which one man is quoted."""
    return Exchange(question=question, answer="Hugh Marlowe, porter, in “Lamps”: “Brill keeps the lamps.” [1]")


PEOPLE = [
    (
        ("What did Maya Lindqvist say about leadership?",),
        "And what did she say about trust?",
        "What did Maya Lindqvist say about trust?",
    ),
    (("Who is Tobias Okafor?",), "What is his view of huddles?", "What is Tobias Okafor's view of huddles?"),
    (("Why did Ines Varga leave the trial?",), "Did anyone replace her?", "Did anyone replace Dr Ines Varga?"),
    (("Why did Ines Varga leave the trial?",), "What were her reasons?", "What were Dr Ines Varga's reasons?"),
    ((MAYA_ANSWERED,), "When did she start?", "When did Maya Lindqvist start?"),
    ((TWO_ANSWERED,), "When did she start?", "How did the ward at Fernhollow cut its falls? When did she start?"),
    (
        ("What did Maya Lindqvist say about falls?", "What did Tobias Okafor say about falls?"),
        "Where does he work?",
        "Where does Tobias Okafor work?",
    ),
    (
        ("What did Maya Lindqvist say about falls?", "How many falls were there?", "Why is that?"),
        "Did she expect so many?",
        "Did Maya Lindqvist expect so many?",
    ),
    (
        ("What did Maya Lindqvist say about falls?",),
        "What did Tobias Okafor mean when he disagreed?",
        "What did Tobias Okafor mean when he disagreed?",
    ),
    (("What did Priya say about budgets?",), "Why was she worried?", "Why was Priya Menon worried?"),
    (("Who was Odalys Brenner?",), "What did she build?", "What did Odalys Brenner build?"),
    ((told_by_hugh("Who is Martin Brill?"),), "What is he good at?", "What is Martin Brill good at?"),
    ((told_by_hugh("What did Orrin Brill say about falls?"),), "Was he right?", "Was Orrin Brill right?"),
    ((told_by_hugh("Where does Martin Brill work?"),), "Why does he stay?", "Why does Martin Brill stay?"),
    ((told_by_hugh("Who is Mary Brill?"),), "What does he say of falls?", "What does Hugh Marlowe say of falls?"),
]
HUGH_THEN_SAM = ("What does Hugh Marlowe say about a porter charter?", "What does Sam Tillery say about it?")
SAM_THEN_HUGH = ("What does Sam Tillery say about a porter charter?", "And Hugh Marlowe?")
CITED_TOGETHER = Exchange(
    question="How did the ward at Fernhollow cut its falls?",
    answer="Hugh Marlowe, porter: “Lamps.” [1]\n\nHelen Osgood, matron: “Chairs.” [2]",
)
TWO_PEOPLE = [
    (HUGH_THEN_SAM, "Does she agree with him?", "Does Sam Tillery agree with Hugh Marlowe?"),
    (HUGH_THEN_SAM, "Does he agree with her?", "Does Hugh Marlowe agree with Sam Tillery?"),
    (SAM_THEN_HUGH, "Does he agree with her?", "Does Hugh Marlowe agree with Sam Tillery?"),
    (HUGH_THEN_SAM[:1], "Does she agree with him?", "Does she agree with Hugh Marlowe?"),
    (
        ("What does Hugh Marlowe say about a charter?", "What does Helen Osgood say about it?"),
        "What did she disagree with him about?",
        "What did Helen Osgood disagree with Hugh Marlowe about?",
    ),
    (
        ("What does Priya Menon say about huddles?", "What does Ines Varga say about huddles?"),
        "Does she agree with her?",
        "Does Dr Ines Varga agree with Priya Menon?",
    ),
    (("What does Priya Menon say about huddles?",), "Does she agree with her?", "Does Priya Menon agree with her?"),
    (("What does Priya Menon say about huddles?",), "Does she agree with him?", "Does Priya Menon agree with him?"),
    (("What does Priya Menon say?",), "Does he agree with Priya Menon?", "Does he agree with Priya Menon?"),
    (
        ("What does Sam Tillery say about huddles?", "What is her view of rounds?", "What does Priya Menon say?"),
        "Does she agree with him?",
        "Does Sam Tillery agree with Priya Menon?",
    ),
    (
        ("What does Hugh Marlowe say about huddles?", "What does Helen Osgood say about huddles?"),
        "Where does he work?",
        "Where does Hugh Marlowe work?",
    ),
    (
        ("What did Hugh Marlowe say about falls?",),
        "When did he change his view?",
        "When did Hugh Marlowe change Hugh Marlowe's view?",
    ),
    ((CITED_TOGETHER,), "When did she start?", "When did Helen Osgood start?"),
]
ONLY_A_PRONOUN = [
    (HUGH_THEN_SAM, "and him?", "What does Hugh Marlowe say about a porter charter?"),
    (SAM_THEN_HUGH, "What about her?", "What does Sam Tillery say about a porter charter?"),
    (HUGH_THEN_SAM[:1], "and him?", HUGH_THEN_SAM[0]),
    (
        ("What does Hugh Marlowe say about the upper and the lower ward?", "What does Helen Osgood say about it?"),
        "And him?",
        "What does Hugh Marlowe say about the upper and the lower ward?",
    ),
    (
        ("What does Hugh Marlowe say about the early and the late shift?",),
        "What does Sam Tillery say about it?",
        "What does Sam Tillery say about the late shift?",
    ),
    (HUGH_THEN_SAM[:1], "and her?", f"{HUGH_THEN_SAM[0]} And her?"),
]


@pytest.mark.parametrize(("before", "question", "standalone"), [*PEOPLE, *TWO_PEOPLE, *ONLY_A_PRONOUN])
def test_a_pronoun_is_whom_a_person_would_take_it_for(
    before: tuple[str | Exchange, ...], question: str, standalone: str
) -> None:
    assert read_as(question, *before) == standalone


@pytest.mark.parametrize(("before", "question", "standalone"), [*PEOPLE, *TWO_PEOPLE, *ONLY_A_PRONOUN])
def test_what_was_put_so_that_it_stands_alone_is_not_changed_again(
    before: tuple[str | Exchange, ...], question: str, standalone: str
) -> None:
    assert read_as(read_as(question, *before), *before) == standalone


def test_the_second_of_two_pronouns_is_left_where_several_people_may_be_meant() -> None:
    before = [f"What does {name} want?" for name in ("Maya Lindqvist", "Ines Varga", "Priya Menon")]
    assert read_as("Does she agree with him?", *before) == "Does Priya Menon agree with him?"


@pytest.mark.parametrize(
    ("names", "gender"),
    [
        (["Hugh Marlowe"], Gender.HE),
        (["Prof. Helen Osgood"], Gender.SHE),
        (["Sir Sam Tillery"], Gender.HE),
        (["Sam Tillery", "Dame Sam Tillery"], Gender.SHE),
        (["Sam Tillery"], None),
        (["Hugh"], None),
        (["Jane Smith", "John Smith"], None),
        ([], None),
    ],
)
def test_titles_and_plain_first_names_tell_a_gender_and_others_do_not(names: list[str], gender: Gender | None) -> None:
    assert gender_of(names) is gender


def test_no_first_name_is_of_both_genders() -> None:
    assert not MEN & WOMEN
    assert not (MEN | WOMEN) & {"sam", "chris", "alex", "kim", "robin", "leslie", "pat", "jo"}
