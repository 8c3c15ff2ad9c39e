"""The manifest: which segments searches answer from, and which of their records are dead."""

import hashlib
import json
import os
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.analysis import ANALYSIS
from index.database import TEMPORARY_SUFFIX, sync_folder
from index.errors import IndexDamagedError, IndexStorageError

MANIFEST_NAME = "manifest.json"
FORMAT = f"2/{ANALYSIS}"
"""Raised when the derived files change; those of another format are built anew."""

Signature = tuple[int, int, int]
_VERSION_LENGTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentEntry:
    """A segment on disk."""

    name: str
    """Its folder's name, a hash of its content."""
    first_key: int
    last_key: int
    """The range of keys that it stands for: records of these keys that it lacks are gone."""
    size: int
    """Records in it, dead ones included."""
    sums: dict[str, str]
    """SHA-256 of its files by name."""
    dead: tuple[int, ...] = ()
    """Positions of records that were replaced or removed since it was written, ascending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A state of everything derived from the truth."""

    history: str
    model: str
    dimension: int
    last_key: int = 0
    """Highest record key that the segments know of."""
    last_removal: int = 0
    """Last removal that they know of."""
    segments: tuple[SegmentEntry, ...] = ()
    format: str = FORMAT

    @property
    def version(self) -> str:
        """Name what can be found: a short hash over the segments and their dead records."""
        content = [self.model, self.dimension, *([s.name, s.dead] for s in self.segments)]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:_VERSION_LENGTH]


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a folder.

    Raises:
        FileNotFoundError: There is none.
        IndexDamagedError: It isn't what was written.
        IndexStorageError: It may not be read, or something else stands in its place.
    """
    path = folder / MANIFEST_NAME
    try:
        if path.exists() and not path.is_file():
            raise IndexStorageError(f"{path} is no file: move it away, and `turnwise doctor --repair` writes one")
        whole: dict[str, Any] = json.loads(path.read_bytes())
        if whole.pop("sha256") != _sum(whole):
            raise IndexDamagedError(f"{path} is damaged: its checksum is wrong")
        entries = tuple(SegmentEntry(**{**s, "dead": tuple(s["dead"])}) for s in whole.pop("segments"))
        return Manifest(**whole, segments=entries)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise IndexDamagedError(f"{path} is damaged: {error}") from error
    except PermissionError as error:
        raise IndexStorageError(f"{path} can't be read ({error.strerror}); let this user read and write it") from error
    except FileNotFoundError:
        raise
    except OSError as error:
        raise IndexDamagedError(f"{path} is damaged: {error.strerror}") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write beside and swap in, so that a reader sees the old manifest or the new one, whole."""
    whole = json.loads(json.dumps(asdict(manifest)))
    whole["sha256"] = _sum(whole)
    temporary = folder / f"{MANIFEST_NAME}-{uuid.uuid4().hex}{TEMPORARY_SUFFIX}"
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(whole, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / MANIFEST_NAME)
    sync_folder(folder)


def manifest_signature(folder: Path) -> Signature | None:
    """Return what changes on disk with every new manifest, at the price of one `stat`; None without a manifest."""
    try:
        status = (folder / MANIFEST_NAME).stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def _sum(whole: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()
