"""Which sentences say something, so that they can be quoted as an answer."""

import re
from collections.abc import Sequence

from rag.answering.cohesion import REPORTS
from rag.retrieval.terms import term_set
from rag.transcripts.interviewers import ASKING
from rag.transcripts.sentences import Sentence

SHORTEST = 5
"""Words; shorter sentences ("Yes, exactly.") say nothing alone."""
NEWS, NEWS_ASKED = 1, 2
"""Terms that an answer adds to those of the question, and one that is put as a question; fewer, and it only repeats."""
QUESTIONS = term_set("question questions ask asks asked asking")
"""Terms of what asks for somebody's questions."""
EMPTY_SPEECH = re.compile(
    r"^(?:hello|hi|welcome|thank you|thanks|good (?:morning|afternoon|evening)|my pleasure|absolutely|exactly|great)\b"
    r".{0,60}$"
    r"|\b(?:thank you|thanks) for (?:having|asking|joining|inviting)\b"
    r"|\b(?:thank you|thanks) (?:so much |very much |all )?for (?:listening|watching|tuning in)\b"
    r"|\band welcome (?:to|back)\b|\bwelcome (?:back )?to (?:the|our|another|this)\b"
    r"|\b(?:what|who) we['’](?:re|ll be) (?:discussing|talking (?:about|to)|speaking to) (?:today|on)\b"
    r"|\b(?:subscribe|join us next time|in this episode|on the show|this edition)\b",
    re.IGNORECASE,
)


def is_quotable(found: Sequence[Sentence], number: int, asked: frozenset[str], *, asks: bool) -> bool:
    """Say whether a sentence says something: no greeting or filler, no question, and more than what was asked.

    A question is something said where its speaker goes on after it: one that is told of ("he says, why don't you …?"),
    or one of a list of questions, where questions are asked for.

    Args:
        found: The sentences of its turn.
        number: Its place among them.
        asked: The terms of the question that is to be answered.
        asks: Its speaker is there to ask, as an interviewer is.
    """
    text = found[number].text
    asking = text.endswith(ASKING)
    if asking and (asks or not _goes_on(found, number, listed=not QUESTIONS.isdisjoint(asked))):
        return False
    news = len(term_set(text) - asked)
    return len(text.split()) >= SHORTEST and not EMPTY_SPEECH.search(text) and news >= (NEWS_ASKED if asking else NEWS)


def _goes_on(found: Sequence[Sentence], number: int, *, listed: bool) -> bool:
    listed = listed and any(found[n].text.endswith(ASKING) for n in (number - 1, number + 1) if 0 <= n < len(found))
    told = REPORTS.search(found[number].text)
    return bool(listed or told) and any(
        not after.text.endswith(ASKING) and len(after.text.split()) >= SHORTEST for after in found[number + 1 :]
    )
