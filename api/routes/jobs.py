"""GET /v1/jobs/{id}: how far an addition or a removal is."""

from fastapi import APIRouter, Depends

from api.auth.principal import Caller, Scope
from api.routes.parameters import only
from api.routes.responses import problems
from api.schemas.jobs import JobOut
from api.state import State

router = APIRouter(tags=["transcripts"])


@router.get("/v1/jobs/{job_id}", summary="Follow a job", responses=problems(404, 422), dependencies=[Depends(only())])
def job(job_id: str, state: State, caller: Caller) -> JobOut:
    """Return how far a job of the caller's is and, once it is done, what became of each source."""
    return state.jobs.get(job_id, caller=caller.id, sees_all=caller.may(Scope.ADMIN))
