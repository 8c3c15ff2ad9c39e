"""Text or Markdown in which nobody is named: a turn for each paragraph, the speaker unknown."""

import re

from rag.transcripts.readers.assembly import assemble
from rag.transcripts.readers.front_matter import FrontMatterError, has_front_matter, split_front_matter
from rag.transcripts.readers.header import Header, read_mapping, read_pairs
from rag.transcripts.readers.lines import split_lines
from rag.transcripts.readers.markup import markdown_lines
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.readers.unlabelled import is_running_speech, unlabelled
from rag.transcripts.types import Transcript

SCORE = 0.05
"""Less than anything that finds speakers or times."""
SAMPLE = 20_000
"""Characters that show what kind of text it is."""

_OTHER = re.compile(r"\s*(?:<[?!a-zA-Z]|[{}]|\[\s*[\[{\"\d]|\[\s*$)|[^\n]*-->", re.DOTALL)
"""Markup, JSON or the cues of a broken caption file."""
_CUE = re.compile(r"^[ \t]*[\d:.,]{4,20}[ \t]*-->", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)


class UnlabelledTextReader:
    """Reads text without speakers."""

    names = ("unlabelled",)

    def score(self, source: SourceFile) -> float:
        """Return little where the text is running speech, so that whoever finds speakers goes first, else 0."""
        if not source.text or _OTHER.match(source.text[:SAMPLE]) or _CUE.search(source.text):
            return 0.0
        return SCORE if is_running_speech(source.text) else 0.0

    def read(self, source: SourceFile) -> list[Transcript]:
        """Return the one transcript of a text.

        Raises:
            ReadError: Its front matter is broken, or it is no running speech.
        """
        if not is_running_speech(source.text):
            raise source.error("there is no running speech in it", line=1, mend="Give the words that were said.")
        text, first_number, header = source.text, 1, Header()
        try:
            metadata, text, first_number = split_front_matter(source.text)
            header = read_mapping(metadata)
        except FrontMatterError as error:
            raise source.error(
                f"the front matter is not sound YAML: {error.reason}",
                line=error.line,
                mend="Mend it, or delete it with the lines of hyphens around it.",
            ) from None
        if has_front_matter(source.text) or _HEADING.search(text) or source.suffix in {".md", ".markdown"}:
            lines, heading = markdown_lines(text, first_number)
            header = header.or_else(read_pairs(lines)).or_else(Header(title=heading))
        else:
            lines = split_lines(text)
            header = header.or_else(read_pairs(lines))
        header, stretches = unlabelled(lines, header)
        return assemble(source, header, stretches, repair=False)


READER = UnlabelledTextReader()
