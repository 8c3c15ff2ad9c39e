"""Whatever is sent, the answer is the contract's: a result, or a problem document that says how to mend it."""

import json
from typing import Any

import httpx
import pytest

JSON = {"Content-Type": "application/json"}
PROBLEM = {"type", "title", "status", "detail"}


def assert_is_problem(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["X-Request-ID"]
    problem: dict[str, Any] = response.json()
    assert PROBLEM <= set(problem) <= PROBLEM | {"errors"}
    assert problem["status"] == status
    assert problem["detail"]
    assert "Traceback" not in response.text
    return problem


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("/v1/search", {}, "#/query"),
        ("/v1/search", {"query": ""}, "#/query"),
        ("/v1/search", {"query": " \n\t "}, "#/query"),
        ("/v1/search", {"query": "x" * 2001}, "#/query"),
        ("/v1/search", {"query": None}, "#/query"),
        ("/v1/search", {"query": 7}, "#/query"),
        ("/v1/search", {"query": "x", "top_k": 0}, "#/top_k"),
        ("/v1/search", {"query": "x", "top_k": 51}, "#/top_k"),
        ("/v1/search", {"query": "x", "top_k": "5"}, "#/top_k"),
        ("/v1/search", {"query": "x", "top_k": True}, "#/top_k"),
        ("/v1/search", {"query": "x", "mode": "magic"}, "#/mode"),
        ("/v1/search", {"query": "x", "limit": 3}, "#/limit"),
        ("/v1/search", {"query": "x", "filters": {"speaker": ["A"]}}, "#/filters/speaker"),
        ("/v1/search", {"query": "x", "filters": {"speakers": "A"}}, "#/filters/speakers"),
        ("/v1/search", {"query": "x", "filters": {"speakers": [1]}}, "#/filters/speakers/0"),
        ("/v1/search", {"query": "x", "filters": {"date_from": "6 December"}}, "#/filters/date_from"),
        ("/v1/search", {"query": "x", "filters": {"date_from": "2024-02-30"}}, "#/filters/date_from"),
        ("/v1/search", {"query": "x", "filters": {"date_to": 1701820800}}, "#/filters/date_to"),
        ("/v1/search", {"query": "x", "filters": {"date_from": "2024-02-02", "date_to": "2024-02-01"}}, "#/filters"),
        ("/v1/ask", {"question": "x" * 2001}, "#/question"),
        ("/v1/ask", {"question": "x", "max_citations": 0}, "#/max_citations"),
        ("/v1/ask", {"question": "x", "max_citations": 13}, "#/max_citations"),
        ("/v1/ask", {"question": "x", "generator": "oracle"}, "#/generator"),
        ("/v1/ask", {"question": "x", "stream": "yes"}, "#/stream"),
        ("/v1/ask", {"question": "x", "history": [{"question": "y"}] * 21}, "#/history"),
        ("/v1/ask", {"question": "x", "history": [{"answer": "y"}]}, "#/history/0/question"),
        ("/v1/ask", {"question": "x", "history": [{"question": "y", "by": "z"}]}, "#/history/0/by"),
        ("/v1/ask", {"query": "x", "question": "x"}, "#/query"),
        ("/v1/ask", {"question": "x", "a/b~c": 1}, "#/a~1b~0c"),
    ],
)
def test_a_request_that_is_not_valid_is_refused_and_the_place_named(
    client: httpx.Client, path: str, body: dict[str, Any], pointer: str
) -> None:
    problem = assert_is_problem(client.post(path, json=body), 422)
    assert pointer in [error["pointer"] for error in problem["errors"]]
    assert all(set(error) == {"detail", "location", "pointer"} for error in problem["errors"])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/search", {"query": "x" * 2000}),
        ("/v1/search", {"query": "  " + "é" * 2000 + "  "}),
        ("/v1/search", {"query": "x", "top_k": 50}),
        ("/v1/search", {"query": "x", "filters": None}),
        ("/v1/search", {"query": "x", "filters": {"speakers": None, "collections": [], "date_to": None}}),
        ("/v1/search", {"query": "😀 \u0000 \u202e %00 <b>", "mode": "lexical"}),
        ("/v1/ask", {"question": "x", "max_citations": 12, "history": [{"question": "y", "answer": None}] * 20}),
        ("/v1/ask", {"question": "x", "generator": None, "stream": False}),
        ("/v1/ask", {"question": "x", "generator": "llm"}),
        ("/v1/ask", {"question": "AND OR NOT NEAR( \" * ^ : ' ; -- %s {} \\"}),
    ],
)
def test_a_request_at_the_limits_is_answered(client: httpx.Client, path: str, body: dict[str, Any]) -> None:
    assert client.post(path, json=body).status_code == 200


@pytest.mark.parametrize(
    ("content", "statuses"),
    [
        (b"", {422}),
        (b"{", {422}),
        (b"null", {422}),
        (b"[]", {422}),
        (b'"query"', {422}),
        (b'{"query": NaN}', {422}),
        (b'{"query": "x", "top_k": 1e999}', {422}),
        (b'{"query": "\\ud800"}', {422}),
        (b'{"query": "x", "\\ud800": 1}', {422}),
        (b"\xff\xfe\x00", {400, 422}),
        (b"[" * 100_000, {400, 422}),
        (b'{"query": "x", "top_k": ' + b"9" * 5000 + b"}", {400, 422}),
        (b'{"query": "' + b"x" * 1_100_000 + b'"}', {413}),
    ],
    ids=range(13),
)
def test_rubbish_is_refused_as_a_problem(client: httpx.Client, content: bytes, statuses: set[int]) -> None:
    response = client.post("/v1/search", content=content, headers=JSON)
    assert response.status_code in statuses
    assert_is_problem(response, response.status_code)


def test_a_body_of_unknown_length_is_refused_once_it_is_too_long(client: httpx.Client) -> None:
    pieces = (b"x" * 100_000 for _ in range(12))
    assert_is_problem(client.post("/v1/search", content=pieces, headers=JSON), 413)


def test_json_that_a_web_form_could_send_is_refused(client: httpx.Client) -> None:
    content = json.dumps({"query": "run chart"})
    problem = assert_is_problem(client.post("/v1/search", content=content, headers={"Content-Type": "text/plain"}), 422)
    assert "Content-Type: application/json" in problem["detail"]


def test_what_is_no_object_within_a_body_is_not_blamed_on_the_content_type(client: httpx.Client) -> None:
    problem = assert_is_problem(client.post("/v1/ask", json={"question": "And why?", "history": ["How?"]}), 422)
    assert problem["detail"] == "history/0: a JSON object is expected"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("GET", "/nothing.php", 404),
        ("GET", "/v1/transcripts/no-such-transcript", 404),
        ("GET", "/v1/jobs/no-such-job", 404),
        ("DELETE", "/v1/transcripts/no-such-transcript", 404),
        ("GET", "/static/no-such-file.js", 404),
        ("GET", "/static/..%2f..%2fpyproject.toml", 404),
        ("GET", "/docs/..%2f..%2f__init__.py", 404),
        ("GET", "/v1/ask", 405),
        ("PUT", "/v1/transcripts", 405),
        ("GET", "/v1/transcripts?limit=0", 422),
        ("GET", "/v1/transcripts?limit=many", 422),
        ("GET", "/v1/transcripts?page=2", 422),
        ("GET", "/v1/transcripts?cursor=garbage", 422),
        ("GET", "/v1/transcripts?cursor=", 422),
        ("GET", "/v1/transcripts?cursor=bm8gY2hlY2tzdW0gYXQgYWxs", 422),
        ("GET", "/v1/transcripts/no-such-transcript?turns=3", 422),
        ("GET", "/v1/speakers?page=2", 422),
        ("GET", "/v1/jobs/no-such-job?wait=1", 422),
        ("GET", "/v1/insights?since=yesterday", 422),
        ("GET", "/v1/me?page=2", 422),
        ("GET", "/v1/transcripts?speaker=Nobody", 422),
        ("GET", "/v1/transcripts?date_from=yesterday", 422),
        ("GET", "/v1/transcripts?date_from=2024-02-02&date_to=2024-02-01", 422),
    ],
)
def test_what_is_not_there_or_not_possible_is_a_problem(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    assert_is_problem(client.request(method, path), status)


def test_a_method_that_is_not_possible_is_answered_with_those_that_are(client: httpx.Client) -> None:
    assert client.put("/v1/transcripts").headers["Allow"] == "GET, POST"
    assert client.get("/v1/search").headers["Allow"] == "POST"


@pytest.mark.parametrize("given", ["abc-123", "with spaces, and 'quotes'", "x" * 128])
def test_a_sane_request_id_is_taken_over(client: httpx.Client, given: str) -> None:
    response = client.post("/v1/search", json={"query": "flow", "mode": "lexical"}, headers={"X-Request-ID": given})
    assert response.headers["X-Request-ID"] == given
    assert len(response.json()["request_id"]) == 32  # by which it can be rated: nobody guesses it


@pytest.mark.parametrize("given", [b"x" * 129, b"\xc3\xa4", b"a\tb"])
def test_another_request_id_is_replaced(client: httpx.Client, given: bytes) -> None:
    response = client.get("/healthz", headers={b"X-Request-ID": given})
    assert len(response.headers["X-Request-ID"]) == 32


def test_every_response_carries_safe_headers(client: httpx.Client) -> None:
    for path in ("/", "/v1/speakers", "/v1/nothing", "/static/favicon.svg", "/healthz"):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self'; base-uri 'none'")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Request-ID"]
        assert "server" not in headers


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "10.0.0.1", ""])
def test_a_name_that_is_not_this_machines_is_misdirected(client: httpx.Client, host: str) -> None:
    assert_is_problem(client.get("/v1/speakers", headers={"Host": host}), 421)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.1.2.3:80", "[::1]:8000", "tenant.localhost"])
def test_every_name_of_this_machine_is_served(client: httpx.Client, host: str) -> None:
    assert client.get("/v1/speakers", headers={"Host": host}).status_code == 200


def test_large_documents_are_sent_compressed_to_whoever_takes_them(client: httpx.Client) -> None:
    assert client.get("/v1/transcripts").headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get("/v1/transcripts", headers={"Accept-Encoding": "identity"}).headers
