"""A quote begins where it is clear whose words are told, and ends behind what it announces. All of it is invented."""

from typing import TYPE_CHECKING

import pytest

from rag.answering.candidates import Candidate
from rag.answering.composition import notice_of
from rag.answering.features import Features
from rag.answering.questions import Kind
from rag.answering.quotes import widen
from rag.answering.types import Citation
from rag.retrieval.types import Passage, Scores
from rag.transcripts.sentences import sentences
from rag.transcripts.types import Attribution, Transcript, Turn

if TYPE_CHECKING:
    from rag.assembly import Turnwise

NOTHING = Features(cosine=0, near=0, own=0, asked=0, passage=0, expected=0, defines=0, asker=0, named=0)


def quoted(text: str, number: int) -> str:
    transcript = Transcript(id="t", title="T", turns=(Turn(speaker="Ann Lee", text=text),))
    passage = Passage(
        rank=1,
        score=1.0,
        scores=Scores(),
        chunk_id="t#0",
        transcript_id="t",
        title="T",
        date=None,
        url=None,
        collection="default",
        turns=(),
    )
    candidate = Candidate(
        passage=passage,
        transcript=transcript,
        turn=0,
        number=number,
        sentence=sentences(text)[number],
        features=NOTHING,
        score=1.0,
    )
    return widen(candidate, Kind.POINT).text


@pytest.mark.parametrize(
    ("text", "number", "begins"),
    [
        ("We met in May. Tobias Okafor then said: look, it is late. We have too few beds on the ward.", 2, "Tobias"),
        ("Tobias Okafor was frank. But he was saying: look, the ward is full. Nobody had known of it.", 1, "Tobias"),
        ("We met in May. The ward was full by noon. We have too few beds on the ward.", 2, "We have"),
    ],
)
def test_a_quote_inside_what_somebody_else_said_begins_with_who_said_it(text: str, number: int, begins: str) -> None:
    assert quoted(text, number).startswith(begins)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("I give you the ward at Fernhollow as an example here. Falls went down by half in a year.", "in a year."),
        ("Let me give you one that worked well. Falls went down by half in a year.", "in a year."),
        ("The ward at Fernhollow is a good one. Falls went down by half in a year.", "a good one."),
    ],
)
def test_a_quote_does_not_end_with_an_announcement(text: str, ends: str) -> None:
    assert quoted(text, 0).endswith(ends)


def test_what_is_known_of_a_speaker_is_said_once_for_all_quotes_of_a_turn() -> None:
    def inferred(n: int) -> Citation:
        return Citation(
            n=n,
            transcript_id="t",
            title="T",
            date=None,
            url=None,
            turn=0,
            start=0,
            end=1,
            quote="W",
            speaker="Ann Lee",
            role=None,
            organisation=None,
            attribution=Attribution.INFERRED,
            attribution_reason="The label is missing.",
            start_ms=None,
            end_ms=None,
        )

    assert (
        notice_of([inferred(1), inferred(2)]) == "The speaker of quotes [1] and [2] was inferred. The label is missing."
    )


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What did Deepa Linden say about Nordfjellsund?", "fell sound"),
        ("What did Ingrid Nåvik say about Marit?", "Marit"),
        ("What do they say about Denholm?", "Denholm"),
    ],
)
def test_what_was_said_of_a_name_is_quoted_with_the_name(turnwise: "Turnwise", question: str, name: str) -> None:
    answer = turnwise.answerer.ask(question)
    assert answer.status == "answered"
    assert name in answer.answer


def test_a_name_that_a_speaker_never_said_is_no_licence_to_quote_them(turnwise: "Turnwise") -> None:
    assert turnwise.answerer.ask("What did Ingrid Nåvik say about Zanzibar?").status == "not_found"


@pytest.mark.parametrize(
    ("text", "number", "begins"),
    [
        ("No. It comes from the kitchen at nine, and nobody can change it then.", 1, "No. It comes"),
        ("Not really. It comes from the kitchen at nine, and nobody can change it then.", 1, "Not really."),
        ("Yesterday it rained. Lunch comes from the kitchen at nine, whatever the weather is.", 1, "Lunch"),
        ("We asked. Yes. Lunch comes from the kitchen at nine, whatever the weather is.", 2, "Lunch"),
    ],
)
def test_a_yes_or_a_no_that_a_turn_begins_with_comes_along(text: str, number: int, begins: str) -> None:
    assert quoted(text, number).startswith(begins)
