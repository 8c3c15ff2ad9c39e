"""The body of an answer, unpacked as it comes, so that what unpacks to too much is refused before it does."""

import zlib
from collections.abc import Iterable

from rag.errors import ReadError

ACCEPTED = "gzip, deflate"
"""The encodings that are asked for."""
_DETECT = 32 + zlib.MAX_WBITS
"""Lets zlib tell gzip's header from its own (zlib's manual, inflateInit2)."""


def read_body(parts: Iterable[bytes], encoding: str, *, largest: int) -> bytes:
    """Return the body that parts make, unpacked.

    Args:
        parts: The bytes as they were sent.
        encoding: The header Content-Encoding.
        largest: How many bytes the body may have, packed or not.

    Raises:
        ReadError: It is too large, damaged, or packed otherwise than was asked for.
    """
    packings = [name.strip().lower() for name in encoding.split(",") if name.strip().lower() not in ("", "identity")]
    if len(packings) > 1 or not set(packings) <= {"gzip", "x-gzip", "deflate"}:
        raise ReadError(f"it is packed as {encoding[:80]!r}, which was not asked for")
    body = bytearray()
    if not packings:
        for part in parts:
            body += part
            _check(body, largest)
        return bytes(body)
    try:
        _unpack(parts, body, largest)
    except zlib.error as error:
        raise ReadError(f"its {packings[0]} data is damaged ({error})") from error
    return bytes(body)


def _unpack(parts: Iterable[bytes], body: bytearray, largest: int) -> None:
    unpacker = zlib.decompressobj(_DETECT)
    received = 0
    for part in parts:
        received += len(part)
        rest = part
        while rest:
            if unpacker.eof:  # gzip may consist of several members (RFC 1952, section 2.2)
                unpacker = zlib.decompressobj(_DETECT)
            body += unpacker.decompress(rest, largest + 1 - len(body))
            _check(body, largest)
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    if received and not unpacker.eof:
        raise ReadError("its packed data is cut off")


def _check(body: bytearray, largest: int) -> None:
    if len(body) > largest:
        raise ReadError(f"it is larger than {largest:,} bytes")
