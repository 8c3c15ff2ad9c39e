"""What the server tells of itself: metrics for Prometheus, a log of JSON lines, and in neither the words of anybody."""

import json
import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.logs import MOST_WAITING, UnhurriedHandler, bind_request, configure_logs, flush_logs
from api.metrics import Metrics

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples(text: str) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(found: Samples, name: str, **labels: str) -> float:
    return found.get((name, frozenset(labels.items())), 0.0)


def test_metrics_count_requests_answers_refusals_and_stages(client: httpx.Client, ask: Callable[..., Any]) -> None:
    before = samples(client.get("/metrics").text)
    assert ask("What is a driver diagram for?")["status"] == "answered"
    refused = ask("What does the zoo charge for feeding penguins?")
    assert client.post("/v1/ask", json={}).status_code == 422
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    after = samples(response.text)

    def more(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    assert more("turnwise_requests_total", method="POST", route="/v1/ask", status="200") == 2
    assert more("turnwise_requests_total", method="POST", route="/v1/ask", status="422") == 1
    assert more("turnwise_request_seconds_count", route="/v1/ask") == 3
    assert more("turnwise_answers_total", status=refused["status"], generator="extractive") >= 1
    for stage in ("embed", "retrieve", "rerank", "total"):
        assert more("turnwise_stage_seconds_count", stage=stage) == 2
    version = client.post("/v1/search", json={"query": "x", "mode": "lexical"}).json()["index_version"]
    assert value(after, "turnwise_index_info", version=version) == 1
    assert value(after, "turnwise_index_transcripts") > 1
    assert value(after, "turnwise_ready") == 1
    assert value(after, "process_resident_memory_bytes") > 0


def test_addresses_and_methods_that_people_make_up_are_one_series(client: httpx.Client) -> None:
    for number in range(20):
        client.get(f"/made-up-{number}")
        client.request(f"BREW{number}", f"/made-up-{number}")
    text = client.get("/metrics").text
    assert "made-up" not in text
    assert "BREW" not in text
    assert value(samples(text), "turnwise_requests_total", method="other", route="other", status="404") >= 20


def test_a_transcripts_id_is_no_label(client: httpx.Client) -> None:
    first = client.get("/v1/transcripts").json()["transcripts"][0]["id"]
    client.get(f"/v1/transcripts/{first}")
    assert first not in client.get("/metrics").text


def test_an_index_that_is_gone_leaves_no_series_behind() -> None:
    metrics = Metrics()
    assert "one" in metrics.exposition(lambda: ("one", 1, 2)).decode()
    assert 'version="one"' not in metrics.exposition(lambda: ("two", 1, 2)).decode()


def test_the_log_is_json_lines_with_request_ids_and_without_questions(
    serve: Callable[[Path], str], corpus_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    url = serve(corpus_home)
    secret = "zanzibarquokka"
    for path, body in (
        ("/v1/ask", {"question": f"Did {secret} happen?"}),
        ("/v1/search", {"query": secret}),
        ("/v1/quote", {"quote": secret}),
        ("/v1/ask", {"question": secret, "unknown": secret}),
    ):
        httpx.post(f"{url}{path}", json=body, headers={"X-Request-ID": "the-id"}, timeout=60)
    logs = sorted(tmp_path_factory.getbasetemp().glob("served*/server.log"), key=lambda file: file.stat().st_mtime)
    until = time.monotonic() + 10
    written = ""
    # A thread of the server writes the lines, after the answers went out.
    while written.count('"answered"') < 4 and time.monotonic() < until:
        written = next((text for file in reversed(logs) if "the-id" in (text := file.read_text("utf-8"))), "")
        time.sleep(0.01)
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    answered = [line for line in lines if line.get("request_id") == "the-id" and line["event"] == "answered"]
    assert [(line["method"], line["path"], line["status"]) for line in answered] == [
        ("POST", "/v1/ask", 200),
        ("POST", "/v1/search", 200),
        ("POST", "/v1/quote", 200),
        ("POST", "/v1/ask", 422),
    ]
    assert all(line["took_ms"] > 0 and line["timestamp"] and line["level"] == "info" for line in answered)
    assert secret not in written
    stored = b"".join(file.read_bytes() for log in logs for file in (log.parent / "home").glob("feedback.db*"))
    assert all(line["answer_id"].encode() in stored for line in answered[:2])
    assert secret.encode() not in stored


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_traceback_holds_no_variables(form: Any, capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        configure_logs(form=form, level="info")
        bind_request("r-9", answer_id="r-9")
        question = "secret " + "quokka"
        try:
            raise RuntimeError("broke")  # noqa: TRY301
        except RuntimeError:
            logging.getLogger("turnwise.http").exception("failed")
        assert question
        flush_logs()
        written = capsys.readouterr().err
    finally:
        root.handlers[0].close()
        root.handlers[:], root.level = handlers, level
    assert "RuntimeError" in written
    assert "r-9" in written
    assert "quokka" not in written.replace('"secret " + "quokka"', "")
    assert len(written.splitlines()) == 1 or form == "text"


def test_nobody_waits_for_a_log_that_is_not_read_and_what_was_lost_is_said() -> None:
    reading, writing = os.pipe()
    logger = logging.getLogger("turnwise.unread")
    logger.propagate = False
    with os.fdopen(writing, "w", encoding="utf-8") as stream:
        handler = UnhurriedHandler(logging.StreamHandler(stream))
        logger.addHandler(handler)
        started = time.monotonic()
        for number in range(MOST_WAITING + 2_000):  # of a pipe that holds 64 KB
            logger.warning("line %d of a log that nobody reads", number)
        assert time.monotonic() - started < 20
        lines: list[str] = []

        def read() -> None:
            with os.fdopen(reading, encoding="utf-8") as log:
                lines.extend(log)

        reader = threading.Thread(target=read)
        reader.start()
        while handler.waiting.unfinished_tasks:
            time.sleep(0.01)
        logger.warning("the last line")
        handler.close()
        logger.removeHandler(handler)
    reader.join(20)
    lost = [int(line.split()[0]) for line in lines if "were lost" in line]
    assert sum(lost) + len(lines) - len(lost) == MOST_WAITING + 2_001
    assert lines[0] == "line 0 of a log that nobody reads\n"
    assert lines[-1] == "the last line\n"
