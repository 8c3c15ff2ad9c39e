"""From the lines of a document (web page, Word file, PDF) to its transcript, whatever shape its labels have."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.transcripts.readers.assembly import assemble
from rag.transcripts.readers.bracketed import bracketed_labels
from rag.transcripts.readers.cues import stretches_of_cues
from rag.transcripts.readers.header import Header, read_pairs
from rag.transcripts.readers.labelled import cut, find_colon_labels, head, with_inner_labels
from rag.transcripts.readers.labels import LabelMatch, bare_labels
from rag.transcripts.readers.lines import Line
from rag.transcripts.readers.marked import bold_labels, marked_labels, without_marks
from rag.transcripts.readers.own_line import accept_own_line_labels
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.readers.timed_blocks import timed_blocks
from rag.transcripts.readers.timed_names import timed_name_labels
from rag.transcripts.readers.unlabelled import is_running_speech, unlabelled
from rag.transcripts.types import Transcript

FEWEST_OWN_LINES = 2
SAMPLE_LINES = 2_000
"""Lines that show whether a document holds running speech."""

_SHAPES: tuple[Callable[[Sequence[Line]], list[LabelMatch]], ...] = (
    timed_name_labels,
    bracketed_labels,
    bold_labels,
)


def find_labels(lines: Sequence[Line], header: Header) -> tuple[list[Line], list[LabelMatch]]:
    """Return the labels of the shape that most lines have: `Name:` first among equals, names alone on lines last.

    Returns:
        The lines, marked labels put back into their text where they are no labels; and the labels.
    """
    marked = marked_labels(lines)
    plain = without_marks(lines)
    labels = _unmarked(plain, header)
    if len(marked) >= max(len(labels), 1):
        return list(lines), marked
    if all(label.style in ("colon", "bold") for label in labels):
        return with_inner_labels(plain, labels, header)
    return plain, labels


def _unmarked(lines: Sequence[Line], header: Header) -> list[LabelMatch]:
    own_line = accept_own_line_labels(bare_labels(lines), lines)
    found = [find_colon_labels(lines, header), *(shape(lines) for shape in _SHAPES)]
    best = max(found, key=len)
    return own_line if len(own_line) > max(len(best), FEWEST_OWN_LINES - 1) else best


def transcript_of_lines(source: SourceFile, lines: Sequence[Line], header: Header) -> list[Transcript]:
    """Return the one transcript of a document.

    Headings are nobody's speech, unless they are the labels. Where nobody is named, each paragraph is a turn.

    Raises:
        ReadError: There is no speech in it.
    """
    header = header.or_else(read_pairs(lines))
    before, cues = timed_blocks(lines)
    if cues:
        return assemble(source, head(before, [], header), stretches_of_cues(cues), repair=False)
    lines, labels = find_labels(lines, header)
    if not labels:
        if not is_running_speech(" ".join(line.text for line in lines[:SAMPLE_LINES])):
            raise source.error(
                "neither speakers nor running speech were found in it",
                mend='Mark who speaks, for instance as "Ann Smith: Good morning."',
            )
        header, stretches = unlabelled(lines, header)
        return assemble(source, header, stretches, repair=False)
    ours = {label.index for label in labels}
    said = [replace(line, text="") if line.heading and index not in ours else line for index, line in enumerate(lines)]
    return assemble(source, head(said, labels, header), cut(said, labels), repair=True)
