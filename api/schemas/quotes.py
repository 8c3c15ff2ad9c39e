"""A quote check: what `POST /v1/quote` takes and answers."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints

from api.schemas.answers import CitationOut
from api.schemas.requests import FiltersIn, OptionalFilters
from api.schemas.wire import Incoming, Outgoing
from rag.quoting.asked import LONGEST_QUOTE
from rag.quoting.types import Difference, Match, QuoteCheck, Verdict

Quote = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_QUOTE)]


class QuoteRequest(Incoming):
    """What `POST /v1/quote` takes."""

    quote: Quote = Field(
        description='The words that may have been said. "…", "..." or "[...]" inside: something is left out there.'
    )
    filters: OptionalFilters = FiltersIn()


class DifferenceOut(Outgoing):
    """Where the quote departs from what was said."""

    said: str = Field(description="Verbatim; empty where the quote has words that were not said.")
    asked: str = Field(description="As in the quote; empty where the quote leaves words out.")

    @classmethod
    def of(cls, difference: Difference) -> Self:
        """Convert one difference."""
        return cls(said=difference.said, asked=difference.asked)


class MatchOut(CitationOut):
    """A place in a transcript, with how it compares with the quote."""

    similarity: float = Field(ge=0, le=1, description="1 less the share of words that differ.")
    differences: tuple[DifferenceOut, ...] = Field(description="Word by word, in order; empty where nothing differs.")

    @classmethod
    def of_match(cls, match: Match) -> Self:
        """Convert one match."""
        return cls(
            **CitationOut.of(match.citation).model_dump(),
            similarity=match.similarity,
            differences=tuple(DifferenceOut.of(difference) for difference in match.differences),
        )


class QuoteResponse(Outgoing):
    """What `POST /v1/quote` answers."""

    verdict: Verdict = Field(
        description=(
            "`verbatim`: these words, in this order, by one speaker without interruption; case, white space and "
            "punctuation are not compared, numbers and signs are. `near`: almost; `differences` says what differs. "
            "`not_found`: neither; the matches are the nearest there is, if any."
        )
    )
    matches: tuple[MatchOut, ...] = Field(
        description=(
            "One for each place: at most 20, oldest conversation first, if verbatim; else the nearest first. Words "
            "that run over two paragraphs or speakers are a match for each."
        )
    )

    @classmethod
    def of(cls, check: QuoteCheck) -> Self:
        """Convert a result."""
        return cls(verdict=check.verdict, matches=tuple(MatchOut.of_match(match) for match in check.matches))
