"""Whoever asks for the main points of a conversation gets sentences that stand for it, in the order of the talk."""

from typing import TYPE_CHECKING

import pytest

from rag.answering.overviews import conversations_dated, conversations_meant, speaker_summed_up, stands_alone
from rag.answering.types import Status
from rag.library import SpeakerEntry, TranscriptSummary
from rag.retrieval.types import Filters

if TYPE_CHECKING:
    from rag.assembly import Turnwise

SPEAKERS = [SpeakerEntry(name=name, aliases=(), roles=(), turn_count=3) for name in ("Ann Lee", "Bo Ek", "Cy Marsh")]
TALKS = [
    TranscriptSummary(
        id=talk_id,
        title=title,
        date=None,
        collection="default",
        url=None,
        speakers=(),
        turn_count=2,
        turn_counts=voices,
    )
    for talk_id, title, voices in (
        ("soil", "Feed the soil", {"Ann Lee": 1, "Bo Ek": 1}),
        ("slugs", "A war on slugs", {"Ann Lee": 1, "Cy Marsh": 1}),
    )
]


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("Summarise the Bo Ek interview.", ("soil",)),
        ("What are the main points of the conversation with Cy Marsh?", ("slugs",)),
        ("Give me an overview of the episode on slugs", ("slugs",)),
        ("What is the Ann Lee podcast about?", ("soil", "slugs")),
        ("please summarise the discussion of Bo Ek and Cy Marsh", ()),
        ("What are the main lessons from these conversations?", ("soil", "slugs")),
        ("Summarise both interviews.", ("soil", "slugs")),
        ("What are the key takeaways from all the episodes on slugs?", ("slugs",)),
        ("What are the key takeaways?", ("soil", "slugs")),
        ("Can you give me a summary of it all?", ("soil", "slugs")),
        ("Summarise Bo Ek's argument.", ("soil",)),
        ("What is the takeaway for gardeners?", ()),
        ("Summarise the episode on pumpkins", ()),
        ("Summarise the episodes on pumpkins", ()),
        ("Summarise what they say about slugs", ()),
        ("What is the point of slugs?", ()),
        ("What did Bo Ek say in the interview?", ()),
    ],
)
def test_which_conversations_are_meant(question: str, meant: tuple[str, ...]) -> None:
    assert conversations_meant(question, SPEAKERS, TALKS) == meant


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Summarise Bo Ek's argument", "Bo Ek"),
        ("Please summarise what Bo Ek said.", "Bo Ek"),
        ("What is Dr Ann Lee’s main point?", "Ann Lee"),
        ("What are Cy Marsh' key messages?", "Cy Marsh"),
        ("What does Cy Marsh argue overall?", "Cy Marsh"),
        ("Summarise what Bo Ek said about slugs", None),
        ("What is Bo Ek's main point about slugs?", None),
        ("Summarise Bo Ek's neighbour's argument", None),
        ("Summarise what Bo Ek and Ann Lee said", None),
        ("Summarise what the gardeners said", None),
        ("What does Cy Marsh argue?", None),
    ],
)
def test_whose_words_are_to_be_summed_up(question: str, name: str | None) -> None:
    speaker = speaker_summed_up(question, SPEAKERS)
    assert (speaker and speaker.name) == name


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("When was the Bo Ek interview recorded?", ("soil",)),
        ("When was this podcast published?", ("soil", "slugs")),
        ("What is the date of the episode on slugs?", ("slugs",)),
        ("On which day did the conversation with Ann Lee and Cy Marsh take place?", ("slugs",)),
        ("When was the interview with Ann Lee about pumpkins recorded?", ()),
        ("When was the soil dug?", ()),
        ("When did Bo Ek record the first frost in his diary?", ()),
    ],
)
def test_of_which_conversations_the_date_is_asked(question: str, meant: tuple[str, ...]) -> None:
    assert conversations_dated(question, SPEAKERS, TALKS) == meant


def test_the_date_of_a_conversation_is_told(turnwise: "Turnwise") -> None:
    answer = turnwise.answerer.ask("When was the conversation with Hamish Dunmore published?")
    assert answer.status is Status.ABOUT
    assert answer.answer.startswith("“")
    assert " is dated " in answer.answer
    every = turnwise.answerer.ask("When were these conversations recorded?")
    assert every.status is not Status.ABOUT  # there are too many
    only = Filters(transcript_ids=("2023-05-23-it-was-our-corridor",))
    narrowed = turnwise.answerer.ask("When was this conversation recorded?", filters=only)
    assert narrowed.answer == "“It was our corridor” is dated 23 May 2023."
    unknown = turnwise.answerer.ask("When was the conversation about submarines published?")
    assert unknown.status is Status.NOT_FOUND


def test_an_overview_is_of_that_conversation_in_its_order(turnwise: "Turnwise") -> None:
    answer = turnwise.answerer.ask("What are the main points of the conversation on hearing aids by post?")
    assert answer.status is Status.ANSWERED
    assert {citation.transcript_id for citation in answer.citations} == {"2024-06-11-hearing-aids-by-post"}
    assert 3 <= len(answer.citations) <= 5
    places = [(citation.turn, citation.start) for citation in answer.citations]
    assert places == sorted(places)
    few = turnwise.answerer.ask("Summarise the interview with Femke Osgood", max_citations=2)
    assert 1 <= len(few.citations) <= 2


def test_an_overview_keeps_to_the_filters(turnwise: "Turnwise") -> None:
    other = Filters(transcript_ids=("2023-05-23-it-was-our-corridor",))
    answer = turnwise.answerer.ask("Summarise the interview with Femke Osgood", filters=other)
    assert not [citation for citation in answer.citations if citation.speaker == "Femke Osgood"]


def test_a_request_to_summarise_a_matter_is_no_question_about_somebody_called_summarise(turnwise: "Turnwise") -> None:
    answer = turnwise.answerer.ask("Summarise red days")
    assert answer.status is Status.ANSWERED
    assert any("red day" in citation.quote for citation in answer.citations)


def test_of_what_somebody_said_only_that_speaker_is_quoted(turnwise: "Turnwise") -> None:
    answer = turnwise.answerer.ask("Summarise Femke Osgood's argument")
    assert answer.status is Status.ANSWERED
    assert len(answer.citations) >= 2
    assert {citation.speaker for citation in answer.citations} == {"Femke Osgood"}
    other = Filters(speakers=("Hamish Dunmore",))
    assert turnwise.answerer.ask("Summarise what Femke Osgood said", filters=other).status is not Status.ANSWERED


@pytest.mark.parametrize(
    ("sentence", "does"),
    [
        ("Slugs eat at night, and whoever gardens by day never sees which of the plants they begin with.", True),
        ("I think that slugs are a matter of soil, and so the first thing that we dig in is grit.", True),
        ("Nothing wrong with that; most gardeners have lost a bed of lettuce and they expect to lose more.", False),
        ("We had never heard of it, but the neighbours had been doing so for as long as they had slugs.", False),
        ("Slugs eat at night.", False),
    ],
)
def test_an_overview_has_no_sentence_that_begins_with_what_was_said_before(sentence: str, does: bool) -> None:
    assert stands_alone(sentence) == does
