"""What a caller may ask: the request bodies of search and ask, and the filters both share."""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticKnownError

from api.schemas.wire import Incoming, IsoDate
from rag.retrieval.types import Exchange, Filters, Mode
from rag.transcripts.readers import ReadOptions, readers

MAX_QUESTION = 2000
"""Characters of a question after trimming (interface.md)."""
MAX_HISTORY = 20
MAX_TOP_K = 50
MAX_CITATIONS = 12
MAX_FILTER_VALUES = 1000
"""Values of one kind of filter: far above any use, small enough for one query."""
MAX_NAME = 500

Question = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NAME)]
Names = Annotated[
    tuple[Name, ...],
    Field(max_length=MAX_FILTER_VALUES),
    BeforeValidator(
        lambda value: () if value is None else value,
        json_schema_input_type=Annotated[tuple[Name, ...], Field(max_length=MAX_FILTER_VALUES)] | None,
    ),
]


def unicode_only(text: str) -> str:
    """Refuse half of a surrogate pair, as pydantic does where a text has bounds."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise PydanticKnownError("string_unicode") from error
    return text


def _known_format(name: str) -> str:
    if not any(name.lower() in reader.names for reader in readers()):
        known = ", ".join(reader.names[0] for reader in readers())
        raise ValueError(f"there is no format {name!r}; the formats are: {known}")
    return name


def check_days(first: dt.date | None, last: dt.date | None) -> None:
    """Refuse days in the wrong order.

    Raises:
        ValueError: The first is after the last.
    """
    if first and last and first > last:
        raise ValueError("date_from is after date_to")


class FiltersIn(Incoming):
    """Restrict what is searched: AND between kinds, OR within one; an absent, null or empty kind restricts nothing."""

    speakers: Names = Field(default=(), description="Full names; case, honorifics and accents don't matter.")
    transcript_ids: Names = Field(default=(), description="Ids as in `GET /v1/transcripts`.")
    collections: Names = Field(default=(), description="Names of collections.")
    date_from: IsoDate | None = Field(default=None, description="First day, inclusive.")
    date_to: IsoDate | None = Field(default=None, description="Last day, inclusive.")

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        check_days(self.date_from, self.date_to)
        return self

    def to_domain(self) -> Filters:
        """Convert to what retrieval understands."""
        return Filters(
            speakers=self.speakers,
            transcript_ids=self.transcript_ids,
            collections=self.collections,
            date_from=self.date_from,
            date_to=self.date_to,
        )


OptionalFilters = Annotated[
    FiltersIn,
    BeforeValidator(lambda value: FiltersIn() if value is None else value, json_schema_input_type=FiltersIn | None),
]


class ExchangeIn(Incoming):
    """An earlier question of the same conversation, with the answer that was given if it is known."""

    question: Question
    answer: Annotated[str, AfterValidator(unicode_only)] | None = None

    def to_domain(self) -> Exchange:
        """Convert to what retrieval understands."""
        return Exchange(question=self.question, answer=self.answer)


History = Annotated[
    tuple[ExchangeIn, ...],
    Field(max_length=MAX_HISTORY, description="Earlier exchanges, oldest first. The server keeps no conversation."),
]


class SearchRequest(Incoming):
    """What `POST /v1/search` takes."""

    query: Question = Field(description="What to look for, in plain words.")
    history: History = ()
    top_k: int = Field(default=10, ge=1, le=MAX_TOP_K, strict=True, description="How many passages at most.")
    filters: OptionalFilters = FiltersIn()
    mode: Mode = Field(default=Mode.HYBRID, description="Which evidence ranks: meaning (`dense`), words, or both.")


class AskRequest(Incoming):
    """What `POST /v1/ask` takes."""

    question: Question = Field(description="A question in plain words.")
    history: History = ()
    filters: OptionalFilters = FiltersIn()
    max_citations: int = Field(default=6, ge=1, le=MAX_CITATIONS, strict=True, description="How many quotes at most.")
    generator: Literal["extractive", "llm"] | None = Field(
        default=None,
        description="`extractive` only quotes; `llm` writes with a configured model; null: the default.",
    )
    stream: bool = Field(default=False, strict=True, description="True: answer as server-sent events.")


class ReadOptionsIn(Incoming):
    """What an owner states about the sources that are added; it goes before what a source says itself."""

    collection: Name | None = Field(default=None, description="Put them into this collection.")
    format: Annotated[Name, AfterValidator(_known_format)] | None = Field(
        default=None, description="Read them as this format; without it, it is detected."
    )
    title: Name | None = Field(default=None, description="Their title.")
    date: IsoDate | None = Field(default=None, description="Their date.")

    def to_domain(self) -> ReadOptions:
        """Convert to what the readers understand."""
        return ReadOptions(collection=self.collection, format=self.format, title=self.title, date=self.date)
