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
LIST_ITEM = re.compile(r"^\(?\d{1,2}[.)]\s")
