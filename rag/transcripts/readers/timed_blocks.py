"""Blocks of a line with two times, a line with a name, and speech, as older exports of Teams to Word have them."""

import re
from collections.abc import Sequence

from rag.transcripts.readers.cues import Cue
from rag.transcripts.readers.lines import Line
from rag.transcripts.readers.names_like import is_name_like
from rag.transcripts.readers.spoken_labels import is_named_or_role
from rag.transcripts.types import Attribution

FEWEST = 2
_TIME = r"(\d{1,3}):(\d{1,2}):(\d{1,2})(?:[.,](\d{1,6}))?"
_TIMES = re.compile(rf"{_TIME}\s*-->\s*{_TIME}")


def timed_blocks(lines: Sequence[Line]) -> tuple[list[Line], list[Cue]]:
    """Return the lines before the first block, and a cue for each; no cues where there are fewer than two blocks."""
    filled = [line for line in lines if line.text]
    times = [(index, match) for index, line in enumerate(filled) if (match := _TIMES.fullmatch(line.text))]
    if len(times) < FEWEST:
        return list(lines), []
    ends = [*(index for index, _ in times[1:]), len(filled)]
    cues = []
    for (index, match), end in zip(times, ends, strict=True):
        block = filled[index + 1 : end]
        named = len(block) > 1 and (is_name_like(block[0].text) or is_named_or_role(block[0].text))
        said = block[1:] if named else block
        cues.append(
            Cue(
                text=" ".join(line.text for line in said),
                start_ms=_milliseconds(match.groups()[:4]),
                end_ms=_milliseconds(match.groups()[4:]),
                line=filled[index].number,
                speaker=block[0].text if named else None,
                attribution=Attribution.LABELLED if named else Attribution.UNKNOWN,
            )
        )
    first = filled[times[0][0]].number
    return [line for line in lines if line.number < first], cues


def _milliseconds(parts: Sequence[str | None]) -> int:
    hours, minutes, seconds = (int(part or 0) for part in parts[:3])
    fraction = int((parts[3] or "0").ljust(3, "0")[:3])
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction
