"""Watching folders: telling which files came, changed or went, once they are whole."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from watchfiles import Change, watch

from rag.sources.files import is_transcript_file, transcript_files

SETTLE_S = 1.0
"""How long a file must stay as it is to count as whole: programs that write longer than that without a pause are
waited for, however long it takes."""
OWNERS_SUFFIX = ".toml"
"""Of the files in which the owner states people and names."""
_LOOK_EVERY_MS = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What happened in the folders since it was last told."""

    whole: tuple[Path, ...]
    """Files that came or changed, and are whole."""
    look_through: bool
    """Whether files went, or what the owner wrote of people and names changed: that may concern every file."""
    is_first: bool = False
    """Whether the watch has just begun."""


def watch_folders(folders: Sequence[Path], *, settle_s: float = SETTLE_S) -> Iterator[Changes]:
    """Yield what happens in folders, for ever; first, once the watch is on, an empty `Changes`.

    What happened before the first one is for the caller to look for: nothing after it is missed.

    Raises:
        KeyboardInterrupt: A signal's handler raised it, or Ctrl-C was pressed.
    """
    moving: dict[Path, tuple[object, float]] = {}
    """By file: what it looked like, and since when it has."""
    look_through = False
    is_first = True
    for changes in watch(*folders, debounce=_LOOK_EVERY_MS, rust_timeout=_LOOK_EVERY_MS, yield_on_timeout=True):
        for change, name in changes:
            path = Path(name)
            look_through = look_through or path.suffix.lower() == OWNERS_SUFFIX
            if not _is_wanted(path, folders):
                continue
            look_through = look_through or change is Change.deleted
            for file in transcript_files(path) if path.is_dir() else [path]:
                moving[file] = (_look(file), time.monotonic())
        whole = _settled(moving, settle_s)
        if whole or is_first or (look_through and not moving):
            files = tuple(path for path in whole if path.is_file())
            yield Changes(whole=files, look_through=look_through, is_first=is_first)
            look_through = is_first = False


def _settled(moving: dict[Path, tuple[object, float]], settle_s: float) -> list[Path]:
    """Take out and return the files that have looked the same for long enough."""
    now = time.monotonic()
    for path, (looked, _) in list(moving.items()):
        if (looks := _look(path)) != looked:
            moving[path] = (looks, now)
    settled = sorted(path for path, (_, since) in moving.items() if now - since >= settle_s)
    for path in settled:
        del moving[path]
    return settled


def _look(path: Path) -> object:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


def _is_wanted(path: Path, folders: Sequence[Path]) -> bool:
    return any(path.is_relative_to(folder) and is_transcript_file(path, folder) for folder in folders)
