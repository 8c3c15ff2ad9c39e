"""Tables of who said what: which column names the speaker, which the time, and which holds the speech."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.transcripts.folding import fold_space
from rag.transcripts.readers.labels import CLOCK, clock_ms
from rag.transcripts.readers.lines import Line
from rag.transcripts.readers.names_like import is_name_like
from rag.transcripts.word_set import word_set

Cell = Sequence[Line]
Row = Sequence[Cell]

FEWEST_ROWS = 2
SHARE_OF_CELLS = 0.8
"""Of the filled cells of a column, those that look like what it holds; the head of a column and a slip don't."""

_TIMES = re.compile(rf"[\[(]?(?P<start>{CLOCK})(?:\s*(?:-->|[-–—])\s*{CLOCK})?[\])]?")
_HEAD_WORDS = word_set(
    "speaker speakers name names who person participant time times timestamp timecode start end from to text "
    "transcript transcription speech content dialogue said what words utterance line no"
)


def conversation_of_rows(rows: Sequence[Row]) -> list[tuple[int, Line]]:
    """Return the lines of a table as pairs of row number and line, labelled where its rows name who speaks.

    A row without a name goes on from the row above. Nothing is returned where the table is no conversation.
    """
    width = max((len(row) for row in rows), default=0)
    body = [(number, row) for number, row in enumerate(rows) if not _is_head(row)]
    if len(body) < FEWEST_ROWS or width < FEWEST_ROWS:
        return []
    columns = [[_cell_text(row, column) for _, row in body] for column in range(width)]
    times = next((c for c, texts in enumerate(columns) if _mostly(texts, _is_clock)), None)
    names = next((c for c, texts in enumerate(columns) if c != times and _mostly(texts, _is_name)), None)
    said = max(range(width), key=lambda column: sum(map(len, columns[column])))
    if names is None or said in {names, times}:
        return []
    found: list[tuple[int, Line]] = []
    for number, row in body:
        name = _cell_text(row, names)
        clock = _TIMES.fullmatch(_cell_text(row, times)) if times is not None else None
        start_ms = clock_ms(clock["start"]) if clock else None
        lines = [line for line in row[said] if line.text] if said < len(row) else []
        for index, line in enumerate(lines):
            first = index == 0
            found.append((number, Line(number=line.number, text="")))
            found.append(
                (
                    number,
                    replace(
                        line, label=name or None if first else None, start_ms=start_ms if first else None, bold=None
                    ),
                )
            )
        found.append((number, Line(number=lines[-1].number if lines else 1, text="")))
    return found


def _cell_text(row: Row, column: int) -> str:
    return fold_space(" ".join(line.text or line.label or "" for line in row[column])) if column < len(row) else ""


def _mostly(texts: Sequence[str], test: Callable[[str], bool]) -> bool:
    filled = [text for text in texts if text]
    return len(filled) >= FEWEST_ROWS and sum(map(test, filled)) >= SHARE_OF_CELLS * len(filled)


def _is_head(row: Row) -> bool:
    words = [word for column in range(len(row)) for word in _cell_text(row, column).lower().split()]
    return bool(words) and all(word.strip(".:()") in _HEAD_WORDS for word in words)


def _is_clock(text: str) -> bool:
    return _TIMES.fullmatch(text) is not None


def _is_name(text: str) -> bool:
    return is_name_like(text.rstrip(": "))
