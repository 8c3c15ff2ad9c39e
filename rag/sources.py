"""What a path, a glob or an address names: sources, each with the means to load it."""

import glob
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx

from rag.errors import ReadError

LARGEST_SOURCE = 50 * 1024 * 1024
"""Bytes."""
FETCH_TIMEOUT_S = 30.0
SKIPPED_STEMS = ("readme", "license", "licence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file, an address or a document in memory."""

    name: str
    load: Callable[[], bytes]
    """Returns the content.

    Raises:
        ReadError: There is nothing to read, or too much.
        OSError: The file can't be opened.
        httpx.HTTPError: The address can't be reached.
    """


def find_sources(source: str) -> Iterator[Source]:
    """Yield what a path, a glob or an address names; where that is nothing, a source whose loading says why."""
    if source.startswith(("http://", "https://")):
        yield Source(name=source, load=partial(_fetch, source))
        return
    path = Path(source)
    try:
        path.stat()
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        yield Source(name=source, load=partial(_refuse, f"It can't be opened: {error}"))
        return
    if path.is_dir():
        files = [file for file in sorted(path.rglob("*")) if _is_transcript_file(file, path)]
    elif path.exists():
        files = [path]
    else:
        files = [Path(name) for name in sorted(glob.glob(source, recursive=True)) if Path(name).is_file()]  # noqa: PTH207 - absolute patterns too
    if not files:
        what = "The folder holds no transcripts" if path.is_dir() else "There is no such file or folder"
        yield Source(name=source, load=partial(_refuse, f"{what}: {source}"))
    for file in files:
        yield Source(name=str(file), load=partial(_load, file))


def _is_transcript_file(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    skipped = file.name.lower().startswith(SKIPPED_STEMS) or file.suffix.lower() == ".toml"
    return file.is_file() and not hidden and not skipped


def _refuse(reason: str) -> bytes:
    raise ReadError(reason)


def _load(file: Path) -> bytes:
    size = file.stat().st_size
    if size > LARGEST_SOURCE:
        raise ReadError(f"{file} has {size:,} bytes; at most {LARGEST_SOURCE:,} are read. Split it.")
    return file.read_bytes()


def _fetch(url: str) -> bytes:
    """Load an address, up to the largest size.

    Raises:
        ReadError: The server refused, or sent too much.
        httpx.HTTPError: It could not be reached.
    """
    with httpx.stream("GET", url, follow_redirects=True, timeout=FETCH_TIMEOUT_S) as response:
        if response.is_error:
            raise ReadError(f"{url} answered {response.status_code} {response.reason_phrase}.")
        data = bytearray()
        for part in response.iter_bytes():
            data += part
            if len(data) > LARGEST_SOURCE:
                raise ReadError(f"{url} sent more than {LARGEST_SOURCE:,} bytes.")
    return bytes(data)
