"""The HTTP application, built around an open Turnwise."""

import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from api.auth.authentication import Authentication
from api.auth.middleware import AuthenticationMiddleware
from api.auth.views import Views
from api.body_limit import BodyLimitMiddleware
from api.cors import CrossOriginMiddleware, checked_origins
from api.feedback.store import FeedbackStore
from api.job_files import JobFiles
from api.jobs import Jobs
from api.limits.middleware import install_limits
from api.limits.rate import RateLimit
from api.mcp.server import McpEndpoint
from api.metrics import Metrics, MetricsMiddleware
from api.openapi import install_openapi
from api.problems import install_problem_handlers
from api.request_context import RequestContextMiddleware
from api.routes import (
    ask,
    chat,
    docs,
    feedback,
    health,
    insights,
    jobs,
    mcp,
    metrics,
    models,
    pages,
    quotes,
    search,
    sign_in,
    speakers,
    tokens,
    transcripts,
    uploads,
)
from api.security import hosts_of
from api.spool import Spool, upload_folder
from api.state import AppState, Readiness
from api.stopping import Stopping
from api.tracing import TracingMiddleware, open_tracing
from api.version import version

if TYPE_CHECKING:
    from rag.assembly import OpenTurnwise

GZIP_FROM_BYTES = 1000

DESCRIPTION = """Ask recorded conversations; get answers in which every sentence is a verbatim, attributed quotation.

Times are seconds from the start of the recording. Offsets count Unicode code points (JavaScript strings count UTF-16
units: convert). Errors are RFC 9457 problem documents. Every response carries `X-Request-ID`; send your own to find a
request again in the server's log."""

log = logging.getLogger("turnwise")


def build_app(
    turnwise: "OpenTurnwise",
    *,
    allowed_hosts: Iterable[str] = (),
    place: int | None = None,
    rates: Path | None = None,
    on_stop: Callable[[], None] = lambda: None,
) -> FastAPI:
    """Build the application that serves an open Turnwise; whoever opened it closes it.

    Args:
        turnwise: What answers.
        allowed_hosts: Names beside loopback under which the server may be addressed.
        place: Which of several workers this is; None: the only one.
        rates: Where several workers count callers' requests together.
        on_stop: Called when everything else has stopped.
    """
    settings = turnwise.settings
    state = _state(turnwise, place)
    rate = RateLimit(rates)
    app = FastAPI(
        title="Turnwise",
        version=version(),
        description=DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=partial(_lifespan, rate=rate, on_stop=on_stop),
    )
    app.state.turnwise = state
    app.state.public_url = settings.public_url
    app.state.mcp = McpEndpoint()
    install_problem_handlers(app)
    install_openapi(app)
    for routes in (search, ask, chat, models, mcp, quotes, transcripts, uploads, jobs, speakers, health, docs, pages):
        app.include_router(routes.router)
    app.include_router(sign_in.pages)
    app.include_router(insights.page)
    for routes in (feedback, insights, metrics, tokens, sign_in):
        app.include_router(routes.router)
    pages.mount_static(app)
    _install_middlewares(app, state, rate, (*allowed_hosts, *hosts_of(settings)))
    return app


def _state(turnwise: "OpenTurnwise", place: int | None) -> AppState:
    settings = turnwise.settings
    return AppState(
        turnwise=turnwise,
        everything=turnwise,
        views=Views(turnwise),
        authentication=Authentication(settings),
        jobs=Jobs(files=None if place is None else JobFiles(settings.home, worker=place)),
        spool=Spool(upload_folder(settings.home, place)),
        readiness=Readiness(),
        stopping=Stopping(),
        feedback=FeedbackStore(settings.home, log_questions=settings.log_questions, days=settings.log_questions_days),
        metrics=Metrics(),
        tracing=open_tracing(),
    )


@asynccontextmanager
async def _lifespan(app: FastAPI, *, rate: RateLimit, on_stop: Callable[[], None]) -> AsyncIterator[None]:
    """Take up what an earlier server left, and close everything at the end, whatever else goes wrong there."""
    state: AppState = app.state.turnwise
    async with AsyncExitStack() as closing:  # the last named is the first to be closed
        closing.callback(on_stop)
        if state.tracing is not None:
            closing.callback(state.tracing.close)
        closing.callback(rate.close)
        closing.callback(state.authentication.close)
        closing.callback(state.feedback.close)
        closing.callback(state.jobs.close)
        for kept in state.spool.take_up():
            if kept.removed is None:
                uploads.queue_upload(state, kept)
            else:
                transcripts.queue_removal(state, kept, kept.removed)
        state.jobs.end_lost()
        threading.Thread(target=_warm, args=(state,), name="turnwise-warm", daemon=True).start()
        await closing.enter_async_context(app.state.mcp.running())
        yield


def _install_middlewares(app: FastAPI, state: AppState, rate: RateLimit, allowed_hosts: Iterable[str]) -> None:
    """Put the middlewares around the routes, from the innermost to the outermost: each is inside those after it."""
    settings = state.everything.settings
    # They go by who asks, so authentication is around them.
    install_limits(app, settings, state.metrics, rate, state.stopping)
    app.add_middleware(AuthenticationMiddleware, authentication=state.authentication, public_url=settings.public_url)
    # Whatever reads a body reads it through this bound, the limits too; who sends it doesn't matter.
    app.add_middleware(BodyLimitMiddleware)
    # Nothing that follows reads or writes a body.
    app.add_middleware(GZipMiddleware, minimum_size=GZIP_FROM_BYTES)
    # Browsers ask beforehand, without a key; and pages of listed origins may read refusals too.
    if settings.allowed_origins:
        app.add_middleware(CrossOriginMiddleware, origins=checked_origins(settings.allowed_origins))
    # An id and safe headers for all of that, and an answer where it breaks.
    app.add_middleware(
        RequestContextMiddleware,
        allowed_hosts=allowed_hosts,
        is_https=(settings.public_url or "").startswith("https:"),
    )
    # What was sent in the end, and how long it all took.
    app.add_middleware(MetricsMiddleware, metrics=state.metrics)
    if state.tracing is not None:
        app.add_middleware(TracingMiddleware, tracing=state.tracing)


def _warm(state: AppState) -> None:
    """Load the model and touch the index, so that the first question is answered as fast as the second."""
    try:
        state.turnwise.warm()
    except Exception as error:
        log.exception("warming up failed")
        state.readiness.fail(error)
    else:
        state.readiness.succeed()
        state.metrics.ready.set(1)
