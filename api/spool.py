"""Uploads and removals that were accepted and are not done yet, kept on disk: a server that dies in between loses none.

They are kept together, for their order matters: what was removed may have been sent again. What waits is known by name
and size; its documents are read when work on it begins.
"""

import json
import logging
import os
import re
import threading
import time
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from rag.errors import IndexUnavailableError
from rag.restriction import EVERYTHING, Restriction
from rag.transcripts.dates import parse_date
from rag.transcripts.readers import ReadOptions

ATTEMPTS = 3
"""How often work on an upload is begun: one that kills the server must not do so for ever."""
MOST_WAITING = 1000
"""Uploads that may wait, each worker: as many as jobs are remembered (`KEPT_JOBS`)."""
MOST_WAITING_BYTES = 1024**3
"""Of the uploads that wait, each worker: sixteen of the largest, on the disk."""
ENDING = ".upload"
SPOOL_NAME = "uploads"
"""The folder of the data folder in which uploads wait."""
_NAME = re.compile(rf"(?P<upload>[0-9]{{20}}-(?P<job>[0-9a-f]{{32}}))-(?P<attempt>[0-9]{{1,9}}){re.escape(ENDING)}")
_OPTIONS = "options.json"
_DAMAGED = (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile)
"""What reading a file raises that isn't as it was written any more."""

Document = tuple[str, bytes]

log = logging.getLogger("turnwise.jobs")


class SpoolFullError(Exception):
    """As many uploads wait as may."""


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
    removed: str | None = None
    """The transcript to remove: it is no upload but a removal, without documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingUpload:
    """An upload that is kept, without its documents."""

    job: str
    names: tuple[str, ...]
    """Of its documents."""
    size: int
    """Bytes of its documents."""
    owner: str | None = None
    """Whoever sent it."""
    removed: str | None = None
    """The transcript to remove, of a removal."""


class Spool:
    """Keeps uploads in a folder of one worker's, a file each, named by time, job and how often work on it was begun."""

    def __init__(
        self, folder: Path, *, most_waiting: int = MOST_WAITING, most_waiting_bytes: int = MOST_WAITING_BYTES
    ) -> None:
        """Use a folder; it is made when there is something to keep.

        Args:
            folder: Where uploads are kept.
            most_waiting: How many may wait.
            most_waiting_bytes: How large they may be together.
        """
        self._folder = folder
        self._most_waiting = most_waiting
        self._most_waiting_bytes = most_waiting_bytes
        self._lock = threading.Lock()
        self._waiting: dict[str, int] = {}
        """The bytes of each upload that waits, by its job."""

    def require_room(self, size: int = 0) -> None:
        """Refuse an upload of so many bytes if it can't wait; before it has arrived, its size need not be known.

        Raises:
            SpoolFullError: As many wait as may.
        """
        with self._lock:
            self._require_room(size)

    def keep(
        self,
        documents: Sequence[Document],
        options: ReadOptions,
        *,
        owner: str | None = None,
        restriction: Restriction = EVERYTHING,
    ) -> WaitingUpload:
        """Write an upload down, durably, and return it with the id that its job is to have.

        Raises:
            SpoolFullError: As many wait as may.
            IndexUnavailableError: It can't be written.
        """
        upload = Upload(
            job=uuid.uuid4().hex, documents=tuple(documents), options=options, owner=owner, restriction=restriction
        )
        size = sum(len(data) for _, data in upload.documents)
        with self._lock:
            self._require_room(size)
            self._waiting[upload.job] = size
        try:
            self._write_down(upload)
        except OSError as error:
            self._forget(upload.job)
            raise self._cannot_keep("upload", error) from error
        names = tuple(name for name, _ in upload.documents)
        return WaitingUpload(job=upload.job, names=names, size=size, owner=owner)

    def keep_removal(
        self, transcript_id: str, *, owner: str | None = None, restriction: Restriction = EVERYTHING
    ) -> WaitingUpload:
        """Write a removal down, durably, and return it with the id that its job is to have; there is always room.

        Raises:
            IndexUnavailableError: It can't be written.
        """
        removal = Upload(
            job=uuid.uuid4().hex,
            documents=(),
            options=ReadOptions(),
            owner=owner,
            restriction=restriction,
            removed=transcript_id,
        )
        try:
            self._write_down(removal)
        except OSError as error:
            raise self._cannot_keep("removal", error) from error
        return WaitingUpload(job=removal.job, names=(), size=0, owner=owner, removed=transcript_id)

    def take_up(self) -> Iterator[WaitingUpload]:
        """Yield what an earlier server left, in the order in which it came, however much that is.

        Whatever else lies in the folder, or can't be read, is named in the log and left alone.
        """
        for path in sorted(self._folder.glob(f"*{ENDING}")):
            name = _NAME.fullmatch(path.name)
            if name is None:
                log.warning("%s is no upload that was kept here", path)
            elif int(name["attempt"]) >= ATTEMPTS:
                log.error("work on %s was begun %d times and never ended: look at it, then delete it", path, ATTEMPTS)
            elif (waiting := _glance(path, name["job"])) is not None:
                if waiting.removed is None:
                    with self._lock:
                        self._waiting[waiting.job] = waiting.size
                yield waiting

    def begin(self, job: str) -> Upload:
        """Note that work on an upload begins, and return it with its documents.

        Raises:
            IndexUnavailableError: It isn't there any more, or can't be read.
        """
        self._forget(job)
        for path, name in self._kept(job):
            try:
                begun = path.rename(path.with_name(f"{name['upload']}-{int(name['attempt']) + 1}{ENDING}"))
                return _read(begun, job)
            except _DAMAGED as error:
                log.exception("the upload of job %s can't be taken from where it was kept", job)
                raise IndexUnavailableError(
                    "The upload can't be taken from where it was kept; the log says why. Send it again."
                ) from error
        raise IndexUnavailableError("The upload is gone from where it was kept. Send it again.")

    def drop(self, job: str) -> None:
        """Delete the upload of a job that is finished."""
        self._forget(job)
        for path, _ in self._kept(job):
            path.unlink(missing_ok=True)

    def _kept(self, job: str) -> list[tuple[Path, re.Match[str]]]:
        """Return the file of a job and what its name says; nothing if there is none."""
        names = ((path, _NAME.fullmatch(path.name)) for path in self._folder.glob(f"*-{job}-*{ENDING}"))
        return [(path, name) for path, name in names if name is not None]

    def _write_down(self, upload: Upload) -> None:
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
        except OSError:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
            raise

    def _require_room(self, size: int) -> None:
        most, most_bytes = self._most_waiting, self._most_waiting_bytes
        if len(self._waiting) >= most or sum(self._waiting.values()) + size > most_bytes:
            raise SpoolFullError

    def _cannot_keep(self, what: str, error: OSError) -> IndexUnavailableError:
        return IndexUnavailableError(f"The {what} can't be kept in {self._folder}: {error.strerror}.")

    def _forget(self, job: str) -> None:
        with self._lock:
            self._waiting.pop(job, None)


def upload_folder(home: Path, place: int | None) -> Path:
    """Return where the uploads of a worker wait; None: of the only one."""
    return home / SPOOL_NAME if place is None else home / SPOOL_NAME / str(place)


def is_kept(path: Path) -> bool:
    """Tell whether a file bears the name of what a spool keeps."""
    return _NAME.fullmatch(path.name) is not None


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
            "removed": upload.removed,
        }
        archive.writestr(_OPTIONS, json.dumps(stated))
        for number, (_, data) in enumerate(upload.documents):
            archive.writestr(str(number), data)


def _glance(path: Path, job: str) -> WaitingUpload | None:
    """Return what to know of an upload before work on it begins; None if it can't be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            stated = _stated(archive)
            size = sum(info.file_size for info in archive.infolist() if info.filename != _OPTIONS)
        # An earlier version kept no removals.
        owner, removed = stated.get("owner"), stated.get("removed")
        return WaitingUpload(job=job, names=tuple(stated["names"]), size=size, owner=owner, removed=removed)
    except Exception:  # one file, whatever it holds, must not keep the server from starting
        log.exception("%s can't be read", path)
        return None


def _stated(archive: zipfile.ZipFile) -> dict[str, Any]:
    stated: dict[str, Any] = json.loads(archive.read(_OPTIONS))
    return stated


def _read(path: Path, job: str) -> Upload:
    with zipfile.ZipFile(path) as archive:
        stated = _stated(archive)
        documents = tuple((name, archive.read(str(number))) for number, name in enumerate(stated["names"]))
    options = stated["options"]
    options["date"] = parse_date(options["date"]) if options["date"] else None
    only = stated.get("only")  # absent from what an earlier version kept
    restriction = Restriction(only=None if only is None else frozenset(only), never=frozenset(stated.get("never", ())))
    return Upload(
        job=job,
        documents=documents,
        options=ReadOptions(**options),
        owner=stated.get("owner"),
        restriction=restriction,
        removed=stated.get("removed"),
    )


def _sync(folder: Path) -> None:
    """Make a rename within a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
