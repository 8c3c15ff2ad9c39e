"""A source: a file, a web page, an episode or a document in memory, with the means to load it."""

from collections.abc import Callable
from dataclasses import dataclass

from rag.errors import ReadError
from rag.transcripts.readers import Provenance

LARGEST_SOURCE = 50 * 1024 * 1024
"""Bytes."""
NO_PROVENANCE = Provenance()


class GoneError(ReadError):
    """A server says that there is no such document (any more)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server called the version that it sent (RFC 9110, section 8.8); it sends nothing if that is still so."""

    etag: str | None = None
    last_modified: str | None = None


NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What loading a source gave."""

    data: bytes
    provenance: Provenance = NO_PROVENANCE
    validators: Validators = NO_VALIDATORS
    episodes: "tuple[Source, ...] | None" = None
    """Of a podcast feed: its episodes that have a transcript. A feed is no transcript itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file, an address or a document in memory."""

    name: str
    """As the owner gave it; what is not Unicode in it is replaced."""
    load: Callable[[Validators], Content | None]
    """Returns the content, or None where a server says that it is still the version of those validators.

    Raises:
        ReadError: There is nothing to read, or too much, or it may not be fetched.
        OSError: The file can't be opened.
    """
    location: str | None = None
    """Where it lies, whatever the working folder is: an absolute path (see `location_of`) or a URL; None in memory."""
    stated: str = ""
    """What shapes the transcript beside the content: what a feed says of the episode."""
    feed: str | None = None
    """The feed that lists it."""
