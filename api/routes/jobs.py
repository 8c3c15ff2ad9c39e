"""GET /v1/jobs/{id}: how far an addition or a removal is."""

from fastapi import APIRouter

from api.routes.responses import problems
from api.schemas.jobs import JobOut
from api.state import State

router = APIRouter(tags=["transcripts"])


@router.get("/v1/jobs/{job_id}", summary="Follow a job", responses=problems(404))
def job(job_id: str, state: State) -> JobOut:
    """Return how far a job is and, once it is done, what became of each source."""
    return state.jobs.get(job_id)
