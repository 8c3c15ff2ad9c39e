"""The kind of a question decides what is quoted, how much of it, and in which order."""

import json
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.answering.analysis.questions import Kind, analyse
from rag.answering.cohesion import announced
from rag.answering.composition import not_found, shown
from rag.library import SpeakerEntry

if TYPE_CHECKING:
    from rag.assembly import Turnwise

QUESTIONS = [
    json.loads(line)
    for line in (Path(__file__).parents[3] / "eval/sets/corpus.jsonl").read_text("utf-8").splitlines()
    if line.strip()
]
SPEAKERS = [SpeakerEntry(name=name, aliases=(), roles=(), turn_count=3) for name in ("Ann Lee", "Ingrid Nåvik")]


@pytest.mark.parametrize(
    ("question", "speakers"),
    [
        (
            "How do Priya Venkataraghavan and Ingrid Nåvik differ on boards that show the days since the last fall?",
            {"Priya Venkataraghavan", "Ingrid Nåvik"},
        ),
        (
            "Do Kofi Brathwaite and Josephine Quarrie agree that immediate dangers should simply be fixed?",
            {"Dr Kofi Brathwaite", "Josephine Quarrie"},
        ),
    ],
)
def test_a_comparison_quotes_each_speaker_that_it_names_and_keeps_each_together(
    turnwise: "Turnwise", question: str, speakers: set[str]
) -> None:
    answer = turnwise.answerer.ask(question)
    voices = [citation.speaker for citation in answer.citations]
    assert set(voices) == speakers
    assert sum(one != other for one, other in pairwise(voices)) == len(speakers) - 1
    for citation, sentence in zip(answer.citations, answer.sentences, strict=True):
        assert sentence.text.startswith(citation.speaker or "?")


@pytest.mark.parametrize(
    "question",
    [
        "What have people learnt from patients?",
        "How did red arrows on board reports mislead people in different hospitals?",
    ],
)
def test_a_broad_question_is_answered_from_several_conversations(turnwise: "Turnwise", question: str) -> None:
    answer = turnwise.answerer.ask(question)
    assert len({citation.transcript_id for citation in answer.citations}) > 1
    assert 2 <= len(answer.citations) <= 5


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("What did Bernadette Osei-Kyle say about waiting?", "Bernadette Osei-Kyle"),
        ("What does Hamish Dunmore think should be mandated?", "Hamish Dunmore"),
        ("What did Rowan Adeyemi say about control charts?", "Rowan Adeyemi"),
    ],
)
def test_what_somebody_said_is_told_in_their_words_in_the_order_in_which_they_said_it(
    turnwise: "Turnwise", question: str, speaker: str
) -> None:
    answer = turnwise.answerer.ask(question)
    assert answer.citations
    assert {citation.speaker for citation in answer.citations} == {speaker}
    places = [(citation.transcript_id, citation.turn, citation.start) for citation in answer.citations]
    for transcript_id in {place[0] for place in places}:
        there = [place for place in places if place[0] == transcript_id]
        assert there == sorted(there)


@pytest.mark.parametrize(
    ("question", "speaker", "words"),
    [
        ("Who said that common cause does not mean acceptable?", "Priya Venkataraghavan", "doesn't mean acceptable"),
        ("Who said that a driver diagram with no crossings-out is wallpaper?", "Fenella Marchetti", "is wallpaper"),
    ],
)
def test_who_said_something_is_answered_with_the_one_place(
    turnwise: "Turnwise", question: str, speaker: str, words: str
) -> None:
    answer = turnwise.answerer.ask(question)
    assert [citation.speaker for citation in answer.citations] == [speaker]
    assert words in answer.citations[0].quote


@pytest.mark.parametrize(
    ("question", "items"),
    [
        (
            "What are the four parts of a quality management system?",
            ["planning", "control", "improvement", "assurance"],
        ),
        (
            "What are the four questions of an after action review?",
            ["What did we expect", "What actually happened", "Why was there a difference", "what have we learnt"],
        ),
    ],
)
def test_a_list_is_quoted_with_all_its_items_in_their_order(
    turnwise: "Turnwise", question: str, items: list[str]
) -> None:
    answer = turnwise.answerer.ask(question)
    quoted = " ".join(citation.quote for citation in answer.citations)
    places = [quoted.index(item) for item in items]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who said that trust matters?", Kind.WHO_SAID),
        ("Which speaker claimed that it saved money?", Kind.WHO_SAID),
        ("Whose idea was it to move the chairs?", Kind.WHO_SAID),
        ("Whose exact words are “chairs first”?", Kind.WHO_SAID),
        ("But whose best-known ideas were these?", Kind.WHO_SAID),
        ("Whose ward fell behind?", Kind.POINT),
        ("Whose story is told in the film?", Kind.POINT),
        ("Who led the work?", Kind.POINT),
        ("What do people say about targets?", Kind.BROAD),
        ("Tell me about run charts.", Kind.BROAD),
        ("What do these conversations say about targets?", Kind.BROAD),
        ("What are the main lessons of the pilot?", Kind.BROAD),
        ("Compare what Ann Lee and Ingrid Nåvik say about targets.", Kind.COMPARISON),
        ("Who wants targets, and who would rather not?", Kind.COMPARISON),
        ("Which four questions do they ask?", Kind.SEQUENCE),
        ("Tell me what Ann Lee said about targets.", Kind.POINT),
    ],
)
def test_the_kind_of_a_question_is_recognised(question: str, kind: Kind) -> None:
    assert analyse(question, SPEAKERS).kind is kind


def test_a_comparison_of_two_asks_for_the_words_of_both() -> None:
    asked = analyse("Compare what Ann Lee and Ingrid Nåvik say about targets.", SPEAKERS)
    assert asked.voices == {"ann lee", "ingrid navik"}


@pytest.mark.parametrize(
    ("question", "strangers"),
    [
        ("What did Gandhi say about targets?", {"gandhi"}),
        ("What does Dr Wilma Crabtree recommend?", {"crabtree"}),
        ("What are Wilma Crabtree's views on targets?", {"crabtree"}),
        ("According to Gandhi, what is a target?", {"gandhi"}),
        ("What is Ann Lee's view on targets?", set()),
        ("What is the Health Foundation's view on targets?", set()),
        ("What is Boost's position on targets?", set()),
        ("What is SAFER's position on targets?", set()),
        ("What did Ann Lee say?", set()),
        ("What did Ingrid Navic say?", set()),
        ("What does SAFER say?", set()),
        ("What did the ward say?", set()),
    ],
)
def test_somebody_who_speaks_nowhere_is_noticed_but_not_a_speaker_spelt_wrongly(
    question: str, strangers: set[str]
) -> None:
    assert analyse(question, SPEAKERS).strangers == strangers


@pytest.mark.parametrize(
    ("sentence", "items"),
    [
        ("There are four things to look for.", 4),
        ("We ask the same three questions every day.", 3),
        ("It has two parts: the plan, the check, the rest.", 0),
        ("The ones that we use are these.", 3),
        ("Four nurses left.", 0),
    ],
)
def test_a_sentence_that_announces_items_is_recognised(sentence: str, items: int) -> None:
    assert announced(sentence) == items


def test_a_question_is_shown_without_what_would_move_the_text_around_it() -> None:
    assert shown("a\x00\x1b[31m \u202eb\u2066c\u200b\n d") == "a[31m bc d"
    assert shown("👩\u200d👩 می\u200cخواهم") == "👩\u200d👩 می\u200cخواهم"
    assert len(shown("e" + "\u0301" * 50)) < 6
    assert shown("x" * 2000) == "x" * 300 + "…"


def test_a_question_of_nothing_that_can_be_seen_is_said_to_be_one() -> None:
    assert "no words" in not_found("\x00\u202e", ())


def test_quotes_of_one_voice_are_introduced_in_full_once(turnwise: "Turnwise") -> None:
    answer = turnwise.answerer.ask("What does Hamish Dunmore think should be mandated?")
    first, *others = answer.sentences
    assert "Why the pilot never travelled" in first.text
    assert "30 September 2025" in first.text
    assert others
    for sentence in others:
        assert sentence.text.startswith("Hamish Dunmore, in the same conversation: “")
