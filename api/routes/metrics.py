"""GET /metrics: what the server measures of itself, for Prometheus."""

from fastapi import APIRouter
from starlette.responses import Response

from api.metrics import CONTENT_TYPE
from api.routes.responses import problems
from api.state import State

router = APIRouter(tags=["health"])


@router.get(
    "/metrics",
    summary="Metrics for Prometheus",
    response_class=Response,
    responses={
        200: {"description": "Prometheus' text format.", "content": {"text/plain": {"schema": {"type": "string"}}}},
        **problems(503),
    },
)
def metrics(state: State) -> Response:
    """Return counts and times since the server was started: requests, stages of answering, refusals, the queue."""

    def index() -> tuple[str, int, int]:
        return state.everything.engine.version, *state.everything.engine.counts()

    return Response(state.metrics.exposition(index), media_type=CONTENT_TYPE)
