"""Whatever is sent to any call, the answer is one that the OpenAPI document declares, and never a 5xx."""

import contextlib
import json
import socket
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.api.fuzzed_api import fuzz

SEED = 1
CASES = 1_000


@pytest.fixture
def fuzzed_url(serve: Callable[..., str], corpus_home: Path) -> str:
    """Return the address of a server whose transcripts may be removed."""
    return serve(corpus_home)


@pytest.mark.skipif(find_spec("schemathesis") is None, reason="schemathesis is not installed (extra: dev)")
@pytest.mark.timeout(600)
def test_no_answer_to_a_thousand_made_up_requests_is_off_the_schema(fuzzed_url: str, tmp_path: Path) -> None:
    fuzzed = fuzz(fuzzed_url, tmp_path, seed=SEED, examples=4, within_s=500)
    assert fuzzed.passed, fuzzed.said
    assert fuzzed.cases >= CASES
    assert fuzzed.operations == sum(map(len, httpx.get(f"{fuzzed_url}/openapi.json").json()["paths"].values()))


def test_every_call_has_a_name_of_its_own(server_url: str) -> None:
    paths = httpx.get(f"{server_url}/openapi.json").json()["paths"]
    names = [call["operationId"] for calls in paths.values() for call in calls.values()]
    assert len(names) == len(set(names)) >= 20


def _answer_to(server_url: str, sent: bytes, attempts: int = 5) -> bytes:
    """Send bytes as they are, again where the connection was reset (closed before all was read) or hung."""
    place = urlsplit(server_url)
    assert place.port is not None
    for _ in range(attempts):
        received = b""
        with (
            contextlib.suppress(ConnectionError, TimeoutError),
            socket.create_connection((str(place.hostname), place.port), timeout=10) as connection,
        ):
            connection.sendall(sent)
            while more := connection.recv(65536):
                received += more
        if received:
            return received
    return b""


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01 this is no HTTP\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
    ],
    ids=["address", "tls", "version"],
)
def test_what_is_no_http_request_is_a_problem_too(server_url: str, sent: bytes) -> None:
    received = _answer_to(server_url, sent)
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/problem+json" in head.lower()
    assert json.loads(body)["status"] == 400


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"k\x80jl", b"[" * 100_000])
def test_a_body_that_is_no_json_at_all_is_not_valid(client: httpx.Client, body: bytes) -> None:
    response = client.post("/v1/search", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == response.json()["status"] == 422
    assert "not JSON" in response.json()["detail"]


def test_a_field_of_an_upload_that_is_sent_twice_is_refused(client: httpx.Client) -> None:
    fields = {"title": ["One", "Two"]}
    response = client.post("/v1/transcripts", files={"files": ("a.md", b"**A:** Well.\n")}, data=fields)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "#/title"
