"""From bytes to text: UTF-8, UTF-16 and UTF-32 by their marks, and Windows-1252 as the last resort."""

import codecs

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
        raise NotTextError("it is binary data: it holds NUL bytes")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_without_utf8(data)


def _decode_without_utf8(data: bytes) -> str:
    controls = sum(byte < _FIRST_PRINTABLE and byte not in _TEXT_CONTROLS for byte in data)
    if controls > _MAX_CONTROL_SHARE * len(data):
        raise NotTextError("it is binary data: it holds control bytes")
    damaged = data.decode("utf-8", "replace")
    lost = damaged.count("\ufffd")
    sound = sum(not character.isascii() for character in damaged) - lost
    # Several good multi-byte sequences do not happen by chance: this is UTF-8 with a damaged byte.
    if sound > 2 * lost:
        return damaged
    return data.decode("cp1252", "replace")
