"""A quote begins where it is clear whose words are told, and ends behind what it announces. All of it is invented."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.answering.analysis.questions import Kind
from rag.answering.candidates import Candidate
from rag.answering.cohesion import tells_words_of
from rag.answering.composition import notice_of
from rag.answering.features import Features
from rag.answering.quotable import is_quotable
from rag.answering.quotes import Quote, widen, with_leads
from rag.answering.types import Citation
from rag.assembly import open_turnwise
from rag.retrieval.types import Passage, Scores
from rag.settings import load_settings
from rag.transcripts.sentences import sentences
from rag.transcripts.types import Attribution, Transcript, Turn

if TYPE_CHECKING:
    from rag.assembly import Turnwise

MADE_A_POINT = "made a very fair point to me and said"
TOLD_BY_HER = "But she was saying: look, the ward is full. We have no beds at all."
TOLD_OF_THEM = "They come as guests and leave as friends. They dance the whole night long."
NOTHING = Features(cosine=0, near=0, own=0, asked=0, passage=0, expected=0, defines=0, asker=0, named=0)


def quote_of(text: str, number: int) -> Quote:
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
    return widen(candidate, Kind.POINT)


def quoted(text: str, number: int) -> str:
    return quote_of(text, number).text


@pytest.mark.parametrize(
    ("text", "number", "begins"),
    [
        ("We met in May. Tobias Okafor then said: look, it is late. We have too few beds on the ward.", 2, "Tobias"),
        ("Tobias Okafor was frank. But he was saying: look, the ward is full. Nobody had known of it.", 1, "Tobias"),
        ("We met in May. The ward was full by noon. We have too few beds on the ward.", 2, "We have"),
        (
            f"Ann Bell, she {MADE_A_POINT}: look, we have good nurses. But we also have a roof that leaks.",
            1,
            "Ann Bell",
        ),
        (f"Ann Bell, she {MADE_A_POINT}: look, it is late. But it is warm. The board is to come.", 2, "Ann Bell"),
        (
            "The porters were frank, but they've said, look, we walked. It was dark. Now we have a van.",
            2,
            "The porters",
        ),
        ("I met Ann Bell. She was like, we need beds. We need them today. Our nurses are tired.", 3, "I met"),
        ("I met Ann Bell. Her point was that we can't go on. We are too few.", 2, "I met"),
        ("One of the porters kept telling us, we carry too much. We carry it twice.", 1, "One of"),
        ('Tobias Okafor came in and said, "Sit down. You look pale. Have some tea." It helped.', 2, "Tobias"),
        ('Ann Bell looked up. "I wonder who has the key." Nobody had it.', 1, "Ann Bell"),
        ("Ann Bell said: the ward is full. He has a plan, our chief. We wait for it.", 2, "Ann Bell"),
        ("Ann Bell said: the ward is full. And she was right, of course. We need beds.", 2, "We need"),
        ("I've said, we need beds. We need them now.", 1, "We need"),
        ("We told the board, and the board said, roll it out. We had nine sites.", 1, "We had"),
    ],
)
def test_a_quote_inside_what_somebody_else_said_begins_with_who_said_it(text: str, number: int, begins: str) -> None:
    assert quoted(text, number).startswith(begins)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (f"It had rained all night by then.\n\n{TOLD_BY_HER}", 1),
        (f"It had rained all night by then.\n\n{TOLD_BY_HER}", 2),
        (f"A nurse said: it is the dance that counts.\n\n{TOLD_OF_THEM}", 1),
        (f"A nurse said: it is the dance that counts.\n\n{TOLD_OF_THEM}", 2),
        (f"Ann Bell said: {'we wait and ' * 50}wait. We have no beds at all.", 1),
    ],
)
def test_told_words_are_no_answer_where_a_quote_cannot_show_whose_they_are(text: str, number: int) -> None:
    assert not is_quotable(sentences(text), number, frozenset(), asks=False)


@pytest.mark.parametrize("number", [1, 2])
def test_who_is_named_in_the_paragraph_before_is_quoted_before_what_they_said(number: int) -> None:
    lead = "I spoke with Ann Bell, who runs it."
    text = f"{lead}\n\n{TOLD_BY_HER} The roof leaks."
    assert is_quotable(sentences(text), number, frozenset(), asks=False)
    quote = quote_of(text, number)
    assert quote.text.startswith("But she was saying")
    assert [each.text for each in with_leads([quote], 2)] == [lead, quote.text]
    assert with_leads([quote], 1) == []
    other = quote_of(text, 0)
    assert [each.text for each in with_leads([quote, other], 2)] == [lead, quote.text]
    assert [each.text for each in with_leads([other], 1)] == [lead]


def test_who_is_told_of_is_known_from_the_same_paragraph_or_the_same_sentence() -> None:
    text = f"I spoke with Ann Bell, who runs it. {TOLD_BY_HER}"
    assert quoted(text, 1).startswith("I spoke with Ann Bell")
    assert quoted(text, 2) == text
    found = sentences("It rained.\n\nAnn Bell, she told me that the ward was full.\n\nAs they say, it pours.")
    assert all(is_quotable(found, n, frozenset(), asks=False) for n in (1, 2))


def test_a_quote_does_not_go_on_into_words_whose_speaker_it_does_not_show() -> None:
    text = "We had Tobias Okafor here. It rained. The roof leaked. And he told us: we are leaving. We are done."
    assert quoted(text, 2) == "The roof leaked."


@pytest.mark.parametrize(
    ("text", "number", "whole"),
    [
        ("We opened a shop. It sells tea. That pays for the roof.", 2, True),
        ("The shop sells tea. We opened it in May. That pays for the roof.", 2, False),
        (f"We opened a shop{' by the sea' * 25}. It sells tea. That pays for the roof.", 2, False),
        ("I miss the long nights on the ward by the sea. And the lack of any hurry.", 1, True),
    ],
)
def test_a_quote_goes_back_to_what_its_first_sentence_leans_on_in_turn(text: str, number: int, whole: bool) -> None:
    assert (quoted(text, number) == text) is whole


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

    assert notice_of([inferred(1), inferred(2)]) == (
        "The speaker of quotes [1] and [2] was inferred, not labelled; the reason is with its source."
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


@pytest.mark.parametrize(
    ("text", "number", "told"),
    [
        ("It was Tobias Bell who once said: a queue is a design.", 0, True),
        (f"I spoke with Ann Bell, who runs it.\n\n{TOLD_BY_HER}", 2, True),
        (f"Ann Bell, she {MADE_A_POINT}: look, we have good nurses. But we also have a roof that leaks.", 1, True),
        ("Ann Bell has been a great help with the roof.", 0, False),
        ("Ann Bell left. The board said: a queue is a design.", 1, False),
        (f"I spoke with Jo March, who runs it.\n\n{TOLD_BY_HER}", 2, False),
    ],
)
def test_whose_words_others_tell(text: str, number: int, told: bool) -> None:
    assert tells_words_of(sentences(text), number, frozenset({"bell"})) is told


def test_what_somebody_said_who_only_others_tell_of_is_answered_by_what_they_tell(tmp_path: Path) -> None:
    told = "She said: a garden needs more rain than hope."
    talk = {
        "id": "gardens",
        "title": "Gardens in a dry year",
        "turns": [
            {"speaker": "Ida Quint", "text": "What keeps a garden alive in a dry year?"},
            {"speaker": "Wim Aske", "text": f"I asked Clementine Frobisher, who has the plot by the gate. {told}"},
            {"speaker": "Ida Quint", "text": "And do the fences help?"},
            {"speaker": "Wim Aske", "text": "Clementine Frobisher built the fences. They keep the goats away."},
        ],
    }
    with open_turnwise(load_settings(home=tmp_path)) as turnwise:
        turnwise.ingestion.add_documents([("gardens.json", json.dumps(talk).encode())])
        answer = turnwise.answerer.ask("What did Clementine Frobisher say about rain in a garden?")
        assert [told in citation.quote for citation in answer.citations] == [True]
        of_fences = turnwise.answerer.ask("What did Clementine Frobisher say about fences?")
        assert not [citation for citation in of_fences.citations if "fences" in citation.quote]
