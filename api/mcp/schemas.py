"""What the tools take and give. The shapes of `search` and `fetch` are those that ChatGPT's connectors expect."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.schemas.answers import CitationOut
from api.schemas.quotes import DifferenceOut, MatchOut, Quote
from api.schemas.requests import MAX_CITATIONS, FiltersIn, OptionalFilters, Question
from api.schemas.wire import Incoming, Outgoing, StartTime
from rag.answering.types import Status
from rag.quoting.types import Verdict
from rag.transcripts.types import Attribution

MAX_ID = 1000

DocumentId = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID)]
Url = Annotated[str, Field(description="Where it was published, or where it can be read here.")]


class SearchIn(Incoming):
    """What `search` takes."""

    query: Question = Field(description="What to look for, in plain words.")


class SearchHit(Outgoing):
    """Some turns of a conversation."""

    id: str = Field(description="Give it to `fetch`.")
    title: str = Field(description="The conversation, its date, and who speaks.")
    url: Url


class SearchOut(Outgoing):
    """What `search` gives: the best first."""

    results: tuple[SearchHit, ...]


class FetchIn(Incoming):
    """What `fetch` takes."""

    id: DocumentId = Field(description="The id of a search result, or a transcript's: that gives the whole.")


class FetchOut(Outgoing):
    """What `fetch` gives: the words, verbatim, with who says them before each turn."""

    id: str
    title: str
    text: str
    url: Url
    metadata: dict[str, str]


class AskIn(Incoming):
    """What `ask` takes."""

    question: Question = Field(description="A question that stands alone, in plain words.")
    filters: OptionalFilters = FiltersIn()
    max_citations: int = Field(default=6, ge=1, le=MAX_CITATIONS, strict=True, description="How many quotes at most.")
    generator: Literal["extractive", "llm"] | None = Field(default=None, description="Null: the owner's choice.")


class QuotedOut(Outgoing):
    """A verbatim quote and where it was said."""

    quote: str = Field(description="Verbatim.")
    speaker: str | None
    role: str | None
    organisation: str | None
    attribution: Attribution = Field(description="How the speaker is known.")
    title: str
    date: dt.date | None
    url: str = Field(description="The reader, at the quote.")
    id: str = Field(description="Give it to `fetch` to read the whole turn.")
    start_time: StartTime


class CitedOut(QuotedOut):
    """A citation of an answer."""

    n: int = Field(description="The number that `[n]` in the answer points to.")


class AskOut(Outgoing):
    """What `ask` gives."""

    status: Status = Field(description="`not_found`: these transcripts do not answer it; `nearest` may still help.")
    answer: str = Field(description="Prose in which every sentence cites, by `[n]`.")
    confidence: float = Field(description="Calibrated probability that the transcripts answer the question.")
    notice: str | None = Field(description="What the reader should know.")
    citations: tuple[CitedOut, ...]
    nearest: tuple[SearchHit, ...] = Field(description="Where nothing was found: the nearest there is.")
    related_questions: tuple[str, ...]


class VerifyIn(Incoming):
    """What `verify_quote` takes."""

    quote: Quote = Field(description="The words that may have been said.")
    filters: OptionalFilters = FiltersIn()


class VerifiedOut(QuotedOut):
    """A place that was compared with the quote."""

    similarity: float
    differences: tuple[DifferenceOut, ...]


class VerifyOut(Outgoing):
    """What `verify_quote` gives."""

    verdict: Verdict = Field(description="Whether these words were said: `verbatim`, `near` or `not_found`.")
    matches: tuple[VerifiedOut, ...] = Field(description="Where; if not found, the nearest there is.")


SHARED = ("quote", "speaker", "role", "organisation", "attribution", "title", "date", "start_time")


def quoted_fields(citation: CitationOut | MatchOut, *, url: str, id: str) -> dict[str, object]:  # noqa: A002 - as on the wire
    """Return what a quote of a tool has in common with the HTTP API's."""
    return {**{name: getattr(citation, name) for name in SHARED}, "url": url, "id": id}
