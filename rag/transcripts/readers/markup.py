"""Markdown without its markup: lines of text, with what stood at their beginning in bold type."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag.transcripts.readers.lines import Line
from rag.transcripts.readers.tags import without_html

_PARSER = MarkdownIt("commonmark").disable(["code", "lheading", "reference"])
"""Off: code by indent (speech is indented too), headings by underlining (a rule under speech would make one), and link
definitions (a bracketed speaker would)."""


def markdown_lines(text: str, first_number: int) -> tuple[list[Line], str | None]:
    """Return the lines of a Markdown text and its first heading.

    Blocks are parted by blank lines. Headings and rules are left out: nobody's speech. List numbers stay.

    Args:
        text: The Markdown.
        first_number: The number of its first line in the source.
    """
    lines: list[Line] = []
    heading: str | None = None
    in_heading, prefix, number, inside = False, "", first_number, 0
    for token in _PARSER.parse(text):
        number = first_number + token.map[0] if token.map else number
        inside += token.nesting if token.type.startswith(("list_item", "blockquote")) else 0
        if token.type in {"heading_open", "heading_close"}:
            in_heading = token.type == "heading_open"
        elif token.type == "list_item_open":
            prefix = f"{token.info}{token.markup} " if token.info else ""
        elif token.type == "inline" and in_heading:
            heading = heading or " ".join(line.text for line in _inline_lines(token.children or [], number)) or None
        elif token.type == "inline":
            block = _with_prefix(_inline_lines(token.children or [], number), prefix)
            lines.extend(replace(line, listed=True) if inside else line for line in block)
            prefix = ""
        elif token.type in {"fence", "html_block"}:
            content = without_html(token.content) if token.type == "html_block" else token.content
            lines.extend(
                Line(number=number + offset, text=line.strip()) for offset, line in enumerate(content.split("\n"))
            )
        if token.block and lines and lines[-1].text:
            lines.append(Line(number=number, text=""))
    return lines, heading


def _inline_lines(children: Iterable[Token], number: int) -> list[Line]:
    """Return the lines of a block's text, cut where its source was."""
    rows: list[list[tuple[str, bool]]] = [[]]
    depth = 0
    for child in children:
        if child.type in {"softbreak", "hardbreak"}:
            rows.append([])
        elif child.type in {"strong_open", "strong_close"}:
            depth += 1 if child.type == "strong_open" else -1
        elif child.type == "html_inline":
            rows[-1].append((without_html(child.content), depth > 0))
        elif child.type in {"text", "code_inline"} and child.content:
            rows[-1].append((child.content, depth > 0))
    return [_line(row, number + offset) for offset, row in enumerate(rows)]


def _line(row: Sequence[tuple[str, bool]], number: int) -> Line:
    text = "".join(piece for piece, _ in row)
    bold = ""
    for piece, is_bold in row:
        if not is_bold:
            break
        bold += piece
    lead = len(text) - len(text.lstrip())
    return Line(number=number, text=text.strip(), bold=bold[lead:].rstrip() or None)


def _with_prefix(lines: list[Line], prefix: str) -> list[Line]:
    if not prefix or not lines:
        return lines
    first = lines[0]
    return [Line(number=first.number, text=prefix + first.text), *lines[1:]]
