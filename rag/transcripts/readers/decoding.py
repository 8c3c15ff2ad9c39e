"""From bytes to text: UTF-8, UTF-16 and UTF-32, a page's stated encoding, and Windows-1252 as the last resort."""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_KNOWN_BINARY = ((b"PK\x03\x04", "a ZIP archive or an Office document"), (b"%PDF", "a PDF"), (b"ID3", "an MP3"))
_TEXT_CONTROLS = frozenset(b"\t\n\r\f\v\x1b")
_FIRST_PRINTABLE = 0x20
_MAX_CONTROL_SHARE = 0.005
"""Of bytes; text has next to none, compressed data some 10 %."""

_SAMPLE = 4096
"""Bytes that show how a text without a mark is encoded."""
_MOST_OF = 0.7
"""Of the bytes at every other place, those that are NUL in UTF-16 of European languages."""
_STATED = re.compile(
    rb"<meta[^>]{1,200}charset\s*=\s*[\"']?\s*(iso-8859-\d{1,2}|windows-125\d|koi8-[ru]|shift_jis|euc-(?:jp|kr)|gb2312|gbk|"
    rb"gb18030|big5|macintosh)\b",
    re.IGNORECASE,
)
_LATIN_1 = re.compile(r"iso-8859-1", re.IGNORECASE)


class NotTextError(ValueError):
    """The bytes are not text; the message says what they are."""


def decode(data: bytes) -> str:
    """Return the text of a file, lines ending in a newline character whatever they ended in.

    Raises:
        NotTextError: The bytes are empty, binary, or break the encoding that their mark announces.
    """
    text = _decode(data).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise NotTextError("it is binary data: it holds NUL characters")
    if not text.strip():
        raise NotTextError("it is empty")
    return text


def _decode(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise NotTextError(
                    f"its mark announces {encoding.upper()}, but byte {error.start + len(mark)} breaks that encoding"
                ) from None
    for mark, kind in _KNOWN_BINARY:
        if data.startswith(mark):
            raise NotTextError(f"it is {kind}")
    if b"\0" in data:
        return _decode_utf16(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_without_utf8(data)


def _decode_utf16(data: bytes) -> str:
    """Return UTF-16 text that bears no mark: every other byte of it is NUL as long as letters are European ones.

    Raises:
        NotTextError: It is nothing of the kind.
    """
    sample = data[:_SAMPLE]
    for encoding, high, low in (("utf-16-le", sample[1::2], sample[::2]), ("utf-16-be", sample[::2], sample[1::2])):
        if high.count(0) > _MOST_OF * len(high) and not low.count(0):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                break
    raise NotTextError("it is binary data: it holds NUL bytes")


def _decode_without_utf8(data: bytes) -> str:
    controls = sum(byte < _FIRST_PRINTABLE and byte not in _TEXT_CONTROLS for byte in data)
    if controls > _MAX_CONTROL_SHARE * len(data):
        raise NotTextError("it is binary data: it holds control bytes")
    stated = _STATED.search(data[:_SAMPLE])
    name = stated[1].decode("ascii") if stated else ""
    # What calls itself Latin-1 is Windows-1252, as browsers have it (WHATWG Encoding Standard).
    if name and not _LATIN_1.fullmatch(name):
        try:
            return data.decode(name, "replace")
        except LookupError:
            pass
    damaged = data.decode("utf-8", "replace")
    lost = damaged.count("\ufffd")
    sound = sum(not character.isascii() for character in damaged) - lost
    # Several good multi-byte sequences do not happen by chance: this is UTF-8 with a damaged byte.
    if sound > 2 * lost:
        return damaged
    return data.decode("cp1252", "replace")
