"""Speakers whom a question names."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.library import SpeakerEntry
from rag.transcripts.name_parts import is_ordinary, parts_of
from rag.transcripts.names import HONORIFICS, fold, name_key

WORD = re.compile(r"\w+(?:'(?!s\b)\w+)*")
"""A word; the ending of a possessive is none."""
SHORTEST_PART = 3
"""Letters of a first or last name that can stand for a person."""
_ENDS = re.compile(r"(?:^|[.?!:;…\n–—])[\s\"“”‘'(\[]*$")
"""What stands before the first word of a sentence, whose capital says nothing."""
_ASKED = re.compile(
    r"\b(?:did|does|has|according to|in the (?:view|words) of|(?:cllr|dame|dr|mr|mrs|ms|mx|prof|rev|revd|sir)\.?)\s+$"
)
"""What stands before somebody who is asked for; of titles those that are no other words, as in "the doctor will"."""
_SPEAKS = re.compile(
    r"['’]s\b|\s+(?:said|says|thinks|thought|argued|argues|told|tells|described|describes|explained|explains|believes|"
    r"believed|recommended|recommends|suggested|suggests|felt|feels|and\s+[a-z]+\s+(?:agree|disagree|differ))\b"
)


def mentions(question: str, speakers: Sequence[SpeakerEntry]) -> Iterator[tuple[str, int, int]]:
    """Yield the name key of each speaker that a question names, with the place of the name in the folded question.

    A word that is ordinary too ("Grace", "Will", "Cook") names somebody only where it is written or asked as a name.
    """
    folded = fold(question)
    words = [(match.group(), *match.span()) for match in WORD.finditer(folded)]
    known = _spellings(_Same(tuple(speakers)))
    written: list[str] | None = None
    for first in range(len(words)):
        if words[first][0] not in known.beginnings:
            continue
        for last in range(first, min(first + known.longest, len(words))):
            spelling = " ".join(word for word, _, _ in words[first : last + 1])
            if spelling not in known.keys:
                continue
            if spelling in known.ordinary:
                written = _as_written(question) if written is None else written
                capital = len(written) == len(words) and written[first][0].isupper()
                if not _is_meant(folded, *words[first][1:], capital=capital):
                    continue
            yield known.keys[spelling], words[first][1], words[last][2]


def named(question: str, speakers: Sequence[SpeakerEntry]) -> frozenset[str]:
    """Return the name keys of the speakers that a question names."""
    return frozenset(key for key, _, _ in mentions(question, speakers))


def _as_written(question: str) -> list[str]:
    """Return the words of a question with their capitals; as many as those of the folded one."""
    return WORD.findall(unicodedata.normalize("NFC", question).replace("’", "'"))


def _is_meant(folded: str, start: int, end: int, *, capital: bool) -> bool:
    """Say whether an ordinary word stands for a person: by its capital, a title before it, or as one who speaks."""
    before = folded[:start]
    titled = any(word.rstrip(".") in HONORIFICS - {"the"} for word in before.split()[-1:])
    if titled and capital:
        return True
    if not capital and end - start < SHORTEST_PART:
        return False
    speaks = _ASKED.search(before) is not None or _SPEAKS.match(folded, end) is not None
    return speaks if _ENDS.search(before) or not capital else True


class _Same:
    """Speakers, equal to themselves alone: to hash thousands of entries would take longer than the whole search."""

    __slots__ = ("speakers",)

    def __init__(self, speakers: tuple[SpeakerEntry, ...]) -> None:
        self.speakers = speakers

    def __hash__(self) -> int:
        return id(self.speakers)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.speakers is other.speakers


@dataclass(frozen=True, slots=True)
class _Spellings:
    """The ways to name each speaker."""

    keys: dict[str, str]
    """By way, the name key of whom it names."""
    ordinary: frozenset[str]
    """Those that are ordinary words too."""
    longest: int
    """Words of the longest."""
    beginnings: frozenset[str]
    """Words that one begins with."""


@lru_cache(maxsize=32)
def _spellings(known: _Same) -> _Spellings:
    """Return the ways to name each speaker: whole names without honorifics, and parts that only one speaker bears.

    Parts are a first or last name, and the name in a label that tells a role too.
    """
    whole: dict[str, str] = {}
    parts: dict[str, set[str]] = {}
    for entry in known.speakers:
        key = name_key(entry.name)
        for spelling in (entry.name, *entry.aliases):
            whole[name_key(spelling)] = key
            for part in parts_of(spelling):
                parts.setdefault(part, set()).add(key)
    unique = {part: next(iter(keys)) for part, keys in parts.items() if len(keys) == 1 and len(part) >= SHORTEST_PART}
    found = unique | whole
    return _Spellings(
        keys=found,
        ordinary=frozenset(spelling for spelling in found if " " not in spelling and is_ordinary(spelling)),
        longest=max((len(spelling.split()) for spelling in found), default=0),
        beginnings=frozenset(spelling.partition(" ")[0] for spelling in found),
    )
