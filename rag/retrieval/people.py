"""Speakers whom a question names."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rag.library import SpeakerEntry
from rag.transcripts.names import fold, name_key

WORD = re.compile(r"\w+(?:'(?!s\b)\w+)*")
"""A word; the ending of a possessive is none."""
SHORTEST_PART = 3
"""Letters of a first or last name that can stand for a person."""


def mentions(question: str, speakers: Sequence[SpeakerEntry]) -> Iterator[tuple[str, int, int]]:
    """Yield the name key of each speaker that a question names, with the place of the name in the folded question."""
    words = [(match.group(), *match.span()) for match in WORD.finditer(fold(question))]
    keys, longest, beginnings = _spellings(_Same(tuple(speakers)))
    for first in range(len(words)):
        if words[first][0] not in beginnings:
            continue
        for last in range(first, min(first + longest, len(words))):
            spelling = " ".join(word for word, _, _ in words[first : last + 1])
            if spelling in keys:
                yield keys[spelling], words[first][1], words[last][2]


def named(question: str, speakers: Sequence[SpeakerEntry]) -> frozenset[str]:
    """Return the name keys of the speakers that a question names."""
    return frozenset(key for key, _, _ in mentions(question, speakers))


class _Same:
    """Speakers, equal to themselves alone: to hash thousands of entries would take longer than the whole search."""

    __slots__ = ("speakers",)

    def __init__(self, speakers: tuple[SpeakerEntry, ...]) -> None:
        self.speakers = speakers

    def __hash__(self) -> int:
        return id(self.speakers)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.speakers is other.speakers


@lru_cache(maxsize=32)
def _spellings(known: _Same) -> tuple[dict[str, str], int, frozenset[str]]:
    """Return the ways to name each speaker, the words of the longest, and the words that one begins with.

    They are whole names without honorifics, and first or last names that only one speaker bears.
    """
    whole: dict[str, str] = {}
    parts: dict[str, set[str]] = {}
    for entry in known.speakers:
        key = name_key(entry.name)
        for spelling in (entry.name, *entry.aliases):
            words = name_key(spelling).split()
            whole[" ".join(words)] = key
            if len(words) > 1:
                for word in (words[0], words[-1]):
                    parts.setdefault(word, set()).add(key)
    unique = {word: next(iter(keys)) for word, keys in parts.items() if len(keys) == 1 and len(word) >= SHORTEST_PART}
    found = unique | whole
    beginnings = frozenset(spelling.partition(" ")[0] for spelling in found)
    return found, max((len(spelling.split()) for spelling in found), default=0), beginnings
