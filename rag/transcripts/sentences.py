"""Sentences of a turn, as spans that tile its text."""

import re
from dataclasses import dataclass
from functools import lru_cache

import nupunkt

PARAGRAPH_BREAK = re.compile(r"\n\n")
LIST_NUMBER = re.compile(r"\s*(?:\(?\d{1,2}[.)]|[•*–-])\s*")
LONGEST_QUOTATION = 6
"""Sentences that an open quotation mark may hold together; beyond that the mark was never closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """`text == turn_text[start:end]`, without the white space around it."""

    start: int
    end: int
    text: str


def paragraph_spans(text: str) -> list[tuple[int, int]]:
    """Return the paragraphs of a turn as spans that tile its text: each holds the break after it."""
    ends = [match.end() for match in PARAGRAPH_BREAK.finditer(text)]
    starts = [0, *ends]
    return [(start, end) for start, end in zip(starts, [*ends, len(text)], strict=True) if end > start]


@lru_cache(maxsize=20_000)
def sentence_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences of a turn as spans that tile its text: each holds the white space after it.

    Boundaries are Punkt's (Kiss and Strunk 2006, doi:10.1162/coli.2006.32.4.485) within each paragraph. A list number
    stays with its item, and a quotation in curly marks isn't cut inside.
    """
    spans: list[tuple[int, int]] = []
    for start, end in paragraph_spans(text):
        found = [(start + a, start + b) for a, b in nupunkt.sent_spans(text[start:end])]
        spans.extend(_join(text, found, start, end))
    return tuple(spans)


def sentences(text: str) -> list[Sentence]:
    """Return the sentences of a turn, trimmed, in order; stretches of white space alone are left out."""
    found = []
    for start, end in sentence_spans(text):
        piece = text[start:end]
        stripped = piece.strip()
        if stripped:
            first = start + len(piece) - len(piece.lstrip())
            found.append(Sentence(start=first, end=first + len(stripped), text=stripped))
    return found


def _join(text: str, found: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Make spans tile [start, end), keeping list numbers with their items and quotations whole."""
    joined: list[tuple[int, int]] = []
    keep_open = 0
    for _, b in found:
        if joined and (keep_open or LIST_NUMBER.fullmatch(text[joined[-1][0] : joined[-1][1]])):
            joined[-1] = (joined[-1][0], b)
        else:
            joined.append((joined[-1][1] if joined else start, b))
        still_open = _quotation_is_open(text[joined[-1][0] : b])
        keep_open = keep_open + 1 if still_open and keep_open < LONGEST_QUOTATION else 0
    if not joined:
        return [(start, end)]
    joined[-1] = (joined[-1][0], end)
    return joined


def _quotation_is_open(piece: str) -> bool:
    """Say whether a double curly quotation mark was opened and not closed.

    Single marks are left out: the closing one is also the apostrophe.
    """
    return piece.count("“") > piece.count("”")
