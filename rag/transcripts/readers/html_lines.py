"""A web page as lines: blocks parted by blank lines, bold beginnings kept, scripts and navigation left out."""

import re
from dataclasses import dataclass

from lxml import etree

from rag.transcripts.folding import fold_space
from rag.transcripts.readers.labels import CLOCK, clock_ms
from rag.transcripts.readers.lines import Line
from rag.transcripts.readers.names_like import is_name_like
from rag.transcripts.readers.tables import conversation_of_rows
from rag.transcripts.word_set import word_set

_NOBODYS = word_set(
    "applet area aside audio button canvas datalist embed footer form frame frameset head iframe img input link map "
    "math menu meta nav noembed noframes noscript object option param progress script select source style svg template "
    "textarea title track video wbr"
)
"""Elements that hold nothing anybody said."""
_NOBODYS_ROLES = word_set("navigation banner contentinfo complementary search menu menubar toolbar dialog alert")
_BLOCKS = word_set(
    "address article blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure h1 "
    "h2 h3 h4 h5 h6 header hgroup hr html legend li listing main ol p plaintext pre section summary table tbody td "
    "tfoot th thead tr ul xmp"
)
_HEADINGS = word_set("h1 h2 h3 h4 h5 h6")
_BOLD = word_set("b strong h1 h2 h3 h4 h5 h6 th dt")
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_TIME = re.compile(rf"[\[(]?({CLOCK})[\])]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLine:
    """A line of a page, and where on the page it stands."""

    line: Line
    element: etree._Element
    """The element whose beginning, end or text the line follows."""
    linked: bool = False
    """Whether all its text is links."""


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    bold: bool
    link: bool
    cite: bool


def parse_page(text: str) -> etree._Element | None:
    """Return the root of a page, however broken it is; None where there is nothing in it."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        # The parser stops at NUL characters; half surrogates can't be encoded.
        root: etree._Element | None = etree.fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None
    return root


def page_lines(root: etree._Element, *, tables: bool = True) -> list[PageLine]:
    """Return the lines of an element, each block between blank ones.

    A `<time>` that holds a clock's time, and a `<cite>` that names who speaks, are kept beside the text, not in it.

    Args:
        root: The element.
        tables: Whether a table of who said what is read row by row. Without, as in a table's cells, times stay text.
    """
    flattener = _Flattener(root, tables=tables)
    return flattener.run()


class _Flattener:
    """Walks through a page once, in its order."""

    def __init__(self, root: etree._Element, *, tables: bool) -> None:
        self._root, self._tables = root, tables
        self._found: list[PageLine] = []
        self._pieces: list[_Piece] = []
        self._element, self._number = root, 1
        self._depths = {"bold": 0, "link": 0, "cite": 0, "heading": 0, "pre": 0, "listed": 0}
        self._start_ms: int | None = None

    def run(self) -> list[PageLine]:
        walk = etree.iterwalk(self._root, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                self._end(element)
            elif self._start(element):
                walk.skip_subtree()
        self._close(self._root)
        return self._found

    def _start(self, element: etree._Element) -> bool:
        """Take an element in; return whether its content is done with."""
        tag = element.tag
        if tag in _NOBODYS or element.get("role") in _NOBODYS_ROLES:
            return True
        if tag == "time" and self._tables and (match := _TIME.fullmatch(fold_space("".join(element.itertext())))):
            self._start_ms = clock_ms(match[1]) if self._start_ms is None else self._start_ms
            return True
        if tag in _BLOCKS:
            self._close(element)
            if tag != "br":
                self._blank(element)
        if tag == "table" and self._tables and (rows := _conversation(element)):
            self._found.extend(rows)
            return True
        for kind in _kinds(element):
            self._depths[kind] += 1
        self._text(element, element.text)
        return False

    def _end(self, element: etree._Element) -> None:
        tag = element.tag
        if tag not in _NOBODYS and element.get("role") not in _NOBODYS_ROLES:
            if tag in _BLOCKS and tag != "br":
                self._close(element)
                self._blank(element)
            for kind in _kinds(element):
                # What was skipped was never counted.
                self._depths[kind] = max(0, self._depths[kind] - 1)
        if element is not self._root:
            self._text(element, element.tail)

    def _text(self, element: etree._Element, text: str | None) -> None:
        if not text:
            return
        for number, part in enumerate(text.split("\n") if self._depths["pre"] else [text]):
            if number:
                self._close(element)
                if not part.strip():
                    self._blank(element)
            if part.strip() and not any(piece.text.strip() for piece in self._pieces):
                self._element, self._number = element, element.sourceline or self._number
            depths = self._depths
            self._pieces.append(_Piece(part, depths["bold"] > 0, depths["link"] > 0, depths["cite"] > 0))

    def _close(self, element: etree._Element) -> None:
        """End the line that is being put together."""
        pieces, self._pieces = self._pieces, []
        text = fold_space("".join(piece.text for piece in pieces))
        if not text:
            return
        alone = _TIME.fullmatch(text) if self._tables else None
        if alone:
            self._start_ms = clock_ms(alone[1])
            return
        label = _label(pieces)
        rest = fold_space("".join(piece.text for piece in pieces).lstrip()[len(label) :]) if label else text
        bold = fold_space("".join(piece.text for piece in _leading(pieces, "bold")))
        line = Line(
            number=self._number,
            text=rest,
            bold=bold if bold and not label else None,
            label=label or None,
            start_ms=self._start_ms,
            heading=self._depths["heading"] > 0,
            listed=self._depths["listed"] > 0,
        )
        linked = all(piece.link for piece in pieces if piece.text.strip())
        self._found.append(PageLine(line=line, element=self._element, linked=linked))
        self._start_ms = None

    def _blank(self, element: etree._Element) -> None:
        if self._found and (self._found[-1].line.text or self._found[-1].line.label):
            self._found.append(PageLine(line=Line(number=self._number, text=""), element=element))


def _kinds(element: etree._Element) -> list[str]:
    """Return what the text in an element is."""
    tag = element.tag
    kinds = []
    if tag in _BOLD or _BOLD_STYLE.search(element.get("style") or ""):
        kinds.append("bold")
    if tag in _HEADINGS:
        kinds.append("heading")
    if tag in {"li", "blockquote"}:
        kinds.append("listed")
    if tag in {"a", "cite", "pre"}:
        kinds.append({"a": "link"}.get(tag, tag))
    return kinds


def _leading(pieces: list[_Piece], kind: str) -> list[_Piece]:
    """Return the pieces of a kind with which a line begins, white space aside."""
    leading = []
    for piece in pieces:
        if not getattr(piece, kind) and piece.text.strip():
            break
        leading.append(piece)
    return leading


def _label(pieces: list[_Piece]) -> str:
    """Return the name that a `<cite>` at the beginning of a line states, with its colon; "" without one."""
    label = "".join(piece.text for piece in _leading(pieces, "cite") if piece.cite).strip()
    return label if label and is_name_like(fold_space(label).rstrip(": ")) else ""


def _conversation(table: etree._Element) -> list[PageLine]:
    """Return the lines of a table of who said what; none where it is another table, or holds one."""
    if next(table.iterdescendants("table"), None) is not None:
        return []
    rows, elements = [], []
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in {"td", "th"}]
        rows.append([[each.line for each in page_lines(cell, tables=False)] for cell in cells])
        elements.append(row)
    found = conversation_of_rows(rows)
    return [PageLine(line=line, element=elements[row]) for row, line in found]
