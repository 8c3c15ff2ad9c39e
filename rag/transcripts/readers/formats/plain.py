"""Plain text with `Name: text`: the label before its speech or on a line of its own, times in brackets."""

from rag.transcripts.readers.assembly import assemble
from rag.transcripts.readers.header import read_pairs
from rag.transcripts.readers.labelled import cut, find_colon_labels, head, label_score
from rag.transcripts.readers.lines import split_lines
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.types import Transcript


class PlainReader:
    """Reads plain text in which a name and a colon open every turn."""

    names = ("plain", "text", "txt")

    def score(self, source: SourceFile) -> float:
        """Return more the more labels there are."""
        lines = split_lines(source.text)
        return label_score(find_colon_labels(lines, read_pairs(lines)))

    def read(self, source: SourceFile) -> list[Transcript]:
        """Return the one transcript of a text.

        Raises:
            ReadError: There are no labels in it.
        """
        lines = split_lines(source.text)
        header = read_pairs(lines)
        labels = find_colon_labels(lines, header)
        if not labels:
            raise source.error(
                "no line begins with a speaker's name and a colon",
                line=1,
                mend='Begin each turn as in "Ann Smith: Good morning."',
            )
        return assemble(source, head(lines, labels, header), cut(lines, labels), repair=True)


READER = PlainReader()
