"""Feedback goes with an answer that was given; words of questions are stored only where the owner said so."""

import datetime as dt
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError

from api.feedback.database import DATABASE_NAME, asked, open_database
from api.feedback.insights import insights_of
from api.feedback.store import FeedbackStore
from rag.errors import IndexUnavailableError, InputError, NotFoundError

Ask = Callable[..., dict[str, Any]]
Run = Callable[..., "subprocess.CompletedProcess[str]"]
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def logging_store(tmp_path: Path) -> Iterator[FeedbackStore]:
    store = FeedbackStore(tmp_path, log_questions=True, days=30)
    yield store
    store.close()


def bytes_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


def test_feedback_is_taken_on_an_answer_on_a_citation_and_on_a_search(client: httpx.Client, ask: Ask) -> None:
    answer = ask("How many points make a shift on a run chart?")
    assert answer["citations"]
    for given in (
        {"rating": "up"},
        {"rating": "down", "comment": "beside the point", "citation": 1},
    ):
        response = client.post("/v1/feedback", json={"request_id": answer["request_id"], **given})
        assert response.status_code == 200, response.text
        assert response.json() == {"request_id": answer["request_id"], "stored": True}
    found = client.post("/v1/search", json={"query": "run chart", "mode": "lexical"}).json()
    rated = client.post("/v1/feedback", json={"request_id": found["request_id"], "rating": "up"})
    assert rated.status_code == 200


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"rating": "up", "request_id": "no-such-request"}, 404),
        ({"rating": "up"}, 422),
        ({"rating": "sideways"}, 422),
        ({"rating": "up", "citation": 0}, 422),
        ({"rating": "up", "citation": 12}, 422),
        ({"rating": "up", "citation": "1"}, 422),
        ({"rating": "up", "comment": "x" * 4001}, 422),
        ({"rating": "up", "question": "What?"}, 422),
    ],
)
def test_feedback_that_fits_no_answer_is_refused(client: httpx.Client, given: dict[str, Any], status: int) -> None:
    if "request_id" not in given and given != {"rating": "up"}:
        asked = client.post("/v1/ask", json={"question": "What is a driver diagram for?", "max_citations": 1}).json()
        given = {**given, "request_id": asked["request_id"]}
    response = client.post("/v1/feedback", json=given)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/search", {"query": "run chart", "mode": "lexical"}),
        ("/v1/chat/completions", {"model": "turnwise", "messages": [{"role": "user", "content": "What is a PDSA?"}]}),
    ],
)
def test_who_guesses_the_id_that_a_client_chose_can_not_rate(
    client: httpx.Client, path: str, body: dict[str, Any]
) -> None:
    answers = [client.post(path, json=body, headers={"X-Request-ID": "ward-7"}).json() for _ in range(2)]
    assert client.post("/v1/feedback", json={"request_id": "ward-7", "rating": "down"}).status_code == 404
    ids = [(answer.get("request_id") or answer["id"]).removeprefix("chatcmpl-") for answer in answers]
    assert len(set(ids)) == 2
    assert {client.post("/v1/feedback", json={"request_id": each, "rating": "up"}).status_code for each in ids} == {200}


def test_a_page_of_another_origin_can_not_rate(client: httpx.Client) -> None:
    headers = {"Origin": "https://elsewhere.example"}
    assert client.post("/v1/feedback", json={"request_id": "x", "rating": "up"}, headers=headers).status_code == 403


def test_the_words_of_a_question_are_not_stored_by_default(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path, log_questions=False, days=30)
    store.note("r1", question="Who drinks the ptarmigan tea?", status="answered", citations=1)
    store.rate("r1", "down", comment="no")
    (given,) = store.feedback()
    assert given.question is None
    assert b"ptarmigan" not in bytes_in(tmp_path)
    found = insights_of(store, since=LONG_AGO, limit=5)
    assert (found.questions, found.logged, found.down, found.most_asked, found.worst_rated) == (1, 0, 1, (), ())
    store.close()


def test_what_is_erased_is_gone_from_the_folder(logging_store: FeedbackStore, tmp_path: Path) -> None:
    for number in range(20):
        logging_store.note(f"r{number}", question=f"Why is the zeppelin late {number}?", status="answered")
        logging_store.rate(f"r{number}", "down", comment="aubergine")
    assert b"zeppelin late" in bytes_in(tmp_path)
    assert logging_store.erase(request_id="r7") == 2
    assert b"zeppelin late 7" not in bytes_in(tmp_path)
    assert logging_store.erase() == 38
    assert b"zeppelin" not in bytes_in(tmp_path)
    assert b"aubergine" not in bytes_in(tmp_path)


def test_another_worker_knows_the_requests_of_this_one(logging_store: FeedbackStore, tmp_path: Path) -> None:
    other = FeedbackStore(tmp_path, log_questions=True, days=30)
    logging_store.note("r1", question="q", status="answered", citations=2)
    other.rate("r1", "up", citation=2)
    other.rate("r1", "down", citation=2)
    assert [(each.rating, each.citation) for each in logging_store.feedback()] == [("down", 2)]
    with pytest.raises(InputError, match="2 citations"):
        other.rate("r1", "up", citation=3)
    with pytest.raises(NotFoundError, match="r2"):
        other.rate("r2", "up")
    other.close()


def test_only_the_latest_requests_without_words_are_kept(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path, log_questions=False, days=30, kept=5)
    for number in range(9):
        store.note(f"r{number}", question="q", status="answered")
    store.tidy()
    assert [asked.request_id for asked in store.asked()] == ["r4", "r5", "r6", "r7", "r8"]
    store.close()


def test_what_is_older_than_the_days_is_dropped(logging_store: FeedbackStore, tmp_path: Path) -> None:
    logging_store.note("old", question="old quincunx", status="answered")
    assert [asked.request_id for asked in logging_store.asked()] == ["old"]
    with logging_store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE asked SET at = at - 31 * 86400")
    logging_store.note("new", question="new", status="answered")
    logging_store.tidy()
    assert [asked.request_id for asked in logging_store.asked()] == ["new"]
    assert b"quincunx" not in bytes_in(tmp_path)


def test_a_damaged_store_is_said_so_and_questions_are_still_answered(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path, log_questions=False, days=30)
    store.close()
    (tmp_path / DATABASE_NAME).write_bytes(b"no database" * 1000)
    for side in ("-wal", "-shm"):
        (tmp_path / f"{DATABASE_NAME}{side}").unlink(missing_ok=True)
    store.note("r1", question="q", status="answered")  # is logged, and does not fail the question
    with pytest.raises(IndexUnavailableError, match="move it away"):
        store.rate("r1", "up")


def test_an_error_of_the_database_does_not_hold_the_words_of_a_question(tmp_path: Path) -> None:
    engine = open_database(tmp_path)
    with pytest.raises(SQLAlchemyError) as refused, engine.begin() as connection:
        connection.execute(insert(asked).values(request_id="r", question="Who is on the ward?"))
    engine.dispose()
    assert "ward" not in str(refused.value)


def test_insights_count_what_is_asked_refused_and_rated(logging_store: FeedbackStore) -> None:
    asked = [
        ("What is a PDSA?", "answered"),
        ("what is a pdsa", "answered"),
        ("Who pays for parking?", "not_found"),
        ("Who pays for parking ?", "not_found"),
        ("WHO pays for parking?", "not_found"),
        ("Where is the cat?", "not_found"),
    ]
    for number, (question, status) in enumerate(asked):
        logging_store.note(f"r{number}", question=question, status=status)
    for number, rating in ((0, "down"), (1, "down"), (2, "down"), (3, "up"), (5, "up")):
        logging_store.rate(f"r{number}", rating, comment=f"c{number}")  # type: ignore[arg-type]
    found = insights_of(logging_store, since=LONG_AGO, limit=2)
    assert (found.questions, found.refused, found.logged, found.up, found.down) == (6, 4, 6, 2, 3)
    assert [(each.question, each.times) for each in found.most_asked] == [
        ("WHO pays for parking?", 3),
        ("what is a pdsa", 2),
    ]
    assert [(each.question, each.times) for each in found.most_refused] == [
        ("WHO pays for parking?", 3),
        ("Where is the cat?", 1),
    ]
    assert [(each.up, each.down, each.comments) for each in found.worst_rated] == [
        (0, 2, ("c1", "c0")),
        (1, 1, ("c3", "c2")),
    ]


def test_the_commands_show_export_and_erase(run_turnwise: Run, tmp_path: Path) -> None:
    assert run_turnwise("add", Path(__file__).parents[2] / "corpus" / "README.md", "--home", tmp_path).returncode in (
        0,
        1,
    )
    store = FeedbackStore(tmp_path, log_questions=True, days=30)
    store.note("r1", question="Why \x1b[31mred?", status="not_found")
    store.rate("r1", "down", comment="it is there")
    store.close()
    shown = run_turnwise("insights", "--home", tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "TURNWISE_LOG_QUESTIONS" in shown.stderr
    assert "1 questions, 100% of them refused" in shown.stdout
    assert "\x1b" not in shown.stdout
    exported = run_turnwise("feedback", "export", "--home", tmp_path)
    assert [json.loads(line)["kind"] for line in exported.stdout.splitlines()] == ["question", "feedback"]
    assert run_turnwise("feedback", "erase", "--home", tmp_path).returncode == 2
    erased = run_turnwise("feedback", "erase", "--all", "--home", tmp_path, "--json")
    assert json.loads(erased.stdout) == {"erased": 2}
