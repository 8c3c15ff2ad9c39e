"""GET /v1/transcripts and GET /v1/transcripts/{id}: what there is; DELETE: remove one."""

from http import HTTPStatus
from itertools import islice
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Query
from pydantic import Field, model_validator

from api.auth.principal import Caller
from api.jobs import Report
from api.listing import filtered_transcripts
from api.routes.cursors import Cursor, cursor_behind
from api.routes.parameters import only
from api.routes.responses import problems
from api.schemas.jobs import JobAccepted, JobResult
from api.schemas.requests import FiltersIn, Name, check_days
from api.schemas.transcripts import TranscriptList, TranscriptOut
from api.schemas.wire import Incoming, IsoDate
from api.security import same_origin_only
from api.spool import WaitingUpload
from api.state import AppState, State

router = APIRouter(tags=["transcripts"])

MAX_PAGE = 1000
SomeNames = Annotated[tuple[Name, ...], Field(max_length=20)]
"""An address has a length at which servers and proxies refuse it."""


class ListingQuery(Incoming):
    """Which transcripts to list: AND between kinds, OR between values of one (repeat the parameter)."""

    limit: int = Field(default=100, ge=1, le=MAX_PAGE, description="How many at most.")
    cursor: Cursor | None = Field(default=None, description="`next` of the page before.")
    speaker: SomeNames = Field(default=(), description="Somebody of this name speaks in it. May be repeated.")
    collection: SomeNames = Field(default=(), description="It is in this collection. May be repeated.")
    date_from: IsoDate | None = Field(default=None, description="First day, inclusive.")
    date_to: IsoDate | None = Field(default=None, description="Last day, inclusive.")

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        check_days(self.date_from, self.date_to)
        return self


@router.get("/v1/transcripts", summary="List the transcripts", responses=problems(422, 503))
def transcripts(asked: Annotated[ListingQuery, Query()], state: State) -> TranscriptList:
    """Return a page of transcripts without their turns, ordered by id."""
    filters = FiltersIn(
        speakers=asked.speaker, collections=asked.collection, date_from=asked.date_from, date_to=asked.date_to
    )
    found = filtered_transcripts(state.turnwise.library, filters.to_domain())
    after = (entry for entry in found if asked.cursor is None or entry.id > asked.cursor)
    page = list(islice(after, asked.limit + 1))
    more = len(page) > asked.limit
    following = cursor_behind(page[asked.limit - 1].id) if more else None
    return TranscriptList.of(page[: asked.limit], following=following)


@router.get(
    "/v1/transcripts/{transcript_id:path}",
    summary="Get a transcript",
    responses=problems(404, 422, 503),
    dependencies=[Depends(only())],
)
def transcript(transcript_id: str, state: State) -> TranscriptOut:
    """Return one transcript with all its turns."""
    return TranscriptOut.of(state.turnwise.library.transcript(transcript_id))


@router.delete(
    "/v1/transcripts/{transcript_id:path}",
    summary="Remove a transcript",
    status_code=HTTPStatus.ACCEPTED,
    responses=problems(403, 404, 503),
    dependencies=[Depends(same_origin_only)],
)
def remove(transcript_id: str, state: State, caller: Caller) -> JobAccepted:
    """Remove a transcript for good: afterwards nothing of it can be found, nor recovered from the data folder."""
    state.turnwise.library.transcript(transcript_id)
    kept = state.spool.keep_removal(transcript_id, owner=caller.id, restriction=caller.restriction)
    return JobAccepted(job=queue_removal(state, kept, transcript_id))


def queue_removal(state: AppState, kept: WaitingUpload, transcript_id: str) -> str:
    """Queue a removal that the spool keeps, and return its job.

    The spool drops it when it is over, however that went: what was told to have failed is not done at a later start.
    """

    def work(report: Report) -> list[JobResult]:
        try:
            restriction = state.spool.begin(kept.job).restriction
            state.views.of(restriction).library.remove([transcript_id])
        finally:
            state.spool.drop(kept.job)
        report(1, 1)
        return [JobResult(source=transcript_id, outcome="removed", transcript_id=transcript_id, reason=None)]

    submit = state.jobs.submit
    return submit(work, sources=[transcript_id], owner=kept.owner, job_id=kept.job, promised=True).job
