"""The seam between the registry and the readers."""

from typing import Protocol, runtime_checkable

from rag.transcripts.readers.source import SourceFile
from rag.transcripts.types import Transcript


@runtime_checkable
class Reader(Protocol):
    """Reads one format."""

    @property
    def names(self) -> tuple[str, ...]:
        """Return what `--format` calls it, the usual name first."""
        ...

    def score(self, source: SourceFile) -> float:
        """Return how sure it is, 0 (not this format) to 1, from the content; the suffix only breaks ties."""
        ...

    def read(self, source: SourceFile) -> list[Transcript]:
        """Return the transcripts of a source, at least one.

        Raises:
            ReadError: The source can't be read; the message names the place and how to mend it.
        """
        ...
