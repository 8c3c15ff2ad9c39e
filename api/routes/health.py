"""GET /healthz and GET /readyz: for whatever watches the server."""

from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel

from api.problems import RequestRefusedError
from api.routes.responses import problems
from api.state import WholeState

router = APIRouter(tags=["health"])
RETRY_AFTER_S = 2
"""Loading the model takes about five seconds: ask again a few times, not a hundred."""


class HealthOut(BaseModel):
    """A word for whatever watches."""

    status: str


@router.head("/healthz", summary="Alive?", operation_id="healthzHead")
@router.get("/healthz", summary="Alive?", operation_id="healthz")
async def healthz() -> HealthOut:
    """Say that the process answers."""
    return HealthOut(status="alive")


@router.head("/readyz", summary="Ready?", operation_id="readyzHead", responses=problems(503))
@router.get("/readyz", summary="Ready?", operation_id="readyz", responses=problems(503))
async def readyz(state: WholeState) -> HealthOut:
    """Say whether the index is loaded and the model warm; 503 until then."""
    if not state.readiness.ready:
        raise RequestRefusedError(
            HTTPStatus.SERVICE_UNAVAILABLE, state.readiness.reason, {"Retry-After": str(RETRY_AFTER_S)}
        )
    return HealthOut(status="ready")
