"""From lines and the labels among them to stretches of speech and what stands before them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.transcripts.readers.furniture import without_trailing_furniture
from rag.transcripts.readers.further_labels import with_further_labels
from rag.transcripts.readers.header import Header, read_preamble
from rag.transcripts.readers.inner_labels import with_inner_labels_parted
from rag.transcripts.readers.labels import TIMED, LabelMatch, accept_colon_labels, colon_labels
from rag.transcripts.readers.lines import Line, line_ends, paragraphs
from rag.transcripts.readers.names_like import is_segment
from rag.transcripts.stretches import Stretch
from rag.transcripts.types import Attribution

SCORE_OF_ONE_LABEL = 0.4
MOST_FOR_LABELS = 0.4
HALF_OF_LABELS = 4
"""Labels that earn half of what labels can earn."""

_TIMES_ALONE = re.compile(rf"^(?:to|[-–—])?\s*{TIMED}\s*$")
"""How long a break takes, "[12:36] to [13:39]": the first time has been taken with the label."""


def find_colon_labels(lines: Sequence[Line], header: Header) -> list[LabelMatch]:
    """Return the labels of the form `Name: text` in lines, those of a header's own lines aside."""
    possible = [match for match in colon_labels(lines) if lines[match.index].number not in header.lines]
    prose = "\n".join(line.text for line in lines)
    return with_further_labels(possible, accept_colon_labels(possible, listed=header.names, prose=prose))


def with_inner_labels(
    lines: Sequence[Line], labels: Sequence[LabelMatch], header: Header
) -> tuple[list[Line], list[LabelMatch]]:
    """Return lines and the colon labels in them, those within a line parted from what stands before them."""
    parted = with_inner_labels_parted(lines, labels)
    if len(parted) == len(lines):
        return list(lines), list(labels)
    return parted, find_colon_labels(parted, header)


def label_score(labels: Sequence[LabelMatch]) -> float:
    """Return how sure a reader may be that found these labels: 0 for none, rising towards 0.8."""
    if not labels:
        return 0.0
    return SCORE_OF_ONE_LABEL + MOST_FOR_LABELS * len(labels) / (len(labels) + HALF_OF_LABELS)


def cut(lines: Sequence[Line], labels: Sequence[LabelMatch]) -> list[Stretch]:
    """Return the stretches that labels open, each up to the next; furniture after the last is left out."""
    rule = line_ends(lines)
    stretches = []
    ends = [*(label.index for label in labels[1:]), len(lines)]
    for label, end in zip(labels, ends, strict=True):
        first = lines[label.index]
        speaker = None if is_segment(label.label) or label.doubtful else label.label or None
        said = label.text if speaker else _TIMES_ALONE.sub("", label.text, count=1)
        body = [first if label.doubtful else replace(first, text=said), *lines[label.index + 1 : end]]
        stretches.append(
            Stretch(
                speaker=speaker,
                paragraphs=paragraphs(body, rule),
                attribution=Attribution.LABELLED if speaker else Attribution.UNKNOWN,
                attribution_reason=_doubt(label, first.number) if label.doubtful else None,
                start_ms=label.start_ms if label.start_ms is not None else _first_time(body),
            )
        )
    if stretches:
        last = stretches[-1]
        stretches[-1] = replace(last, paragraphs=without_trailing_furniture(last.paragraphs))
    return stretches


def _doubt(label: LabelMatch, line: int) -> str:
    return f"“{label.label}” (line {line}) may be the label of another speaker, or words of the one before."


def _first_time(body: Sequence[Line]) -> int | None:
    """Return the time that markup states for the first speech under a label."""
    first = next((line for line in body if line.text or line.start_ms is not None), None)
    return first.start_ms if first else None


def head(lines: Sequence[Line], labels: Sequence[LabelMatch], header: Header) -> Header:
    """Return a header with what the free paragraphs before the first label state."""
    before = lines[: labels[0].index] if labels else lines
    free = [replace(line, text="") if line.number in header.lines else line for line in before]
    return read_preamble(header, [paragraph.text for paragraph in paragraphs(free, line_ends(lines))])
