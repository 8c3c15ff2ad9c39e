"""Speech that nobody is named for: a turn for each paragraph, the speaker unknown."""

import re
from collections.abc import Sequence

from rag.transcripts.dates import parse_date
from rag.transcripts.readers.cues import LONGEST_UNLABELLED, Cue, stretches_of_cues
from rag.transcripts.readers.furniture import is_furniture, without_trailing_furniture
from rag.transcripts.readers.header import Header
from rag.transcripts.readers.lines import Line, line_ends, paragraphs
from rag.transcripts.stretches import Stretch
from rag.transcripts.types import Attribution

FEWEST_WORDS = 5
"""Words that make running speech: fewer are a note."""
SHARE_OF_LETTERS = 0.6
"""Of the characters that are no white space: figures, code and tables have fewer, speech has over 0.9."""
SAMPLE = 20_000
"""Characters that show it."""
HEAD_PARAGRAPHS = 4
"""Paragraphs within which a date or site furniture is no speech yet."""


def is_running_speech(text: str) -> bool:
    """Say whether a text could be what somebody said, rather than data, code or a few words."""
    text = text[:SAMPLE]
    printed = sum(not character.isspace() for character in text)
    letters = sum(character.isalpha() for character in text)
    words = len(re.findall(r"[^\W\d_]{2,}", text))
    # Scripts without spaces between words have long ones.
    return letters >= SHARE_OF_LETTERS * printed and (words >= FEWEST_WORDS or letters >= 10 * FEWEST_WORDS)


def unlabelled(lines: Sequence[Line], header: Header) -> tuple[Header, list[Stretch]]:
    """Return the header with a date that stands before the speech, and a stretch for each paragraph.

    Lines that are wrapped and parted by no blank line make stretches of sensible length that end with a sentence.
    """
    said = [line for line in lines if line.number not in header.lines and not line.heading]
    found = paragraphs(said, line_ends(said))
    first = 0
    for index, paragraph in enumerate(found[:HEAD_PARAGRAPHS]):
        date = parse_date(paragraph.text)
        header = header.or_else(Header(date=date))
        if date or is_furniture(paragraph.text):
            first = index + 1
    times = {line.number: line.start_ms for line in said if line.start_ms is not None}
    stretches: list[Stretch] = []
    for paragraph in without_trailing_furniture(found[first:]):
        if len(paragraph.text) > LONGEST_UNLABELLED:
            numbered = [line for line in said if line.number >= paragraph.line]
            stretches.extend(_parted(numbered, len(paragraph.text)))
        else:
            stretches.append(
                Stretch(
                    speaker=None,
                    paragraphs=(paragraph,),
                    attribution=Attribution.UNKNOWN,
                    start_ms=times.get(paragraph.line),
                )
            )
    return header, stretches


def _parted(lines: Sequence[Line], length: int) -> list[Stretch]:
    """Return the stretches of one long paragraph, which begins with the first of some lines."""
    cues: list[Cue] = []
    left = length
    for line in lines:
        if left <= 0:
            break
        cues.append(Cue(text=line.text, start_ms=line.start_ms, end_ms=None, line=line.number))
        left -= len(" ".join(line.text.split())) + 1 if line.text else 0
    return stretches_of_cues(cues)
