"""The words and noun phrases of a question."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from rag.retrieval.followups.tagging import Tag, Word, tagged
from rag.retrieval.followups.words import EVALUATIVE, RELATIONAL, is_plural, singular

SUPERLATIVE = re.compile(r"(?:[a-z]{3,}(?<!for)(?<!inter)(?<!t)est|best|worst)$")
JOINING = frozenset({"and", "&", "of", "the"})
"""What may stand between the capitals of one name."""


class Role(Enum):
    """Where a noun phrase stands."""

    SUBJECT = auto()
    TOPIC = auto()
    """After "about", or what an imperative asks for."""
    OBJECT = auto()
    PREPOSITIONAL = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A noun phrase: `text[start:end]`, without its determiner."""

    text: str
    start: int
    end: int
    first: int
    """Number of its first word."""
    last: int
    determiner: str
    """In lower case; empty where there is none."""
    preposition: str
    """The preposition before it; empty where there is none."""
    role: Role
    proper: bool
    """It holds a capital that is not the sentence's, or a figure."""

    @property
    def head(self) -> str:
        """Return the last word, in the singular."""
        return singular(re.split(r"\s", self.text)[-1].lower())

    @property
    def plural(self) -> bool:
        """Return whether it is plural by form."""
        return " and " in self.text or (
            is_plural(self.text.split()[-1].lower()) and not self.text.split()[-1].isupper()
        )

    @property
    def relational(self) -> bool:
        """Return whether its head is of something."""
        return self.head in RELATIONAL and not self.proper

    @property
    def ranks(self) -> bool:
        """Return whether it only ranks what is not named: "the largest"."""
        return self.text.split()[-1].lower() in EVALUATIVE or SUPERLATIVE.search(self.text.lower()) is not None

    @property
    def named(self) -> str:
        """Return it as one would name it again: with its article."""
        return f"{self.determiner} {self.text}" if self.determiner in ("the", "a", "an") else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read of a question."""

    text: str
    words: tuple[Word, ...]
    phrases: tuple[Phrase, ...]

    @property
    def lows(self) -> tuple[str, ...]:
        """Return the words in lower case."""
        return tuple(word.low for word in self.words)


@lru_cache(maxsize=512)
def read(text: str) -> Reading:
    """Return the words and noun phrases of a question; the last few are remembered."""
    words = tagged(text)
    return Reading(text=text, words=words, phrases=tuple(_phrases(text, words)))


def _phrases(text: str, words: tuple[Word, ...]) -> list[Phrase]:
    found: list[Phrase] = []
    n = 0
    while n < len(words):
        if words[n].tag is not Tag.NOUN:
            n += 1
            continue
        last = n
        while last + 1 < len(words) and _goes_on(text, words, last):
            last += 1 if words[last + 1].tag is Tag.NOUN else 2
        found.append(_phrase(text, words, n, last))
        n = last + 1
    return found


def _goes_on(text: str, words: tuple[Word, ...], last: int) -> bool:
    one, other = words[last], words[last + 1]
    if text[one.end : other.start].strip():
        return False
    if other.tag is Tag.NOUN:
        return True
    joins = other.low in JOINING and last + 2 < len(words) and words[last + 2].tag is Tag.NOUN
    capitals = one.text[0].isupper() and last + 2 < len(words) and words[last + 2].text[0].isupper()
    return joins and capitals and not text[other.end : words[last + 2].start].strip()


def _phrase(text: str, words: tuple[Word, ...], first: int, last: int) -> Phrase:
    before = first - 1
    determiner = ""
    while before >= 0 and words[before].tag is Tag.DETERMINER:
        determiner = words[before].low
        before -= 1
    preposition = words[before].low if before >= 0 and words[before].tag is Tag.PREPOSITION else ""
    return Phrase(
        text=text[words[first].start : words[last].end],
        start=words[first].start,
        end=words[last].end,
        first=first,
        last=last,
        determiner=determiner,
        preposition=preposition,
        role=_role(words[: before + 1], preposition),
        proper=any(_proper(words[n], opens=n == 0) for n in range(first, last + 1)),
    )


def _role(before: tuple[Word, ...], preposition: str) -> Role:
    asked_for = len(before) == 1 and before[0].tag is Tag.VERB
    if preposition:
        return Role.TOPIC if preposition == "about" else Role.PREPOSITIONAL
    if asked_for:
        return Role.TOPIC
    return Role.OBJECT if any(word.tag is Tag.VERB for word in before) else Role.SUBJECT


def _proper(word: Word, *, opens: bool) -> bool:
    later = word.text[1:] if opens else word.text
    return any(letter.isupper() for letter in later[:1] + word.text[1:]) or any(map(str.isdigit, word.text))
