"""Files, folders and globs."""

import glob
from pathlib import Path

from rag.errors import ReadError
from rag.sources.source import LARGEST_SOURCE

SKIPPED_STEMS = ("readme", "license", "licence")


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


def location_of(file: Path) -> str:
    """Return where a file lies, whatever the working folder is; a link is itself, not what it points to."""
    return str(file.parent.resolve() / file.name)


def load_file(file: Path) -> bytes:
    """Return the content of a file.

    Raises:
        ReadError: It is too large.
        OSError: It can't be opened.
    """
    with file.open("rb") as opened:
        data = opened.read(LARGEST_SOURCE + 1)
    if len(data) > LARGEST_SOURCE:
        size = file.stat().st_size
        raise ReadError(f"{file} has {size:,} bytes; at most {LARGEST_SOURCE:,} are read. Split it.")
    return data
