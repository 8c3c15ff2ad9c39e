"""Turns away what is too much.

Who asks too often (429), what is too slow to arrive (408), too many at once (503), what takes too long (504).

Innermost of the middlewares: authentication has said by now who asks. Plain ASGI, so that it holds for every way to
ask, whichever route answers.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.limits.arrival import HUNG_UP, SILENCE_S, Arrival
from api.limits.exchange import BodyTooSlowError, Exchange
from api.limits.queue import QuestionQueue, QueueClosedError, QueueFullError, QueueTimeoutError
from api.limits.rate import RateLimit, rate_of
from api.metrics import Metrics
from api.problems import plain_problem, problem_response
from api.stopping import DETAIL, Stopping

if TYPE_CHECKING:
    from rag.settings import Settings

QUEUED = ("/v1/ask", "/v1/search", "/v1/quote", "/v1/chat/completions", "/mcp", "/mcp/")
"""What takes the model or the whole index. The rest is quick, and answered also while many questions wait."""
UNCOUNTED = ("/healthz", "/readyz", "/metrics")
"""What watches the server is not to be turned away."""
RETRY_AFTER_S = 2
"""After a full queue: about what eight answers take on two cores."""

log = logging.getLogger("turnwise.http")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a request is turned away."""

    reason: str
    """What it is counted as."""
    status: HTTPStatus
    detail: str
    retry_after_s: int | None = None


Refuse = Callable[[Refusal], Awaitable[None]]


def _busy(reason: str, detail: str) -> Refusal:
    status = HTTPStatus.SERVICE_UNAVAILABLE
    return Refusal(reason=reason, status=status, detail=detail, retry_after_s=RETRY_AFTER_S)


def install_limits(
    app: FastAPI,
    settings: "Settings",
    metrics: Metrics,
    rate: RateLimit,
    stopping: Stopping,
    *,
    silence_s: float = SILENCE_S,
) -> None:
    """Hold an application to the limits that the settings name, and its callers to their rates."""

    def show(running: int, waiting: int) -> None:
        metrics.running.set(running)
        metrics.waiting.set(waiting)

    queue = QuestionQueue(
        at_once=settings.questions_at_once,
        waiting=settings.questions_waiting,
        timeout_s=settings.queue_timeout_s,
        on_change=show,
    )
    stopping.when_over(queue.close)
    app.add_middleware(
        LimitsMiddleware,
        queue=queue,
        rate=rate,
        metrics=metrics,
        body_timeout_s=settings.body_timeout_s,
        silence_s=silence_s,
        question_timeout_s=settings.question_timeout_s,
    )


class LimitsMiddleware:
    """Holds each request to the limits that the owner set."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        queue: QuestionQueue,
        rate: RateLimit,
        metrics: Metrics,
        body_timeout_s: float,
        silence_s: float,
        question_timeout_s: float,
    ) -> None:
        """Wrap `app`.

        Args:
            app: What answers.
            queue: Where questions wait for their turn.
            rate: Counts each caller's requests.
            metrics: Counts what is turned away.
            body_timeout_s: How long a question may take to arrive.
            silence_s: How long nothing may come of any other request that has not arrived.
            question_timeout_s: How long an answer may take to begin.
        """
        self.app = app
        self.queue = queue
        self.rate = rate
        self.metrics = metrics
        self.body_timeout_s = body_timeout_s
        self.silence_s = silence_s
        self.question_timeout_s = question_timeout_s
        self._late: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        path = scope.get("path", "")
        if scope["type"] != "http" or path in UNCOUNTED:
            await self.app(scope, receive, send)
            return
        rate = rate_of(Request(scope))
        if rate is not None and (retry_after_s := self.rate.retry_after_s(rate)) is not None:
            detail = f"At most {rate.per_minute} requests a minute are answered for this caller."
            refusal = Refusal(
                reason="rate", status=HTTPStatus.TOO_MANY_REQUESTS, detail=detail, retry_after_s=retry_after_s
            )
            await self._refuse(scope, receive, send, refusal)
        elif scope["method"] == "POST" and path in QUEUED:
            await self._in_turn(scope, receive, send)
        else:
            count = partial(self.metrics.turned_away, "body")
            arrival = Arrival(receive, send, silence_s=self.silence_s, on_silence=count)
            await self.app(scope, arrival.receive, arrival.send)

    async def _in_turn(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a question when it is its turn."""
        exchange = Exchange(receive, send)
        refuse = partial(self._refuse, scope, receive, send)
        try:
            # Whole, before it takes a place: who sends a byte a second must not keep others waiting.
            if await exchange.arrive(timeout_s=self.body_timeout_s) and await exchange.unless_gone(
                asyncio.ensure_future(self.queue.enter())
            ):
                await self._answer(scope, exchange, refuse)
            else:
                await problem_response(plain_problem(HTTPStatus.BAD_REQUEST, HUNG_UP))(scope, receive, send)
        except BodyTooSlowError:
            detail = f"The request did not arrive within {self.body_timeout_s:g} s."
            await refuse(Refusal(reason="body", status=HTTPStatus.REQUEST_TIMEOUT, detail=detail))
        except QueueFullError:
            await refuse(_busy("queue", "As many questions wait as may."))
        except QueueClosedError:
            await refuse(_busy("stopping", DETAIL))
        except QueueTimeoutError:
            detail = f"No place became free within {self.queue.timeout_s:g} s."
            await refuse(_busy("wait", detail))
        except HTTPException as refused:  # too large: its handler is further in
            problem = plain_problem(refused.status_code, str(refused.detail))
            await problem_response(problem, refused.headers)(scope, receive, send)
        finally:
            exchange.close()

    async def _answer(self, scope: Scope, exchange: Exchange, refuse: Refuse) -> None:
        """Run the app in the place that was taken; if it takes too long, say so and let it end by itself."""
        answering = asyncio.ensure_future(self._run(scope, exchange))
        beginning = asyncio.ensure_future(exchange.begun.wait())
        try:
            done, _ = await asyncio.wait(
                {answering, beginning}, timeout=self.question_timeout_s, return_when=asyncio.FIRST_COMPLETED
            )
            if done:
                await answering
                return
            exchange.cut_off()
            # A thread can't be stopped. It keeps its place until it ends, so that the server never takes on more.
            self._late.add(answering)
            answering.add_done_callback(self._ended)
            detail = f"The answer was not there within {self.question_timeout_s:g} s."
            refusal = Refusal(
                reason="question", status=HTTPStatus.GATEWAY_TIMEOUT, detail=detail, retry_after_s=RETRY_AFTER_S
            )
            await refuse(refusal)
        except asyncio.CancelledError:
            answering.cancel()
            raise
        finally:
            beginning.cancel()

    async def _run(self, scope: Scope, exchange: Exchange) -> None:
        try:
            await self.app(scope, exchange.receive, exchange.send)
        finally:
            self.queue.leave()

    def _ended(self, answering: "asyncio.Task[None]") -> None:
        self._late.discard(answering)
        if not answering.cancelled() and (error := answering.exception()) is not None:
            log.error("an answer that came too late broke as well", exc_info=error)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, refusal: Refusal) -> None:
        """Send a problem document that says why, and when to try again."""
        self.metrics.turned_away(refusal.reason)
        again = refusal.retry_after_s
        headers = {"Connection": "close"} if again is None else {"Retry-After": str(again)}
        await problem_response(plain_problem(refusal.status, refusal.detail), headers)(scope, receive, send)
