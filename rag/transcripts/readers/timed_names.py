"""Names with a time on a line above the speech, as Otter and Teams export them: "Ann Lee  0:05"."""

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.transcripts.folding import fold_space
from rag.transcripts.readers.labels import TIMED, LabelMatch, clock_ms, opens
from rag.transcripts.readers.lines import Line, ends_sentence
from rag.transcripts.readers.names_like import is_common_opener, is_name_like
from rag.transcripts.readers.spoken_labels import is_named_or_role

FEWEST = 2
"""Such lines in a text; one alone may be anything."""
IN_ORDER = 0.9
"""Share of times that don't go back: people talk over each other, and machines correct themselves."""
MOST_WORDS = 8

_TIMED_NAME = re.compile(
    rf"(?:(?P<label>[^\s:][^:]{{0,79}}?)(?P<gap>\s+|(?<=[^\W\d_])))?(?P<time>{TIMED})(?:\s+(?P<text>\S.*))?"
)


def timed_name_labels(lines: Sequence[Line]) -> list[LabelMatch]:
    """Return the lines of a name and a time; a time alone says that somebody unnamed speaks (label "").

    Speech may follow in the line where two spaces part name and time, as no sentence has them. Nothing at all parts
    them where a page was copied.
    """
    found = []
    for index, line in enumerate(lines):
        match = _TIMED_NAME.fullmatch(line.text)
        if match is None or not _is_header(match):
            continue
        found.append(
            LabelMatch(
                index=index,
                label=fold_space(match["label"] or ""),
                text=match["text"] or "",
                start_ms=clock_ms(match["time"].strip("[]()")),
                style="timed",
                opens=opens(lines, index),
            )
        )
    steps = list(pairwise(label.start_ms or 0 for label in found))
    in_order = sum(before <= after for before, after in steps) >= IN_ORDER * len(steps)
    return found if len(found) >= FEWEST and in_order else []


def _is_header(match: re.Match[str]) -> bool:
    label, is_wide = match["label"], len(match["gap"] or "") > 1 or "\t" in (match["gap"] or "")
    if match["text"] and not (label and is_wide):
        return False
    if label is None:
        return True
    if is_wide:
        return len(label.split()) <= MOST_WORDS and not ends_sentence(label)
    return (is_name_like(label) and not is_common_opener(label)) or is_named_or_role(label)
