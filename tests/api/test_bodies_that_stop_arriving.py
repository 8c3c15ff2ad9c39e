"""A request that stops arriving, or breaks off, is given up: it is no fault of the server's, and holds nothing."""

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import Body, FastAPI, Request
from starlette.responses import StreamingResponse

from api.body_limit import BodyLimitMiddleware
from api.limits.middleware import install_limits
from api.limits.rate import RateLimit
from api.metrics import Metrics, MetricsMiddleware
from api.problems import install_problem_handlers
from api.request_context import RequestContextMiddleware
from api.stopping import Stopping
from rag.settings import Settings
from tests.api.assistants.served_in_process import served
from tests.api.served_by_workers import until

SILENCE_S = 1.0
PIECES = 8
UPLOAD, JSON, FORM = "/v1/transcripts", "/v1/feedback", "/v1/form"
BEGINNING = b"-"
"""Of a number, as of a form's first boundary."""


@pytest.fixture(scope="module")
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture(scope="module")
def url(metrics: Metrics) -> Iterator[str]:
    """Return the address of calls that read their body in each way in which one can."""
    app = FastAPI()
    install_problem_handlers(app)

    @app.post(UPLOAD)
    async def upload(request: Request) -> int:
        return len(await request.body())

    @app.post(FORM)
    async def form(request: Request) -> int:
        async with request.form() as fields:
            return len(fields)

    @app.post(JSON)
    async def feedback(given: dict[str, Any] = Body()) -> int:  # noqa: B008 - as FastAPI has it
        return len(given)

    @app.get("/v1/speakers")
    async def speakers() -> StreamingResponse:
        async def slowly() -> AsyncIterator[bytes]:
            for _ in range(3):
                yield b"x"
                await asyncio.sleep(SILENCE_S)

        return StreamingResponse(slowly())

    install_limits(app, Settings(), metrics, RateLimit(), Stopping(), silence_s=SILENCE_S)
    app.add_middleware(BodyLimitMiddleware)
    app.add_middleware(RequestContextMiddleware)
    app.add_middleware(MetricsMiddleware, metrics=metrics)
    with served(app) as address:
        yield address


def connected(url: str, path: str, sent: bytes, *, method: str = "POST", announced: int = 50) -> socket.socket:
    """Send the head of a request and a part of its body."""
    place = urlsplit(url)
    assert place.port is not None
    connection = socket.create_connection((str(place.hostname), place.port), timeout=30)
    kind = "multipart/form-data; boundary=B" if path == FORM else "application/json"
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: {announced}\r\n\r\n"
    connection.sendall(head.encode() + sent)
    return connection


def received(connection: socket.socket) -> tuple[int, bytes]:
    """Return the status and the body of the answer, once the server has hung up."""
    answer = b""
    with connection:
        while more := connection.recv(65536):
            answer += more
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


def counted(metrics: Metrics, status: int) -> float:
    lines = metrics.exposition(lambda: ("v", 0, 0)).decode().splitlines()
    rows = [line for line in lines if line.startswith("turnwise_requests_total") and f'status="{status}"' in line]
    return sum(float(row.rsplit(" ", 1)[1]) for row in rows)


@pytest.mark.parametrize("path", [UPLOAD, JSON, FORM])
def test_a_body_that_stops_arriving_is_a_408(url: str, metrics: Metrics, path: str) -> None:
    before = counted(metrics, 408)
    status, body = received(connected(url, path, BEGINNING))
    problem = json.loads(body)
    assert (status, problem["status"]) == (408, 408)
    assert "stopped arriving" in problem["detail"]
    assert counted(metrics, 408) == before + 1


def test_a_body_that_takes_long_but_goes_on_arriving_is_read(url: str) -> None:
    async def run() -> httpx.Response:
        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(PIECES):
                yield b"x"
                await asyncio.sleep(SILENCE_S / 6)

        async with httpx.AsyncClient(base_url=url) as client:
            return await client.post(UPLOAD, content=pieces())

    response = asyncio.run(run())
    assert (response.status_code, response.json()) == (200, PIECES)
    assert response.elapsed.total_seconds() > SILENCE_S


def test_an_answer_that_takes_long_is_not_cut_off_whether_or_not_a_body_comes(url: str) -> None:
    assert httpx.get(f"{url}/v1/speakers").text == "xxx"
    connection = connected(url, "/v1/speakers", b"{", method="GET")
    answer = b""
    with connection:
        while answer.count(b"\r\nx\r\n") < 3:
            more = connection.recv(65536)
            assert more, answer
            answer += more


@pytest.mark.parametrize("path", [UPLOAD, JSON, FORM, "/v1/ask"])
def test_who_hangs_up_while_sending_is_a_line_in_the_log_and_no_fault(
    url: str, metrics: Metrics, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "turnwise.http")
    before = counted(metrics, 400)

    def told() -> list[logging.LogRecord]:
        # The line of a request of the test before may come only now.
        lines = [record for record in caplog.records if record.name == "turnwise.http"]
        return [record for record in lines if record.__dict__.get("path", path) == path]

    connected(url, path, BEGINNING).close()
    until(lambda: any(record.message == "answered" for record in told()), 30)
    until(lambda: counted(metrics, 400) == before + 1, 30)
    assert counted(metrics, 500) == 0
    assert [(record.levelname, record.exc_info) for record in told()] == [("INFO", None)]
