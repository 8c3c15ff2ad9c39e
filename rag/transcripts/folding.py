"""The reading rules for text: what white space and unprintable characters become."""

import re

PARAGRAPH_BREAK = "\n\n"

_BLANK_LINES = re.compile(r"\n\s*\n")
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufeff]")


def fold_space(text: str) -> str:
    """Return text with every run of white space folded to one space and none at its ends.

    Control characters and byte order marks are dropped; half a surrogate pair, which no encoding can store, becomes
    U+FFFD. Folding what was folded changes nothing.
    """
    if not text.isascii():
        text = _SURROGATES.sub("\ufffd", text)
    if not text.isprintable():
        text = _CONTROLS.sub("", text)
    return " ".join(text.split())


def fold_paragraphs(text: str) -> str:
    """Return text as a turn keeps it: paragraphs (parted by blank lines) folded and joined by a blank line."""
    if "\n" not in text and "\r" not in text:
        return fold_space(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    folded = (fold_space(paragraph) for paragraph in _BLANK_LINES.split(lines))
    return PARAGRAPH_BREAK.join(paragraph for paragraph in folded if paragraph)
