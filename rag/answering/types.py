"""An answer and its proof."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote

from rag.retrieval.types import Passage
from rag.transcripts.types import Attribution


class Status(StrEnum):
    """What kind of reply it is."""

    ANSWERED = "answered"
    NOT_FOUND = "not_found"
    ABOUT = "about"
    """The question was about the collection or the tool itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gloss:
    """The right form of a name that the transcript misheard, with its place in the quote."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A numbered quote with all that a reader needs to check it: `turns[turn].text[start:end] == quote`."""

    n: int
    quote: str
    transcript_id: str
    turn: int
    start: int
    end: int
    speaker: str | None
    role: str | None
    organisation: str | None
    attribution: Attribution
    attribution_reason: str | None
    title: str
    date: dt.date | None
    url: str | None
    start_ms: int | None
    end_ms: int | None
    gloss: tuple[Gloss, ...] = ()

    @property
    def link(self) -> str:
        """Return the reader's address of the quote, without host."""
        return f"/transcripts/{quote(self.transcript_id, safe='')}#turn-{self.turn}:{self.start}-{self.end}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSentence:
    """A sentence of the answer, its place in the answer, and the numbers of the citations that support it."""

    text: str
    start: int
    end: int
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The reply to a question."""

    question: str
    standalone_question: str
    status: Status
    confidence: float
    """Calibrated probability that the transcripts answer the question, whatever the status."""
    generator: str
    notice: str | None
    answer: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    related_questions: tuple[str, ...]
    index_version: str
    timings_ms: dict[str, float] = field(default_factory=dict)
