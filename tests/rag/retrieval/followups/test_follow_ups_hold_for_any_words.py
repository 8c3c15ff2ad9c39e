"""Whatever was said before: reading a follow-up never fails, keeps within bounds, and changes nothing twice."""

from time import process_time

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.retrieval.followups import LONGEST, follow_up
from rag.retrieval.types import Exchange

WORDS = st.sampled_from(
    """what who why how when is are was did does do the a an it its they their them she her he his that this those one
    ones there and or but about of in for with after huddle huddles trust ward Wales Scotland Larchmere pilot Maya
    Lindqvist method symptoms advantages largest best second latter more examples said say work works cost started
    safety chart tell me more ? . , “ ” ( ) 's 42 A&E""".split()
)
QUESTIONS = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)
ANYTHING = st.text(min_size=1, max_size=80)
EXCHANGES = st.builds(Exchange, question=QUESTIONS | ANYTHING, answer=st.none() | ANYTHING)


def folded(text: str) -> str:
    return " ".join(text.split())


@settings(max_examples=300, deadline=None)
@given(question=QUESTIONS | ANYTHING, history=st.lists(EXCHANGES, max_size=5))
def test_any_question_after_anything_is_read_within_bounds(question: str, history: list[Exchange]) -> None:
    found = follow_up(folded(question), history)
    assert len(found.standalone) <= LONGEST
    assert len(found.background) <= 300
    assert found.standalone or not folded(question)


@given(question=QUESTIONS | ANYTHING)
def test_without_a_history_a_question_is_searched_as_it_is(question: str) -> None:
    found = follow_up(question, [])
    assert (found.standalone, found.background) == (question, "")


@given(question=QUESTIONS, history=st.lists(EXCHANGES, max_size=4))
def test_the_same_conversation_is_read_the_same_way(question: str, history: list[Exchange]) -> None:
    assert follow_up(question, history) == follow_up(question, list(history))


def test_long_questions_and_histories_stay_quick_and_within_bounds() -> None:
    history = [Exchange(question="is it what they said about the ward in Wales " * 44, answer="“x” " * 500)] * 20
    for question in ("she " * 499, "it and its " * 180, "(" * 2000, "And in " * 285, "why? " * 399):
        started = process_time()
        found = follow_up(folded(question), history)
        assert len(found.standalone) <= LONGEST
        assert process_time() - started < 2
