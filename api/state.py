"""What the routes share, and how they reach it: FastAPI dependencies."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Depends, Request

from api.jobs import Jobs
from api.spool import Spool
from rag.errors import TurnwiseError

if TYPE_CHECKING:
    from rag.assembly import Turnwise


class Readiness:
    """Whether the index is loaded and the model warm, and if not, why."""

    def __init__(self) -> None:
        """Start as not ready."""
        self.ready = False
        self.reason = "The model is being loaded."

    def succeed(self) -> None:
        """Note that warming up is over."""
        self.ready, self.reason = True, ""

    def fail(self, error: Exception) -> None:
        """Note why warming up failed; only an error of ours is fit to be shown."""
        self.reason = str(error) if isinstance(error, TurnwiseError) else "Warming up broke; the log has it."


@dataclass(frozen=True, slots=True, kw_only=True)
class AppState:
    """What lives as long as the application."""

    turnwise: "Turnwise"
    jobs: Jobs
    spool: Spool
    readiness: Readiness


def app_state(request: Request) -> AppState:
    """Return what the application lives on."""
    return cast(AppState, request.app.state.turnwise)


State = Annotated[AppState, Depends(app_state)]
