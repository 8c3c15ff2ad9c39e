"""A question that was answered, what somebody thinks of the answer, and what many of both add up to."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Rating = Literal["up", "down"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that was answered: what feedback can be given on."""

    request_id: str
    at: dt.datetime
    status: str
    """`answered`, `not_found`, `about`, or `searched` for passages alone."""
    citations: int
    """How many citations the answer had."""
    question: str | None
    """The words, where the owner turned question logging on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What somebody thinks of an answer, or of one citation in it."""

    request_id: str
    at: dt.datetime
    rating: Rating
    comment: str | None
    citation: int | None
    """The number of the citation that it is about; None: the whole answer."""
    status: str
    question: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCount:
    """A question in the words in which it was last asked, and how often that was so."""

    question: str
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedQuestion:
    """A question and how its answers were rated."""

    question: str
    up: int
    down: int
    comments: tuple[str, ...]
    """The latest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Insights:
    """What the questions of some days add up to."""

    since: dt.datetime
    questions: int
    refused: int
    logged: int
    """How many of the questions have their words stored."""
    up: int
    down: int
    most_asked: tuple[QuestionCount, ...]
    most_refused: tuple[QuestionCount, ...]
    """What the transcripts lack."""
    worst_rated: tuple[RatedQuestion, ...]
