"""Reading sources into transcripts. A new format is one new file in `formats/` with a `READER`."""

from rag.transcripts.readers.registry import read_transcripts, readers
from rag.transcripts.readers.source import Provenance, ReadOptions

__all__ = ["Provenance", "ReadOptions", "read_transcripts", "readers"]
