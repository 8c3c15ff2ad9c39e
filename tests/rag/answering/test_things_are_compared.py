"""Where a question compares two things by name, each is quoted, and nothing is said where one is spoken of nowhere."""

import json
from pathlib import Path

import pytest

from rag.answering.analysis.sides import things_apart
from rag.answering.types import Status
from rag.assembly import open_turnwise
from rag.library import SpeakerEntry
from rag.settings import load_settings

SPEAKERS = [SpeakerEntry(name="Ann Lee", aliases=(), roles=(), turn_count=3)]
ASKED = "What is said about"


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Compare Quillshire and Port Elm", ("Quillshire", "Port Elm")),
        ("compare Quillshire with Port Elm.", ("Quillshire", "Port Elm")),
        ("How is Quillshire's plan different from Norland's?", ("Quillshire's plan", "Norland's plan")),
        ("How do beds in Norland differ from Quillshire?", ("beds in Norland", "beds in Quillshire")),
        ("How did Norland compare with beds in Quillshire?", ("beds in Norland", "beds in Quillshire")),
        ("So how do Norland and Quillshire differ?", ("Norland", "Quillshire")),
        ("What's the main difference between Norland and Quillshire?", ("Norland", "Quillshire")),
        ("How are beds in Norland compared to wards in Port Elm?", ("beds in Norland", "wards in Port Elm")),
        ("Tea is short. How is Norland different to Quillshire?", ("Norland", "Quillshire")),
        ("What is the difference between a ward and a clinic?", ()),
        ("How does Norland differ from other places?", ()),
        ("Compare Norland and Quillshire with Port Elm", ()),
        ("How does Ann Lee's view of Norland differ from that of Quillshire?", ()),
        ("What is said about Norland and Quillshire?", ()),
        ("compare quillshire and norland", ()),
    ],
)
def test_what_is_asked_of_each_thing(question: str, asked: tuple[str, ...]) -> None:
    assert [thing.question for thing in things_apart(question, SPEAKERS)] == [f"{ASKED} {each}?" for each in asked]


TALK = {
    "id": "harbours",
    "title": "Two harbours",
    "speakers": [{"name": "Odile Varga"}, {"name": "Cosmo Brandreth"}],
    "turns": [
        {"speaker": "Odile Varga", "text": "How is Upper Quillshire Harbour mended after a storm?"},
        {
            "speaker": "Cosmo Brandreth",
            "text": "In Upper Quillshire Harbour the wall is mended by everybody who keeps a boat there. The wall at "
            "Upper Quillshire Harbour has never cost the town a penny. That wall in Upper Quillshire Harbour was put "
            "up again in a single week.",
        },
        {"speaker": "Odile Varga", "text": "And what do you do in the winter?"},
        {
            "speaker": "Cosmo Brandreth",
            "text": "I paint my boat. One winter I stayed with a cousin at Elmby, where nobody lifted a hand until "
            "the council sent a crane in spring. I was glad to come home.",
        },
    ],
}


def test_each_thing_is_quoted_and_nothing_where_one_is_spoken_of_nowhere(tmp_path: Path) -> None:
    with open_turnwise(load_settings(home=tmp_path)) as turnwise:
        turnwise.ingestion.add_documents([("harbours.json", json.dumps(TALK).encode())])
        answer = turnwise.answerer.ask("How does Upper Quillshire Harbour differ from Elmby?")
        assert answer.status is Status.ANSWERED
        quoted = [citation.quote for citation in answer.citations]
        assert any("Quillshire" in quote for quote in quoted)
        assert any("Elmby" in quote for quote in quoted)
        refused = turnwise.answerer.ask("How does Upper Quillshire Harbour differ from Norland?")
        assert refused.status is Status.NOT_FOUND
        assert "Quillshire" in refused.answer
