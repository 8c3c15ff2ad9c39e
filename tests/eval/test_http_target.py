"""Asking a server that is busy, broken or gone: a real one, on a port of its own."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import perf_counter
from typing import Any

import pytest

from eval.errors import TargetError
from eval.target.http import TRIES, HttpTarget
from rag.errors import InputError

Answer = tuple[int, dict[str, str], str]
FOUND = json.dumps({"standalone_query": "x", "index_version": "1", "passages": []})
Serve = Callable[..., tuple[HttpTarget, list[dict[str, Any]]]]


@pytest.fixture
def served() -> Iterator[Serve]:
    """Start a server that gives the answers in their order, the last of them for ever."""
    servers: list[ThreadingHTTPServer] = []

    def start(*answers: Answer, **options: Any) -> tuple[HttpTarget, list[dict[str, Any]]]:
        asked: list[dict[str, Any]] = []

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked.append({"path": self.path, "body": json.loads(body or "null"), "headers": dict(self.headers)})
                status, headers, text = answers[min(len(asked), len(answers)) - 1]
                data = text.encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(data))}.items():
                    self.send_header(name, value)
                self.end_headers()
                if "Drops" not in headers:
                    self.wfile.write(data)
                    return
                with suppress(OSError):
                    for drop in data:
                        self.wfile.write(bytes([drop]))
                        time.sleep(float(headers["Drops"]))

            do_GET = do_POST = answer  # noqa: N815 - the base class's names

            def log_message(self, *_: Any) -> None: ...

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return HttpTarget(f"http://127.0.0.1:{server.server_port}/", first_pause_s=0.001, **options), asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def search(target: HttpTarget) -> dict[str, Any]:
    return target.search("x", history=["before"], top_k=20, mode="hybrid").document


def test_the_request_is_that_of_the_contract(served: Serve):
    target, asked = served((200, {}, FOUND), headers={"Authorization": "Bearer k"})
    assert search(target)["index_version"] == "1"
    assert asked[0]["path"] == "/v1/search"
    assert asked[0]["body"] == {
        "query": "x",
        "history": [{"question": "before", "answer": None}],
        "top_k": 20,
        "mode": "hybrid",
    }
    assert asked[0]["headers"]["Authorization"] == "Bearer k"


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again(served: Serve, status: int):
    target, asked = served((status, {}, "busy"), (status, {}, "busy"), (200, {}, FOUND))
    assert search(target)["passages"] == []
    assert len(asked) == 3


def test_the_pause_that_a_server_asks_for_is_kept_and_not_counted_as_its_time(served: Serve):
    target, _ = served((429, {"Retry-After": "1"}, ""), (200, {}, FOUND))
    started = perf_counter()
    timed = target.search("x", history=(), top_k=20, mode="hybrid")
    assert perf_counter() - started >= 1
    assert timed.wall_ms < 900


def test_a_date_as_retry_after_is_understood(served: Serve):
    target, asked = served((503, {"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"}, ""), (200, {}, FOUND))
    assert search(target)["passages"] == []
    assert len(asked) == 2


@pytest.mark.parametrize("status", [400, 401, 404, 422, 500])
def test_a_refusal_is_final(served: Serve, status: int):
    target, asked = served((status, {}, '{"detail": "so it is"}'))
    with pytest.raises(TargetError, match=rf"{status}.*so it is"):
        search(target)
    assert len(asked) == 1


def test_after_the_last_try_the_reason_is_said(served: Serve):
    target, asked = served((503, {}, "warming up"))
    with pytest.raises(TargetError, match="warming up"):
        search(target)
    assert len(asked) == TRIES


def test_a_server_that_is_gone_is_an_error_of_the_target():
    target = HttpTarget("http://127.0.0.1:9", first_pause_s=0.001)
    with pytest.raises(TargetError, match="ConnectError"):
        search(target)


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://host", "", "http://", "http://[::1", "http://a\nb"])
def test_what_is_no_address_is_refused(url: str):
    with pytest.raises(InputError, match="address"):
        HttpTarget(url)


def test_a_reply_that_comes_in_drops_is_given_up_in_time(served: Serve):
    target, asked = served((200, {"Drops": "0.05"}, FOUND), timeout_s=0.25)
    started = perf_counter()
    with pytest.raises(TargetError, match="no whole reply within"):
        search(target)
    assert len(asked) == TRIES
    assert perf_counter() - started < TRIES * 2


def test_a_reply_that_is_not_packed_as_it_says_is_an_error_of_the_target(served: Serve):
    target, _ = served((200, {"Content-Encoding": "gzip"}, FOUND))
    with pytest.raises(TargetError, match="DecodingError"):
        search(target)


@pytest.mark.parametrize("text", ["<html>", "[]", "", "[" * 100_000])
def test_a_reply_that_is_no_json_object_is_an_error_of_the_target(served: Serve, text: str):
    target, _ = served((200, {}, text))
    with pytest.raises(TargetError, match="JSON"):
        search(target)


def test_all_pages_of_the_listing_are_read(served: Serve):
    pages = [
        {"transcripts": [{"id": str(n), "title": "", "url": f"https://x.example/{n}.html"}], "next": n} for n in (1, 2)
    ]
    pages[1]["next"] = None
    target, asked = served(*((200, {}, json.dumps(page)) for page in pages))
    assert [entry["id"] for entry in target.transcripts()] == ["1", "2"]
    assert [each["path"] for each in asked] == ["/v1/transcripts", "/v1/transcripts?cursor=1"]


def test_a_transcript_that_is_not_there_is_none(served: Serve):
    target, asked = served((404, {}, "{}"))
    assert target.transcript("a/b c") is None
    assert asked[0]["path"] == "/v1/transcripts/a%2Fb%20c"


def test_being_ready_is_waited_for_and_not_required(served: Serve):
    target, asked = served((503, {}, ""), (200, {}, "{}"))
    target.warm()
    assert len(asked) == 2
    served((404, {}, ""))[0].warm()
