"""What is told of an `add`: its results, and how far it is."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a source, or of one transcript in it."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestResult:
    """The outcome of one transcript, or of a source that gave none."""

    source: str
    outcome: Outcome
    transcript_id: str | None = None
    reason: str | None = None
    names_nobody: bool = False
    """Whether it was added or replaced, and no turn of it has a speaker."""
    owners_file: str | None = None
    """Where the `speakers.toml` lies for whose fault the source was not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestEvent:
    """Progress: `done` of `total` sources are finished, and what was last done."""

    source: str
    done: int
    total: int
    """Grows when a feed turns out to have episodes."""
    result: IngestResult | None = None


OnEvent = Callable[[IngestEvent], None]


def ignore(event: IngestEvent) -> None:
    """Tell nobody."""
    del event
