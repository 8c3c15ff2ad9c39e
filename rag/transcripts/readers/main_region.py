"""Where on a page the conversation is: the innermost element that holds its labels and most of the text after them.

A page's navigation, sidebar, comments and footer stand outside it. Trafilatura was tried for this on the pages of
`shared/formats`: it dropped the first speaker's label of one and made up a date for another, for it knows articles, not
labels.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from rag.transcripts.readers.furniture import is_furniture
from rag.transcripts.readers.html_lines import PageLine

SHARE_OF_LABELS = 0.9
SHARE_OF_TEXT = 0.6
"""Of the characters, links aside, from the first label on, or of all where there are no labels."""


@dataclass(slots=True)
class _Held:
    labels: int = 0
    characters: int = 0
    texts: int = 0
    """Lines that are not blank."""
    first: int | None = None
    last: int = 0

    def add(self, other: "_Held") -> None:
        self.labels += other.labels
        self.characters += other.characters
        self.texts += other.texts
        if other.first is not None:
            self.first = other.first if self.first is None else min(self.first, other.first)
            self.last = max(self.last, other.last)


def main_region(root: etree._Element, lines: Sequence[PageLine], labels: Sequence[int]) -> tuple[int, int]:
    """Return the first line of the conversation and the one after its last.

    Args:
        root: The page.
        lines: Its lines.
        labels: Indices of the lines with labels.
    """
    begin = labels[0] if labels else 0
    own: dict[etree._Element, _Held] = defaultdict(_Held)
    labelled = frozenset(labels)
    whole = _Held()
    for index, each in enumerate(lines):
        counts = not each.linked and index >= begin
        text = each.line.text
        held = _Held(int(index in labelled), len(text) if counts else 0, int(bool(text)), index, index)
        own[each.element].add(held)
        whole.add(held)
    stack: list[_Held] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            stack.append(_Held())
            continue
        held = stack.pop()
        if element in own:
            held.add(own[element])
        enough = held.labels >= SHARE_OF_LABELS * whole.labels and held.characters >= SHARE_OF_TEXT * whole.characters
        # One long paragraph is no region: what stands before and after it is as much of the conversation.
        paragraph = element in own and held.texts == 1
        if enough and held.first is not None and not paragraph:
            return _without_trailing_links(lines, held.first, held.last + 1)
        if stack:
            stack[-1].add(held)
    return 0, len(lines)


def _without_trailing_links(lines: Sequence[PageLine], first: int, after: int) -> tuple[int, int]:
    """Return the bounds without what ends a page's text: links of their own, furniture, blank lines."""
    while after > first and (
        lines[after - 1].linked
        or not (lines[after - 1].line.text or lines[after - 1].line.label)
        or is_furniture(lines[after - 1].line.text)
    ):
        after -= 1
    return first, after
