"""Who is asked who chairs, leads or directs something is told so by words of that office there, or gets no answer."""

from typing import TYPE_CHECKING

import pytest

from rag.answering.analysis.office_holders import may_tell, office_asked
from rag.answering.types import Status
from rag.library import RoleHeld, SpeakerEntry

if TYPE_CHECKING:
    from rag.assembly import Turnwise


def speaker(name: str, role: str, organisation: str) -> SpeakerEntry:
    held = RoleHeld(role=role, organisation=organisation, transcript_id="one")
    return SpeakerEntry(name=name, aliases=(), roles=(held,), turn_count=3)


SPEAKERS = (
    speaker("Ann Lee", "chief executive", "Lunar Trust"),
    speaker("Bo Ek", "ward manager", "Lunar Trust"),
    speaker("Cy Noor", "managing director of Tides", "Sea Foundation"),
)


@pytest.mark.parametrize(
    ("question", "holder"),
    [
        ("Who is the chief executive of the Lunar Trust?", "Ann Lee"),
        ("who's the CEO of the Lunar Trust", "Ann Lee"),
        ("What's the name of the ward manager?", "Bo Ek"),
        ("Who leads the Lunar Trust?", "Ann Lee"),  # and not who manages one of its wards
        ("Who runs the Tides programme?", "Cy Noor"),
        ("Who chairs the Lunar Trust?", None),
        ("So who is in charge of the Lunar Trust now?", "Ann Lee"),
    ],
)
def test_who_is_known_to_hold_it_is_found(question: str, holder: str | None) -> None:
    office = office_asked(question, SPEAKERS)
    assert office is not None
    assert (office.holder.name if office.holder else None) == holder


@pytest.mark.parametrize(
    "question",
    [
        "Who is Ann Lee?",
        "Who leads the work there?",
        "Who is on the Monday call?",
        "Who said that the chair was late?",
        "Who was the mayor before him?",
        "What does the chair do?",
    ],
)
def test_other_questions_ask_for_no_office(question: str) -> None:
    assert office_asked(question, SPEAKERS) is None


@pytest.mark.parametrize(
    ("question", "text", "tells"),
    [
        ("Who chairs the Moon Board?", "Ida Fern, the chair of the Moon Board, was there.", True),
        ("Who chairs the Moon Board?", "I am glad to be on the Moon Board.", False),
        ("Who chairs the Moon Board?", "Ida Fern chairs the Star Committee.", False),
        ("Who leads the Moon Board?", "It is run by Ida Fern, who heads the Moon Board.", True),
        ("Who leads the Moon Board?", "The leaders all went to the Moon Board.", False),
        ("Who is the director of Tides?", "One of the directors of Tides, Ida Fern, was there.", True),
        ("Who is the midwife?", "Our midwife is Ida Fern.", True),
        ("Who is the night midwife?", "Our midwife is Ida Fern.", False),
    ],
)
def test_a_sentence_tells_of_it_by_the_office_and_the_place(question: str, text: str, *, tells: bool) -> None:
    office = office_asked(question, ())
    assert office is not None
    assert may_tell(office, text, before=(), told="") is tells


def test_the_place_may_be_that_of_the_conversation_and_the_office_in_the_question_before() -> None:
    office = office_asked("Who is the porter at Moon Station?", ())
    assert office is not None
    assert may_tell(office, "It's Ida Fern.", before=("And who is your porter?",), told="A day at Moon Station")
    assert not may_tell(office, "It's Ida Fern.", before=("She is our porter.",), told="A day at Moon Station")


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("Who leads Quillshire ICB?", "Gwendolyn Strake is the chief executive of Quillshire ICB"),
        ("Who is the catering manager?", "Femke Osgood, catering manager at Thornmere"),
        ("Who manages the ward?", "Maggie Thistlewood, who manages the ward"),
    ],
)
def test_it_is_told_in_the_words_of_who_says_it(turnwise: "Turnwise", question: str, says: str) -> None:
    answer = turnwise.answerer.ask(question)
    assert [says in citation.quote for citation in answer.citations] == [True]


@pytest.mark.parametrize(
    "question",
    [
        "Who chairs the trust board?",
        "Who is the director of Port Sallow Community Health?",
        "Who is the chair of Pellingmere General?",
        "Who is the chief executive of Pellingmere?",
    ],
)
def test_nobody_is_taken_for_its_holder_who_is_only_near(turnwise: "Turnwise", question: str) -> None:
    assert turnwise.answerer.ask(question).status is Status.NOT_FOUND
