"""What was said: transcripts, their turns and their speakers.

Times are whole milliseconds from the start of the recording. Offsets into a turn's text count Unicode code points.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

DEFAULT_COLLECTION = "default"


class Attribution(StrEnum):
    """How a turn's speaker is known."""

    LABELLED = "labelled"
    """The source says who speaks."""
    INHERITED = "inherited"
    """A continuation cue whose format lets it carry on from the cue before (WebVTT)."""
    INFERRED = "inferred"
    """The source lost the label and Turnwise repaired it; the reason is kept."""
    UNKNOWN = "unknown"
    """Nothing says who speaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A person as one transcript presents them.

    `role` and `organisation` are those held when the conversation took place.
    """

    name: str
    role: str | None = None
    organisation: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One uninterrupted stretch of speech by one speaker.

    `text` is the source decoded, markup removed, white space within a paragraph folded to one space,
    paragraphs joined by a blank line (two newlines). It never changes after reading.
    """

    text: str
    speaker: str | None = None
    attribution: Attribution = Attribution.LABELLED
    attribution_reason: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """One recorded conversation. Turns are numbered from 0 by their place in `turns`."""

    id: str
    title: str
    turns: tuple[Turn, ...]
    date: dt.date | None = None
    collection: str = DEFAULT_COLLECTION
    url: str | None = None
    source: str | None = None
    """Where it was read from: a path or a URL, as the owner gave it."""
    speakers: tuple[Speaker, ...] = ()

    def speaker(self, name: str | None) -> Speaker | None:
        """Return the speaker of that exact name, or None."""
        return next((s for s in self.speakers if s.name == name), None)
