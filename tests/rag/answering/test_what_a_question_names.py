"""Places, organisations and people who are only spoken of: what names them counts, who speaks of them is quoted."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rag.answering.abstention import confidence, measure
from rag.answering.analysis.questions import analyse
from rag.answering.candidates import gather
from rag.answering.features import told_with
from rag.answering.selection import score
from rag.answering.things import Saying, asks_only_for_words_of, names_in, never_meet, things_named, unheard_of
from rag.library import SpeakerEntry
from rag.mishearing.finding import NOTHING_INSTEAD
from rag.retrieval.terms import term_set
from rag.transcripts.types import Speaker, Transcript, Turn

if TYPE_CHECKING:
    from rag.answering.abstention import Features
    from rag.answering.candidates import Evidence
    from rag.assembly import Turnwise

SPEAKERS = [SpeakerEntry(name="Ann Lee", aliases=(), roles=(), turn_count=3)]
HELD = [term_set(text) for text in ("The ward in Quillshire", "Beds on the ward", "A chart", "Falls", "The kitchen")]


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("What did Ann Lee say about Quillshire?", [{"quillshir"}]),
        ("What happened in Port Elm and in Quillshire?", [{"port", "elm"}, {"quillshir"}]),
        ("What did the NHS do?", []),
        ("what happened in quillshire", []),
    ],
)
def test_what_is_named_besides_speakers_and_abbreviations(question: str, things: list[set[str]]) -> None:
    assert list(map(set, things_named(question, analyse(question, SPEAKERS), HELD))) == things


@pytest.mark.parametrize(
    ("named", "held", "unheard"),
    [
        ([], "Beds on the ward", False),
        (["Norland"], "Beds on the ward", True),
        (["Norland"], "A Norlandish ward", False),
        (["Federation"], "The Feder has wards", False),
        (["Partnership of Carers"], "They asked the Carers", True),
        (["Somerton"], "Something is on some of the wards. Something.", True),
        (["Port Elm"], "The port has a ward", True),
        (["Port Elm", "Quillshire"], "The ward in Quillshire", False),
    ],
)
def test_a_name_is_unheard_of_where_no_form_of_it_is_said(named: list[str], held: str, *, unheard: bool) -> None:
    assert unheard_of([term_set(name) for name in named], ["Falls on wards", held], NOTHING_INSTEAD) is unheard


def test_a_name_that_was_misheard_is_heard_of() -> None:
    misheard = {"quillshir": (term_set("quill sheer"),)}
    assert not unheard_of([term_set("Quillshire")], ["The ward in quill sheer"], misheard)


@pytest.mark.parametrize(("least", "unheard"), [(1.0, True), (0.5, False)])
def test_a_name_may_be_said_in_part(*, least: float, unheard: bool) -> None:
    held = ["The Port has a ward", "Falls"]
    assert unheard_of([term_set("Port Elm")], held, NOTHING_INSTEAD, least=least) is unheard


def _said(text: str, speaker: str) -> Saying:
    transcript = Transcript(id=text, title="", turns=(Turn(speaker=speaker, text=text),))
    return text, term_set(text), transcript


@pytest.mark.parametrize(
    ("question", "texts", "apart"),
    [
        ("How did Ann Lee open Quillshire?", [("We opened Quillshire.", "Bo Ek")], True),
        ("How did Ann Lee open Quillshire?", [("We opened Quillshire.", "Ann Lee")], False),
        ("How did Ann Lee open Quillshire?", [("Mrs Lee opened Quillshire.", "Bo Ek")], False),
        ("How did Ann Lee open Quillshire?", [("Quillshire.", "Bo Ek"), ("Oh, Quillshire.", "Ann Lee")], False),
        ("How did Ann Lee open Quillshire and Port Elm?", [("Quillshire.", "Ann Lee"), ("Port Elm.", "Bo Ek")], True),
        ("How did Ann Lee open Quillshire?", [("We opened it.", "Bo Ek")], False),
        ("How did Ann Lee open Quillshire?", [("Quillshire.", "Bo Ek"), ("The Quillshires.", "Ann Lee")], False),
        ("Why did Ann Lee open Port Elm?", [("Port Elm.", "Bo Ek"), ("The Port has a ward.", "Ann Lee")], False),
        ("What did Ann Lee open on Monday?", [("Monday.", "Bo Ek"), ("The ward.", "Ann Lee")], False),
        ("Who opened Quillshire?", [("We opened Quillshire.", "Bo Ek")], False),
    ],
)
def test_somebody_and_something_of_which_only_others_speak_never_meet(
    question: str, texts: list[tuple[str, str]], *, apart: bool
) -> None:
    analysis = analyse(question, SPEAKERS)
    things = list(names_in(question, analysis).values())
    assert never_meet(analysis.named, things, [_said(*each) for each in texts], NOTHING_INSTEAD) is apart


@pytest.mark.parametrize(
    ("question", "unheard"),
    [
        ("How did Bernadette Osei-Kyle bring the coaching to Larkspur Road Surgery?", True),
        ("How did Bethan Uzoma change the telephones at Larkspur Road Surgery?", False),
        ("What does Craig Tolliver think of the huddles in Nordfjellsund?", True),
        ("What does Ingrid Nåvik say about the huddles in Nordfjellsund?", False),
        ("Compare Craig Tolliver and Ingrid Nåvik on Nordfjellsund", False),
        ("How do huddles in Nordfjellsund differ from those in Uganda?", True),
    ],
)
def test_what_somebody_is_asked_about_must_be_something_that_they_know_of(
    turnwise: "Turnwise", question: str, *, unheard: bool
) -> None:
    assert _evidence(turnwise, question).unheard_of is unheard


def test_what_most_passages_name_tells_nothing() -> None:
    question = "What happened in Quillshire?"
    assert not things_named(question, analyse(question, SPEAKERS), [term_set("All of it in Quillshire")] * 3)


@pytest.mark.parametrize(
    ("question", "only"),
    [
        ("What did Ann Lee say about Quillshire?", True),
        ("What did Ann Lee say about the money of Quillshire?", False),
        ("Where is Quillshire?", False),
    ],
)
def test_whether_nothing_but_words_of_it_is_asked_for(question: str, only: bool) -> None:
    analysis = analyse(question, SPEAKERS)
    assert asks_only_for_words_of(question, analysis, things_named(question, analysis, HELD)) is only


def test_a_turn_is_told_with_its_title_and_its_speakers_role_and_organisation() -> None:
    speakers = (Speaker(name="Ann Lee", role="ward manager", organisation="Quillshire Infirmary"),)
    made = Transcript(
        id="t", title="On cupboards", speakers=speakers, turns=(Turn(speaker="Ann Lee", text="Yes."), Turn(text="No."))
    )
    assert told_with(made, 0) == "On cupboards Ann Lee ward manager Quillshire Infirmary"
    assert told_with(made, 1) == "On cupboards"


def _evidence(turnwise: "Turnwise", question: str) -> "Evidence":
    found = turnwise.retriever.search(question, top_k=12)
    return gather(
        question,
        turnwise.retriever.embed_query(question),
        analyse(question, turnwise.library.speakers()),
        found.passages,
        transcript_of=turnwise.library.find,
        known=turnwise.retriever.sentence_vectors(found.passages),
        score=score,
    )


def _measured(turnwise: "Turnwise", question: str) -> "Features":
    return measure(_evidence(turnwise, question), turnwise.retriever.search(question, top_k=12).passages)


def test_a_name_that_nobody_says_makes_an_answer_less_likely(turnwise: "Turnwise") -> None:
    plain = _measured(turnwise, "How did the ward give medicines on time?")
    named = _measured(turnwise, "How did the ward in Grimsby Sands give medicines on time?")
    assert (plain.unnamed, named.unnamed) == (0.0, 1.0)
    assert named.missing >= plain.missing
    assert named.together < plain.together


def test_an_answer_stands_out_by_how_much_nearer_its_passage_is_than_the_sixth(turnwise: "Turnwise") -> None:
    question = "What is a red day?"
    dense = [passage.scores.dense or 0.0 for passage in turnwise.retriever.search(question, top_k=12).passages]
    measured = turnwise.answerer.measure(question)
    assert measured.apart == pytest.approx(sorted(dense)[-1] - sorted(dense)[-6], abs=1e-3)
    assert confidence(replace(measured, apart=measured.apart + 0.1)) > confidence(measured)


def test_a_refusal_does_not_say_that_nobody_spoke_of_what_is_spoken_of(turnwise: "Turnwise") -> None:
    reply = turnwise.answerer.ask("How much did the boiler of Port Sallow cost in dollars?")
    assert reply.status.value == "not_found"
    assert reply.answer.startswith("I found no answer to this question in these transcripts. Port Sallow is spoken of")
    nowhere = turnwise.answerer.ask("How much did the boiler of Grimsby Sands cost in dollars?")
    assert nowhere.answer.startswith("These transcripts do not answer this question. I looked for")
