"""Too often, too many, too slow: each is turned away as a problem that says when to try again, and nothing else is."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.body_limit import MAX_BODY_BYTES, BodyLimitMiddleware
from api.limits.middleware import install_limits
from api.limits.queue import QuestionQueue, QueueFullError, QueueTimeoutError
from api.limits.rate import RateLimit
from api.metrics import Metrics
from api.stopping import Stopping
from rag.settings import Settings

QUESTION = {"question": "Which?"}


@dataclass
class Work:
    """What the app under test does: it waits to be told to go on."""

    go_on: asyncio.Event
    running: int = 0
    most_running: int = 0
    saw_client_leave: bool = False


@dataclass(frozen=True)
class Caller:
    id: str
    rate_per_minute: int | None


class KnowsCallers:
    """Leaves a principal as authentication does, named by a header."""

    def __init__(self, app: ASGIApp, *, per_minute: int | None) -> None:
        self.app, self.per_minute = app, per_minute

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            name = dict(scope["headers"]).get(b"x-caller", b"").decode()
            scope.setdefault("state", {})["principal"] = Caller(name, self.per_minute) if name else None
        await self.app(scope, receive, send)


def served(work: Work, *, per_minute: int | None = None, **settings: Any) -> tuple[httpx.AsyncClient, Metrics]:
    app, metrics = FastAPI(), Metrics()

    @app.post("/v1/ask")
    async def ask(request: Request) -> dict[str, Any]:
        asked = await request.json()
        work.running += 1
        work.most_running = max(work.most_running, work.running)
        try:
            while not work.go_on.is_set():
                work.saw_client_leave |= await request.is_disconnected()
                await asyncio.sleep(0.005)
        finally:
            work.running -= 1
        return {"asked": asked}

    @app.get("/v1/speakers")
    async def speakers() -> dict[str, Any]:
        return {}

    install_limits(app, Settings(**settings), metrics, RateLimit(), Stopping())
    app.add_middleware(BodyLimitMiddleware)
    app.add_middleware(KnowsCallers, per_minute=per_minute)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t"), metrics


def is_refusal(response: httpx.Response, status: int) -> bool:
    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert response.status_code == problem["status"] == status
    assert int(response.headers["Retry-After"]) >= 1
    return bool(problem["detail"])


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.005)


def sample(metrics: Metrics, line: str) -> float:
    text = metrics.exposition(lambda: ("v", 0, 0)).decode()
    return next(float(row.rsplit(" ", 1)[1]) for row in text.splitlines() if row.startswith(f"{line} "))


def test_questions_wait_their_turn_and_beyond_that_are_turned_away() -> None:
    async def run() -> None:
        work = Work(asyncio.Event())
        client, metrics = served(work, questions_at_once=2, questions_waiting=3)
        asked = [asyncio.ensure_future(client.post("/v1/ask", json=QUESTION)) for _ in range(5)]
        await until(lambda: sample(metrics, "turnwise_questions_waiting") == 3)
        assert sample(metrics, "turnwise_questions_running") == 2
        assert is_refusal(await client.post("/v1/ask", json=QUESTION), 503)
        assert (await client.get("/v1/speakers")).status_code == 200  # what is quick is answered all the same
        work.go_on.set()
        assert [response.json() for response in await asyncio.gather(*asked)] == [{"asked": QUESTION}] * 5
        assert work.most_running == 2
        assert sample(metrics, 'turnwise_turned_away_total{reason="queue"}') == 1
        assert sample(metrics, "turnwise_questions_running") == sample(metrics, "turnwise_questions_waiting") == 0

    asyncio.run(run())


def test_a_question_that_waits_too_long_is_turned_away() -> None:
    async def run() -> None:
        work = Work(asyncio.Event())
        client, _ = served(work, questions_at_once=1, queue_timeout_s=0.05)
        first = asyncio.ensure_future(client.post("/v1/ask", json=QUESTION))
        await until(lambda: work.running == 1)
        assert is_refusal(await client.post("/v1/ask", json=QUESTION), 503)
        work.go_on.set()
        assert (await first).status_code == 200

    asyncio.run(run())


def test_an_answer_that_takes_too_long_is_a_504_and_keeps_its_place_until_it_ends() -> None:
    async def run() -> None:
        work = Work(asyncio.Event())
        client, metrics = served(work, questions_at_once=1, question_timeout_s=0.05, queue_timeout_s=0.05)
        assert is_refusal(await client.post("/v1/ask", json=QUESTION), 504)
        await until(lambda: work.saw_client_leave)  # so that a language model is told to stop
        assert is_refusal(await client.post("/v1/ask", json=QUESTION), 503)
        work.go_on.set()
        await until(lambda: sample(metrics, "turnwise_questions_running") == 0)
        assert (await client.post("/v1/ask", json=QUESTION)).status_code == 200

    asyncio.run(run())


def test_a_body_that_trickles_in_takes_no_place_and_is_given_up() -> None:
    async def run() -> None:
        work = Work(asyncio.Event())
        client, metrics = served(work, questions_at_once=1, body_timeout_s=0.1)
        trickles = asyncio.Event()

        async def trickle() -> AsyncIterator[bytes]:
            for _ in itertools.count():
                yield b" "
                trickles.set()
                await asyncio.sleep(0.02)

        slow = asyncio.ensure_future(client.post("/v1/ask", content=trickle()))
        async with asyncio.timeout(10):
            await trickles.wait()
        work.go_on.set()
        assert (await client.post("/v1/ask", json=QUESTION)).status_code == 200
        response = await slow
        assert response.status_code == 408
        assert response.json()["status"] == 408
        assert sample(metrics, 'turnwise_turned_away_total{reason="body"}') == 1

    asyncio.run(run())


def test_a_body_of_unknown_length_that_is_too_long_is_still_a_413() -> None:
    async def run() -> None:
        client, _ = served(Work(asyncio.Event()))

        async def endless() -> AsyncIterator[bytes]:
            for _ in range(2 + MAX_BODY_BYTES // 100_000):
                yield b" " * 100_000

        response = await client.post("/v1/ask", content=endless())
        assert response.status_code == response.json()["status"] == 413

    asyncio.run(run())


def test_who_leaves_while_waiting_gives_the_turn_up() -> None:
    async def run() -> None:
        work = Work(asyncio.Event())
        client, metrics = served(work, questions_at_once=1)
        first = asyncio.ensure_future(client.post("/v1/ask", json=QUESTION))
        await until(lambda: work.running == 1)
        app: Any = client._transport.app  # type: ignore[attr-defined]
        left = asyncio.Event()
        messages = iter([{"type": "http.request", "body": b"{}", "more_body": False}])
        sent: list[Any] = []

        async def receive() -> Any:
            for message in messages:
                return message
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": "/v1/ask", "headers": [], "query_string": b""}
        waiting = asyncio.ensure_future(app(scope, receive, send))
        await until(lambda: sample(metrics, "turnwise_questions_waiting") == 1)
        left.set()
        await waiting
        assert sample(metrics, "turnwise_questions_waiting") == 0
        assert [message["status"] for message in sent if "status" in message] == [400]  # for the log: nobody reads it
        work.go_on.set()
        assert (await first).status_code == 200

    asyncio.run(run())


def test_each_caller_may_ask_so_often_a_minute_and_without_one_there_is_no_limit() -> None:
    async def run() -> None:
        work = Work(asyncio.Event())
        work.go_on.set()
        client, metrics = served(work, per_minute=3)
        for name in ("ada", "bo"):
            statuses = [(await client.get("/v1/speakers", headers={"X-Caller": name})).status_code for _ in range(3)]
            assert statuses == [200] * 3
        refused = await client.get("/v1/speakers", headers={"X-Caller": "ada"})
        assert is_refusal(refused, 429)
        assert int(refused.headers["Retry-After"]) <= 60
        assert sample(metrics, 'turnwise_turned_away_total{reason="rate"}') == 1
        assert {(await client.get("/v1/speakers")).status_code for _ in range(50)} == {200}

    asyncio.run(run())


def test_a_caller_without_a_rate_is_not_limited() -> None:
    async def run() -> None:
        client, _ = served(Work(asyncio.Event()), per_minute=None)
        statuses = {(await client.get("/v1/speakers", headers={"X-Caller": "ada"})).status_code for _ in range(50)}
        assert statuses == {200}

    asyncio.run(run())


@pytest.mark.parametrize("at_once", [1, 3])
def test_places_are_never_lost_however_waiting_ends(at_once: int) -> None:
    async def run() -> None:
        seen: list[tuple[int, int]] = []
        queue = QuestionQueue(at_once=at_once, waiting=4, timeout_s=0.02, on_change=lambda *now: seen.append(now))

        async def visit(number: int) -> str:
            try:
                await queue.enter()
            except QueueFullError:
                return "full"
            except QueueTimeoutError:
                return "timeout"
            try:
                await asyncio.sleep(0.005 * (number % 4))
            finally:
                queue.leave()
            return "in"

        for round_ in range(20):
            visits = [asyncio.ensure_future(visit(number)) for number in range(12)]
            await asyncio.sleep(0.001 * (round_ % 5))
            visits[round_ % 12].cancel()
            ended = await asyncio.gather(*visits, return_exceptions=True)
            assert "in" in ended
        assert seen[-1] == (0, 0)
        assert max(running for running, _ in seen) <= at_once
        assert max(waiting for _, waiting in seen) <= 4
        for _ in range(at_once):
            await asyncio.wait_for(queue.enter(), 0.01)

    asyncio.run(run())
