"""Who somebody is: questions that ask it of a speaker, and the sentences in which they are introduced."""

import re
from collections.abc import Sequence

from rag.answering.analysis.voices import TITLES
from rag.library import SpeakerEntry
from rag.retrieval.terms import term_set
from rag.transcripts.names import fold, name_key

_ASKS_WHO = re.compile(rf"(?:(?:so|and|but)\s+)?who(?:['’]s|\s+(?:is|was))\s+{TITLES}", re.IGNORECASE)
_SAYS_WHO = re.compile(
    r"\s*(?:,\s+(?:who|whose|the|an?|our)\b|\s+(?:is|was)\s+(?:the|an?|our)\b|['’]s\s+(?:the|an?|our)\b)"
)
"""After a name: what that person is ("…, who's director of", "… is the chair of")."""
TOLD = 2
"""Terms of their role and organisation from which a sentence that names them introduces them."""


def asked_who(
    question: str, found: Sequence[tuple[int, int, str]], speakers: Sequence[SpeakerEntry]
) -> SpeakerEntry | None:
    """Return the speaker of whom a question asks nothing but who it is.

    Args:
        question: What asks, folded.
        found: Start, end and name key of the speakers that it names.
        speakers: All there are.
    """
    for start, end, key in found:
        if _ASKS_WHO.fullmatch(question[:start]) and not question[end:].strip(" ?.!"):
            return next((entry for entry in speakers if name_key(entry.name) == key), None)
    return None


def introducing(texts: Sequence[str], speaker: SpeakerEntry) -> list[bool]:
    """Say of each text whether it names a speaker and says what they are, better than any other.

    The more terms of their roles and organisations it has beside the name the better; where none has two, it has to say
    "who is", "is the", or the like.
    """
    spellings = {name_key(name) for name in (speaker.name, *speaker.aliases)}
    known = term_set(" ".join(word for held in speaker.roles for word in (held.role, held.organisation) if word))
    known -= term_set(" ".join(spellings))
    folded = [fold(text) for text in texts]
    ends = [[m.end() for name in spellings for m in re.finditer(rf"\b{re.escape(name)}\b", text)] for text in folded]
    told = [len(known & term_set(text)) if after else 0 for text, after in zip(texts, ends, strict=True)]
    most = max(told, default=0)
    if most >= TOLD:
        return [each == most for each in told]
    return [any(_SAYS_WHO.match(text[end:]) for end in after) for text, after in zip(folded, ends, strict=True)]
