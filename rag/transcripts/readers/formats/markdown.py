"""Markdown: `**Name:** text` or `Name: text`, headings, YAML front matter."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import frontmatter
import yaml  # type: ignore[import-untyped, unused-ignore]
from frontmatter.default_handlers import YAMLHandler

from rag.transcripts.readers.assembly import assemble
from rag.transcripts.readers.header import Header, read_mapping, read_pairs
from rag.transcripts.readers.labelled import cut, find_colon_labels, head, label_score
from rag.transcripts.readers.labels import LabelMatch
from rag.transcripts.readers.lines import Line
from rag.transcripts.readers.markup import markdown_lines
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.types import Transcript

FOR_MARKUP = 0.15
"""What bold labels, headings or front matter add to the score: more than the suffix, less than labels."""
FOR_SUFFIX = 0.01

_FRONT_MATTER = re.compile(r"\s*-{3,}[ \t]*\n(?=(?:.*\n){0,200}?-{3,}[ \t]*(?:\n|$))")
_MARKUP = re.compile(
    r"^(?:#{1,6} \S|[ \t>*-]{0,6}(?:\*\*|__)[^*_\n]{1,120}(?::(?:\*\*|__)|(?:\*\*|__)\s*:))", re.MULTILINE
)


class _WithoutAliases(yaml.SafeLoader):
    """Loads YAML without aliases: a few nested ones can ask for more memory than there is."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


class MarkdownReader:
    """Reads Markdown in which a name, bold or not, and a colon open every turn."""

    names = ("markdown", "md")

    def score(self, source: SourceFile) -> float:
        """Return more the more labels there are, and more where there is markup; 0 without a label."""
        has_markup = _FRONT_MATTER.match(source.text) or _MARKUP.search(source.text)
        by_suffix = source.suffix in {".md", ".markdown"}
        if not has_markup and not by_suffix:
            return 0.0
        try:
            _, labels, _ = _parse(source)
        except _FrontMatterError:
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
        except _FrontMatterError as error:
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


class _FrontMatterError(ValueError):
    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


def _parse(source: SourceFile) -> tuple[list[Line], list[LabelMatch], Header]:
    metadata, body, first_number = _front_matter(source.text)
    lines, heading = markdown_lines(body, first_number)
    pairs = read_pairs(lines)
    header = read_mapping(metadata)
    header = replace(
        header,
        title=header.title or pairs.title or heading,
        date=header.date or pairs.date,
        collection=header.collection or pairs.collection,
        url=header.url or pairs.url,
        people=(*header.people, *(person for person in pairs.people if person.name not in header.names)),
        lines=pairs.lines,
    )
    return lines, find_colon_labels(lines, header), header


def _front_matter(text: str) -> tuple[Mapping[str, object], str, int]:
    """Return the front matter of a text, the text after it, and the number of that text's first line."""
    if not _FRONT_MATTER.match(text):
        return {}, text, 1
    try:
        metadata, body = frontmatter.parse(text, handler=_Handler())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        raise _FrontMatterError(error.problem or "it can't be parsed", line) from None
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        raise _FrontMatterError(str(error).partition("\n")[0], 1) from None
    if not metadata:
        # Two rules around text are no front matter.
        return {}, text, 1
    kept = text.rstrip()
    first_number = kept[: len(kept) - len(body)].count("\n") + 1
    return metadata, body, first_number


class _Handler(YAMLHandler):
    def load(self, fm: str, **_: object) -> Any:
        return super().load(fm, Loader=_WithoutAliases)


READER = MarkdownReader()
