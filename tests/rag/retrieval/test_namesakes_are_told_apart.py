"""A name that several people have is nobody's alone: not in a question, and not in its answer. People are invented."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.answering.analysis.sides import sides_of
from rag.answering.checking.claims import claim_of
from rag.answering.types import Status
from rag.assembly import open_turnwise
from rag.library import SpeakerEntry
from rag.retrieval.people import asked_for, named
from rag.retrieval.types import Filters
from rag.settings import load_settings

if TYPE_CHECKING:
    from rag.assembly import Turnwise

SPEAKERS = tuple(
    SpeakerEntry(name=name, aliases=aliases, roles=(), turn_count=1)
    for name, aliases in (
        ("Ruth", ()),
        ("Ruth Akinola", ("RUTH",)),
        ("Ruth Pell", ()),
        ("Dame Rosalba Quint", ()),
        ("Rosalba", ()),
        ("Rosalba Finch", ()),
        ("Sir Carl Ham", ()),
        ("Eilidh Baird-Osman", ()),
    )
)
RUTHS = {"ruth", "ruth akinola", "ruth pell"}


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        ("What does Ruth think of lifts?", RUTHS),
        ("what did ruth say", RUTHS),
        ("What Did Ruth Say About the Garden?", RUTHS),
        ("What did Ruth Pell say about Ruth's trolley?", {"ruth pell"}),
        ("What did Dame Rosalba say?", {"rosalba quint"}),
        ("What did Rosalba say?", {"rosalba", "rosalba quint", "rosalba finch"}),
        ("What did R. Finch say?", {"rosalba finch"}),
        ("What did Carl Hamm say?", {"carl ham"}),
        ("What did Ruth Akinola CBE say?", {"ruth akinola"}),
        ("Summarise Finch's view of bread.", {"rosalba finch"}),
        ("What did Baird-Osman say?", {"eilidh baird osman"}),
    ],
)
def test_a_name_may_mean_all_whom_it_fits(question: str, keys: set[str]) -> None:
    assert named(question, SPEAKERS) == keys


@pytest.mark.parametrize(
    "question",
    [
        *("What did Ruth Goldberg say?", "What did Ruth Stone say?", "What did Maggie Finch say?"),
        *("What did J. Finch say?", "What did Mrs Ham say?", "What did Maggie Lee-Finch say?"),
        *("What did Rosalba Pell say?", "Did Carl Akinola say that?"),
    ],
)
def test_part_of_a_strangers_name_is_nobodys(question: str) -> None:
    assert named(question, SPEAKERS) == frozenset()


def test_a_title_that_nobody_is_known_by_leaves_it_in_doubt_who_is_meant() -> None:
    [dame] = asked_for("What did Dame Eilidh say?", SPEAKERS)
    assert (dame.title, dame.is_clear, set(dame.keys)) == ("Dame", False, {"eilidh baird osman"})
    [doctor] = asked_for("What did Dr Baird-Osman say?", SPEAKERS)
    [whole] = asked_for("What did Dame Eilidh Baird-Osman say?", SPEAKERS)
    [known] = asked_for("What did Sir Carl say?", SPEAKERS)
    assert doctor.is_clear
    assert whole.is_clear
    assert known.is_clear


def test_of_several_those_come_first_who_are_looked_for() -> None:
    [meant] = asked_for("What does Ruth think?", SPEAKERS, frozenset({"ruth pell"}))
    assert (meant.name, set(meant.keys)) == ("Ruth", {"ruth pell"})
    [meant] = asked_for("What does Ruth think?", SPEAKERS, frozenset({"carl ham"}))
    assert meant.keys == RUTHS


def test_a_name_of_several_is_no_side_of_a_comparison() -> None:
    assert sides_of("Do Ruth and Carl Ham agree about lifts?", SPEAKERS) == ()
    assert len(sides_of("Do Ruth Pell and Carl Ham agree about lifts?", SPEAKERS)) == 2


def test_whether_one_of_several_said_it_is_asked_of_all() -> None:
    claim = claim_of("Did Ruth say “the lift goes up at nine”?", SPEAKERS)
    assert claim is not None
    assert set(claim.speakers) == {"Ruth", "Ruth Akinola", "Ruth Pell"}


TALKS = {
    "linen": (
        ("Ann Lee", "What is wrong with the new laundry trolleys?"),
        ("Ruth Akinola", "The new trolleys are too heavy for one porter to push up the ramp."),
    ),
    "garden": (
        ("Ben Orr", "Why did you plant tomatoes in the courtyard?"),
        ("Ruth Pell", "Tomatoes grow quickly, and patients can watch them grow from the window of the ward."),
    ),
    "night": (
        ("Ann Lee", "Who rings the ward at night?"),
        ("Ruth", "The telephones ring mostly between two and four, and most callers are lonely."),
    ),
    "ferries": (
        ("Ann Lee", "How do the ferries change your appointments?"),
        ("Hamish Duthie, Chief Officer", "Appointments have to follow the ferry timetable, or islanders lose a day."),
        ("Ann Lee", "What did you try with the appointments?"),
        ("Hamish Duthie", "First we tried to hold the ferry for late appointments, which annoyed the captain."),
    ),
    "map": (
        ("Jo Smith, chair", "The foyer map is upside down for anyone who enters from the north."),
        ("Jo Smith, ward nurse", "Visitors turn the foyer map around in their heads and get lost."),
    ),
}


@pytest.fixture(scope="module")
def turnwise(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Turnwise]":
    home: Path = tmp_path_factory.mktemp("namesakes")
    with open_turnwise(load_settings(home=home)) as opened:
        documents = [
            {"id": name, "title": name, "turns": [{"speaker": who, "text": text} for who, text in turns]}
            for name, turns in TALKS.items()
        ]
        opened.ingestion.add_documents([("talks.json", json.dumps(documents).encode())])
        yield opened


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("What does Ruth think of the trolleys?", "Ruth Akinola"),
        ("What does Ruth think of tomatoes?", "Ruth Pell"),
        ("What did Ruth say about lonely callers?", "Ruth"),
    ],
)
def test_of_namesakes_who_speaks_of_it_is_quoted_and_the_others_are_named(
    turnwise: "Turnwise", question: str, speaker: str
) -> None:
    answer = turnwise.answerer.ask(question)
    assert {citation.speaker for citation in answer.citations} == {speaker}
    assert answer.notice is not None
    assert "“Ruth” may be Ruth Akinola, Ruth Pell or somebody who is called nothing more" in answer.notice


def test_a_refusal_names_the_namesakes_too(turnwise: "Turnwise") -> None:
    answer = turnwise.answerer.ask("What does Ruth say about submarines?")
    assert answer.status is Status.NOT_FOUND
    assert "“Ruth” may be Ruth Akinola" in answer.answer


@pytest.mark.parametrize("filters", [Filters(transcript_ids=("garden",)), Filters(speakers=("Ruth Pell",))])
def test_filters_tell_whose_name_is_meant(turnwise: "Turnwise", filters: Filters) -> None:
    answer = turnwise.answerer.ask("What does Ruth think of tomatoes?", filters=filters)
    assert {citation.speaker for citation in answer.citations} == {"Ruth Pell"}
    assert answer.notice is None


def test_a_title_that_nobody_is_known_by_is_told(turnwise: "Turnwise") -> None:
    answer = turnwise.answerer.ask("What did Sir Hamish say about appointments?")
    assert answer.notice == "I took “Sir Hamish” for Hamish Duthie, whom these transcripts don't call so."


def test_a_full_name_needs_no_word_of_others(turnwise: "Turnwise") -> None:
    answer = turnwise.answerer.ask("What does Ruth Pell think of tomatoes?")
    assert {citation.speaker for citation in answer.citations} == {"Ruth Pell"}
    assert answer.notice is None


def test_a_strangers_question_is_not_a_namesakes(turnwise: "Turnwise") -> None:
    answer = turnwise.answerer.ask("What did Ruth Goldberg say about tomatoes?")
    assert answer.status is Status.NOT_FOUND


def test_a_label_with_a_role_and_one_without_are_one_person_of_the_library(turnwise: "Turnwise") -> None:
    [hamish] = [entry for entry in turnwise.library.speakers() if "Hamish" in entry.name]
    assert (hamish.name, hamish.aliases, hamish.turn_count) == ("Hamish Duthie", ("Hamish Duthie, Chief Officer",), 2)
    assert [(held.role, held.transcript_id) for held in hamish.roles] == [("Chief Officer", "ferries")]


@pytest.mark.parametrize("filters", [Filters(), Filters(speakers=("hamish duthie",))])
def test_who_is_asked_for_is_heard_under_every_label(turnwise: "Turnwise", filters: Filters) -> None:
    answer = turnwise.answerer.ask("What did Hamish Duthie say about appointments?", filters=filters)
    assert {citation.speaker for citation in answer.citations} == {"Hamish Duthie", "Hamish Duthie, Chief Officer"}
    assert answer.notice is None


def test_one_name_with_two_roles_in_a_conversation_is_two_peoples(turnwise: "Turnwise") -> None:
    names = {entry.name for entry in turnwise.library.speakers()}
    assert names >= {"Jo Smith, chair", "Jo Smith, ward nurse"}
    answer = turnwise.answerer.ask("What did Jo Smith say about the foyer map?")
    assert answer.notice is not None
    assert "“Jo Smith” may be Jo Smith, chair or Jo Smith, ward nurse" in answer.notice
