"""A ZIP archive looked through before anything opens it: its real sizes, and XML that would grow when read.

A bomb declares little and unpacks to much, or nests entities that multiply; Office files have neither.
"""

import io
import zipfile
import zlib

MOST_PARTS = 5_000
LARGEST_PART = 64 * 1024 * 1024
"""Bytes of one part, unpacked: a transcript of 100 hours has some 20 MB of XML."""
LARGEST_WHOLE = 256 * 1024 * 1024
"""Bytes of all parts, unpacked: five times the largest file that is read."""
BLOCK = 1024 * 1024

_XML_ENDINGS = (".xml", ".rels")
_DECLARATIONS = tuple(
    mark.encode(encoding) for mark in ("<!DOCTYPE", "<!ENTITY") for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)
_OVERLAP = max(map(len, _DECLARATIONS))


class ArchiveError(ValueError):
    """The archive is broken or not what it seems; the message says in what way."""


def check_archive(data: bytes) -> frozenset[str]:
    """Return the names of an archive's parts, once all have been unpacked to see what they hold.

    Raises:
        ArchiveError: It is damaged, encrypted, too large when unpacked, or has XML with declarations of its own.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise ArchiveError(f"it has {len(parts):,} parts; at most {MOST_PARTS:,} are read")
            left = LARGEST_WHOLE
            for part in parts:
                left -= _size(archive, part, min(left, LARGEST_PART))
            return frozenset(part.filename for part in parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, UnicodeDecodeError) as error:
        if isinstance(error, ArchiveError):
            raise
        raise ArchiveError(f"the archive is damaged ({str(error)[:80] or type(error).__name__})") from None
    except (NotImplementedError, RuntimeError):
        raise ArchiveError("the archive is encrypted or packed in a way that isn't read") from None


def _size(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limit: int) -> int:
    """Return how many bytes a part really has.

    Raises:
        ArchiveError: They are more than the limit, or declare a document type.
    """
    is_xml = part.filename.lower().endswith(_XML_ENDINGS)
    size, before = 0, b""
    with archive.open(part) as stream:
        while block := stream.read(BLOCK):
            size += len(block)
            if size > limit:
                raise ArchiveError(f"{part.filename[:80]!r} unpacks to more than {limit:,} bytes")
            if is_xml and any(mark in before + block for mark in _DECLARATIONS):
                raise ArchiveError(f"{part.filename[:80]!r} declares a document type, as no Office file does")
            before = block[-_OVERLAP:]
    return size
