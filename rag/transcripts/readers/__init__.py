"""Reading sources into transcripts. A new format is one new file in `formats/` with a `READER`."""

from rag.transcripts.readers.registry import read_transcripts, readers
from rag.transcripts.readers.source import ReadOptions

__all__ = ["ReadOptions", "read_transcripts", "readers"]
