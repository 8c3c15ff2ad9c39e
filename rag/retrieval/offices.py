"""Speakers whom a question names by what they are: "What does the ward manager say about …?"."""

import re
from collections.abc import Sequence

from rag.library import SpeakerEntry
from rag.transcripts.names import fold
from rag.transcripts.role_words import PERSON_NOUNS

_OFFICE = re.compile(r"the (?P<role>.+?)(?: (?:of|at|from|for) (?:the |our )?(?P<place>.+))?")
_WORDS = re.compile(r"[\w&]+(?:['’-][\w&]+)*")
NOT_IT = frozenset(
    {"deputy", "vice", "assistant", "associate", "former", "interim", "acting", "co", "shadow", "past", "ex"}
)
"""Before a role: its holder does not hold the role itself."""
SMALL = frozenset({"and", "of", "the", "for", "in", "at"})
ASKS = frozenset({"host", "interviewer", "presenter", "podcaster", "moderator", "questioner"})
ANSWERS = frozenset({"guest", "guests", "interviewee", "interviewees"})
"""What those are called who ask in a conversation, and who answer, whatever else they are."""
SHORTEST_INITIALS = 2
SHORT_FORMS = {
    "ceo": "chief executive",
    "chief exec": "chief executive",
    "coo": "chief operating officer",
    "gp": "general practitioner",
}


def holders(office: str, speakers: Sequence[SpeakerEntry]) -> frozenset[str]:
    """Return the names of all speakers who held an office: "the chief executive of the trust"; none for a plain name.

    The office is the whole of a role, or how it begins ("lead analyst" of a lead analyst for improvement) or ends
    ("geriatrician" of a consultant geriatrician); "the service" is nobody, and "the research" no research fellow. "The
    host" and "the guest", where no role says so, are who ask in a conversation and who answer.
    """
    asked = _OFFICE.fullmatch(" ".join(fold(office).split()))
    if asked is None:
        return frozenset()
    role = _words(SHORT_FORMS.get(asked["role"], asked["role"]))
    place = set(_words(asked["place"] or ""))
    found = set()
    for entry in speakers:
        for held in entry.roles:
            whole = _words(held.role or "")
            where = [*_words(held.role or ""), *_words(held.organisation or "")]
            if role and _is_role(role, whole) and all(_is_named(word, where) for word in place):
                found.add(entry.name)
    if not found and not place:
        called = " ".join(role)
        return frozenset(
            entry.name
            for entry in speakers
            if (called in ASKS and entry.interviews) or (called in ANSWERS and entry.is_interviewed)
        )
    return frozenset(found)


def _is_role(asked: list[str], whole: list[str]) -> bool:
    """Say whether a role is asked for by all of it, or by how it begins or ends."""
    before = whole[: -len(asked)]
    begins = whole[: len(asked)] == asked and asked[-1] in PERSON_NOUNS
    ends = whole[-len(asked) :] == asked and NOT_IT.isdisjoint(before) and not SMALL.issuperset(before[-1:])
    return whole == asked or begins or ends


def _is_named(word: str, words: Sequence[str]) -> bool:
    """Say whether a word is among others, or their initials in short: "icb" of an integrated care board."""
    initials = "".join(each[0] for each in words if each not in SMALL)
    return word in words or (len(word) >= SHORTEST_INITIALS and word in initials)


def _words(text: str) -> list[str]:
    return _WORDS.findall(fold(text))
