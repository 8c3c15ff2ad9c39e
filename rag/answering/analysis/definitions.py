"""Questions of what something is, and sentences that say it."""

import re
from collections.abc import Sequence

from rag.retrieval.terms import term_set

ASKS_WHAT_IT_IS = re.compile(
    r"^(?:so |and |but |ok |okay )*(?:"
    r"what(?:'s| (?:exactly |actually |really )?(?:is|are|was|were)) (?:exactly |actually |really )?(?:meant by )?"
    r"(?!(?:different|wrong|right|there|it|this|that|said|the (?:difference|point))\b)"
    r"(?:an? |the )?(?P<is>[\w'& -]{2,60}?)"
    r"|what (?:do|does|did) [\w'& -]{2,40}? mean by (?:an? |the )?(?P<by>[\w'& -]{2,60}?)"
    r"|what (?:do|does|did) (?P<means>[\w'& -]{2,60}?) (?:mean|stand for)\b.*"
    r"|(?:define|explain) (?:what )?(?P<define>[\w'& -]{2,60}?)(?: is| means)?"
    r"|(?P<meaning>[\w'& -]{2,60}?) meaning"
    r")[?.!]*$"
)
"""Over the folded question."""
WHERE_IT_IS = re.compile(r" (?:in|at|on|for|within|during) ")
LEADS_IN = re.compile(
    r"^(?:(?:so|and|well|now|but|yeah|yes|basically|really|essentially|i mean|i think|i suppose|you know|um|er)\b"
    r"[, ]*)+",
    re.IGNORECASE,
)
SAYS_IT_IS = re.compile(
    r"^(?:it|that|this|those|these|they|which)(?:['’](?:s|re)|\s+(?:is|are|was|were|means?|stands?\s+for|refers?\s+to))\b"
    r"(?!\s+(?:not|why|because|true|right|important|about\s+\d))",
    re.IGNORECASE,
)
SAYS_WHAT_IS = re.compile(
    r"^(?P<what>.{2,70}?)(?:['’](?:s|re)\s|,?\s+(?:which\s+)?(?:is|are|means?|stands?\s+for|refers?\s+to)\s)",
    re.IGNORECASE,
)
CALLS_IT = re.compile(r"\b(?:called|known as|call it|term for|name for)\s+(?P<what>.{2,60})", re.IGNORECASE)
SUBORDINATE = re.compile(
    r"^(?:if|when|because|although|unless|where|since|while|in|at|on|for|with|after|before)\b", re.IGNORECASE
)
"""Such a clause names its thing beside the point: "If she isn't in the huddle, he is …"."""
ASKS_TO_BE_TOLD = re.compile(
    r"\b(?:describe|explain|define|what(?:['’]s| is| are| do you mean by)|"
    r"tell (?:me|us|people|listeners) (?:about|what))\b(?P<what>[^.?!]{2,60})",
    re.IGNORECASE,
)
"""In a conversation: who is asked so goes on to say what it is."""
MOST_BESIDE = 1
"""Terms that the subject of a definition, or of the request for one, has beside the thing's own."""
TOLD_FIRST = 3
"""Sentences with which an answer says what was asked."""
MOST_OF_IT = 2 / 3
"""Share of the terms of what is defined that have to be there."""


def defined(question: str) -> frozenset[str]:
    """Return the terms of that of which a question, folded, asks what it is; none where it asks something else."""
    asked = ASKS_WHAT_IT_IS.match(question)
    if not asked:
        return frozenset()
    return term_set(WHERE_IT_IS.split(next(text for text in asked.groups() if text))[0])


def defines(text: str, before: Sequence[str], thing: frozenset[str]) -> bool:
    """Say whether a sentence says what something is: by its name, or by a pronoun after a sentence that names it."""
    plain = LEADS_IN.sub("", text)
    if SAYS_IT_IS.match(plain):
        return any(_names(sentence, thing) for sentence in before)
    subject = SAYS_WHAT_IS.match(plain)
    called = CALLS_IT.search(plain)
    return bool((subject and _is_of(subject["what"], thing)) or (called and _names(called["what"], thing)))


def told_what(number: int, asked: Sequence[str], thing: frozenset[str]) -> bool:
    """Say whether a sentence is among the first of an answer to somebody who asked what something is.

    Args:
        number: Its place in its turn.
        asked: The last sentences of the turn before.
        thing: The terms of what is asked about.
    """
    found = (match for sentence in asked for match in ASKS_TO_BE_TOLD.finditer(sentence))
    return number < TOLD_FIRST and any(_is_of(match["what"].strip(), thing) for match in found)


def _is_of(text: str, thing: frozenset[str]) -> bool:
    beside = term_set(text) - thing
    return not SUBORDINATE.match(text) and len(beside) <= MOST_BESIDE and _names(text, thing)


def _names(text: str, thing: frozenset[str]) -> bool:
    return bool(thing) and len(thing & term_set(text)) >= MOST_OF_IT * len(thing)
