"""What the harness needs of whom it judges."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Document = dict[str, Any]
"""A JSON document of the contract."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A reply and how long the caller waited for it (the try that succeeded, without pauses between tries)."""

    document: Document
    wall_ms: float


class Target(Protocol):
    """Answers as the contract says. May be called from several threads."""

    def warm(self) -> None:
        """Make ready, so that the first question is timed like the others."""

    def search(self, query: str, *, history: Sequence[str], top_k: int, mode: str) -> Timed:
        """Return the reply of `POST /v1/search`."""

    def ask(self, question: str, *, history: Sequence[str], generator: str | None) -> Timed:
        """Return the reply of `POST /v1/ask`."""

    def transcripts(self) -> list[Document]:
        """Return all entries of `GET /v1/transcripts`."""

    def transcript(self, transcript_id: str) -> Document | None:
        """Return the reply of `GET /v1/transcripts/{id}`, or None where there is none."""

    def file_stems(self) -> dict[str, str]:
        """Return, by transcript id, the stem of the file it was read from, where that can be known."""

    def describe(self) -> Document:
        """Return what a report says of the target: address or data folder, model, settings."""
