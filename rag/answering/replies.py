"""Replies: an answer made of quotes, or one without any."""

from time import perf_counter

from rag.answering.composition import compose
from rag.answering.related import related_questions
from rag.answering.types import Answer, Citation, Status
from rag.retrieval.types import Passage, SearchResult

EXTRACTIVE = "extractive"
"""The generator that words nothing itself."""


def with_quotes(
    question: str,
    found: SearchResult,
    started: float,
    citations: tuple[Citation, ...],
    *,
    sure: float,
    notice: str | None,
    passages: tuple[Passage, ...],
) -> Answer:
    """Return the reply that quotes what was found.

    Args:
        question: As it was asked.
        found: The search for it.
        started: When it was asked, by `time.perf_counter`.
        citations: What is quoted, in order.
        sure: The confidence.
        notice: What the reader should know.
        passages: What the quotes are from.
    """
    answer, sentences = compose(citations)
    return Answer(
        question=question,
        standalone_question=found.standalone_query,
        status=Status.ANSWERED,
        confidence=sure,
        generator=EXTRACTIVE,
        notice=notice,
        answer=answer,
        sentences=sentences,
        citations=citations,
        passages=passages,
        related_questions=related_questions(found.standalone_query, found.passages, citations),
        index_version=found.index_version,
        timings_ms={**found.timings_ms, "total": (perf_counter() - started) * 1000},
    )


def without_quotes(
    question: str, found: SearchResult, started: float, *, status: Status, answer: str, sure: float, passages: int
) -> Answer:
    """Return a reply of prose alone, with as many of the nearest passages as wanted."""
    return Answer(
        question=question,
        standalone_question=found.standalone_query,
        status=status,
        confidence=sure,
        generator=EXTRACTIVE,
        notice=None,
        answer=answer,
        sentences=(),
        citations=(),
        passages=found.passages[:passages],
        related_questions=related_questions(found.standalone_query, found.passages, ()),
        index_version=found.index_version,
        timings_ms={**found.timings_ms, "total": (perf_counter() - started) * 1000},
    )
