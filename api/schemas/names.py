"""Misheard names: what `turnwise names` prints."""

from collections.abc import Mapping, Sequence
from typing import Self

from pydantic import Field

from api.schemas.wire import Outgoing
from rag.mishearing.glossaries import BadGlossary
from rag.mishearing.glossary import GlossaryName
from rag.mishearing.suggesting import Suggestion


class SuggestionOut(Outgoing):
    """What was written, the name that it may have been, and why."""

    heard: str = Field(description="As it is written in the transcript.")
    name: str = Field(description="The right form, if the suggestion holds.")
    confidence: float = Field(description="0 to 1.")
    known_from: str = Field(description="Where the right form stands: glossary, speaker, organisation or transcripts.")
    companion: str | None = Field(description="A word that stands beside both.")
    used: bool = Field(description="Searches and glosses use it already.")
    chunks: int = Field(description="Chunks that hold it.")
    transcript_id: str
    turn: int
    quote: str = Field(description="The words around it.")

    @classmethod
    def of(cls, found: Suggestion) -> Self:
        """Convert one suggestion."""
        return cls(**{name: getattr(found, name) for name in cls.model_fields})


class SuggestionList(Outgoing):
    """All suggestions, the surest first."""

    suggestions: tuple[SuggestionOut, ...]

    @classmethod
    def of(cls, found: Sequence[Suggestion]) -> Self:
        """Convert suggestions."""
        return cls(suggestions=tuple(SuggestionOut.of(one) for one in found))


class NameOut(Outgoing):
    """A name of a glossary."""

    name: str
    said: tuple[str, ...]
    heard: tuple[str, ...] = Field(description="What was written instead: as listed, and as found.")

    @classmethod
    def of(cls, entry: GlossaryName, heard: Sequence[str]) -> Self:
        """Convert one name."""
        return cls(name=entry.name, said=entry.said, heard=tuple(heard))


class FaultOut(Outgoing):
    """A glossary that can't be used."""

    source: str
    reason: str


class GlossaryOut(Outgoing):
    """The names of all glossaries."""

    names: tuple[NameOut, ...]
    faults: tuple[FaultOut, ...]

    @classmethod
    def of(
        cls, names: Sequence[GlossaryName], heard: Mapping[str, Sequence[str]], faults: Sequence[BadGlossary]
    ) -> Self:
        """Convert the names of all glossaries."""
        return cls(
            names=tuple(NameOut.of(entry, heard[entry.name]) for entry in names),
            faults=tuple(FaultOut(source=fault.source, reason=fault.reason) for fault in faults),
        )
