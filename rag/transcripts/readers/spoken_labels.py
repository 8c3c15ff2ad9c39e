"""Labels that aren't written with a capital on each word: "Programme lead Ishbel Tan", "Audience member".

`names_like` knows those that are. Here a label is known by the person or the role in it, and by nothing that only a
sentence has. What else recurs where labels stand may be one ("Bothy crew") or a refrain ("Patient story").
"""

import re
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from rag.transcripts.common_words import is_common
from rag.transcripts.names import HONORIFICS, PARTICLES
from rag.transcripts.readers.names_like import (
    MAX_NAME_LENGTH,
    MAX_NAME_WORDS,
    is_common_opener,
    without_aside,
)
from rag.transcripts.role_words import PERSON_NOUNS
from rag.transcripts.word_set import word_set

Sense = Literal["named", "role", "phrase", "common"]
"""Somebody by name and role; a role; words that may be anybody's, one of them unusual; or only common words."""

_WORD = re.compile(r"[^\W_](?:[\w'’&-]|\.(?=\w))*\.?")
_NUMBER = re.compile(r"#?\d{1,3}")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+")
_CAPITALISED = re.compile(r"[A-Z][\w'’-]*[a-z]")
_LINKS = word_set("at for from in of on to with")
"""After these follows what somebody is of."""
_WHENCE = word_set("by from on via")
_IN_PHRASES = _LINKS | word_set("and & the")
_SENTENCE_WORDS = word_set(
    "a about after again all also always am an any anyone are aren't as ask asked asking asks at be became because "
    "been before began begin being best better between but by call called calling came can can't come consider could "
    "dear did didn't do does doesn't doing done don't down each either else enter even ever every everyone everything "
    "everybody far felt find finding first for found gave get getting give given go goes going gone good got great had "
    "hadn't has hasn't have haven't hear heard hello help her here here's hers hey him his how however i i'd i'll i'm "
    "i've if imagine instead into is isn't it it's its just keep keeps know knows last learn learned learnt least left "
    "less let let's like listen look lots made make makes making many may maybe me mean means meet might more most "
    "must my neither never next no nobody none nor not nothing now off often oh ok once one only or other our out over "
    "picture put puts quite quote quoting rather read really remember right said same saw say saying says see seen "
    "send shall she she's should since so some somebody someone something sometimes soon still such take tell telling "
    "tells than thank thanks that that's their theirs them themselves then there there's these they they're thing "
    "things think thinks this those though thought through told too took two under until up us use used very want "
    "wants was wasn't we we'd we'll we're we've welcome well went were weren't what what's when where whether which "
    "while who who's whom whose why will without won't words would wouldn't wrote yes yet you you're your yours"
)
"""Words of sentences, in none of whose places a role's name has one; the links between its words aside."""
_ORDINALS = word_set("first second third fourth fifth")
_NUMBERS = _ORDINALS | word_set("one two three four five")
_DOING = word_set(
    "acting attending building catering cleaning coaching commissioning consulting engineering finding founding "
    "housing learning managing marketing nursing operating planning presiding screening sitting training visiting "
    "wellbeing"
)
"""Words in -ing that begin roles; others begin what somebody does ("Quoting chief executive Orla Penn")."""


@lru_cache(maxsize=4096)
def sense_of(label: str) -> Sense | None:
    """Return how a text before a colon, or alone on a line, names a speaker; None where it can't be a label.

    "named" is "Ward sister Jo Bly" and "Eilidh Baird-Osman, lay member"; "role" is "Audience member" and "Woman in the
    second row"; "phrase" is "Bothy crew"; "common" is "Patient story".
    """
    core = without_aside(label).strip()
    words = core.split()
    is_short = 0 < len(words) <= MAX_NAME_WORDS and len(core) <= MAX_NAME_LENGTH and len(label) <= MAX_NAME_LENGTH * 2
    if not is_short or not core[0].isalpha() or _opens_speech(words):
        return None
    if "," in core:
        return _sense_of_pair(*(part.split() for part in core.split(",", 1)))
    return _sense_of_phrase(words) if _is_phrase(words) else None


def is_named_or_role(label: str) -> bool:
    """Say whether a label names a person with a role, or a role, and isn't an ordinary name."""
    return sense_of(label) in ("named", "role")


def _sense_of_phrase(words: list[str]) -> Sense | None:
    if _ends_in_name(words):
        return "named"
    if _is_role(words):
        return "role"
    are_common = all(is_common(word) or word.lower() in _IN_PHRASES for word in words)
    if are_common and len(words) == 1 and words[0].islower():
        return None
    return "common" if are_common else "phrase"


def _opens_speech(words: list[str]) -> bool:
    """Say whether a text begins as what is said does; "Second caller" doesn't, though "Second" would."""
    return is_common_opener(" ".join(words)) and not (_numbers(words[0].lower(), words) and _is_role(words))


def _sense_of_pair(before: list[str], after: list[str]) -> Sense | None:
    """Return the sense of a label that a comma parts: a name and a role, either first; or a name and whence."""
    for name, role in ((before, after), (after, before)):
        if len(name) > 1 and _is_name(name) and _is_role(role):
            return "named"
    whence = len(before) > 1 and _is_name(before) and bool(after) and after[0] in _WHENCE and _is_phrase(after[1:])
    return "phrase" if whence else None


def _is_phrase(words: list[str]) -> bool:
    """Say whether words could be a noun with what belongs to it: nothing in them that only a sentence has."""
    if not words or words[-1].lower() in _IN_PHRASES:
        return False
    first = words[0].lower()
    if first in _IN_PHRASES - {"the"} or (first.endswith("ing") and first not in _DOING and len(words) > 1):
        return False
    return all(_may_stand(word, before, words) for before, word in pairwise(["", *words]))


def _may_stand(word: str, before: str, words: list[str]) -> bool:
    """Say whether a word may stand in a phrase, after the one before it."""
    lower, follows_link = word.lower().replace("’", "'"), before.lower() in _LINKS
    if not (_WORD.fullmatch(word) or word == "&" or _NUMBER.fullmatch(word)):
        return False
    if word.endswith(".") and lower.rstrip(".") not in HONORIFICS and not _INITIALS.fullmatch(word):
        return False
    if lower == "the" and before:
        return follows_link
    if lower in _ORDINALS and before.lower() in _LINKS | {"the"}:
        return True
    return lower not in _SENTENCE_WORDS - _IN_PHRASES or _numbers(lower, words)


def _numbers(word: str, words: list[str]) -> bool:
    """Say whether a word numbers one of several: "First speaker", "Audience member two"."""
    numbers = _ORDINALS if word == words[0].lower() else _NUMBERS
    return word in numbers and len(words) > 1 and any(_is_noun(each) for each in words)


def _ends_in_name(words: list[str]) -> bool:
    """Say whether a role stands before a name with nothing between them: "Clinical safety officer Dr Magee"."""
    for place in range(1, len(words)):
        # After a noun in lower case a capital is enough: "Programme lead Grace".
        name = words[place:]
        set_off = words[place - 1].islower() and all(_CAPITALISED.fullmatch(word) for word in name)
        if (_is_name(name) or set_off) and _is_noun(words[place - 1]) and _is_role(words[:place]):
            return True
    return False


def _is_name(words: list[str]) -> bool:
    """Say whether all words have capitals, one of them isn't a common word or stands after a title."""
    if not words or not words[-1][:1].isupper() or not words[0][:1].isupper():
        return False
    if not all(word[:1].isupper() or word in PARTICLES for word in words):
        return False
    titled = len(words) > 1 and words[0].rstrip(".").lower() in HONORIFICS - {"the"}
    return titled or any(not is_common(word.strip(".,")) for word in words)


def _is_role(words: list[str]) -> bool:
    """Say whether words name a role: their head, before any link, is a noun for people."""
    links = [place for place, word in enumerate(words) if word.lower() in _LINKS]
    head = words[: links[0]] if links else words
    if links and head and head[-1].lower() == "voice":
        return _is_phrase(words)
    while len(head) > 1 and (head[-1].lstrip("#").isdigit() or head[-1].lower() in _NUMBERS):
        head = head[:-1]
    return bool(head) and _is_noun(head[-1]) and _is_phrase(words)


def _is_noun(word: str) -> bool:
    lower = word.lower().partition("-in-")[0]
    return lower in PERSON_NOUNS or lower.rpartition("-")[2] in PERSON_NOUNS
