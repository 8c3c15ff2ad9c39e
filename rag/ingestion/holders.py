"""Which other file holds an id: what it gave is not replaced by a second file that bears its title and date."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from rag.errors import ReadError
from rag.ingestion.reading import Reading, SourceReader, content_hash
from rag.receipts import Receipt
from rag.sources import Content, Source, Validators, is_address
from rag.sources.files import load_file, path_of

_GONE = (FileNotFoundError, NotADirectoryError, IsADirectoryError)


class Holders:
    """Tells whose id it is, by what was read from where.

    Args:
        receipts: What was read before.
        known: The fingerprints of what is stored, by id.
        reader: Reads a file that has changed since, to see whether it gives the id still.
    """

    def __init__(self, receipts: Iterable[Receipt], known: Mapping[str, str], reader: SourceReader) -> None:
        self._known = known
        self._reader = reader
        self._contents: dict[str, str] = {}
        """Hashes of files as they are now, by location."""
        self._readings: dict[str, Reading] = {}
        """Of those that have changed."""
        self._claims: defaultdict[str, list[Receipt]] = defaultdict(list)
        for receipt in receipts:
            for transcript_id in receipt.transcripts:
                self._claims[transcript_id].append(receipt)

    def other_than(self, receipt: Receipt, transcript_id: str) -> str | None:
        """Return where another file lies that gives the same id, and other words under it; None where none does.

        A file that moved leaves none behind. Of an address nobody can say whether it moved: it holds nothing.

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
        if is_address(claim.location):
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
            self._contents[location] = content_hash(load_file(path_of(location)))
        return self._contents[location]

    def _gives(self, claim: Receipt, transcript_id: str) -> bool:
        """Say whether a file that has changed gives an id; one that was read in another way is taken to."""
        if claim.read_as != self._reader.read_as:
            return True
        if claim.location not in self._readings:
            path = path_of(claim.location)
            source = Source(name=str(path), load=partial(_load, path), location=claim.location)
            self._readings[claim.location] = self._reader.read(source)
        reading = self._readings[claim.location]
        return reading.failure is not None or transcript_id in {transcript.id for transcript in reading.transcripts}


def _load(path: Path, _: Validators) -> Content:
    return Content(data=load_file(path))
