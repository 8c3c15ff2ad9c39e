"""What is asked of retrieval and what it gives back."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote

from rag.mishearing.finding import Alternatives
from rag.transcripts.types import Attribution


class Mode(StrEnum):
    """Which evidence ranks the passages."""

    HYBRID = "hybrid"
    DENSE = "dense"
    LEXICAL = "lexical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """An earlier question of the conversation, with what was answered if known."""

    question: str
    answer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """AND between kinds, OR within one; empty means no restriction of that kind."""

    speakers: tuple[str, ...] = ()
    transcript_ids: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    date_from: dt.date | None = None
    date_to: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageTurn:
    """The stretch of one turn that a passage holds: `text == turns[turn].text[start:end]`."""

    turn: int
    start: int
    end: int
    text: str
    speaker: str | None
    role: str | None
    organisation: str | None
    attribution: Attribution
    attribution_reason: str | None
    start_ms: int | None
    end_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What each kind of evidence says of a passage; None where it was not asked or found nothing."""

    dense: float | None = None
    """Cosine of question and passage."""
    lexical: float | None = None
    """BM25."""
    rerank: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A chunk that was retrieved for a question. Rank counts from 1."""

    rank: int
    score: float
    scores: Scores
    chunk_id: str
    transcript_id: str
    title: str
    date: dt.date | None
    collection: str
    url: str | None
    turns: tuple[PassageTurn, ...]
    interviewers: frozenset[str] = field(default=frozenset(), metadata={"internal": True})
    """Names of those who ask the questions in its conversation."""

    @property
    def link(self) -> str:
        """Return the reader's address of the passage, without host."""
        return f"/transcripts/{quote(self.transcript_id, safe='')}#turn-{self.turns[0].turn}"

    @property
    def text(self) -> str:
        """Return the spoken text, turns joined by a blank line."""
        return "\n\n".join(turn.text for turn in self.turns)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """Ranked passages, and what was searched for."""

    query: str
    standalone_query: str
    passages: tuple[Passage, ...]
    index_version: str
    timings_ms: dict[str, float] = field(default_factory=dict)
    """Milliseconds by stage: embed, retrieve, rerank, total."""
    instead: Alternatives = field(default_factory=dict, metadata={"internal": True})
    """What stands for terms of the query: names of it as they were misheard."""
