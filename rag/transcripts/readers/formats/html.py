"""Web pages: the conversation in the midst of navigation and furniture, labels in any shape, metadata of the page."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from rag.transcripts.dates import parse_date
from rag.transcripts.readers.documents import find_labels, transcript_of_lines
from rag.transcripts.readers.header import Header, read_pairs
from rag.transcripts.readers.html_lines import PageLine, page_lines, parse_page
from rag.transcripts.readers.html_metadata import read_metadata
from rag.transcripts.readers.labels import LabelMatch
from rag.transcripts.readers.lines import Line
from rag.transcripts.readers.main_region import main_region
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.types import Transcript

SCORE = 0.97
LINES_BEFORE = 30
"""Lines with text right before the conversation among which a date is its own."""
SHARE_OF_TAGS = 0.5
"""Tags to a line with text that make a piece of a page rather than Markdown with a few of them."""

_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:[^-]|-(?!->)){0,5000}-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta)\b",
    re.IGNORECASE,
)
_PIECE = re.compile(
    r"\s*<(?:p|div|cite|article|section|main|h[1-6]|table|ul|ol|dl|time|span|strong|b|blockquote|details)\b",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"</?(?:p|div|cite|article|section|h[1-6]|table|tr|td|li|dl|dt|dd|time|span|strong|b|br)\b", re.IGNORECASE
)


class HtmlReader:
    """Reads web pages, whole or in pieces."""

    names = ("html", "webpage")

    def score(self, source: SourceFile) -> float:
        """Return nearly 1 where the text begins as a page does, or as a piece of one and goes on so, else 0."""
        if _PAGE.match(source.text):
            return SCORE
        if not _PIECE.match(source.text):
            return 0.0
        lines = sum(1 for line in source.text.split("\n") if line.strip())
        return SCORE if sum(1 for _ in _TAG.finditer(source.text)) >= SHARE_OF_TAGS * lines else 0.0

    def read(self, source: SourceFile) -> list[Transcript]:
        """Return the one transcript of a page.

        Raises:
            ReadError: There is nothing on it that anybody said.
        """
        root = parse_page(source.text)
        lines = page_lines(root) if root is not None else []
        if root is None or not any(each.line.text for each in lines):
            raise source.error("there is no text on the page", mend="Save the page once its text is shown.")
        header = read_metadata(root)
        raw = [each.line for each in lines]
        _, labels = find_labels(raw, header.or_else(read_pairs(raw)))
        first, after = main_region(root, lines, [label.index for label in labels])
        header = header.or_else(Header(date=_date_before(lines[:first])))
        return transcript_of_lines(source, _speech(lines, labels, first, after), header)


def _speech(lines: Sequence[PageLine], labels: Sequence[LabelMatch], first: int, after: int) -> list[Line]:
    """Return the lines of the conversation; what is only a link before its first label says nothing about it."""
    begin = next((label.index for label in labels if label.index >= first), first)
    return [
        replace(each.line, text="") if each.linked and index < begin else each.line
        for index, each in enumerate(lines[first:after], start=first)
    ]


def _date_before(lines: Sequence[PageLine]) -> dt.date | None:
    """Return the one date that stands on a line of its own right before the conversation."""
    texts = [each.line.text for each in lines if each.line.text][-LINES_BEFORE:]
    dates = {date for text in texts if (date := parse_date(text))}
    return dates.pop() if len(dates) == 1 else None


READER = HtmlReader()
