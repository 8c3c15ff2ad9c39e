"""Answers over the sample conversations: whole, verbatim, attributed, in a readable order; or plainly not found."""

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.answering.types import Status
from rag.errors import InputError, UnknownSpeakerError
from rag.retrieval.types import Exchange, Filters

if TYPE_CHECKING:
    from rag.assembly import Turnwise

QUESTIONS = [
    json.loads(line)
    for line in (Path(__file__).parents[3] / "eval/sets/corpus.jsonl").read_text("utf-8").splitlines()
    if line.strip()
]
SAMPLE = QUESTIONS[1::8]
"""Those of even number are asked where the product is judged (tests/eval)."""


@pytest.mark.parametrize("question", SAMPLE, ids=[q["id"] for q in SAMPLE])
def test_every_citation_is_verbatim_and_every_sentence_cites(turnwise: "Turnwise", question: dict[str, object]) -> None:
    history = [Exchange(question=asked) for asked in question.get("history", [])]  # type: ignore[attr-defined]
    answer = turnwise.answerer.ask(str(question["question"]), history=history)
    assert 0 <= answer.confidence <= 1
    for citation in answer.citations:
        turn = turnwise.library.transcript(citation.transcript_id).turns[citation.turn]
        assert turn.text[citation.start : citation.end] == citation.quote
        assert "\n\n" not in citation.quote
        assert (turn.speaker, turn.attribution) == (citation.speaker, citation.attribution)
    for sentence in answer.sentences:
        assert answer.answer[sentence.start : sentence.end] == sentence.text
        assert sentence.citations
        for n in sentence.citations:
            assert f"“{answer.citations[n - 1].quote}” [{n}]" in sentence.text
    assert [c.n for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert (answer.status is Status.ANSWERED) == bool(answer.sentences)
    if answer.status is Status.ANSWERED:
        assert "\n\n".join(s.text for s in answer.sentences) == answer.answer
        assert {c.transcript_id for c in answer.citations} <= {p.transcript_id for p in answer.passages}


def test_what_somebody_said_is_only_in_their_words(turnwise: "Turnwise") -> None:
    answer = turnwise.answerer.ask("What did Bernadette Osei-Kyle say about waiting?")
    assert answer.status is Status.ANSWERED
    assert {citation.speaker for citation in answer.citations} == {"Bernadette Osei-Kyle"}


def test_a_filter_by_speaker_ignores_case_and_honorifics_and_holds(turnwise: "Turnwise") -> None:
    filters = Filters(speakers=("dr TOMASZ wielgosz",))
    found = turnwise.retriever.search("red days", filters=filters)
    assert found.passages
    assert all(any(turn.speaker == "Tomasz Wielgosz" for turn in passage.turns) for passage in found.passages)


def test_an_unknown_speaker_is_refused_with_those_who_are_known(turnwise: "Turnwise") -> None:
    with pytest.raises(UnknownSpeakerError, match="Tomasz Wielgosz"):
        turnwise.answerer.ask("What was said?", filters=Filters(speakers=("Nobody Atall",)))


def test_a_repaired_label_is_said_to_be_inferred(turnwise: "Turnwise") -> None:
    transcript_id = "2025-02-11-home-in-time-for-lunch-flow-criteria-and-the-clock"
    inferred = [
        (number, turn)
        for number, turn in enumerate(turnwise.library.transcript(transcript_id).turns)
        if turn.attribution == "inferred"
    ]
    assert [turn.speaker for _, turn in inferred] == ["Tomasz Wielgosz"]
    number, turn = inferred[0]
    assert turn.attribution_reason
    own_words = turn.text.split("\n\n")[0]
    answer = turnwise.answerer.ask(own_words[:300], filters=Filters(transcript_ids=(transcript_id,)))
    cited = [citation for citation in answer.citations if citation.turn == number]
    assert cited
    assert "inferred" in answer.answer
    assert answer.notice is not None
    assert f"The speaker of quote [{cited[0].n}] was inferred" in answer.notice
    assert {citation.attribution_reason for citation in cited} == {turn.attribution_reason}


@pytest.mark.parametrize(
    "question",
    [
        "How do I reset my mailbox password?",
        "What is the boiling point of mercury on a mountain?",
        "Who won the football world cup?",
        "🙂🙂🙂",
        "the of and",
        "'; DROP TABLE records; --",
    ],
)
def test_what_is_not_there_is_not_found_and_the_nearest_passages_are_shown(turnwise: "Turnwise", question: str) -> None:
    answer = turnwise.answerer.ask(question)
    assert answer.status is Status.NOT_FOUND
    assert answer.citations == ()
    assert answer.sentences == ()
    assert answer.passages
    assert question in answer.answer


def test_a_question_narrowed_to_nothing_is_told_so(turnwise: "Turnwise") -> None:
    answer = turnwise.answerer.ask("What is a red day?", filters=Filters(date_from=dt.date(2031, 1, 1)))
    assert answer.status is Status.NOT_FOUND
    assert answer.passages == ()
    assert "No conversation fits what it was narrowed to" in answer.answer
    narrow = turnwise.answerer.ask("Who won the football world cup?", filters=Filters(date_from=dt.date(2025, 1, 1)))
    assert narrow.passages
    assert "No conversation fits" not in narrow.answer


@pytest.mark.parametrize(
    "question",
    [
        "What can I ask about?",
        "Which conversations are there?",
        "what is this?",
        "How many episodes do you have?",
        "Who are the speakers in these podcasts?",
        "Who was interviewed?",
        "What topics are covered?",
    ],
)
def test_questions_about_the_collection_are_answered_as_such(turnwise: "Turnwise", question: str) -> None:
    answer = turnwise.answerer.ask(question)
    assert answer.status is Status.ABOUT
    assert "A theory you can cross out" in answer.answer
    assert answer.citations == ()


def test_of_the_collection_only_that_is_told_which_the_question_is_narrowed_to(turnwise: "Turnwise") -> None:
    one, *_ = turnwise.library.transcripts()
    answer = turnwise.answerer.ask("Who are the speakers?", filters=Filters(transcript_ids=(one.id,))).answer
    assert one.title in answer
    assert "There is one conversation" in answer
    nothing = turnwise.answerer.ask("Who are the speakers?", filters=Filters(transcript_ids=("no-such-talk",))).answer
    assert nothing == "No conversation fits what the question is narrowed to."


def test_the_same_question_gets_the_same_answer(turnwise: "Turnwise") -> None:
    one, other = (turnwise.answerer.ask("What is a red day?") for _ in range(2))
    assert (one.answer, one.citations, one.confidence) == (other.answer, other.citations, other.confidence)


def test_no_more_quotes_than_asked_for(turnwise: "Turnwise") -> None:
    assert len(turnwise.answerer.ask("What did they learn from the pilot?", max_citations=1).citations) <= 1


@pytest.mark.parametrize("bad", [{"max_citations": 0}, {"max_citations": 13}, {"generator": "oracle"}])
def test_bad_parameters_are_refused(turnwise: "Turnwise", bad: dict[str, object]) -> None:
    with pytest.raises(InputError):
        turnwise.answerer.ask("What is a red day?", **bad)  # type: ignore[arg-type]


def test_asking_for_a_model_that_is_not_there_is_answered_in_quotes_and_said(turnwise: "Turnwise") -> None:
    answer = turnwise.answerer.ask("What is a red day?", generator="llm")
    assert answer.generator == "extractive"
    assert answer.notice is not None
    assert "language model" in answer.notice


def test_related_questions_stand_alone_and_are_answered(turnwise: "Turnwise") -> None:
    asked = ["What is a red day?", "What is a run chart?", "How did the huddles start?", "Who won the world cup?"]
    related = {text for question in asked for text in turnwise.answerer.ask(question).related_questions}
    assert len(related) > 1
    for question in related:
        assert not {"it", "they", "you", "that", "this"} & set(question.lower().rstrip("?").split())
        assert turnwise.answerer.ask(question).status is Status.ANSWERED, question
