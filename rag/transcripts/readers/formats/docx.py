"""Word files: interviews typed up, and what Teams and Otter export; labels in any shape, in paragraphs or a table."""

from rag.transcripts.readers.archive import ArchiveError, check_archive
from rag.transcripts.readers.documents import transcript_of_lines
from rag.transcripts.readers.docx_lines import read_word
from rag.transcripts.readers.header import Header
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.types import Transcript

SCORE = 0.99
MEND = "Save it again as a Word document (.docx), or as text."

_ARCHIVE = b"PK\x03\x04"
_MAIN_PART = b"word/"
"""Stands uncompressed in the names of an archive's parts."""


class DocxReader:
    """Reads Word files (Office Open XML)."""

    names = ("docx", "word")

    def score(self, source: SourceFile) -> float:
        """Return nearly 1 where the bytes are an archive with parts of a Word file, else 0."""
        return SCORE if source.data.startswith(_ARCHIVE) and _MAIN_PART in source.data else 0.0

    def read(self, source: SourceFile) -> list[Transcript]:
        """Return the one transcript of a Word file.

        Raises:
            ReadError: It is damaged or a bomb, or there is nothing in it that anybody said.
        """
        try:
            check_archive(source.data)
        except ArchiveError as error:
            raise source.error(f"it is not a sound Word file: {error}", mend=MEND) from None
        try:
            document = read_word(source.data)
        except Exception as error:  # noqa: BLE001 - the library raises what its parts raise: KeyError, XMLSyntaxError …
            reason = " ".join(str(error).split())[:80] or type(error).__name__
            raise source.error(f"it is not a sound Word file ({reason})", mend=MEND) from None
        return transcript_of_lines(source, document.lines, Header(title=document.title))


READER = DocxReader()
