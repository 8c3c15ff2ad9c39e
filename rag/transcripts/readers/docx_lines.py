"""A Word file as lines: its paragraphs and tables as they read with all changes accepted, in their order.

python-docx opens the file and knows its styles; the text is taken from the XML itself, for the library leaves out
insertions under review and content controls. Headers, footers, notes, comments and text boxes are nobody's speech.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import docx
from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

from rag.transcripts.folding import fold_space
from rag.transcripts.readers.lines import Line
from rag.transcripts.readers.tables import conversation_of_rows

_PARAGRAPH, _TABLE, _ROW, _CELL, _RUN, _TEXT = (qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc", "r", "t"))
_BOLD, _RUN_STYLE, _PARAGRAPH_STYLE, _VALUE = qn("w:b"), qn("w:rStyle"), qn("w:pStyle"), qn("w:val")
_MARKS = {
    qn("w:tab"): "\t", qn("w:ptab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-",
}  # fmt: skip
_LEFT_OUT = frozenset(
    [
        *(qn(f"w:{name}") for name in ("del", "moveFrom", "pPr", "rPr", "txbxContent", "object", "instrText", "ruby")),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    ]
)
_OFF = frozenset({"0", "false", "off"})


@dataclass(frozen=True, slots=True)
class WordDocument:
    """What a Word file holds."""

    lines: list[Line]
    """Their numbers count paragraphs."""
    title: str | None


def read_word(data: bytes) -> WordDocument:
    """Return the lines of a Word file and its title.

    Raises:
        Exception: It is no sound Word file; the library raises many kinds.
    """
    document = docx.Document(io.BytesIO(data))
    return _Paragraphs(document).read()


class _Paragraphs:
    def __init__(self, document: Document) -> None:
        self._body = document.element.body
        self._title = fold_space(document.core_properties.title or "")
        styles = {style.style_id: (style.name or "").lower() for style in document.styles}
        self._headings = {key for key, name in styles.items() if name.startswith(("heading", "title", "subtitle"))}
        self._strong = {key for key, name in styles.items() if name == "strong"}
        self._number = 0

    def read(self) -> WordDocument:
        lines = list(self._blocks(self._body))
        heading = next((line.text for line in lines if line.heading and line.text), None)
        return WordDocument(lines, self._title or heading)

    def _blocks(self, parent: etree._Element) -> Iterator[Line]:
        for element in parent:
            if element.tag == _PARAGRAPH:
                yield from self._paragraph(element)
                yield Line(number=self._number, text="")
            elif element.tag == _TABLE:
                yield from self._table(element)
            elif element.tag not in _LEFT_OUT and isinstance(element.tag, str):
                # Content controls and the like wrap paragraphs.
                yield from self._blocks(element)

    def _table(self, table: etree._Element) -> Iterator[Line]:
        rows = [[list(self._blocks(cell)) for cell in row.iterchildren(_CELL)] for row in table.iterchildren(_ROW)]
        conversation = conversation_of_rows(rows)
        if conversation:
            yield from (line for _, line in conversation)
        else:
            yield from (line for row in rows for cell in row for line in cell)

    def _paragraph(self, paragraph: etree._Element) -> list[Line]:
        self._number += 1
        rows: list[list[tuple[str, bool]]] = [[]]
        bold = False
        walk = etree.iterwalk(paragraph, events=("start",))
        for _, element in walk:
            if element.tag in _LEFT_OUT or (element.tag == _PARAGRAPH and element is not paragraph):
                walk.skip_subtree()
            elif element.tag == _RUN:
                bold = self._is_bold(element)
            elif element.tag == _TEXT and element.text:
                rows[-1].append((element.text, bold))
            elif _MARKS.get(element.tag) == "\n":
                rows.append([])
            elif element.tag in _MARKS:
                rows[-1].append((_MARKS[element.tag], bold))
        style = paragraph.find(f"{qn('w:pPr')}/{_PARAGRAPH_STYLE}")
        heading = style is not None and style.get(_VALUE) in self._headings
        return [line for row in rows if (line := self._line(row, heading=heading)).text]

    def _line(self, row: list[tuple[str, bool]], *, heading: bool) -> Line:
        text = "".join(piece for piece, _ in row).strip()
        lead = ""
        for piece, bold in row:
            if not bold and piece.strip():
                break
            lead += piece
        return Line(number=self._number, text=text, bold=lead.strip() or None, heading=heading)

    def _is_bold(self, run: etree._Element) -> bool:
        properties = run.find(qn("w:rPr"))
        if properties is None:
            return False
        mark, style = properties.find(_BOLD), properties.find(_RUN_STYLE)
        if mark is not None:
            return mark.get(_VALUE, "1").lower() not in _OFF
        return style is not None and style.get(_VALUE) in self._strong
