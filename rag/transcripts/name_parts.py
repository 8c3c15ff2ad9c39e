"""Which parts of a speaker's label name the person alone: "Tan" of "Programme lead Ishbel Tan", never "programme"."""

import re

from rag.transcripts.common_words import is_common
from rag.transcripts.names import fold, name_key
from rag.transcripts.role_words import is_role_word, role_before
from rag.transcripts.roles import split_person

_LINKED = re.compile(r"(?P<head>.+?)\s(?:at|for|from|in|of|on|with)\s+(?:the\s+)?(?P<tail>\S.*)")


def parts_of(label: str) -> tuple[str, ...]:
    """Return the shorter ways to name the person of a label, folded: the name without its role, first and last name.

    A word for what somebody is never stands alone, nor one that the label writes in lower case, as "Bothy crew" does
    its second. A surname may be such a word ("Nora Cook").
    """
    name = split_person(label)[0]
    words = name_key(name).split()
    own = name_key(_own(role_before(name)[1])).split()
    if not own:
        return ()
    ways = [" ".join(own)] if own != name_key(label).split() else []
    if len(words) > 1 and not _is_role(own):
        ways += [word for word in dict.fromkeys((own[0], own[-1])) if _may_stand_alone(word, own, name)]
    return tuple(way for way in ways if " " in way or _may_stand_alone(way, own, name))


def _own(name: str) -> str:
    """Return the name without what it is of: "Ann Lee" of "Ann Lee from Leith" and of "Head of nursing Ann Lee".

    Nothing is left of "Mother of Ann Lee", who is another.
    """
    linked = _LINKED.fullmatch(name)
    if linked is None:
        return name
    if not _is_role(name_key(linked["head"]).split()):
        return linked["head"]
    words = linked["tail"].split()
    capitals = next((place for place, word in enumerate(words) if word[0].isupper()), len(words))
    return " ".join(words[capitals:]) if capitals else ""


def is_ordinary(word: str) -> bool:
    """Say whether a name is also a word of everyday English, or of a role: "Grace", "Cook"."""
    return is_role_word(word) or is_common(word)


def _is_role(words: list[str]) -> bool:
    """Say whether nobody is named: a word for people, and before it only such and ordinary words."""
    return is_role_word(words[-1]) and all(is_ordinary(word) for word in words)


def _may_stand_alone(word: str, own: list[str], label: str) -> bool:
    if not label.islower() and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", _without_accents(label)):
        return False
    return not is_role_word(word) or (len(own) > 1 and word == own[-1] and not is_ordinary(own[0]))


def _without_accents(label: str) -> str:
    """Return a label folded, but for its capitals."""
    return "".join(letter if letter.isupper() else fold(letter) for letter in label)
