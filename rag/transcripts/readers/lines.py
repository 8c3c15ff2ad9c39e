"""Lines of a text, and the paragraphs that they make."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.transcripts.folding import fold_space
from rag.transcripts.stretches import Paragraph

LineEnds = Literal["nothing", "perhaps", "paragraph"]

TAB_WIDTH = 4
WIDEST_WRAPPED_LINE = 160
"""Characters. A text with a longer line wasn't wrapped by hand or by an editor, so its line ends mean something."""
SOME_BLANK_LINES = 0.05
"""Of all lines; a text whose paragraphs are parted by blank lines has some 50 %."""

_LIST_ITEM = re.compile(r"\s*(?:\(?\d{1,2}[.)]|[•*–-])\s+\S")
_TERMINAL = re.compile(r"[.!?…:;][\"”’'»)\]]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a source."""

    number: int
    """Counted from 1."""
    text: str
    """Without white space at its ends."""
    indent: int = 0
    """Columns of white space before the text."""
    bold: str | None = None
    """What the line begins with in bold type, where the format has such."""
    label: str | None = None
    """Who says it, where the markup itself states that, as a table's column does. The text doesn't hold it."""
    start_ms: int | None = None
    """When it begins, where the markup states that. The text doesn't hold it."""
    listed: bool = False
    """Whether it is an item of a list or quoted, where the format has such."""
    heading: bool = False
    """Whether it is set as a heading."""


def split_lines(text: str) -> list[Line]:
    """Return the lines of a text; only a newline character ends a line."""
    lines = []
    for number, raw in enumerate(text.split("\n"), start=1):
        stripped = raw.strip()
        lead = raw[: len(raw) - len(raw.lstrip())].expandtabs(TAB_WIDTH)
        lines.append(Line(number=number, text=stripped, indent=len(lead)))
    return lines


def ends_sentence(text: str) -> bool:
    """Say whether a line ends as a sentence does, so that the next may begin something new."""
    return _TERMINAL.search(text) is not None


def line_ends(lines: Sequence[Line]) -> LineEnds:
    """Return what the end of a line means in a text.

    "nothing" where the text was wrapped, "paragraph" where no blank lines part its long ones, else "perhaps": a
    paragraph where it ends a sentence too.
    """
    if all(len(line.text) <= WIDEST_WRAPPED_LINE for line in lines):
        return "nothing"
    blank = sum(not line.text for line in lines)
    return "paragraph" if blank < SOME_BLANK_LINES * len(lines) else "perhaps"


def paragraphs(lines: Sequence[Line], ends: LineEnds) -> tuple[Paragraph, ...]:
    """Return the paragraphs of some lines, white space folded.

    Blank lines part them; so do list items, and line ends where they mean that.
    """
    found: list[list[Line]] = []
    fresh = True
    for line in lines:
        if not line.text:
            fresh = True
            continue
        if fresh or _opens_paragraph(found[-1], line, ends):
            found.append([line])
        else:
            found[-1].append(line)
        fresh = False
    folded = (
        Paragraph(text=fold_space(" ".join(line.text for line in group)), line=group[0].number) for group in found
    )
    return tuple(paragraph for paragraph in folded if paragraph.text)


def _opens_paragraph(group: list[Line], line: Line, ends: LineEnds) -> bool:
    if ends == "paragraph":
        return True
    in_list = _LIST_ITEM.match(group[0].text) is not None
    if _LIST_ITEM.match(line.text):
        return in_list or ends_sentence(group[-1].text)
    return ends == "perhaps" and ends_sentence(group[-1].text)
