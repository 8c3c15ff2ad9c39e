"""Markdown: `**Name:** text` or `Name: text`, headings, YAML front matter."""

import re

from rag.transcripts.readers.assembly import assemble
from rag.transcripts.readers.front_matter import FrontMatterError, has_front_matter, split_front_matter
from rag.transcripts.readers.header import Header, read_mapping, read_pairs
from rag.transcripts.readers.labelled import cut, find_colon_labels, head, label_score, with_inner_labels
from rag.transcripts.readers.labels import LabelMatch
from rag.transcripts.readers.lines import Line
from rag.transcripts.readers.markup import markdown_lines
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.types import Transcript

FOR_MARKUP = 0.15
"""What bold labels, headings or front matter add to the score: more than the suffix, less than labels."""
FOR_SUFFIX = 0.01

_MARKUP = re.compile(
    r"^(?:#{1,6} \S|[ \t>*-]{0,6}(?:\*\*|__)[^*_\n]{1,120}(?::(?:\*\*|__)|(?:\*\*|__)\s*:)"
    r"|\*\*[^*:\n]{1,60}: [^*\n]{1,1000}\*\*[ \t]*$)",
    re.MULTILINE,
)


class MarkdownReader:
    """Reads Markdown in which a name, bold or not, and a colon open every turn."""

    names = ("markdown", "md")

    def score(self, source: SourceFile) -> float:
        """Return more the more labels there are, and more where there is markup; 0 without a label."""
        has_markup = has_front_matter(source.text) or _MARKUP.search(source.text)
        by_suffix = source.suffix in {".md", ".markdown"}
        if not has_markup and not by_suffix:
            return 0.0
        try:
            _, labels, _ = _parse(source)
        except FrontMatterError:
            return FOR_MARKUP
        score = label_score(labels)
        return score + (FOR_MARKUP if has_markup else 0) + (FOR_SUFFIX if by_suffix else 0) if score else 0.0

    def read(self, source: SourceFile) -> list[Transcript]:
        """Return the one transcript of a Markdown text.

        Raises:
            ReadError: Its front matter is broken, or there are no labels in it.
        """
        try:
            lines, labels, header = _parse(source)
        except FrontMatterError as error:
            raise source.error(
                f"the front matter is not sound YAML: {error.reason}",
                line=error.line,
                mend="Mend it, or delete it with the lines of hyphens around it.",
            ) from None
        if not labels:
            raise source.error(
                "no paragraph begins with a speaker's name and a colon",
                line=1,
                mend='Begin each turn as in "**Ann Smith:** Good morning."',
            )
        return assemble(source, head(lines, labels, header), cut(lines, labels), repair=True)


def _parse(source: SourceFile) -> tuple[list[Line], list[LabelMatch], Header]:
    metadata, body, first_number = split_front_matter(source.text)
    lines, heading = markdown_lines(body, first_number)
    header = read_mapping(metadata).or_else(read_pairs(lines)).or_else(Header(title=heading))
    return *with_inner_labels(lines, find_colon_labels(lines, header), header), header


READER = MarkdownReader()
