"""Which other file or page holds an id: what it gave is not replaced by a second one of the same title and date."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from rag.errors import ReadError
from rag.ingestion.reading import Reading, SourceReader, content_hash
from rag.receipts import Receipt
from rag.sources import NO_VALIDATORS, Content, GoneError, Source, Validators, is_address
from rag.sources.files import load_file, path_of

_GONE = (FileNotFoundError, NotADirectoryError, IsADirectoryError, GoneError)


class Holders:
    """Tells whose id it is, by what was read from where.

    Args:
        receipts: What was read before.
        known: The fingerprints of what is stored, by id.
        reader: Reads what has changed since, to see whether it gives the id still.
        page: Returns the source at an address; None: no address is asked, and none holds anything.
    """

    def __init__(
        self,
        receipts: Iterable[Receipt],
        known: Mapping[str, str],
        reader: SourceReader,
        page: Callable[[str], Source] | None,
    ) -> None:
        self._known = known
        self._reader = reader
        self._page = page
        self._contents: dict[str, str] = {}
        """Hashes of files and pages as they are now, by location."""
        self._readings: dict[str, Reading] = {}
        """Of those that have changed."""
        self._claims: defaultdict[str, list[Receipt]] = defaultdict(list)
        for receipt in receipts:
            for transcript_id in receipt.transcripts:
                self._claims[transcript_id].append(receipt)

    def other_than(self, receipt: Receipt, transcript_id: str) -> str | None:
        """Return where another file or page is that gives the same id, and other words under it; None where none is.

        What moved leaves nothing behind, or an address that sends to the new one. Episodes of one feed give way to each
        other: all that it lists are read together, so an address that it lists no more was given up for another.

        Args:
            receipt: Of what has just been read.
            transcript_id: An id that it gave.
        """
        claims = self._claims.get(transcript_id, [])
        stored = [claim for claim in claims if claim.transcripts[transcript_id] == self._known.get(transcript_id)]
        # None of them where the owner has confirmed a speaker since.
        for claim in stored or claims:
            if claim.location != receipt.location and self._holds(claim, transcript_id, receipt):
                return claim.location
        return None

    def _holds(self, claim: Receipt, transcript_id: str, receipt: Receipt) -> bool:
        if claim.feed is not None and claim.feed == receipt.feed:
            return False
        # Whoever adds a file does not expect that the web is asked.
        if is_address(claim.location) and (self._page is None or not is_address(receipt.location)):
            return False
        try:
            content = self._content(claim.location)
        except _GONE:
            return False
        except (ReadError, OSError, ValueError):  # what can't be looked into may hold it still
            return True
        # The same file by another path has the same content, and a copy loses nothing.
        return content != receipt.sha256 and (content == claim.sha256 or self._gives(claim, transcript_id))

    def _content(self, location: str) -> str:
        if location not in self._contents:
            content = self._source(location).load(NO_VALIDATORS)
            if content is None:  # It was not asked whether it is as it was.
                raise ReadError(f"{location} sent nothing.")
            self._contents[location] = content_hash(content.data)
        return self._contents[location]

    def _gives(self, claim: Receipt, transcript_id: str) -> bool:
        """Say whether a file that has changed gives an id; one that was read in another way is taken to."""
        if claim.read_as != self._reader.read_as:
            return True
        if claim.location not in self._readings:
            self._readings[claim.location] = self._reader.read(self._source(claim.location))
        reading = self._readings[claim.location]
        return reading.failure is not None or transcript_id in {transcript.id for transcript in reading.transcripts}

    def _source(self, location: str) -> Source:
        if self._page is not None and is_address(location):
            return self._page(location)
        path = path_of(location)
        return Source(name=str(path), load=partial(_load, path), location=location)


def _load(path: Path, _: Validators) -> Content:
    return Content(data=load_file(path))
