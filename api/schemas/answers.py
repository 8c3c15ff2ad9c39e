"""A cited answer: what `POST /v1/ask` answers."""

import datetime as dt
from typing import Self

from pydantic import Field

from api.schemas.passages import PassageOut
from api.schemas.wire import EndTime, Link, Outgoing, SourceUrl, StartTime, seconds
from rag.answering.types import Answer, Citation, Status
from rag.transcripts.types import Attribution


class GlossOut(Outgoing):
    """The right form of a name that the transcript misheard, with its place in the quote."""

    start: int
    end: int
    name: str


class CitationOut(Outgoing):
    """A numbered quote and what a reader needs to check it: `turns[turn].text[start:end] == quote`, in code points."""

    n: int = Field(description="The number that `[n]` in the answer points to.")
    quote: str = Field(description="Verbatim.")
    transcript_id: str
    turn: int = Field(description="Number of the turn within its transcript, from 0.")
    start: int
    end: int
    speaker: str | None
    role: str | None
    organisation: str | None
    attribution: Attribution = Field(description="How the speaker is known.")
    attribution_reason: str | None = Field(description="Why, where the speaker was inferred.")
    gloss: tuple[GlossOut, ...]
    title: str
    date: dt.date | None
    url: SourceUrl
    link: Link
    start_time: StartTime
    end_time: EndTime

    @classmethod
    def of(cls, citation: Citation) -> Self:
        """Convert one citation."""
        return cls(
            n=citation.n,
            quote=citation.quote,
            transcript_id=citation.transcript_id,
            turn=citation.turn,
            start=citation.start,
            end=citation.end,
            speaker=citation.speaker,
            role=citation.role,
            organisation=citation.organisation,
            attribution=citation.attribution,
            attribution_reason=citation.attribution_reason,
            gloss=tuple(GlossOut(start=g.start, end=g.end, name=g.name) for g in citation.gloss),
            title=citation.title,
            date=citation.date,
            url=citation.url,
            link=citation.link,
            start_time=seconds(citation.start_ms),
            end_time=seconds(citation.end_ms),
        )


class SentenceOut(Outgoing):
    """A sentence of the answer, its place in it (code points), and the citations that support it."""

    text: str
    start: int
    end: int
    citations: tuple[int, ...]


class AskResponse(Outgoing):
    """What `POST /v1/ask` answers."""

    question: str
    standalone_question: str = Field(description="What was searched for after reading the history.")
    request_id: str = Field(
        description="By which the answer can be rated. `X-Request-ID` is the same, unless the client chose that one."
    )
    status: Status
    confidence: float = Field(
        description="Calibrated probability, 0 to 1, that these transcripts answer the question, whatever the status."
    )
    generator: str
    notice: str | None = Field(description="What the reader should know, in words.")
    answer: str = Field(description="Prose with `[1]` markers.")
    sentences: tuple[SentenceOut, ...]
    citations: tuple[CitationOut, ...]
    passages: tuple[PassageOut, ...] = Field(description="What the answer was made from, or the nearest there is.")
    related_questions: tuple[str, ...]
    index_version: str
    timings_ms: dict[str, float] = Field(description="Milliseconds by stage.")

    @classmethod
    def of(cls, answer: Answer, *, request_id: str) -> Self:
        """Convert an answer."""
        return cls(
            question=answer.question,
            standalone_question=answer.standalone_question,
            request_id=request_id,
            status=answer.status,
            confidence=answer.confidence,
            generator=answer.generator,
            notice=answer.notice,
            answer=answer.answer,
            sentences=tuple(
                SentenceOut(text=s.text, start=s.start, end=s.end, citations=s.citations) for s in answer.sentences
            ),
            citations=tuple(CitationOut.of(citation) for citation in answer.citations),
            passages=tuple(PassageOut.of(passage) for passage in answer.passages),
            related_questions=answer.related_questions,
            index_version=answer.index_version,
            timings_ms=answer.timings_ms,
        )
