"""Questions of what something is, and sentences that say it."""

import re
from collections.abc import Sequence

from rag.retrieval.terms import term_set

ASKS_WHAT_IT_IS = re.compile(
    r"^(?:so |and |but |ok |okay )*(?:"
    r"what(?:'s| is| are| was| were) (?:meant by )?"
    r"(?!(?:different|wrong|right|there|it|this|that|said|the (?:difference|point))\b)"
    r"(?:an? |the )?(?P<is>[\w'& -]{2,60}?)"
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
    return bool((subject and _names(subject["what"], thing)) or (called and _names(called["what"], thing)))


def _names(text: str, thing: frozenset[str]) -> bool:
    return len(thing & term_set(text)) >= MOST_OF_IT * len(thing)
