"""Text in which a time opens the lines, "00:01:02 and so on", as captions are often kept; nobody is named."""

import re

from rag.transcripts.readers.assembly import assemble
from rag.transcripts.readers.cues import Cue, stretches_of_cues
from rag.transcripts.readers.header import read_pairs
from rag.transcripts.readers.labelled import find_colon_labels, head
from rag.transcripts.readers.labels import TIMED, clock_ms
from rag.transcripts.readers.lines import Line, split_lines
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.types import Transcript

SCORE = 0.7
"""More than a few words before colons give, less than a conversation with many speakers' labels."""
FEWEST = 3
SHARE_OF_LINES = 0.5
"""Of the lines with text, those that a time opens."""
MOST_LABELLED = 0.1
"""Share of the lines that may seem to have a label: with more, the labels are what matters."""

_TIMED_LINE = re.compile(rf"(?P<time>{TIMED})\s*(?:[-–—|]\s*)?(?P<text>\S.*)")


class TimedLinesReader:
    """Reads lines that begin with a time; there is no end, so pauses don't show."""

    names = ("timed-lines",)

    def score(self, source: SourceFile) -> float:
        """Return much where most lines begin with a time and few with a name after it, else 0."""
        lines = [line for line in split_lines(source.text) if line.text]
        timed = sum(_TIMED_LINE.fullmatch(line.text) is not None for line in lines)
        if timed < FEWEST or timed < SHARE_OF_LINES * len(lines):
            return 0.0
        labels = find_colon_labels(lines, read_pairs(lines))
        return SCORE if len(labels) <= MOST_LABELLED * timed else 0.0

    def read(self, source: SourceFile) -> list[Transcript]:
        """Return the one transcript of a text; a line without a time goes on from the line before.

        Raises:
            ReadError: No line begins with a time.
        """
        lines = split_lines(source.text)
        cues: list[Cue] = []
        before: list[Line] = []
        for line in lines:
            timed = _TIMED_LINE.fullmatch(line.text)
            if timed:
                start_ms = clock_ms(timed["time"].strip("[]()"))
                cues.append(Cue(text=timed["text"], start_ms=start_ms, end_ms=None, line=line.number))
            elif not cues:
                before.append(line)
            elif line.text:
                cues.append(Cue(text=line.text, start_ms=None, end_ms=None, line=line.number))
        if not cues:
            raise source.error("no line begins with a time", line=1, mend='Begin lines as in "00:01:02 Good morning."')
        header = head(before, [], read_pairs(before))
        return assemble(source, header, stretches_of_cues(cues), repair=False)


READER = TimedLinesReader()
