"""What is noted of each answer: counts and times for Prometheus, and that feedback can be given on it."""

from api.state import AppState
from rag.answering.types import Answer
from rag.retrieval.types import SearchResult

SEARCHED = "searched"
"""The status of a request for passages alone."""


def note_answer(state: AppState, answer: Answer, *, request_id: str) -> None:
    """Note an answer: feedback may come at once, to any worker."""
    state.metrics.answered(status=answer.status.value, generator=answer.generator, timings_ms=answer.timings_ms)
    if state.tracing is not None:
        state.tracing.stages(answer.timings_ms)
    state.feedback.note(
        request_id, question=answer.question, status=answer.status.value, citations=len(answer.citations)
    )


def note_search(state: AppState, result: SearchResult, *, request_id: str) -> None:
    """Note a search."""
    state.metrics.timed(result.timings_ms)
    if state.tracing is not None:
        state.tracing.stages(result.timings_ms)
    state.feedback.note(request_id, question=result.query, status=SEARCHED)
