"""Site furniture: what a page shows around a conversation and nobody said."""

import re
from collections.abc import Sequence

from rag.transcripts.stretches import Paragraph

LONGEST_FURNITURE = 160
"""Characters of a paragraph that may open the furniture after a conversation."""
LONGEST_AFTER_FURNITURE = 300
"""Characters of any paragraph that stands after it: a longer one is speech, and the cut is not made."""

_FURNITURE = re.compile(
    r"""
    free\ to\ listen\b
    | (?:[\w’'.-]+\ ){1,5}(?:started|stopped)\ transcription$
    | transcribed\ by\ https?://\S+$
    | like\ what\ you\ heard\b
    | related\ (?:reading|content|articles?|links|episodes?|posts?|resources|pages)\b
    | subscribe(?:\ (?:now|here|today)|\ (?:to|for|via|on|in)\b.{0,60}|\ arrow\b.*)?[.!]?$
    | subscribe\ to\ get\ new\ episodes\b
    | (?:listen|subscribe|follow|available|download|watch|find)\ (?:now\ |us\ )?on
      \ (?:acast|apple|spotify|google|youtube|amazon|twitter|x\b|linkedin)
    | (?:share|tweet|print|email)(?:\ (?:this|on|via|to)\b.{0,40})?$
    | (?:©|\(c\)|copyright\b).{0,100}$
    | all\ rights\ reserved\b
    | (?:this\ (?:web)?site|we)\ uses?\ (?:\w+\ )?cookies\b
    | (?:accept|reject|manage)\ (?:all\ )?cookies\b
    | (?:cookie|privacy)\ (?:policy|notice|settings|preferences|statement)\b
    | terms\ (?:of\ use|and\ conditions|&\ conditions)\b
    | (?:back\ to\ top|skip\ to\ (?:main\ )?content|read\ more|show\ more|load\ more|more\ episodes|follow\ us)[.!…]?$
    | sign\ up\ (?:to|for)\ (?:our|the)\ newsletters?[.!]?$
    | leave\ a\ (?:comment|reply)[.!]?$
    | you\ (?:may|might)\ also\ (?:like|be\ interested)\b
    | .{0,60}\barrow\ pointing\ (?:right|left|up|down)$
    | .{0,60}\bopens\ in\ (?:a\ )?new\ (?:tab|window)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def is_furniture(text: str) -> bool:
    """Say whether a paragraph of its own is site furniture. Conservative: speech must not be lost."""
    return len(text) <= LONGEST_FURNITURE and _FURNITURE.match(text) is not None


def without_trailing_furniture(paragraphs: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a conversation's last turn without the furniture that was pasted after it.

    The cut is made where furniture begins, if nothing after it is as long as speech. The first paragraph always stays.
    """
    for index, paragraph in enumerate(paragraphs[1:], start=1):
        rest = paragraphs[index + 1 :]
        if is_furniture(paragraph.text) and all(len(after.text) <= LONGEST_AFTER_FURNITURE for after in rest):
            return tuple(paragraphs[:index])
    return tuple(paragraphs)
