"""Ranked passages: what `POST /v1/search` answers."""

import datetime as dt
from typing import Self

from pydantic import Field

from api.schemas.wire import EndTime, Link, Outgoing, SourceUrl, StartTime, seconds
from rag.retrieval.types import Passage, PassageTurn, SearchResult
from rag.transcripts.types import Attribution

STAGES = ("embed", "retrieve", "rerank", "total")
"""The stages whose time a search reports; a stage that did not run took 0."""


class ScoresOut(Outgoing):
    """What each kind of evidence says of a passage; null where it was not asked or found nothing."""

    dense: float | None = Field(description="Cosine of question and passage.")
    lexical: float | None = Field(description="BM25.")
    rerank: float | None = Field(description="Score of a re-ranking model.")


class PassageTurnOut(Outgoing):
    """The stretch of one turn that a passage holds: `turns[turn].text[start:end] == text`, in code points."""

    turn: int = Field(description="Number of the turn within its transcript, from 0.")
    speaker: str | None
    role: str | None
    organisation: str | None
    attribution: Attribution = Field(description="How the speaker is known.")
    attribution_reason: str | None = Field(description="Why, where the speaker was inferred.")
    start: int
    end: int
    text: str = Field(description="Verbatim.")
    start_time: StartTime
    end_time: EndTime

    @classmethod
    def of(cls, turn: PassageTurn) -> Self:
        """Convert one turn of a passage."""
        return cls(
            turn=turn.turn,
            speaker=turn.speaker,
            role=turn.role,
            organisation=turn.organisation,
            attribution=turn.attribution,
            attribution_reason=turn.attribution_reason,
            start=turn.start,
            end=turn.end,
            text=turn.text,
            start_time=seconds(turn.start_ms),
            end_time=seconds(turn.end_ms),
        )


class PassageOut(Outgoing):
    """A stretch of one conversation that was retrieved for a question."""

    rank: int = Field(
        description="Place in what was searched, from 1, best first. An answer holds only the passages that it was "
        "made from: the places between are missing there."
    )
    score: float = Field(description="What the passages of one search are ranked by; higher is better.")
    scores: ScoresOut
    chunk_id: str
    transcript_id: str
    title: str
    date: dt.date | None
    collection: str
    url: SourceUrl
    link: Link
    turns: tuple[PassageTurnOut, ...]

    @classmethod
    def of(cls, passage: Passage) -> Self:
        """Convert one passage."""
        return cls(
            rank=passage.rank,
            score=passage.score,
            scores=ScoresOut(dense=passage.scores.dense, lexical=passage.scores.lexical, rerank=passage.scores.rerank),
            chunk_id=passage.chunk_id,
            transcript_id=passage.transcript_id,
            title=passage.title,
            date=passage.date,
            collection=passage.collection,
            url=passage.url,
            link=passage.link,
            turns=tuple(PassageTurnOut.of(turn) for turn in passage.turns),
        )


class TimingsOut(Outgoing):
    """Milliseconds by stage."""

    embed: float
    retrieve: float
    rerank: float
    total: float


class SearchResponse(Outgoing):
    """What `POST /v1/search` answers."""

    query: str
    standalone_query: str = Field(description="What was searched for after reading the history.")
    request_id: str = Field(
        description="By which the answer can be rated. `X-Request-ID` is the same, unless the client chose that one."
    )
    index_version: str = Field(description="Names the state of the index; changes when what can be found changes.")
    timings_ms: TimingsOut
    passages: tuple[PassageOut, ...]

    @classmethod
    def of(cls, result: SearchResult, *, request_id: str) -> Self:
        """Convert a search's result."""
        return cls(
            query=result.query,
            standalone_query=result.standalone_query,
            request_id=request_id,
            index_version=result.index_version,
            timings_ms=TimingsOut(**{stage: result.timings_ms.get(stage, 0.0) for stage in STAGES}),
            passages=tuple(PassageOut.of(passage) for passage in result.passages),
        )
