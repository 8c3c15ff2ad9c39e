"""Streams of POST /v1/ask on their way: uncompressed, unbuffered, kept open, and given up when nobody listens."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import StreamingResponse

from api.live_answer import LiveAnswer
from api.schemas.answers import AskResponse
from api.streaming import PING, stream_answer
from api.waiting import begun
from rag.answering.types import Status
from tests.api.assistants.served_in_process import served

QUESTION = "How many points make a shift on a run chart?"
ANSWER = AskResponse(
    question="q",
    standalone_question="q",
    request_id="r",
    status=Status.ABOUT,
    confidence=0.0,
    generator="extractive",
    notice=None,
    answer="Yes, " * 2000,
    sentences=(),
    citations=(),
    passages=(),
    related_questions=(),
    index_version="v",
    timings_ms={},
)


@pytest.mark.parametrize("body", [{"question": QUESTION, "stream": True}, {"question": "What can I ask?"}])
def test_a_stream_is_neither_compressed_nor_held_back(client: httpx.Client, body: dict[str, Any]) -> None:
    headers = {"Accept-Encoding": "gzip", "Accept": "text/event-stream"}
    with client.stream("POST", "/v1/ask", json=body, headers=headers) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["X-Accel-Buffering"] == "no"
        assert response.headers["Cache-Control"] == "no-store"
        assert "Content-Encoding" not in response.headers
        assert "Content-Length" not in response.headers
        assert response.read().startswith(b"event: status\n")


class SlowAnswers:
    """Answers that take as long as the test wants, streamed by the real parts behind the real middleware."""

    def __init__(self, ping_s: float) -> None:
        self.finish = threading.Event()
        self.lives: list[LiveAnswer] = []
        self.app = FastAPI()
        self.app.add_middleware(GZipMiddleware, minimum_size=1)
        self.app.add_api_route("/slow", self.answer, methods=["GET"])
        self.ping_s = ping_s

    async def answer(self, request: Request) -> StreamingResponse:
        live = LiveAnswer()
        self.lives.append(live)

        def work() -> AskResponse:
            while not (self.finish.wait(0.02) or live.gone()):
                pass
            return ANSWER

        making = asyncio.ensure_future(asyncio.to_thread(work))
        await begun(making, live, request, within_s=self.ping_s)
        return StreamingResponse(stream_answer(making, live=live, ping_s=self.ping_s), media_type="text/event-stream")


def test_comment_lines_come_while_an_answer_is_made_and_nothing_waits_in_between() -> None:
    slow = SlowAnswers(ping_s=0.1)
    with served(slow.app) as url, httpx.stream("GET", f"{url}/slow", timeout=20) as response:
        parts = response.iter_bytes()
        assert [next(parts) for _ in range(3)] == [PING] * 3  # each arrives before the answer is there
        slow.finish.set()
        rest = b"".join(parts)
    assert b"event: status\n" in rest
    assert rest.rstrip().rpartition(b"\n\n")[2].startswith(b"event: done\n")


def until(holds: Any, within_s: float = 10) -> bool:
    deadline = time.monotonic() + within_s
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(holds())


@pytest.mark.parametrize("ping_s", [0.1, 5.0], ids=["after the first byte", "before the first byte"])
def test_a_client_that_leaves_ends_the_work(ping_s: float) -> None:
    slow = SlowAnswers(ping_s=ping_s)
    with served(slow.app) as url:
        # Before the first byte its patience ends; after it, it closes the connection.
        with suppress(httpx.ReadTimeout), httpx.stream("GET", f"{url}/slow", timeout=0.6) as response:
            assert next(response.iter_bytes()) == PING
        assert until(lambda: slow.lives and slow.lives[0].gone(), within_s=3)


def test_an_error_found_before_the_first_event_has_its_own_status() -> None:
    class Gone:
        async def is_disconnected(self) -> bool:
            return False

    async def fails() -> None:
        async def broken() -> None:
            raise LookupError("early")

        making = asyncio.ensure_future(broken())
        await begun(making, LiveAnswer(), cast(Request, Gone()), within_s=5)

    with ThreadPoolExecutor(1) as thread, pytest.raises(LookupError):
        thread.submit(asyncio.run, fails()).result()
