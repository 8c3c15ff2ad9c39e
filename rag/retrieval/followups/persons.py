"""The people whom questions and answers name: who "she" may be."""

import re
from collections.abc import Sequence

from rag.library import SpeakerEntry
from rag.retrieval.followups.reading import Phrase, read
from rag.retrieval.followups.words import PLACEHOLDERS, RELATIONAL, singular
from rag.retrieval.people import mentions, named
from rag.transcripts.names import name_key

QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
"""What an answer quotes: names in it are talked of, not cited."""
NAME_IN_ANSWER = re.compile(r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){1,3}(?=,| said| \(|:)")
"""A name at the beginning of a line, as answers introduce whom they quote."""
LONGEST_NAME = 4
"""Words: first and last name, and what is between."""
PLACES = frozenset({"in", "at", "on"})


def those_named(texts: Sequence[str], speakers: Sequence[SpeakerEntry]) -> tuple[SpeakerEntry, ...]:
    """Return the speakers whom a conversation names; with these few, a first name may do that is else ambiguous."""
    keys = named("\n".join(texts), speakers) if speakers else frozenset()
    return tuple(entry for entry in speakers if name_key(entry.name) in keys) if keys else ()


def known_people(text: str, speakers: Sequence[SpeakerEntry]) -> list[str]:
    """Return the speakers whom a text names, in order, each once."""
    if not speakers:
        return []
    names = {name_key(entry.name): entry.name for entry in speakers}
    return list(dict.fromkeys(names[key] for key, _, _ in mentions(text, speakers)))


def people_asked_about(question: str, speakers: Sequence[SpeakerEntry]) -> list[str]:
    """Return the people whom a question names: speakers if there are any, else what has the form of a name."""
    found = known_people(question, speakers)
    if not found:
        found = [phrase.text for phrase in read(question).phrases if _like_a_name(phrase)]
        found = [name for name in found if " " in name] or found
    return found


def people_cited(answer: str, speakers: Sequence[SpeakerEntry]) -> list[str]:
    """Return the people whom an answer introduces, each once."""
    prose = QUOTED.sub(" ", answer)
    found = known_people(prose, speakers)
    if not found:
        found = [match.group() for line in prose.splitlines() if (match := NAME_IN_ANSWER.match(line.strip()))]
    return list(dict.fromkeys(found))


def _like_a_name(phrase: Phrase) -> bool:
    words = phrase.text.split()
    if phrase.determiner or phrase.preposition in PLACES or not phrase.proper or len(words) > LONGEST_NAME:
        return False
    nouns = any(singular(word.lower()) in RELATIONAL | PLACEHOLDERS for word in words)
    return not nouns and all(word[0].isupper() and not word.isupper() for word in words)
