"""Runs that stop half way: what was answered is kept, what was not is asked again."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from eval.dataset import Question, QuestionSet
from eval.errors import DatasetError, TargetError
from eval.evaluation import evaluate
from eval.record import open_record
from eval.runner import RunOptions, run
from eval.target.protocol import Timed
from rag.errors import InputError, ModelError
from tests.eval.made_cases import MadeTarget, passage

OPTIONS = RunOptions(search_only=True)
QUESTIONS = tuple(
    Question.model_validate({"id": f"q{n}", "question": f"What is {n}?", "gold": [{"source": "clocks"}]})
    for n in range(8)
)
HEADING = {"dataset_sha256": "1"}


class CountingTarget(MadeTarget):
    """Finds the right passage, except where it was told to fail; knows what it was asked."""

    def __init__(self, *, failing: Sequence[str] = (), error: type[Exception] = TargetError) -> None:
        self.asked: list[str] = []
        self.failing = set(failing)
        self.error = error

    def search(self, query: str, *, history: Sequence[str], top_k: int, mode: str) -> Timed:
        self.asked.append(query)
        if query in self.failing:
            raise self.error(f"no reply to {query}")
        document = {
            "standalone_query": query,
            "index_version": "1",
            "timings_ms": {"total": 1.0},
            "passages": [passage(1, 1).model_dump()],
        }
        return Timed(document=document, wall_ms=2.0)


def question_set(tmp_path: Path) -> QuestionSet:
    return QuestionSet(name="made", path=tmp_path / "made.jsonl", sha256="1", questions=QUESTIONS)


def test_what_the_record_holds_is_not_asked_again(tmp_path: Path):
    path = tmp_path / "record.jsonl"
    first, second = CountingTarget(), CountingTarget()
    with open_record(path, HEADING) as record:
        run(QUESTIONS[:5], first, OPTIONS, record)
    with open_record(path, HEADING) as record:
        replies = run(QUESTIONS, second, OPTIONS, record)
    assert first.asked == [q.question for q in QUESTIONS[:5]]
    assert second.asked == [q.question for q in QUESTIONS[5:]]
    assert sorted(replies) == [q.id for q in QUESTIONS]


def test_a_line_that_a_kill_left_half_written_is_asked_again(tmp_path: Path):
    path = tmp_path / "record.jsonl"
    with open_record(path, HEADING) as record:
        run(QUESTIONS[:3], CountingTarget(), OPTIONS, record)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    target = CountingTarget()
    with open_record(path, HEADING) as record:
        run(QUESTIONS[:3], target, OPTIONS, record)
    assert target.asked == [QUESTIONS[2].question]
    assert path.read_bytes() == whole


def test_a_continued_run_gives_the_figures_of_one_that_was_not_stopped(tmp_path: Path):
    path, questions = tmp_path / "record.jsonl", question_set(tmp_path)
    evaluate(questions, CountingTarget(), OPTIONS, limit=4, record_path=path)
    continued = evaluate(questions, CountingTarget(), OPTIONS, record_path=path).report
    at_once = evaluate(questions, CountingTarget(), OPTIONS).report
    assert continued.figures == at_once.figures
    assert [q.id for q in continued.questions] == [q.id for q in at_once.questions]


def test_a_question_that_failed_is_counted_apart_and_asked_again(tmp_path: Path):
    path, questions = tmp_path / "record.jsonl", question_set(tmp_path)
    report = evaluate(questions, CountingTarget(failing=["What is 2?"]), OPTIONS, record_path=path).report
    assert report.run.failed == 1
    assert {figure.n for figure in report.figures} == {7}
    assert "no reply to What is 2?" in (report.questions[2].error or "")
    again = CountingTarget()
    assert evaluate(questions, again, OPTIONS, record_path=path).report.run.failed == 0
    assert again.asked == ["What is 2?"]


def test_a_server_that_is_gone_is_not_asked_everything(tmp_path: Path):
    target = CountingTarget(failing=[q.question for q in QUESTIONS[2:]])
    path = tmp_path / "record.jsonl"
    with open_record(path, HEADING) as record, pytest.raises(TargetError, match="5 questions in a row"):
        run(QUESTIONS, target, OPTIONS, record)
    assert len(target.asked) == 7
    with open_record(path, HEADING) as record:
        assert sorted(record.replies) == ["q0", "q1"]


def test_an_unusable_model_ends_the_run_at_once():
    target = CountingTarget(failing=["What is 0?"], error=ModelError)
    with open_record(None, HEADING) as record, pytest.raises(ModelError):
        run(QUESTIONS, target, OPTIONS, record)
    assert len(target.asked) == 1


def test_every_question_is_asked_once_whatever_the_concurrency():
    target = CountingTarget()
    seen: list[tuple[int, int]] = []
    with open_record(None, HEADING) as record:
        options = RunOptions(search_only=True, concurrency=3)
        replies = run(QUESTIONS, target, options, record, on_progress=lambda done, total: seen.append((done, total)))
    assert sorted(target.asked) == [q.question for q in QUESTIONS]
    assert sorted(replies) == [q.id for q in QUESTIONS]
    assert seen == [(done, len(QUESTIONS)) for done in range(len(QUESTIONS) + 1)]


@pytest.mark.parametrize("changed", [{"dataset_sha256": "2"}, {"target": {"url": "elsewhere"}}])
def test_the_record_of_another_run_is_refused_and_left_alone(tmp_path: Path, changed: dict[str, object]):
    path = tmp_path / "record.jsonl"
    with open_record(path, HEADING) as record:
        run(QUESTIONS[:1], CountingTarget(), OPTIONS, record)
    before = path.read_bytes()
    with pytest.raises(DatasetError, match="another run"):
        open_record(path, HEADING | changed)
    assert path.read_bytes() == before


@pytest.mark.parametrize("text", ["no JSON\n", '["list"]\n', '{"id": "q1", "question": "a question set"}\n'])
def test_another_file_is_never_overwritten(tmp_path: Path, text: str):
    path = tmp_path / "set.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=str(path)):
        open_record(path, HEADING)
    assert path.read_text("utf-8") == text


def test_a_damaged_line_in_the_middle_is_named(tmp_path: Path):
    path = tmp_path / "record.jsonl"
    with open_record(path, HEADING):
        pass
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"id": "q1", "search": {}}) + "\n")
    with pytest.raises(DatasetError, match=":2: "):
        open_record(path, HEADING)


@pytest.mark.parametrize("wrong", [{"top_k": 0}, {"top_k": 51}, {"mode": "magic"}, {"concurrency": 0}])
def test_options_out_of_bounds_are_refused(wrong: dict[str, object]):
    with pytest.raises(InputError):
        RunOptions(**wrong)
