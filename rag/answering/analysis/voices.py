"""Whose own words a question asks for, and about what."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from rag.library import SpeakerEntry
from rag.retrieval.terms import term_set
from rag.transcripts.common_words import is_common
from rag.transcripts.names import fold, name_key

SAYING = (
    r"(?:say|says|said|think|thinks|thought|believe|believes|mention|mentions|mentioned|argue|argues|argued|describe|"
    r"describes|described|explain|explains|explained|recommend|recommends|recommended|suggest|suggests|suggested|feel|"
    r"feels|felt|mean|means|meant|claim|claims|claimed|talk|talks|talked|tell|tells|told|warn|warns|warned|advise|"
    r"advises|advised|see|sees|saw|view|views|learn|learned|learnt|admit|admits|admitted|propose|proposed|worry|worried)"
)
OFFICE_ASKED = re.compile(
    rf"\b(?:did|does|has|would)\s+(?P<office>the\s[^?!.,;:]{{2,80}}?)(?:\s+(?:really|actually|ever|also))?\s+{SAYING}\b"
)
"""Of whom is asked what they said, by what they are; folded."""
VIEW = r"\s*['’]s?\s+(?:view|views|opinion|opinions|position|take|words|advice|definition|point)\b"
TITLES = r"(?:(?:dr|mr|mrs|ms|miss|professor|prof|sir|dame|sister|councillor)\.?\s+)*"
ASKED_OF = re.compile(
    r"^(?:(?:[Ww]hat|[Ww]hy|[Hh]ow|[Ww]hen|[Ww]here)\b.*?\b(?:did|does|has)|[Dd]id|[Dd]oes|[Hh]as)\s+(?:(?:Dr|Mr|Mrs|Ms|Professor|Sir)\.?\s+)?"
    r"(?P<name>[A-Z][\w’'-]*[a-z][\w’'-]*(?:\s+[A-Z][\w’'-]+){0,2})\s+"
    r"(?:say|said|think|believe|mention|argue|recommend|suggest|claim|tell|warn|advise)\b"
)
"""Of whom is asked what they said, by the capitals; all capitals are an acronym, which is seldom a person."""
VIEW_OF = re.compile(
    r"^(?:[Ww]hat(?:['’]s|\s+(?:is|was|are|were))\s+(?P<whose>[A-Z][a-z][\w’'-]*?(?:\s+[A-Z][\w’'-]*?){0,2})['’]s?\s+"
    r"(?:views?|opinions?|position|stance|take|arguments?|advice)\b"
    r"|(?:[Aa]ccording to|[Ii]n the (?:view|words|opinion) of)\s+(?P<by>[A-Z][a-z][\w’-]*(?:\s+[A-Z][\w’-]*){0,2}))"
)
"""Whose view is asked for, by the capitals."""
ALIKE = 0.75
"""Likeness (difflib's ratio) from which a word may be a speaker's name spelt wrongly."""
_BEFORE = re.compile(
    rf"(?:(?:so|and|but|well|ok|okay|please)\b,?\s+)*(?:what(?:['’]s|\s+(?:did|does|do|has|have|would|is|was|are|were))?\s+)?"
    rf"{TITLES}",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"(?:{VIEW}|(?:\s+\w+)?\s+{SAYING}\b)(?:\s+(?:about|of|on|by|that|regarding|concerning)\b)?\s+(?P<topic>.+)",
    re.IGNORECASE | re.DOTALL,
)


def asks_for_voice(question: str, start: int, end: int) -> bool:
    """Say whether the name at [start, end) is who is to speak: "what did X say", "according to X", "X's view".

    Args:
        question: What asks, folded.
        start: Where the name begins in it.
        end: Where it ends.
    """
    before, after = question[:start], question[end:]
    asked = re.search(r"\b(?:did|does|do|has|have|would|is|was)\s+(?:\w+\.?\s+){0,2}$", before) and re.match(
        rf"(?:\s+\w+){{0,1}}\s+{SAYING}\b", after
    )
    return bool(
        asked
        or re.search(
            r"\b(?:according to|in the (?:view|words|opinion) of|quote|quotes from)\s+(?:\w+\.?\s+){0,2}$", before
        )
        or re.match(VIEW, after)
        or re.match(rf"\s+{SAYING}\b", after)
    )


def topic_of(question: str, start: int, end: int) -> str:
    """Return on what the words of the one named at [start, end) are asked for: "What did X say about this?" is "this".

    It is empty where more is asked than what they said ("Why does X think …?", "How many does X …?"), and where nothing
    is left.
    """
    after = _AFTER.match(question[end:]) if _BEFORE.fullmatch(question[:start]) else None
    topic = after["topic"].strip(" ,.?!") if after else ""
    return topic if term_set(topic) else ""


def asked_of(question: str) -> tuple[int, int]:
    """Return where the name stands, by its capitals, of whom it is asked what they said; (0, 0) if there is none."""
    asked = _asked(question)
    return asked.span(asked.lastgroup or 0) if asked else (0, 0)


def strangers(question: str, speakers: Sequence[SpeakerEntry]) -> frozenset[str]:
    """Return the last names of those of whom is asked what they said, and whose name is like no speaker's.

    A name that ends in a common word is no person's whose view is asked for ("What is Boost's position?").
    """
    asked = _asked(question)
    if not asked:
        return frozenset()
    words = [fold(word) for word in asked[asked.lastgroup or 0].split()]
    if asked.re is VIEW_OF and is_common(words[-1]):
        return frozenset()
    known = [{word for name in (entry.name, *entry.aliases) for word in name_key(name).split()} for entry in speakers]
    # All words must be like those of one speaker: a stranger may have the first name of one and the last of another.
    if any(all(get_close_matches(word, own, n=1, cutoff=ALIKE) for word in words) for own in known):
        return frozenset()
    return frozenset({words[-1]})


def _asked(question: str) -> re.Match[str] | None:
    """Return what asks for somebody's words; the one group of it that matched is the name."""
    return ASKED_OF.search(question) or VIEW_OF.search(question)
