"""YAML front matter at the head of a text: between two lines of hyphens."""

import re
from collections.abc import Mapping
from typing import Any

import frontmatter
import yaml  # type: ignore[import-untyped, unused-ignore]
from frontmatter.default_handlers import YAMLHandler

_FRONT_MATTER = re.compile(r"\s*-{3,}[ \t]*\n(?=(?:.*\n){0,200}?-{3,}[ \t]*(?:\n|$))")


class FrontMatterError(ValueError):
    """Front matter that can't be read: `reason`, and the `line` of the text."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


def has_front_matter(text: str) -> bool:
    """Say whether a text begins with what may be front matter."""
    return _FRONT_MATTER.match(text) is not None


def split_front_matter(text: str) -> tuple[Mapping[str, object], str, int]:
    """Return the front matter of a text, the text after it, and the number of that text's first line.

    Raises:
        FrontMatterError: It isn't sound YAML.
    """
    if not _FRONT_MATTER.match(text):
        return {}, text, 1
    try:
        metadata, body = frontmatter.parse(text, handler=_Handler())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        raise FrontMatterError(error.problem or "it can't be parsed", line) from None
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        raise FrontMatterError(str(error).partition("\n")[0], 1) from None
    if not metadata:
        # Two rules around text are no front matter.
        return {}, text, 1
    kept = text.rstrip()
    first_number = kept[: len(kept) - len(body)].count("\n") + 1
    return metadata, body, first_number


class _Handler(YAMLHandler):
    def load(self, fm: str, **_: object) -> Any:
        return super().load(fm, Loader=_WithoutAliases)


class _WithoutAliases(yaml.SafeLoader):
    """Loads YAML without aliases: a few nested ones can ask for more memory than there is."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)
