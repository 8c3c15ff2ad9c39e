"""What a reader is given: the bytes of one source, decoded, and what the owner said about it."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from rag.errors import ReadError
from rag.transcripts.types import Speaker


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What the owner states about a source; it goes before what the source says itself."""

    collection: str | None = None
    format: str | None = None
    """A reader's name; None detects it from the content."""
    title: str | None = None
    date: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What is known of a source from where it was found: the item of a feed, the answer of a web server.

    The item of a feed goes before what the source says itself; the owner goes before both.
    """

    title: str | None = None
    date: dt.date | None = None
    url: str | None = None
    """The page that the item links to."""
    people: tuple[Speaker, ...] = ()
    """Who takes part, with their roles."""
    is_own_list: bool = False
    """Whether `people` are those of this conversation, rather than of the series that it belongs to."""
    fetched_url: str | None = None
    """Where it came from, redirects followed: its address unless it names a better one."""
    media_type: str | None = None
    """What the server calls it, without parameters, as in "text/vtt": a hint, servers err."""


UNKNOWN_PROVENANCE = Provenance()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One source, in bytes and, where they are text, decoded with lines that end in a newline character."""

    name: str
    """A path or a URL, as the owner gave it."""
    data: bytes
    text: str
    """Empty where the bytes are not text."""
    not_text: str | None = None
    """Why the bytes are not text."""
    json: object = None
    """The object or list that the text is in JSON; None where it isn't one JSON document."""
    options: ReadOptions
    provenance: Provenance = UNKNOWN_PROVENANCE

    @property
    def suffix(self) -> str:
        """Return the ending of the name in lower case with its dot, as in ".srt"."""
        return self._path.suffix.lower()

    @property
    def stem(self) -> str:
        """Return the name without folders and ending."""
        return self._path.stem

    @property
    def url(self) -> str | None:
        """Return the name where it is a web address."""
        return self.name if re.match(r"https?://", self.name, re.IGNORECASE) else None

    @property
    def _path(self) -> PurePosixPath:
        if self.url is None:
            return PurePosixPath(self.name.replace("\\", "/"))
        try:
            return PurePosixPath(urlsplit(self.name).path)
        except ValueError:
            return PurePosixPath(self.name)

    def error(self, reason: str, *, mend: str, line: int | None = None, column: int | None = None) -> ReadError:
        """Return an error that says what can't be read, where, why and how to mend it."""
        place = "" if line is None else f", line {line}" + ("" if column is None else f", column {column}")
        return ReadError(f"{self.name}{place}: {reason}. {mend}")
