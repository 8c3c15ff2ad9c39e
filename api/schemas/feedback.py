"""Feedback and insights: what `POST /v1/feedback` takes, and what the commands print."""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints

from api.feedback.types import Asked, Feedback, Insights
from api.schemas.requests import MAX_CITATIONS
from api.schemas.wire import Incoming, Outgoing

MAX_COMMENT = 4000
MAX_REQUEST_ID = 128
"""As long as an `X-Request-ID` may be that a client chooses."""


class FeedbackIn(Incoming):
    """What `POST /v1/feedback` takes."""

    request_id: Annotated[str, StringConstraints(min_length=1, max_length=MAX_REQUEST_ID)] = Field(
        description="The `request_id` of the answer."
    )
    rating: Literal["up", "down"]
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_COMMENT)] | None = None
    citation: int | None = Field(
        default=None, ge=1, le=MAX_CITATIONS, strict=True, description="The number of the citation that it is about."
    )


class FeedbackStored(Outgoing):
    """That feedback was stored."""

    request_id: str
    stored: Literal[True] = True


class AskedOut(Outgoing):
    """A question that was answered."""

    kind: Literal["question"] = "question"
    request_id: str
    at: dt.datetime
    status: str
    question: str | None = Field(description="Its words; null unless the owner had question logging on.")

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """Convert one question."""
        return cls(request_id=asked.request_id, at=asked.at, status=asked.status, question=asked.question)


class FeedbackOut(Outgoing):
    """What somebody thinks of an answer."""

    kind: Literal["feedback"] = "feedback"
    request_id: str
    at: dt.datetime
    rating: Literal["up", "down"]
    comment: str | None
    citation: int | None
    status: str
    question: str | None

    @classmethod
    def of(cls, given: Feedback) -> Self:
        """Convert one piece of feedback."""
        return cls(
            request_id=given.request_id,
            at=given.at,
            rating=given.rating,
            comment=given.comment,
            citation=given.citation,
            status=given.status,
            question=given.question,
        )


class FeedbackExport(Outgoing):
    """Everything that is stored."""

    questions: tuple[AskedOut, ...]
    feedback: tuple[FeedbackOut, ...]


class FeedbackErased(Outgoing):
    """How many questions and pieces of feedback were erased."""

    erased: int


class QuestionCountOut(Outgoing):
    """A question and how often it was asked."""

    question: str
    times: int


class RatedQuestionOut(Outgoing):
    """A question and how its answers were rated."""

    question: str
    up: int
    down: int
    comments: tuple[str, ...]


class InsightsOut(Outgoing):
    """What `turnwise insights` prints."""

    since: dt.datetime
    question_logging: bool = Field(description="Whether the words of questions are being stored now.")
    questions: int
    refused: int
    logged: int = Field(description="Questions of which the words are stored; the lists are made of these.")
    up: int
    down: int
    most_asked: tuple[QuestionCountOut, ...]
    most_refused: tuple[QuestionCountOut, ...]
    worst_rated: tuple[RatedQuestionOut, ...]

    @classmethod
    def of(cls, found: Insights, *, question_logging: bool) -> Self:
        """Convert what was added up."""
        return cls(
            since=found.since,
            question_logging=question_logging,
            questions=found.questions,
            refused=found.refused,
            logged=found.logged,
            up=found.up,
            down=found.down,
            most_asked=tuple(QuestionCountOut(question=q.question, times=q.times) for q in found.most_asked),
            most_refused=tuple(QuestionCountOut(question=q.question, times=q.times) for q in found.most_refused),
            worst_rated=tuple(
                RatedQuestionOut(question=r.question, up=r.up, down=r.down, comments=r.comments)
                for r in found.worst_rated
            ),
        )
