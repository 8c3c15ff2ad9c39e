"""The text of a podcast's page: names on lines of their own, bulleted or bare, between a header and furniture."""

import re
from collections.abc import Sequence

from rag.transcripts.dates import parse_date
from rag.transcripts.readers.assembly import assemble
from rag.transcripts.readers.furniture import is_furniture
from rag.transcripts.readers.header import read_pairs
from rag.transcripts.readers.labelled import cut, head, label_score
from rag.transcripts.readers.labels import LabelMatch, bare_labels
from rag.transcripts.readers.lines import Line, split_lines
from rag.transcripts.readers.own_line import accept_own_line_labels
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.types import Transcript

HEAD_LINES = 20
"""Lines with text within which a page's date and furniture end the head."""
INDENT = 2
"""Columns; saved pages indent what was said by four and bullets by two."""
INDENTED_SHARE = 0.9
FEWEST_LABELS = 2

_TRANSCRIPT_HEADING = re.compile(r"(?:full |episode |the |read the )?transcript(?:ion)?:?", re.IGNORECASE)


class PageReader:
    """Reads page text in which every turn stands under its speaker's name."""

    names = ("page",)

    def score(self, source: SourceFile) -> float:
        """Return more the more names stand on lines of their own; one is not enough."""
        _, labels = _speech(source.text)
        return label_score(labels) if len(labels) >= FEWEST_LABELS else 0.0

    def read(self, source: SourceFile) -> list[Transcript]:
        """Return the one transcript of a page.

        Raises:
            ReadError: No speaker's name stands on a line of its own.
        """
        lines, labels = _speech(source.text)
        if not labels:
            raise source.error(
                "no speaker's name stands on a line of its own",
                line=1,
                mend="Put each speaker's name on its own line above what they say.",
            )
        return assemble(source, head(lines, labels, read_pairs(lines)), cut(lines, labels), repair=True)


def _speech(text: str) -> tuple[list[Line], list[LabelMatch]]:
    """Return the lines of a page up to where speech ends, and the labels in them."""
    lines = split_lines(text)
    possible = bare_labels(lines)
    begin = _end_of_head(lines, possible)
    possible = [match for match in possible if match.index >= begin]
    is_indented = _is_indented(lines, possible)
    if is_indented:
        possible = [match for match in possible if lines[match.index].indent >= INDENT]
    labels = accept_own_line_labels(possible, lines)
    if labels and is_indented:
        lines = _without_unindented_end(lines, labels[-1].index)
    return lines, labels


def _end_of_head(lines: Sequence[Line], possible: Sequence[LabelMatch]) -> int:
    """Return the index of the line after the last date, furniture or "Transcript" heading near the top.

    On a short page the furniture at the bottom is near the top too: names must follow.
    """
    if len(possible) < FEWEST_LABELS:
        return 0
    last = possible[-FEWEST_LABELS].index
    end, seen = 0, 0
    for index, line in enumerate(lines):
        seen += bool(line.text)
        if seen > HEAD_LINES or index >= last:
            break
        if _TRANSCRIPT_HEADING.fullmatch(line.text):
            return index + 1
        if line.indent < INDENT and (parse_date(line.text) or is_furniture(line.text)):
            end = index + 1
    return end


def _is_indented(lines: Sequence[Line], possible: Sequence[LabelMatch]) -> bool:
    """Say whether the page sets speech off by an indent: nearly all lines between the first and the last name."""
    indented = [match.index for match in possible if lines[match.index].indent >= INDENT]
    if not indented:
        return False
    between = [line for line in lines[indented[0] : indented[-1] + 2] if line.text]
    return sum(line.indent >= INDENT for line in between) >= INDENTED_SHARE * len(between)


def _without_unindented_end(lines: list[Line], last_label: int) -> list[Line]:
    """Return the lines up to the last indented one: what follows it is the page's, not a speaker's."""
    last = max(index for index, line in enumerate(lines) if index >= last_label and line.indent >= INDENT)
    return lines[: last + 1]


READER = PageReader()
