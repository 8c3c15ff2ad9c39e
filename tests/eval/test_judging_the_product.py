"""The project's own questions put to the product, in process and over HTTP.

The floors lie a little under what was measured when they were set (docs/evaluation.md has the figures).
"""

import dataclasses
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from eval.dataset import QuestionSet, load_questions
from eval.evaluation import Evaluation, evaluate
from eval.report.document import Report
from eval.runner import RunOptions
from eval.target.http import HttpTarget
from eval.target.in_process import InProcessTarget

if TYPE_CHECKING:
    from rag.assembly import Turnwise

SETS = Path(__file__).resolve().parents[2] / "eval" / "sets"
CORPUS_SET = SETS / "corpus.jsonl"
ASKED_EVERY, OVER_HTTP_EVERY = 2, 10
"""Every second question is asked, since an answer takes some hundred milliseconds; of these, every tenth over HTTP."""
SEARCH_FLOORS = {
    "hit@1": 0.56,
    "hit@5": 0.84,
    "recall@20": 0.92,
    "nDCG@10": 0.71,
    "MRR@10": 0.67,
    "all_gold@5": 0.79,
    "gold_within_150": 0.60,
    "gold_within_300": 0.74,
    "gold_within_1000": 0.88,
    "gold_recall_1600": 0.88,
}


@pytest.fixture(scope="module")
def questions() -> QuestionSet:
    return load_questions(CORPUS_SET)


@pytest.fixture(scope="module")
def fewer(questions: QuestionSet) -> QuestionSet:
    return dataclasses.replace(questions, questions=questions.questions[::ASKED_EVERY])


@pytest.fixture(scope="module")
def searched(turnwise: "Turnwise", questions: QuestionSet) -> Evaluation:
    return evaluate(questions, InProcessTarget(turnwise), RunOptions(search_only=True))


@pytest.fixture(scope="module")
def asked(turnwise: "Turnwise", fewer: QuestionSet) -> Evaluation:
    return evaluate(fewer, InProcessTarget(turnwise), RunOptions())


def test_retrieval_keeps_its_floors(searched: Evaluation):
    values = searched.report.values()
    short = {name: values[name] for name, floor in SEARCH_FLOORS.items() if values[name] < floor}
    assert short == {}


def test_all_gold_of_the_projects_own_set_is_in_its_conversations(searched: Evaluation):
    assert searched.report.notes == ()
    assert searched.report.run.failed == 0


def test_questions_that_others_wrote_find_their_passages(turnwise: "Turnwise"):
    harder = load_questions(SETS / "corpus-harder.jsonl")
    report = evaluate(harder, InProcessTarget(turnwise), RunOptions(search_only=True)).report
    assert report.notes == ()
    assert report.values()["hit@5"] >= 0.75


def test_every_quotation_is_verbatim_and_of_the_right_speaker(asked: Evaluation):
    values = asked.report.values()
    assert values["verbatim"] == 1
    assert values["attribution"] == 1


def test_answers_and_refusals_keep_their_floors(asked: Evaluation):
    values = asked.report.values()
    assert values["cited_gold"] >= 0.72
    assert values["answer_contains"] >= 0.68
    assert values["over_refusal"] <= 0.12
    assert values["refusal_recall"] >= 0.8
    assert values["auroc"] >= 0.92
    assert values["ece"] <= 0.13


def test_answers_are_short(asked: Evaluation):
    lengths = [len((question.answer or "").split()) for question in asked.report.questions if question.gold]
    assert median(lengths) <= 120
    assert max(lengths) <= 250


def test_a_report_knows_what_it_was_made_from(asked: Evaluation, turnwise: "Turnwise"):
    report = asked.report
    assert report.target["model"] == "all-MiniLM-L6-v2"
    assert report.run.index_versions == (turnwise.engine.version,)
    assert report.target["settings"]["chunk_tokens"] == turnwise.settings.chunk_tokens
    assert {(row.call, row.stage) for row in report.latency} >= {("search", "embed"), ("ask", "total"), ("ask", "wall")}
    assert {kind.kind for kind in report.kinds} >= {"fact", "unanswerable-near"}
    assert Report.model_validate_json(report.model_dump_json()) == report


def test_over_http_the_same_is_judged(asked: Evaluation, fewer: QuestionSet, reading_server_url: str):
    fewest = dataclasses.replace(fewer, questions=fewer.questions[::OVER_HTTP_EVERY])
    with HttpTarget(reading_server_url) as target:
        report = evaluate(fewest, target, RunOptions(concurrency=2)).report
    ours = {q.id: q for q in asked.report.questions}
    for question in report.questions:
        own = ours[question.id]
        assert question.error is None
        assert (question.status, question.answer) == (own.status, own.answer)
        assert question.passages == own.passages
        assert untimed(question.shares) == pytest.approx(untimed(own.shares))


def untimed(shares: dict[str, tuple[float, float]]) -> dict[str, float]:
    return {name: part / whole for name, (part, whole) in shares.items() if not name.endswith("_ms")}


def shape(value: Any) -> Any:
    """Return a document's keys, without its values."""
    if isinstance(value, dict):
        return {name: shape(member) for name, member in value.items()}
    return [shape(member) for member in value[:1]] if isinstance(value, list) else None


def test_in_process_documents_are_those_of_the_server(turnwise: "Turnwise", reading_server_url: str):
    here = InProcessTarget(turnwise)
    with HttpTarget(reading_server_url) as there:
        query = "What is a driver diagram for?"
        own, other = (t.search(query, history=(), top_k=3, mode="hybrid").document for t in (here, there))
        assert shape(own) == shape(other)
        assert own["passages"][0]["turns"] == other["passages"][0]["turns"]
        own, other = (t.ask(query, history=(), generator=None).document for t in (here, there))
        assert {**shape(own), "timings_ms": None} == {**shape(other), "timings_ms": None}
        assert own["citations"] == other["citations"]
        first = own["citations"][0]["transcript_id"]
        mine, theirs = here.transcript(first), there.transcript(first)
        assert mine is not None
        assert theirs is not None
        assert [turn["text"] for turn in mine["turns"]] == [turn["text"] for turn in theirs["turns"]]
        assert here.transcript("no-such") is None
        assert there.transcript("no-such") is None
