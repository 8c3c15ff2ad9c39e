"""What the routes share, and how they reach it: FastAPI dependencies."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Depends, Request

from api.auth.authentication import Authentication
from api.auth.principal import caller
from api.auth.views import Views
from api.feedback.store import FeedbackStore
from api.jobs import Jobs
from api.metrics import Metrics
from api.spool import Spool
from api.stopping import Stopping
from api.tracing import Tracing
from rag.errors import TurnwiseError
from rag.restriction import EVERYTHING

if TYPE_CHECKING:
    from rag.assembly import OpenTurnwise, Turnwise


class Readiness:
    """Whether the index is loaded and the model warm and the server goes on, and if not, why."""

    def __init__(self) -> None:
        """Start as not ready."""
        self.ready = False
        self.reason = "The model is being loaded."

    def succeed(self) -> None:
        """Note that warming up is over."""
        self.ready, self.reason = True, ""

    def stop(self) -> None:
        """Note that the server was told to stop."""
        self.ready, self.reason = False, "The server is being stopped."

    def fail(self, error: Exception) -> None:
        """Note why warming up failed; only an error of ours is fit to be shown."""
        self.reason = str(error) if isinstance(error, TurnwiseError) else "Warming up broke; the log has it."


@dataclass(frozen=True, slots=True, kw_only=True)
class AppState:
    """What lives as long as the application."""

    turnwise: "Turnwise"
    """What of it the caller may see; whoever adds to this state gets at nothing else."""
    everything: "OpenTurnwise"
    """All of it: for what concerns the server, not for answers."""
    views: Views
    authentication: Authentication
    jobs: Jobs
    spool: Spool
    readiness: Readiness
    stopping: Stopping
    feedback: FeedbackStore
    metrics: Metrics
    tracing: Tracing | None


async def whole_state(request: Request) -> AppState:
    """Return what the application lives on, whoever asks: for what holds nothing of any transcript.

    As `app_state`, it is asynchronous because FastAPI sends a plain function to another thread, and waits for it.
    """
    return cast(AppState, request.app.state.turnwise)


async def app_state(request: Request) -> AppState:
    """Return what the application lives on, with as much of the product as the caller may see."""
    state = await whole_state(request)
    restriction = caller(request).restriction
    return state if restriction == EVERYTHING else replace(state, turnwise=state.views.of(restriction))


State = Annotated[AppState, Depends(app_state)]
WholeState = Annotated[AppState, Depends(whole_state)]
"""For what is asked before anybody is known: it looks at nothing of the product."""
