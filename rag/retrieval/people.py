"""Speakers whom a question names."""

import re
from collections.abc import Iterator, Sequence

from rag.library import SpeakerEntry
from rag.transcripts.names import HONORIFICS, fold, name_key

SHORTEST_PART = 3
"""Letters of a first or last name that can stand for a person."""


def mentions(question: str, speakers: Sequence[SpeakerEntry]) -> Iterator[tuple[str, int, int]]:
    """Yield the name key of each speaker that a question names, with the place of the name in the folded question."""
    folded = fold(question)
    for spelling, key in _spellings(speakers).items():
        pattern = r"\b" + r"\s+".join(map(re.escape, spelling.split())) + r"\b"
        for match in re.finditer(pattern, folded):
            yield key, match.start(), match.end()


def named(question: str, speakers: Sequence[SpeakerEntry]) -> frozenset[str]:
    """Return the name keys of the speakers that a question names."""
    return frozenset(key for key, _, _ in mentions(question, speakers))


def _spellings(speakers: Sequence[SpeakerEntry]) -> dict[str, str]:
    """Return the ways to name each speaker: whole names, and a first or last name that only one speaker bears."""
    whole: dict[str, str] = {}
    parts: dict[str, set[str]] = {}
    for entry in speakers:
        key = name_key(entry.name)
        for spelling in (entry.name, *entry.aliases):
            whole[name_key(spelling)] = key
            words = [word for word in name_key(spelling).split() if word not in HONORIFICS]
            if len(words) > 1:
                for word in (words[0], words[-1]):
                    parts.setdefault(word, set()).add(key)
    unique = {word: next(iter(keys)) for word, keys in parts.items() if len(keys) == 1 and len(word) >= SHORTEST_PART}
    return unique | whole
