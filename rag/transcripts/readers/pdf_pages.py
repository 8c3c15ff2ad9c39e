"""The lines drawn on the pages of a PDF, with their places: what PDFium finds.

PDFium keeps state outside its documents and must not be entered by two threads at once.
"""

import ctypes
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

MOST_PAGES = 10_000
MOST_CHARACTERS = 20_000_000
"""On all pages: a hundred hours of speech have some six million."""

_ENTERED = threading.Lock()
_LINE_ENDS = frozenset({10, 13})
_HYPHENS_AT_LINE_ENDS = frozenset({0x02, 0xFFFE})
"""What PDFium puts in place of a hyphen that a word goes on after, the line's end left out."""
_BOLD_FONT = re.compile(r"bold|black|heavy", re.IGNORECASE)
_BOLD_WEIGHT = 600
_SURROGATES = range(0xD800, 0xE000)
_FONT_NAME_SIZE = 200


class PdfError(ValueError):
    """The PDF can't be read; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLine:
    """One line of text on a page. Lengths are points, from the lower left corner."""

    text: str
    page: int
    """Counted from 1."""
    left: float
    right: float
    bottom: float
    size: float
    bold: str | None
    """What it begins with in bold type."""
    word_goes_on: bool = False
    """Whether it ends with the hyphen of a word that the next line goes on with."""


@dataclass(frozen=True, slots=True)
class PdfText:
    """What is drawn in a PDF: its lines page by page, and the title that it states."""

    pages: list[list[DrawnLine]]
    title: str | None


def read_pdf(data: bytes) -> PdfText:
    """Return the lines of a PDF.

    Raises:
        PdfError: It is damaged, encrypted or too large.
    """
    with _ENTERED:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            reason = "it needs a password" if "password" in str(error).lower() else "it is damaged"
            raise PdfError(reason) from None
        try:
            if len(document) > MOST_PAGES:
                raise PdfError(f"it has {len(document):,} pages; at most {MOST_PAGES:,} are read")
            return PdfText(_pages(document), document.get_metadata_value("Title") or None)
        finally:
            document.close()


def _pages(document: pypdfium2.PdfDocument) -> list[list[DrawnLine]]:
    pages: list[list[DrawnLine]] = []
    left = MOST_CHARACTERS
    for number in range(1, len(document) + 1):
        try:
            page = document[number - 1]
            text = page.get_textpage()
        except pypdfium2.PdfiumError:
            # A broken page; what the others hold is worth reading.
            pages.append([])
            continue
        count = text.count_chars()
        left -= count
        if left < 0:
            raise PdfError(f"it has more than {MOST_CHARACTERS:,} characters")
        pages.append(list(_lines(text, count, number)))
        text.close()
        page.close()
    return pages


def _lines(text: pypdfium2.PdfTextPage, count: int, page: int) -> Iterator[DrawnLine]:
    codes: list[tuple[int, int]] = []
    for index in range(count):
        code = raw.FPDFText_GetUnicode(text, index)
        if code not in _LINE_ENDS and code not in _HYPHENS_AT_LINE_ENDS:
            if code:
                codes.append((index, code))
            continue
        goes_on = code in _HYPHENS_AT_LINE_ENDS
        line = _line(text, [*codes, (index, ord("-"))] if goes_on else codes, page, goes_on=goes_on)
        codes = []
        if line:
            yield line
    line = _line(text, codes, page, goes_on=False)
    if line:
        yield line


def _line(text: pypdfium2.PdfTextPage, codes: list[tuple[int, int]], page: int, *, goes_on: bool) -> DrawnLine | None:
    printed = [index for index, code in codes if not chr(code).isspace()]
    if not printed:
        return None
    left, bottom, _, _ = text.get_charbox(printed[0], loose=True)
    _, _, right, _ = text.get_charbox(printed[-1], loose=True)
    shown = _characters(codes)
    bold: list[tuple[int, int]] = []
    for index, code in codes:
        if not chr(code).isspace() and not _is_bold(text, index):
            break
        bold.append((index, code))
    return DrawnLine(
        text=shown,
        page=page,
        left=left,
        right=right,
        bottom=bottom,
        size=raw.FPDFText_GetFontSize(text, printed[0]),
        bold=_characters(bold) or None,
        word_goes_on=goes_on,
    )


def _characters(codes: list[tuple[int, int]]) -> str:
    """Return UTF-16 code units as text without white space at its ends."""
    units = "".join(map(chr, (code for _, code in codes)))
    if any(code in _SURROGATES for _, code in codes):
        units = units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return units.strip()


def _is_bold(text: pypdfium2.PdfTextPage, index: int) -> bool:
    if raw.FPDFText_GetFontWeight(text, index) >= _BOLD_WEIGHT:
        return True
    name = ctypes.create_string_buffer(_FONT_NAME_SIZE)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(text, index, name, _FONT_NAME_SIZE, flags)
    return _BOLD_FONT.search(name.value.decode("utf-8", "replace")) is not None
