"""Whether a claim says what its evidence says, and not the opposite or more: negation, direction, quantity.

Signs in words, as in the negation and antonym rules of early textual entailment systems (Dagan et al. 2006, The PASCAL
Recognising Textual Entailment Challenge, doi:10.1007/11736790_9). They catch what similarity of vectors doesn't see.
"""

import re
from collections.abc import Sequence

from rag.answering.generation.numbers import numbers
from rag.retrieval.terms import term_set

NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nowhere|neither|nor|cannot|without)\b|n['’]t\b", re.IGNORECASE
)
AS_GOOD_AS_NEGATION = re.compile(
    r"\b(?:fail(?:s|ed|ing|ure|ures)?|lack(?:s|ed|ing)?|hardly|barely|rarely|seldom|unable|refus(?:e|es|ed|ing)|"
    r"stop(?:s|ped|ping)?|avoid(?:s|ed|ing)?|prevent(?:s|ed|ing)?|instead|few|little|un(?!der|i[tov]|"
    r"til|less|like)\w{4,}|skip(?:s|ped|ping)?|"
    r"reject(?:s|ed|ing)?|missing|absent|stayed|unchanged|den(?:y|ies|ied)|doubt(?:s|ed)?|disagree[sd]?)\b",
    re.IGNORECASE,
)
"""Words that let a negated and a plain clause mean the same."""
CLAUSE_END = re.compile(
    r"(?<!\d)[,.]|[,.](?!\d)|[;:!?–—]|\s-\s|"
    r"\b(?:but|and|because|so|although|though|while|whereas|when)\b",
    re.IGNORECASE,
)
POINTING = re.compile(r"^\s*(?:it|they|that|this|these|those)\b", re.IGNORECASE)
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
BECAUSE = re.compile(
    r"\b(?:because|due to|owing to|thanks to|caus(?:e|es|ed|ing)|led to|leads? to|leading to|result(?:s|"
    r"ed|ing)? in|as a result|"
    r"consequently|therefore|thereby|hence|the reason (?:is|was|for|why)|attribut\w+)\b",
    re.IGNORECASE,
)
REASONS = re.compile(
    BECAUSE.pattern
    + r"|\b(?:so|since|why|reasons?|which is|that['’]s how|which means?|mean[st]?|ma[dk]es?|that took|got us|"
    r"turned out|drives?|drove|thus)\b",
    re.IGNORECASE,
)
"""By which speech gives a reason or a consequence; without any, a claim may not give one."""
UNREAL = re.compile(
    r"\b(?:predict(?:s|ed)?|hop(?:e|es|ed|ing)|want(?:s|ed)?|plan(?:s|ned)? (?:to|for|on)|expect(?:s|ed)?|"
    r"wish(?:es|ed)?|(?:I|we|they|he|she) "
    r"would (?!(?:\w+ )?(?:say|argue|call|put|describe|add|suggest|recommend)\b)|would(?:n['’]t|"
    r" not)? have|I['’]d (?!(?:\w+ )?(?:say|argue|call|put|describe|add|suggest|recommend|like|love|"
    r"have to|been|had|got|seen|ever|never|already|done|made)\b)|tr(?:y|ying) to|aim(?:s|ed)?)",
    re.IGNORECASE,
)
"""It tells what somebody wanted, foresaw or would do, not what was."""
SUPPOSES = re.compile(
    rf"{UNREAL.pattern}|\b(?:would|could|should|may|might|if|intend\w*|prefer\w*|favou?r\w*|suggest\w*|recommend\w*|"
    r"argu\w+|advis\w+|propos\w+|call\w* for|target|goal|aspir\w+|think\w*|thought|believ\w+|plan\w*|seek\w*|sought|"
    r"going to|will)\b",
    re.IGNORECASE,
)
BEFORE = re.compile(r"\b(?:before|prior to|ahead of)\b", re.IGNORECASE)
AFTER = re.compile(r"\b(?:after|afterwards|following)\b", re.IGNORECASE)
REFUSES = re.compile(
    r"\b(?:never|not|den(?:y|ies|ied)|disagree[sd]?|reject(?:s|ed)?|refute[sd]?)\b|n['’]t\b", re.IGNORECASE
)
DOUBTS = re.compile(
    r"\b(?:dismiss(?:es|ed)?|doubt(?:s|ed)?|dispute[sd]?|contradict(?:s|ed)?|challenge[sd]?|question(?:s|ed)|"
    r"retract(?:s|ed)?|withdrew)\b",
    re.IGNORECASE,
)
DEFINES = re.compile(r"^(?P<what>.{2,80}?)\b(?:is|are|means)\b(?P<said>.+)$", re.IGNORECASE | re.DOTALL)
OPPOSITES = ((UP, DOWN), (BEFORE, AFTER))
OVERCLAIMS = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        "all|every|everyone|everybody|everything|everywhere|each|entire|entirely|whole|always|any|never",
        "most|mostly|majority|usually|nearly all|almost all",
        "only|solely|sole|exclusively|unique|uniquely|just|alone",
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
    known = _terms_of_clauses(theirs)
    for clause in _clauses(claim):
        terms, denies = term_set(clause), bool(NEGATION.search(clause))
        shared = [len(terms & own) and len(terms & (own | leant)) for own, leant in known]
        most = max(shared, default=0)
        if not most:
            if denies and not (NEGATION.search(evidence) or AS_GOOD_AS_NEGATION.search(evidence)):
                return False
            continue
        nearest = _with(most, theirs, shared)
        if any(bool(NEGATION.search(other)) is denies for other in nearest):
            continue
        weakened = nearest if denies else [clause]
        if not any(AS_GOOD_AS_NEGATION.search(other) for other in weakened):
            return False
    return True


def _clauses(text: str) -> list[str]:
    return [clause for clause in CLAUSE_END.split(text) if clause.strip()]


def _with(count: int, texts: Sequence[str], counts: Sequence[int]) -> list[str]:
    """Return the texts that have a count."""
    return [text for text, own in zip(texts, counts, strict=True) if own == count]


def _terms_of_clauses(clauses: list[str]) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Return the terms of each clause, and of the one before where it only points to what that speaks of."""
    found: list[tuple[frozenset[str], frozenset[str]]] = []
    for clause in clauses:
        leant = found[-1][0] | found[-1][1] if found and POINTING.match(clause) else frozenset()
        found.append((frozenset(term_set(clause)), frozenset(leant)))
    return found


def same_mood(claim: str, evidence: str) -> bool:
    """Say whether a claim tells as done only what its evidence does not tell as wanted, foreseen or supposed."""
    if not UNREAL.search(evidence) or SUPPOSES.search(claim):
        return True
    theirs = _clauses(evidence)
    for number in numbers(claim):
        holding = [clause for clause in theirs if number in numbers(clause)]
        if holding and all(UNREAL.search(clause) for clause in holding):
            return False
    for clause in _clauses(claim):
        terms = term_set(clause)
        shared = [len(terms & term_set(other)) for other in theirs]
        most = max(shared, default=0)
        if most > 1 and all(UNREAL.search(other) for other in _with(most, theirs, shared)):
            return False
    return True


def gives_its_reasons(claim: str, evidence: str) -> bool:
    """Say whether a claim that something came of something else has evidence that says so, or gives a reason at all."""
    if not BECAUSE.search(claim):
        return True
    terms = term_set(claim)
    told = re.split(r"(?<=[.!?])\s+", evidence)
    shared = [len(terms & term_set(sentence)) for sentence in told]
    return any(REASONS.search(sentence) for sentence in _with(max(shared), told, shared))


def tells_of_the_same(claim: str, evidence: str) -> bool:
    """Say whether what a claim says that something is, its evidence does not say that something else is.

    "The core is how it fits in" is no claim of "The core must be there. The edge is how it fits in."
    """
    theirs = _definitions(re.split(r"(?<=[.!?])\s+", evidence))
    for what, said in _definitions(_clauses(claim)):
        own = [len(said & told) for named, told in theirs if named <= what]
        others = [len(said & told) for named, told in theirs if not named & what]
        if own and others and max(others) > max(own):
            return False
    return True


def _definitions(texts: Sequence[str]) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Return the terms of what each text says that something is, and of what it says it is."""
    found = [(frozenset(term_set(m["what"])), frozenset(term_set(m["said"]))) for m in map(DEFINES.match, texts) if m]
    return [(what, said) for what, said in found if what]


def denies_no_more(frame: str, evidence: str) -> bool:
    """Say whether the words around a quote neither deny it nor doubt it where its evidence has no doubt."""
    if REFUSES.search(frame):
        return False
    return not DOUBTS.search(frame) or any(sign.search(evidence) for sign in (DOUBTS, REFUSES, NEGATION))


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
