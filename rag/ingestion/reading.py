"""Reading a source: not at all where nothing has changed, else into transcripts."""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import rag.transcripts
from rag.errors import OwnersFileError, ReadError
from rag.ingestion.faults import BREAKS, reason_of
from rag.ingestion.owners_word import SpeakersFiles
from rag.receipts import Receipt, is_current
from rag.sources import Content, Source, Validators
from rag.sources.files import storable
from rag.storage import STORED_AS
from rag.transcripts.readers import ReadOptions, read_transcripts
from rag.transcripts.types import Transcript

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reading a source gave: one of the first four."""

    source: Source
    transcripts: tuple[Transcript, ...] = ()
    unchanged: tuple[str, ...] | None = None
    """Ids of the transcripts that it holds still."""
    episodes: tuple[Source, ...] | None = None
    """Of a feed: what to read next."""
    failure: str | None = None
    owners_file: str | None = None
    """Of a failure: where the `speakers.toml` lies whose fault it is."""
    receipt: Receipt | None = None
    """To be kept once all is stored; for transcripts, their fingerprints are still to be put in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReader:
    """Reads sources; threads may share it.

    Args:
        options: What the owner states about them.
        pipeline: Names what turns transcripts into vectors.
        known: The fingerprints of what is stored, by id.
        receipts: What was read before, by location.
        speakers: Where the owner states the people.
    """

    options: ReadOptions
    pipeline: str
    known: Mapping[str, str]
    receipts: Mapping[str, Receipt]
    speakers: SpeakersFiles

    @property
    def read_as(self) -> str:
        """Return what stands for the way in which sources are read."""
        return _digest(f"{reading_code()} {STORED_AS} {self.pipeline} {self.options!r}")

    def read(self, source: Source) -> Reading:
        """Read a source; what is wrong with it is in the result.

        Raises:
            InputError: The options name a format that no reader reads.
        """
        try:
            return self._read(source)
        except (ReadError, OSError) as error:
            # A message may name a file, and a file's name may be no text.
            owners = storable(str(error.file)) if isinstance(error, OwnersFileError) else None
            return Reading(source=source, failure=storable(str(error) or type(error).__name__), owners_file=owners)
        except BREAKS as error:
            logger.exception("reading %s broke", source.name)
            return Reading(source=source, failure=storable(reason_of(error, subject="A reader")))

    def _read(self, source: Source) -> Reading:
        before = self.receipts.get(source.location) if source.location else None
        read_as = self.read_as
        owner = self.speakers.of(source.location)
        stated = _digest(source.stated + owner.stands_for)
        if before is not None and (
            before.stated != stated or not is_current(before, self.known, read_as=read_as, receipts=self.receipts)
        ):
            before = None
        validators = Validators(etag=before.etag, last_modified=before.last_modified) if before else Validators()
        content = source.load(validators)
        if content is None:
            return Reading(source=source, unchanged=self._held(before))
        receipt = _receipt(source, content, read_as=read_as, stated=stated)
        if content.episodes is not None:
            return Reading(source=source, episodes=content.episodes, receipt=receipt)
        if before is not None and before.episodes is None and receipt and before.sha256 == receipt.sha256:
            receipt = replace(receipt, transcripts=before.transcripts, former=before.former)
            same = receipt == before
            return Reading(source=source, unchanged=tuple(before.transcripts), receipt=None if same else receipt)
        read = read_transcripts(content.data, source=source.name, options=self.options, provenance=content.provenance)
        return Reading(source=source, transcripts=tuple(owner.applied(read)), receipt=receipt)

    def _held(self, receipt: Receipt | None) -> tuple[str, ...]:
        if receipt is None:
            raise ReadError("The server says that nothing has changed, though it was not asked. Try again.")
        held = [receipt] if receipt.episodes is None else [self.receipts[where] for where in receipt.episodes]
        return tuple(transcript_id for one in held for transcript_id in one.transcripts)


def content_hash(data: bytes) -> str:
    """Return what receipts know content by."""
    return hashlib.sha256(data).hexdigest()


def _receipt(source: Source, content: Content, *, read_as: str, stated: str) -> Receipt | None:
    if source.location is None:
        return None
    episodes = content.episodes
    return Receipt(
        location=source.location,
        sha256=content_hash(content.data),
        read_as=read_as,
        stated=stated,
        transcripts={},
        etag=content.validators.etag,
        last_modified=content.validators.last_modified,
        feed=source.feed,
        episodes=None if episodes is None else tuple(one.location or one.name for one in episodes),
    )


@cache
def reading_code() -> str:
    """Return a hash of the code that reads transcripts: what other code has read must be read again."""
    folder = Path(rag.transcripts.__path__[0])
    files = sorted(file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    whole = hashlib.sha256()
    for file in files:
        whole.update(f"{file.relative_to(folder).as_posix()}\0".encode())
        whole.update(file.read_bytes())
    return whole.hexdigest()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32] if text else ""
