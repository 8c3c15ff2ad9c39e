"""Files, folders and globs."""

import glob
import os
import re
import stat
from pathlib import Path
from urllib.parse import unquote_to_bytes

from rag.errors import ReadError
from rag.sources.source import LARGEST_SOURCE

SKIPPED_STEMS = ("readme", "license", "licence")
_NO_TEXT = re.compile(r"[\ud800-\udfff]")
"""What stands in a file's name for a byte that is not UTF-8 (PEP 383): nothing can store or show it."""
_FILE = "file://"


def find_files(path: Path) -> list[Path]:
    """Return the transcripts that a folder holds, the file that a path is, or the files that a glob matches.

    Raises:
        ReadError: There is nothing; the message says what is missing.
    """
    try:
        path.stat()
    except FileNotFoundError:
        files = [Path(name) for name in sorted(glob.glob(str(path), recursive=True)) if Path(name).is_file()]  # noqa: PTH207 - absolute patterns too
    except (OSError, ValueError) as error:
        raise ReadError(f"It can't be opened: {error}") from error
    else:
        files = transcript_files(path) if path.is_dir() else [path]
    if not files:
        what = "The folder holds no transcripts" if path.is_dir() else "There is no such file or folder"
        raise ReadError(f"{what}: {path}")
    return files


def transcript_files(folder: Path) -> list[Path]:
    """Return the files of a folder and of those in it that may be transcripts, in order."""
    return [file for file in sorted(folder.rglob("*")) if file.is_file() and is_transcript_file(file, folder)]


def is_transcript_file(file: Path, folder: Path) -> bool:
    """Say whether a file's name lets it be read as part of a folder: not hidden, no README, licence or settings."""
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return not (hidden or file.name.lower().startswith(SKIPPED_STEMS) or file.suffix.lower() == ".toml")


def folder_of(name: str) -> Path | None:
    """Return the folder that a path names, whatever the working folder is; None if it names none."""
    path = Path(name)
    try:
        return path.resolve() if path.is_dir() else None
    except (OSError, ValueError):
        return None


def storable(text: str) -> str:
    """Return a text that may hold a file's name without what is not Unicode in it, as in names of old drives."""
    return _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", text)


def location_of(file: Path) -> str:
    """Return where a file lies, whatever the working folder is; a link is itself, not what it points to.

    As an absolute path, or as a file:// address where its name is not Unicode: `path_of` reads both.
    """
    path = file.parent.resolve() / file.name
    return path.as_uri() if _NO_TEXT.search(str(path)) else str(path)


def path_of(location: str) -> Path:
    """Return the path that a location names."""
    if location.startswith(_FILE):
        return Path(os.fsdecode(unquote_to_bytes(location.removeprefix(_FILE))))
    return Path(location)


def load_file(file: Path) -> bytes:
    """Return the content of a file.

    Raises:
        ReadError: It is too large, or a socket or a device.
        OSError: It can't be opened.
    """
    kind = file.stat().st_mode
    if stat.S_ISSOCK(kind) or stat.S_ISCHR(kind) or stat.S_ISBLK(kind):
        raise ReadError(f"{file} is a socket or a device, not a file. Save what it gives to a file, and name that.")
    with file.open("rb") as opened:
        data = opened.read(LARGEST_SOURCE + 1)
    if len(data) > LARGEST_SOURCE:
        size = file.stat().st_size
        raise ReadError(f"{file} has {size:,} bytes; at most {LARGEST_SOURCE:,} are read. Split it.")
    return data
