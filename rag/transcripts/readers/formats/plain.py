"""Plain text with `Name: text` or `[Name] text`: the label before its speech or on its own line, times in brackets."""

from rag.transcripts.readers.assembly import assemble
from rag.transcripts.readers.bracketed import bracketed_labels
from rag.transcripts.readers.header import Header, read_pairs
from rag.transcripts.readers.labelled import cut, find_colon_labels, head, label_score, with_inner_labels
from rag.transcripts.readers.labels import LabelMatch
from rag.transcripts.readers.lines import Line, split_lines
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.types import Transcript


class PlainReader:
    """Reads plain text in which a name, with a colon or in brackets, opens every turn."""

    names = ("plain", "text", "txt")

    def score(self, source: SourceFile) -> float:
        """Return more the more labels there are."""
        return label_score(_parse(source)[1])

    def read(self, source: SourceFile) -> list[Transcript]:
        """Return the one transcript of a text.

        Raises:
            ReadError: There are no labels in it.
        """
        lines, labels, header = _parse(source)
        if not labels:
            raise source.error(
                "no line begins with a speaker's name and a colon, or one in brackets",
                line=1,
                mend='Begin each turn as in "Ann Smith: Good morning."',
            )
        return assemble(source, head(lines, labels, header), cut(lines, labels), repair=True)


def _parse(source: SourceFile) -> tuple[list[Line], list[LabelMatch], Header]:
    lines = split_lines(source.text)
    header = read_pairs(lines)
    colon, bracketed = find_colon_labels(lines, header), bracketed_labels(lines)
    if len(bracketed) > len(colon):
        return lines, bracketed, header
    return *with_inner_labels(lines, colon, header), header


READER = PlainReader()
