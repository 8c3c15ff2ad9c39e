"""From the lines drawn on pages to lines of text: without running heads and page numbers, blank between paragraphs."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from rag.transcripts.readers.lines import Line, ends_sentence
from rag.transcripts.readers.names_like import is_name_like
from rag.transcripts.readers.pdf_pages import DrawnLine

EDGE_LINES = 2
"""Lines at the top and at the bottom of a page that may be running heads or feet."""
SAME_PLACE = 4.0
"""Points within which lines of two pages stand in one place."""
SHARE_OF_PAGES = 0.8
"""Of the pages with a line in that place, those on which it says the same, figures aside; left and right may differ."""
FEWEST_PAGES = 3
"""Pages on which a running head stands that could be a speaker's name: on two it may by chance."""
WIDE_GAP = 1.35
"""Of the usual distance between lines: a wider one parts paragraphs."""
WIDEST_PITCH = 2.5
"""Of the type size: double spacing is some 2.4, so more parts paragraphs whatever is usual."""
USUAL_PITCH = 0.1
"""The quantile of the distances that is taken for the usual one: lines within a paragraph are the closest."""
INDENT = 0.8
"""Of the type size: a line that begins further right than the one before opens a paragraph."""
SHORT_LINE = 0.75
"""Of the measure: a line that ends a sentence and is shorter ends a paragraph."""
LARGE_TYPE = 1.2
"""Of the usual size: larger lines are headings."""

_PAGE_NUMBER = re.compile(r"(?:page|p\.)?\s*[-–—]?\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\s*[-–—]?", re.IGNORECASE)
_SPLIT_WORD = re.compile(r"([^\W\d_]+)-$")
_HYPHEN_AT_END = re.compile(r"\w-$")


@dataclass(frozen=True, slots=True)
class _Usual:
    """What is usual in a document, in points."""

    pitch: float
    size: float
    right: float
    left: float


def text_lines(pages: Sequence[Sequence[DrawnLine]]) -> list[Line]:
    """Return the text of some pages as lines, blank ones between paragraphs; their numbers count lines drawn.

    A hyphen at a line's end stays, and the word is put together around it: whether it belongs to the word can't be
    seen. It goes only where the document writes the whole word without it elsewhere, and nowhere with it.
    """
    drawn = [line for page in _without_running_heads(pages) for line in page]
    if not drawn:
        return []
    usual = _usual(drawn)
    words = Counter(word.lower() for line in drawn for word in re.findall(r"[^\W_]+(?:-[^\W_]+)*", line.text))
    whole = _with_whole_words(drawn, words)
    lines: list[Line] = []
    for number, line in enumerate(whole):
        if number and _opens_paragraph(whole[number - 1], line, usual):
            lines.append(Line(number=number + 1, text=""))
        if line.text:
            heading = line.size >= LARGE_TYPE * usual.size
            lines.append(Line(number=number + 1, text=line.text, bold=line.bold, heading=heading))
    return lines


def _usual(drawn: Sequence[DrawnLine]) -> _Usual:
    size = median(line.size for line in drawn)
    pitches = sorted(
        a.bottom - b.bottom for a, b in pairwise(drawn) if a.page == b.page and a.bottom > b.bottom + size / 2
    )
    rights = sorted(line.right for line in drawn)
    return _Usual(
        pitch=pitches[int(USUAL_PITCH * len(pitches))] if pitches else WIDEST_PITCH * size,
        size=size,
        right=rights[int(0.95 * (len(rights) - 1))],
        left=median(line.left for line in drawn),
    )


def _opens_paragraph(before: DrawnLine, line: DrawnLine, usual: _Usual) -> bool:
    if before.page == line.page:
        pitch = before.bottom - line.bottom
        if pitch < 0 or pitch > min(WIDE_GAP * usual.pitch, WIDEST_PITCH * usual.size):
            return True
    if abs(before.size - line.size) > 1 or line.left > before.left + INDENT * line.size:
        return True
    short = before.right < usual.left + SHORT_LINE * (usual.right - usual.left)
    return short and ends_sentence(before.text)


def _without_running_heads(pages: Sequence[Sequence[DrawnLine]]) -> Iterator[list[DrawnLine]]:
    """Yield the pages without what stands in one place at the edge of most, or numbers them."""
    edges = [_edges(page) for page in pages]
    heads = {id(line) for place in range(2 * EDGE_LINES) for line in _running(edges, place)}
    for page in pages:
        kept = [line for line in page if id(line) not in heads]
        if len(pages) == 1 and kept:
            lowest = min(kept, key=lambda line: line.bottom)
            if _PAGE_NUMBER.fullmatch(lowest.text):
                kept.remove(lowest)
        yield kept


def _edges(page: Sequence[DrawnLine]) -> list[DrawnLine | None]:
    """Return the lines at the top, outermost first, then those at the bottom."""
    by_height = sorted(page, key=lambda line: -line.bottom)
    padding: list[DrawnLine | None] = [None] * EDGE_LINES
    return [*[*by_height, *padding][:EDGE_LINES], *[*reversed(by_height), *padding][:EDGE_LINES]]


def _running(edges: Sequence[Sequence[DrawnLine | None]], place: int) -> Iterator[DrawnLine]:
    """Yield the lines that are running heads (or feet) in one place of the pages."""
    lines = [line for edge in edges if (line := edge[place]) is not None]
    for height in {round(line.bottom / SAME_PLACE) for line in lines}:
        here = [line for line in lines if round(line.bottom / SAME_PLACE) == height]
        said = Counter(_without_figures(line.text) for line in here)
        common = [
            (text, count)
            for text, count in said.most_common(2)
            if count >= FEWEST_PAGES or (count > 1 and not is_name_like(text.partition(":")[0]))
        ]
        if sum(count for _, count in common) >= SHARE_OF_PAGES * len(here):
            texts = {text for text, _ in common}
            yield from (line for line in here if _without_figures(line.text) in texts)


def _without_figures(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _with_whole_words(drawn: Sequence[DrawnLine], words: Counter[str]) -> list[DrawnLine]:
    """Return the lines, the rest of a word that was split at a line's end moved up to its beginning."""
    lines = list(drawn)
    for index, (line, after) in enumerate(pairwise(drawn)):
        line = lines[index]  # noqa: PLW2901 - it may have lost its own beginning to the line before
        rest, _, others = after.text.partition(" ")
        goes_on = line.word_goes_on or (
            _HYPHEN_AT_END.search(line.text) and rest[:1].isalnum() and not rest[:1].isupper()
        )
        if not goes_on or not rest:
            continue
        lines[index] = replace(line, text=_joined(line.text, rest, words))
        lines[index + 1] = replace(after, text=others, bold=None)
    return lines


def _joined(text: str, rest: str, words: Counter[str]) -> str:
    split, going_on = _SPLIT_WORD.search(text), re.match(r"[^\W\d_]+", rest)
    if split and going_on:
        begun, ended = split[1].lower(), going_on[0].lower()
        if words[begun + ended] and not words[f"{begun}-{ended}"]:
            return text[:-1] + rest
    return text + rest
