"""Uploads that were accepted and are not indexed yet, kept on disk: a server that dies in between loses none."""

import json
import logging
import os
import time
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from rag.errors import IndexUnavailableError
from rag.restriction import EVERYTHING, Restriction
from rag.transcripts.dates import parse_date
from rag.transcripts.readers import ReadOptions

ATTEMPTS = 3
"""Starts of a server at which an upload is taken up: one that kills the server must not do so for ever."""
ENDING = ".upload"
SPOOL_NAME = "uploads"
"""The folder of the data folder in which uploads wait."""
_OPTIONS = "options.json"

Document = tuple[str, bytes]

log = logging.getLogger("turnwise.jobs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What was accepted in one request."""

    job: str
    documents: tuple[Document, ...]
    """Pairs of name and content."""
    options: ReadOptions
    owner: str | None = None
    """Whoever sent it."""
    restriction: Restriction = EVERYTHING
    """What they may write to."""


class Spool:
    """Keeps uploads in a folder, a file each, named by time, job and how often it was taken up."""

    def __init__(self, folder: Path) -> None:
        """Use a folder; it is made when there is something to keep."""
        self._folder = folder

    def keep(
        self,
        documents: Sequence[Document],
        options: ReadOptions,
        *,
        owner: str | None = None,
        restriction: Restriction = EVERYTHING,
    ) -> Upload:
        """Write an upload down, durably, and return it with the id that its job is to have.

        Raises:
            IndexUnavailableError: It can't be written.
        """
        upload = Upload(
            job=uuid.uuid4().hex, documents=tuple(documents), options=options, owner=owner, restriction=restriction
        )
        path = self._folder / f"{time.time_ns():020d}-{upload.job}-0{ENDING}"
        partial = path.with_suffix(".partial")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with partial.open("wb") as file:
                _write(file, upload)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
            _sync(self._folder)
        except OSError as error:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
            raise IndexUnavailableError(f"The upload can't be kept in {self._folder}: {error.strerror}.") from error
        return upload

    def take_up(self) -> Iterator[Upload]:
        """Yield what an earlier server left, in the order in which it came."""
        for path in sorted(self._folder.glob(f"*{ENDING}")):
            moment, job, attempt = path.name.removesuffix(ENDING).split("-")
            if int(attempt) >= ATTEMPTS:
                log.error("%s was taken up %d times and never finished: look at it, then delete it", path, ATTEMPTS)
                continue
            taken = path.rename(self._folder / f"{moment}-{job}-{int(attempt) + 1}{ENDING}")
            try:
                yield _read(taken, job)
            except (OSError, KeyError, ValueError, zipfile.BadZipFile):
                log.exception("%s can't be read", taken)

    def drop(self, job: str) -> None:
        """Delete the upload of a job that is finished."""
        for path in self._folder.glob(f"*-{job}-*{ENDING}"):
            path.unlink(missing_ok=True)


def upload_folder(home: Path, place: int | None) -> Path:
    """Return where the uploads of a worker wait; None: of the only one."""
    return home / SPOOL_NAME if place is None else home / SPOOL_NAME / str(place)


def _write(file: IO[bytes], upload: Upload) -> None:
    options = asdict(upload.options)
    options["date"] = upload.options.date.isoformat() if upload.options.date else None
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        stated = {
            "options": options,
            "names": [name for name, _ in upload.documents],
            "owner": upload.owner,
            "only": None if upload.restriction.only is None else sorted(upload.restriction.only),
            "never": sorted(upload.restriction.never),
        }
        archive.writestr(_OPTIONS, json.dumps(stated))
        for number, (_, data) in enumerate(upload.documents):
            archive.writestr(str(number), data)


def _read(path: Path, job: str) -> Upload:
    with zipfile.ZipFile(path) as archive:
        stated = json.loads(archive.read(_OPTIONS))
        documents = tuple((name, archive.read(str(number))) for number, name in enumerate(stated["names"]))
    options = stated["options"]
    options["date"] = parse_date(options["date"]) if options["date"] else None
    only = stated.get("only")  # absent from what an earlier version kept
    restriction = Restriction(only=None if only is None else frozenset(only), never=frozenset(stated.get("never", ())))
    return Upload(
        job=job, documents=documents, options=ReadOptions(**options), owner=stated.get("owner"), restriction=restriction
    )


def _sync(folder: Path) -> None:
    """Make a rename within a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
