"""Whoever is named by what they are is found by the roles that transcripts tell."""

from dataclasses import replace

import pytest

from rag.answering.analysis.questions import analyse
from rag.answering.checking.reported import reported
from rag.library import RoleHeld, SpeakerEntry
from rag.retrieval.offices import holders


def speaker(name: str, role: str | None, organisation: str | None = None) -> SpeakerEntry:
    held = RoleHeld(role=role, organisation=organisation, transcript_id="one")
    return SpeakerEntry(name=name, aliases=(), roles=(held,), turn_count=3)


SPEAKERS = [
    speaker("Ann Lee", "chief executive", "Brackwater Integrated Care Board"),
    speaker("Bo Ek", "Chief Executive", "Quill Trust"),
    speaker("Cy Noor", "consultant geriatrician", "Quill Trust"),
    speaker("Di Marr", "deputy matron", "Quill Trust"),
    speaker("Ed Fane", "lead analyst for improvement"),
    speaker("Flo Gray", "head of the service"),
    speaker("Gus Hale", None),
]


@pytest.mark.parametrize(
    ("office", "names"),
    [
        ("the chief executive", {"Ann Lee", "Bo Ek"}),
        ("the CEO", {"Ann Lee", "Bo Ek"}),
        ("The chief executive of Quill Trust", {"Bo Ek"}),
        ("the chief executive of the ICB", {"Ann Lee"}),
        ("the chief executive at Brackwater", {"Ann Lee"}),
        ("the consultant", {"Cy Noor"}),
        ("the geriatrician", {"Cy Noor"}),
        ("the lead analyst", {"Ed Fane"}),
        ("the deputy matron", {"Di Marr"}),
        ("the matron", set[str]()),
        ("the chief executive of Mars", set[str]()),
        ("the executive chief", set[str]()),
        ("the service", set[str]()),
        ("the head of the service", {"Flo Gray"}),
        ("the improvement", set[str]()),
        ("the", set[str]()),
        ("chief executive", set[str]()),
        ("Ann Lee", set[str]()),
    ],
)
def test_who_holds_an_office(office: str, names: set[str]) -> None:
    assert holders(office, SPEAKERS) == names


@pytest.mark.parametrize(
    ("office", "names"),
    [
        ("the host", {"Ivo Reed"}),
        ("the interviewer", {"Ivo Reed"}),
        ("the guest", {"Jo Tarn", "Ivo Reed"}),
        ("the guests", {"Jo Tarn", "Ivo Reed"}),
        ("the presenter", {"Kit Orr"}),
        ("the host of the morning show", set[str]()),
    ],
)
def test_who_asks_and_who_answers_has_an_office_too_unless_a_role_says_otherwise(office: str, names: set[str]) -> None:
    asks = replace(speaker("Ivo Reed", "chair"), interviews=True, is_interviewed=True)
    answers = replace(speaker("Jo Tarn", None), is_interviewed=True)
    assert holders(office, [asks, answers, speaker("Kit Orr", "presenter")]) == names


@pytest.mark.parametrize(
    ("question", "voices", "topic"),
    [
        ("What does the geriatrician say about falls?", {"cy noor"}, "falls"),
        ("What does the CEO of Quill Trust really think about falls?", {"bo ek"}, "falls"),
        ("What does the matron say about falls?", set[str](), ""),
        ("What does the geriatrician do on Mondays?", set[str](), ""),
        ("What does Ann Lee say about the geriatrician?", {"ann lee"}, "the geriatrician"),
    ],
)
def test_whose_words_are_asked_for_by_their_office(question: str, voices: set[str], topic: str) -> None:
    analysis = analyse(question, SPEAKERS)
    assert analysis.voices == voices
    assert analysis.topic == topic
    assert not analysis.unclear


def test_of_several_holders_all_are_heard_and_it_is_said_to_be_unclear() -> None:
    analysis = analyse("What does the Chief Executive say about falls?", SPEAKERS)
    assert analysis.voices == {"ann lee", "bo ek"}
    assert [(each.name, each.keys) for each in analysis.unclear] == [("the Chief Executive", {"ann lee", "bo ek"})]
    narrowed = analyse("What does the Chief Executive say about falls?", SPEAKERS, frozenset({"bo ek"}))
    assert narrowed.voices == {"bo ek"}


def test_whether_somebody_said_something_is_asked_by_their_office_too() -> None:
    claim = reported("Did the geriatrician say that falls are rare?", SPEAKERS)
    assert claim is not None
    assert claim.speakers == ("Cy Noor",)
    assert reported("Did the chief executive say that falls are rare?", SPEAKERS) is None
