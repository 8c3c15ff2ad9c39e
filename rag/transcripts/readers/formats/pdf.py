"""PDF with text in it: labels in any shape, running heads and page numbers left out, lines joined to paragraphs."""

import re

from rag.transcripts.folding import fold_space
from rag.transcripts.readers.documents import transcript_of_lines
from rag.transcripts.readers.header import LONGEST_TITLE, Header
from rag.transcripts.readers.pdf_layout import text_lines
from rag.transcripts.readers.pdf_pages import PdfError, read_pdf
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.types import Transcript

SCORE = 0.99

_MARK = b"%PDF-"
_MARK_WITHIN = 1024
"""Bytes at the beginning among which the mark stands: readers accept rubbish before it."""
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint)\b.*|untitled.*|document\d*|.*\.(?:docx?|odt|rtf|pdf|indd|pages|txt))",
    re.IGNORECASE,
)


class PdfReader:
    """Reads PDF that holds text; pictures of text need optical character recognition first."""

    names = ("pdf",)

    def score(self, source: SourceFile) -> float:
        """Return nearly 1 where the bytes bear the mark of PDF, else 0."""
        return SCORE if source.not_text is not None and _MARK in source.data[:_MARK_WITHIN] else 0.0

    def read(self, source: SourceFile) -> list[Transcript]:
        """Return the one transcript of a PDF.

        Raises:
            ReadError: It is damaged, encrypted or only pictures, or there is nothing in it that anybody said.
        """
        try:
            pdf = read_pdf(source.data)
        except PdfError as error:
            raise source.error(
                f"the PDF can't be read: {error}", mend="Print it to a new PDF, or save it as text."
            ) from None
        lines = text_lines(pdf.pages)
        if not lines:
            raise source.error(
                "there is no text in the PDF, only pictures", mend="Run text recognition (OCR) over it, or type it up."
            )
        stated = fold_space(pdf.title or "")[:LONGEST_TITLE]
        heading = next((line.text for line in lines if line.heading), None)
        title = heading if not stated or _NO_TITLE.fullmatch(stated) else stated
        return transcript_of_lines(source, lines, Header(title=title))


READER = PdfReader()
