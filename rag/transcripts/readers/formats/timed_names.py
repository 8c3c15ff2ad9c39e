"""Text in which a name and a time stand above every turn, "Ann Lee  0:05": Otter's, and Teams' when pasted."""

from rag.transcripts.readers.assembly import assemble
from rag.transcripts.readers.header import read_pairs, read_preamble
from rag.transcripts.readers.labelled import cut, label_score
from rag.transcripts.readers.lines import split_lines
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.readers.timed_names import timed_name_labels
from rag.transcripts.types import Transcript

FOR_TIMES = 0.02
"""What the times add to the score: names alone on lines are read elsewhere, without their times' help."""


class TimedNamesReader:
    """Reads text with a name and a time above every turn, or a time alone where the speaker wasn't identified."""

    names = ("timed-names", "otter")

    def score(self, source: SourceFile) -> float:
        """Return more the more such lines there are."""
        labels = timed_name_labels(split_lines(source.text))
        return label_score(labels) + FOR_TIMES if labels else 0.0

    def read(self, source: SourceFile) -> list[Transcript]:
        """Return the one transcript of a text.

        Raises:
            ReadError: No names with times stand above the speech.
        """
        lines = split_lines(source.text)
        labels = timed_name_labels(lines)
        if not labels:
            raise source.error(
                "no lines with a name and a time were found in it",
                line=1,
                mend='Write "Ann Smith  0:05" above each turn.',
            )
        pairs = read_pairs(lines)
        # Title, date and length stand on lines of their own, "Mon, Mar 04, 2024 3:05PM • 31:20".
        before = [line.text.partition(" • ")[0] for line in lines[: labels[0].index] if line.number not in pairs.lines]
        header = read_preamble(pairs, [text for text in before if text])
        return assemble(source, header, cut(lines, labels), repair=True)


READER = TimedNamesReader()
