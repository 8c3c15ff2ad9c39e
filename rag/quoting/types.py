"""What is asked of a quote check and what it answers."""

from dataclasses import dataclass
from enum import StrEnum

from rag.answering.types import Citation


class Verdict(StrEnum):
    """Whether words were said."""

    VERBATIM = "verbatim"
    """These words, in this order, by one speaker without interruption."""
    NEAR = "near"
    """Almost: each match lists what differs."""
    NOT_FOUND = "not_found"
    """Nothing close; matches, if any, are the nearest there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where a quote departs from what was said. One of the two is empty where words were added or left out."""

    said: str
    asked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A place in a transcript, and how it compares with the quote."""

    citation: Citation
    similarity: float
    """1 less the share of words that differ; 1.0 is verbatim."""
    differences: tuple[Difference, ...]
    """In the order of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteCheck:
    """The result of a quote check."""

    quote: str
    verdict: Verdict
    matches: tuple[Match, ...]
    """Verbatim: at most 20, oldest conversation first. Otherwise a few, nearest first."""
    more: bool
    """There are further places where it was said, beyond the matches."""
