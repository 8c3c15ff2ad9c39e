"""Which sentences say something, so that they can be quoted as an answer."""

import re
from collections.abc import Sequence

from rag.answering.cohesion import REPORTS, joined, only_adds, quoted_from
from rag.retrieval.terms import term_set
from rag.transcripts.interviewers import ASKING
from rag.transcripts.sentences import Sentence

SHORTEST = 5
"""Words; shorter sentences ("Yes, exactly.") say nothing alone."""
NEWS, NEWS_ASKED = 1, 2
"""Terms that an answer adds to those of the question, and one that is put as a question; fewer, and it only repeats."""
QUESTIONS = term_set("question questions ask asks asked asking")
"""Terms of what asks for somebody's questions."""
LONG = 30
"""Words of a sentence that says something though it ends as a question, …"""
LONG_BEFORE = 10
"""… and those of them that come before its question."""
_DO = r"(?:do|does|did|is|are|was|were|can|could|will|would|should|shall|has|have|had)(?:n['’]t)?"
_THEY = r"(?:I|we|you|he|she|it|they|people|there|that|this|these|those|the|an?|my|our|your|their|any\w*)"
_WH = r"(?:who|what|when|where|why|which|how)"
TAIL = re.compile(
    r"(?P<pause>^(?:(?:and|but|so|yet|or|well) )*|[,:;–—-]\s*(?:(?:and|but|so|or|like) )?|"
    r"\b(?:is|about|like|ask|wonder|thinking),?\s+)[\"“‘']?"
    rf"(?:{_DO} {_THEY}\b|{_WH}(?:['’]s\b| (?:\w+ ){{0,3}}?{_DO}\b))",
    re.IGNORECASE,
)
"""Where a question begins, be it within a sentence."""
YOU = re.compile(r"\byour?s?\b|\bright\?$", re.IGNORECASE)
SUPPOSES = re.compile(
    r"^(?:(?:and|but|so|well|now|or|for example|again|yet),? )*(?:if|when|where|given|while|as)\b", re.IGNORECASE
)
"""What stands before the question is no statement but its condition."""
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
    or one of a list of questions, where questions are asked for. So is one that is only the tail of a statement. What
    somebody else said is left out where a quote can't show who that is, and so is a fragment whose sentence it can't.

    Args:
        found: The sentences of its turn.
        number: Its place among them.
        asked: The terms of the question that is to be answered.
        asks: Its speaker is there to ask, as an interviewer is.
    """
    text = found[number].text
    asking = text.endswith(ASKING)
    if asking and (asks or not _says(found, number, asked)):
        return False
    news = len(term_set(text) - asked)
    if len(text.split()) < SHORTEST or EMPTY_SPEECH.search(text) or news < (NEWS_ASKED if asking else NEWS):
        return False
    return quoted_from(found, number) is not None and not (
        only_adds(text) and number > 0 and not joined(found, number - 1)
    )


def _says(found: Sequence[Sentence], number: int, asked: frozenset[str]) -> bool:
    """Say whether a sentence that ends as a question is something said."""
    return _states(found[number].text) or _goes_on(found, number, listed=not QUESTIONS.isdisjoint(asked))


def _states(text: str) -> bool:
    """Say whether a sentence that ends as a question states something at length first, and asks nobody there."""
    begins = next((match.end("pause") for match in TAIL.finditer(text)), None)
    stated, tail = (text, text) if begins is None else (text[:begins], text[begins:])
    if SUPPOSES.match(text) or YOU.search(tail):
        return False
    return len(text.split()) >= LONG and len(stated.split()) >= LONG_BEFORE


def _goes_on(found: Sequence[Sentence], number: int, *, listed: bool) -> bool:
    listed = listed and any(found[n].text.endswith(ASKING) for n in (number - 1, number + 1) if 0 <= n < len(found))
    told = REPORTS.search(found[number].text)
    return bool(listed or told) and any(
        not after.text.endswith(ASKING) and len(after.text.split()) >= SHORTEST for after in found[number + 1 :]
    )
