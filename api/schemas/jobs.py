"""Work that goes on after the response: adding and removing transcripts."""

from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field

from api.schemas.wire import Outgoing

if TYPE_CHECKING:
    from rag.ingestion import IngestResult

JobState = Literal["queued", "running", "done", "failed"]
JobOutcome = Literal["added", "replaced", "unchanged", "removed", "failed"]


class JobAccepted(Outgoing):
    """The id to ask `GET /v1/jobs/{id}` for."""

    job: str


class JobResult(Outgoing):
    """What became of one source."""

    source: str = Field(description="The file's name, or the transcript's id for a removal.")
    outcome: JobOutcome
    transcript_id: str | None
    reason: str | None = Field(description="Why it failed; null if it did not.")

    @classmethod
    def of(cls, result: "IngestResult") -> Self:
        """Convert what ingestion says of one source."""
        return cls(
            source=result.source,
            outcome=result.outcome.value,
            transcript_id=result.transcript_id,
            reason=result.reason,
        )


class JobOut(Outgoing):
    """How far a job is. `failed` means that the job broke off; a source that failed is among the results."""

    job: str
    state: JobState
    done: int = Field(description="Sources finished.")
    total: int = Field(description="Sources known so far.")
    results: tuple[JobResult, ...]
