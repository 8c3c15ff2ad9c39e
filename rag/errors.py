"""The errors that Turnwise raises on purpose.

    TurnwiseError
    ├── InputError                 the caller's input is wrong (HTTP 422, exit 2)
    │   ├── UnknownSpeakerError    no such speaker; lists the known ones
    │   └── SettingsError          a setting is misspelt or out of bounds
    ├── AccessError                the caller may not do this (HTTP 403, exit 1)
    ├── NotFoundError              no such transcript or turn (HTTP 404, exit 1)
    ├── ReadError                  a source can't be read as a transcript (HTTP 422, exit 1)
    │   └── OwnersFileError        a `speakers.toml` can't be used
    ├── ModelError                 the embedding model is absent, damaged or unusable (HTTP 503, exit 3)
    │   └── WorkersError           the machines that were to embed can't be reached, are lost, or differ from this one
    ├── GeneratorError             a language model can't be used (HTTP 502, exit 1); answering goes on without it
    └── IndexUnavailableError      the index is missing, locked or damaged (HTTP 503, exit 3)

"Not in these transcripts" is a result, not an error.
"""

from pathlib import Path


class TurnwiseError(Exception):
    """Base of every error raised on purpose. The message says what, where and how to mend it."""

    exit_code = 1
    http_status = 500
    title = "Turnwise could not do this"


class InputError(TurnwiseError):
    """The caller's input is wrong."""

    exit_code = 2
    http_status = 422
    title = "The request is not valid"


class UnknownSpeakerError(InputError):
    """A filter names a speaker whom no readable transcript knows."""

    title = "Unknown speaker"


class SettingsError(InputError):
    """A setting is misspelt or out of bounds."""

    title = "A setting is not valid"


class AccessError(TurnwiseError):
    """The caller may not do this, and may know so: what may not even be known of is a `NotFoundError`."""

    http_status = 403
    title = "Not allowed"


class NotFoundError(TurnwiseError):
    """No transcript or turn has that id."""

    http_status = 404
    title = "Not found"


class ReadError(TurnwiseError):
    """A source can't be read as a transcript.

    The message names the source, the place in it where one is known, and the reason.
    """

    http_status = 422
    title = "The source can't be read as a transcript"


class OwnersFileError(ReadError):
    """A `speakers.toml` can't be used, so that none of the sources that it holds for is read."""

    title = "A file that states who speaks can't be used"

    def __init__(self, reason: str, file: Path | None = None) -> None:
        """Keep which file it is."""
        super().__init__(reason)
        self.file = file


class ModelError(TurnwiseError):
    """The model that embeds, or the one that reads, is absent, damaged or unusable."""

    exit_code = 3
    http_status = 503
    title = "The model is not usable"


class WorkersError(ModelError):
    """The workers that were to make the vectors can't be reached, are lost, or differ from this machine."""

    title = "The workers are not usable"


class GeneratorError(TurnwiseError):
    """A language model that answers were to be written with can't be used.

    The message is the reason in words, to be put in brackets; it holds no address and no key.

    Args:
        message: The reason.
        blames_request: Whether it was this request that was refused, which says nothing of the next.
    """

    http_status = 502
    title = "The language model is not usable"

    def __init__(self, message: str, *, blames_request: bool = False) -> None:
        super().__init__(message)
        self.blames_request = blames_request


class IndexUnavailableError(TurnwiseError):
    """The index is missing, locked or damaged. The message names the command that mends it."""

    exit_code = 3
    http_status = 503
    title = "The index is not available"
