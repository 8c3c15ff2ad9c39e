"""How a sentence hangs together with its neighbours (Halliday and Hasan 1976, Cohesion in English)."""

import re

OPENING = r"^(?:(?:and|but|so|because|well|now|yeah|yes|no|then|also|or|you know|i mean|obviously)[,]?\s+)*"
POINTS_BACK = re.compile(
    OPENING
    + r"(?:it|its|it['’]s|that|that['’]s|this|these|those|they|they['’]ve|they['’]re|he|he['’]s|she|she['’]s|him|"
    r"her|them|his|their|which|not all of which|the (?:same|other|second|third|first|latter|former))\b",
    re.IGNORECASE,
)
CARRIES_ON = re.compile(
    r"^(?:and|so|because|which|but|then|it|it['’]s|they|that['’]s|this|these|those|\(?\d{1,2}[.)]|first(?:ly)?|second(?:ly)?|third(?:ly)?|finally|"
    r"for example|one|another|also)\b",
    re.IGNORECASE,
)
SAYS_HOW = re.compile(
    r"^(?:(?:and|but|so)\s+)?(?:we|i|they|you|he|she)(?:['’](?:ve|re|d))?\s+(?:have\s+|had\s+|are\s+)?"
    r"(?:did|done|do|doing|achieved|managed)\s+(?:that|this|it|so)\b",
    re.IGNORECASE,
)
"""How what was just told came about ("We've done that by …"): part of the answer, wherever it follows."""
REPORTS = re.compile(
    r"\b(?:he|she|they|who|[A-Z][\w’'-]+)\s+(?:\w+\s+){0,4}?"
    r"(?:said|says|was saying|were saying|told (?:me|us))\b[^.?!]*[:,]"
)
"""It tells what somebody else said, and may go on doing so in the next sentence."""
FIRST_PERSON = re.compile(OPENING + r"(?:I|I['’]\w+|we|we['’]\w+|our|my)\b", re.IGNORECASE)
SETS_UP = re.compile(
    r"\b(?:as an example|here is an example|for example|for instance)(?: (?:here|of (?:this|that|it)))?[.:]$"
    r"|\b(?:let me|I['’]ll) (?:give|tell) you\b[^.?!]*[.:]$",
    re.IGNORECASE,
)
"""It announces what the next sentence tells."""
SHORT_ANSWER = re.compile(
    r"^(?:(?:oh|well|er|um|so),? )?(?:yes|yeah|no|nope|never|not (?:yet|really|at all|quite)|absolutely(?: not)?|"
    r"completely|exactly|definitely(?: not)?|of course(?: not)?|partly|sometimes|always|"
    r"both|neither)\b[\w’', ]{0,24}[.!]$",
    re.IGNORECASE,
)
"""All that a turn says at first: what follows only explains it."""
LIST_ITEM = re.compile(r"^\(?\d{1,2}[.)]\s")
ORDINAL = re.compile(
    r"^(?:and |so |then )*(?:the )?(?:one|two|three|four|five|six|first(?:ly)?|second(?:ly)?|third(?:ly)?|"
    r"fourth(?:ly)?|fifth(?:ly)?|sixth|next|last(?:ly)?|final(?:ly)?)\b",
    re.IGNORECASE,
)
NUMBER_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
ANNOUNCES = re.compile(
    rf"\b(?P<count>{'|'.join(NUMBER_WORDS)})\s+(?:\w+\s+)?(?:questions|things|parts|rules|steps|elements|drivers|kinds|types|ways|"
    r"stages|principles|factors|reasons|measures|points|groups|areas|conditions|lessons|functions|pillars|strands|goals|"
    r"aims|objectives|priorities|ideas|ingredients|components|themes|phases|levels|messages|challenges|problems|issues|"
    r"habits|tests|sources|roles|categories|dimensions|aspects|topics|layers|methods|tools|options|benefits|values)\b",
    re.IGNORECASE,
)
"""A sentence that says how many items it or those after it name."""
POINTS_ON = re.compile(r"\b(?:these|as follows|the following|there['’]s a list\b.*)[.:]$", re.IGNORECASE)
ITEMS_UNCOUNTED = 3


def announced(text: str) -> int:
    """Return how many items a sentence says that the next ones name; 0 where it announces none or names them."""
    counted = ANNOUNCES.search(text)
    if counted:
        return (
            0 if text.count(",") >= NUMBER_WORDS[counted["count"].lower()] else NUMBER_WORDS[counted["count"].lower()]
        )
    return ITEMS_UNCOUNTED if POINTS_ON.search(text) else 0
