"""Whether a claim says what its evidence says, and not the opposite or more: negation, direction, quantity.

Signs in words, as in the negation and antonym rules of early textual entailment systems (Dagan et al. 2006, The PASCAL
Recognising Textual Entailment Challenge, doi:10.1007/11736790_9). They catch what similarity of vectors doesn't see.
"""

import re

from rag.retrieval.terms import term_set

NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nowhere|neither|nor|cannot|without)\b|n['’]t\b", re.IGNORECASE
)
AS_GOOD_AS_NEGATION = re.compile(
    r"\b(?:fail(?:s|ed|ing|ure|ures)?|lack(?:s|ed|ing)?|hardly|barely|rarely|seldom|unable|refus(?:e|es|ed|ing)|"
    r"stop(?:s|ped|ping)?|avoid(?:s|ed|ing)?|prevent(?:s|ed|ing)?|instead|few|little|un(?!der|i[tov]|til|less|like)\w{4,}|skip(?:s|ped|ping)?|"
    r"reject(?:s|ed|ing)?|missing|absent|stayed|unchanged|den(?:y|ies|ied)|doubt(?:s|ed)?|disagree[sd]?)\b",
    re.IGNORECASE,
)
"""Words that let a negated and a plain clause mean the same."""
CLAUSE_END = re.compile(r"[,;:.!?–—]|\s-\s|\b(?:but|and|because|so|although|though|while|when)\b", re.IGNORECASE)
UP = re.compile(
    r"\b(?:ris(?:e|es|en|ing)|rose|increas\w+|improv\w+|grow(?:s|n|ing|th)?|grew|gain(?:s|ed)?|higher|faster|better|"
    r"longer|larger|bigger|soar\w*|climb(?:s|ed|ing)?|went up|going up|goes up|doubled)\b",
    re.IGNORECASE,
)
DOWN = re.compile(
    r"\b(?:fall(?:s|en|ing)?|fell|decreas\w+|declin\w+|drop(?:s|ped|ping)?|reduc\w+|lower(?:s|ed)?|slower|worse\w*|"
    r"shorter|smaller|fewer|less|cut|went down|going down|goes down|came down|halved|shrank|shr[iu]nk\w*)\b",
    re.IGNORECASE,
)
BEFORE = re.compile(r"\b(?:before|prior to|ahead of)\b", re.IGNORECASE)
AFTER = re.compile(r"\b(?:after|afterwards|following)\b", re.IGNORECASE)
OPPOSITES = ((UP, DOWN), (BEFORE, AFTER))
OVERCLAIMS = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        "all|every|everyone|everybody|everything|everywhere|each|entire|entirely|whole|always|any|never",
        "most|mostly|majority|usually|nearly all|almost all",
        "proves?|proven|proof|guarantees?|guaranteed|certain|certainly|definitely|best|worst",
    )
)
"""Where a claim has a word of one of these, its evidence has one too."""


def same_polarity(claim: str, evidence: str) -> bool:
    """Say whether each clause of a claim is negated just where the evidence is.

    The clause of the evidence that shares most terms with it decides: "we counted doses, not tablets" does not deny
    that doses were counted, and "it is not late" is no ground for "it is late".
    """
    theirs = _clauses(evidence)
    for clause in _clauses(claim):
        terms, denies = term_set(clause), bool(NEGATION.search(clause))
        shared = [len(terms & term_set(other)) for other in theirs]
        most = max(shared, default=0)
        if not most:
            if denies and not (NEGATION.search(evidence) or AS_GOOD_AS_NEGATION.search(evidence)):
                return False
            continue
        nearest = [other for other, count in zip(theirs, shared, strict=True) if count == most]
        if any(bool(NEGATION.search(other)) is denies for other in nearest):
            continue
        weakened = nearest if denies else [clause]
        if not any(AS_GOOD_AS_NEGATION.search(other) for other in weakened):
            return False
    return True


def _clauses(text: str) -> list[str]:
    return [clause for clause in CLAUSE_END.split(text) if clause.strip()]


def same_direction(claim: str, evidence: str) -> bool:
    """Say whether a claim speaks of no rise, fall, before or after of which its evidence has only the opposite."""
    for one, other in OPPOSITES:
        for said, opposite in ((one, other), (other, one)):
            rises = said.search(claim) and not opposite.search(claim)
            if rises and opposite.search(evidence) and not said.search(evidence):
                return False
    return True


def claims_no_more(claim: str, evidence: str) -> bool:
    """Say whether what a claim says of all, most or certain its evidence says too."""
    return all(bool(sign.search(evidence)) for sign in OVERCLAIMS if sign.search(claim))
