"""Labels that markup states: a table's column of names, `<cite>`, a name in bold type before speech."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from rag.transcripts.folding import fold_space
from rag.transcripts.readers.labels import CLOCK, RECURS, LabelMatch, clock_ms
from rag.transcripts.readers.lines import Line
from rag.transcripts.readers.names_like import is_bare_name, is_common_opener

FEWEST = 2

_TIME_ALONE = re.compile(rf"[\[(]?({CLOCK})[\])]?")


def marked_labels(lines: Sequence[Line]) -> list[LabelMatch]:
    """Return the labels that lines carry; one label alone may be anything."""
    found = [
        _match(index, line, fold_space(line.label).rstrip(": "), line.text)
        for index, line in enumerate(lines)
        if line.label
    ]
    return found if len(found) >= FEWEST else []


def without_marks(lines: Sequence[Line]) -> list[Line]:
    """Return lines whose marked labels are text again, for where the markup meant something else."""
    return [
        replace(line, text=f"{line.label} {line.text}".strip(), label=None) if line.label else line for line in lines
    ]


def bold_labels(lines: Sequence[Line]) -> list[LabelMatch]:
    """Return names in bold type before speech in the same line, without a colon; they recur, or go on another's."""
    found = []
    for index, line in enumerate(lines):
        name = fold_space(line.bold or "")
        rest = line.text[len(line.bold or "") :].strip(" \u00a0-–—")
        if name and rest and is_bare_name(name) and not is_common_opener(name):
            found.append(_match(index, line, name, rest))
    counts = Counter(match.label for match in found)
    recurring = {label for label, count in counts.items() if count >= RECURS}
    return [match for match in found if match.label in recurring] if recurring else []


def _match(index: int, line: Line, label: str, text: str) -> LabelMatch:
    clock = _TIME_ALONE.fullmatch(text)
    start_ms = clock_ms(clock[1]) if clock else line.start_ms
    return LabelMatch(
        index=index, label=label, text="" if clock else text, start_ms=start_ms, style="marked", opens=True
    )
