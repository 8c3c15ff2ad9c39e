"""What a question holds to have been said: words in quotation marks, of which it asks whether, by whom or where."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.library import SpeakerEntry
from rag.retrieval.people import named as speakers_named
from rag.retrieval.terms import term_set
from rag.transcripts.names import name_key

FEWEST_WORDS = 4
"""Of what is a quote rather than a term that is asked about …"""
FEWEST_TERMS = 3
"""… or this many, where none of them is a common word ("single sovereign currency")."""
_Q = "\ue000"
"""Stands in a question for the words in quotation marks; of private use, no text has it."""
_QUOTED = (
    re.compile(r"[\"“”„«»](?P<words>[^\"“”„«»]+)[\"“”„«»]"),
    re.compile(r"(?<!\w)[‘'‚‹](?P<words>\S(?:(?!(?<!\w)[‘'‚‹]\w).)*)['’›](?!\w)"),
    re.compile(r"(?<!\w)[‘'‚‹](?P<words>\S.*?)['’›](?!\w)"),
)
"""Single marks are also apostrophes: the longest stretch is tried first, then the shortest."""
MANNER = r"(?:(?:really|actually|ever|also|just|once|indeed|literally|truly|first|exactly|in fact|definitely)\s+)*"
_SAY = (
    rf"{MANNER}(?:says?|said|states?|stated|claims?|claimed|argues?|argued|mentions?|mentioned|"
    r"(?:uses?|used|speak|spoke|utter|uttered) (?:the |these |those )?(?:exact |very )?"
    r"(?:words?|phrase|line|sentence|expression))"
)
_ITS = (
    r"(?:\s+(?:that|this|the words|these words|exactly|literally|verbatim|word for word|something like))*"
    rf"[\s,:–—-]*{_Q}"
)
_THIS = r"(?:\s+(?:that|this|it|so|these words))?"
_WHO = rf"(?P<who>[^?!:;{_Q}]{{1,60}}?)"
TRUE = r"(?:true|right|correct|the case|accurate|so)"
_REST = (
    r"[\s.,!?]*(?:(?:in|at|on|during|about|to|of|when|while|somewhere|anywhere|here|there|verbatim|word for word|"
    r"exactly|or|and (?:if so|where|when|who|in which))\b"
    rf"(?!.*(?:\b(?:why|how|what)\b|[\"“”«»]|(?<!\w)['‘]\w))[^?{_Q}]*)?[?.!\s]*"
)
"""What may follow: where it was said. Who asks why or how, or has another quote, asks for more than this one."""
LEAD = r"(?:(?:so|and|but|well|ok|okay|please|hi|hello|hey|do you know|can you tell me|tell me)\b[,\s]*)*"
_DID = rf"(?:did|does|do|has|have|had)(?:n['’]t)?\s+{_WHO}\s+{_SAY}"
_WHERE = r"(?:where|when|in (?:which|what) \w+|at what \w+)\s+(?:exactly\s+)?"
_ASKS = {
    "Did X say": rf"(?:{_WHERE})?{_DID}{_ITS}{_REST}",
    "Who said": rf"(?:who|which \w+)\s+(?:(?:was|is) it (?:who|that)\s+)?{_SAY}{_ITS}{_REST}",
    "Is it true that X said": rf"(?:is|was) it\s+(?:really )?{TRUE},?\s+(?:that\s+)?{_WHO}\s+{_SAY}{_ITS}{_REST}",
    "Was it X who said": rf"(?:was|is)(?:n['’]t)? it\s+{_WHO},?\s+(?:who|that)\s+{_SAY}{_ITS}{_REST}",
    "Was it said (by X)": (
        rf"(?:{_WHERE}|by whom\s+)?(?:was|were|is|are|has|have)\s+(?:(?:the |these )?(?:words?|quote|phrase)\s+)?"
        rf"{_Q}\s*{MANNER}(?:been )?\s*(?:said|spoken|uttered|stated)(?:\s+by {_WHO})?{_REST}"
    ),
    "Where is it said that": rf"{_WHERE}(?:is|was) it said(?: that)?[\s,:–—-]*{_Q}{_REST}",
    "Whose words are": (
        r"whose (?:words?|quote|phrase|line|sentence) (?:is|are|was|were)(?: these| those| this| it| that)?"
        rf"[\s,:–—-]*{_Q}{_REST}"
    ),
    "Is it a quote from X": (
        rf"(?:is|was|are|were)\s+{_Q}\s*{MANNER}(?:an? |the )?(?:real |genuine |actual |exact )?"
        rf"(?:quote|quotation|words?)\s+(?:of|from|by) {_WHO}{_REST}"
    ),
    "It: did X say that": rf"{_Q}[\s.,;:–—-]*(?:{_WHERE})?{_DID}{_THIS}{_REST}",
    "It: who said that": rf"{_Q}[\s.,;:–—-]*who\s+{_SAY}{_THIS}{_REST}",
    "X said it. Is that true": (
        rf"(?:[^?]{{0,60}}\bthat\s+)?{_WHO}\s+{_SAY}{_ITS}[\s.,;?!–—-]*"
        rf"(?:(?:(?:is|was) (?:that|this|it) )?{TRUE}|did (?:he|she|they)\b(?:\s+(?:{_SAY}{_THIS}|really))?)[?.!\s]*"
    ),
}
_PATTERNS = [re.compile(LEAD + pattern, re.IGNORECASE) for pattern in _ASKS.values()]
ANYBODY = re.compile(
    rf"{MANNER}(?:any\w*|some\w*|people|they|he|she|it|you|we|I|one|"
    r"(?:the|these|those|any|some|an?) (?:\w+ ){0,2}"
    r"(?:transcripts?|conversations?|episodes?|podcasts?|speakers?|guests?|people|person|one))"
    r"(?: of \w+)?(?: here| else)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """That something was said."""

    words: str
    speakers: tuple[str, ...] = ()
    """Names of the speakers of whom it is asked whether they did."""
    keys: frozenset[str] = frozenset()
    """Keys of all names that they go by."""
    other: str = ""
    """Who else that is asked of, as the question has it, be it a stranger or a role."""
    opinion: bool = False
    """Whether it is asked if they think so, which may be told in quite other words."""
    asks_who: bool = False
    """Whether it is asked who said it, rather than whether it was said."""


def claim_of(question: str, speakers: Sequence[SpeakerEntry]) -> Claim | None:
    """Return what a question asks whether, by whom or where it was said; None where it asks nothing of the kind.

    Words in quotation marks are a term where they are few, or where it is asked what they mean.
    """
    for quoted in (match for pattern in _QUOTED for match in pattern.finditer(question)):
        words = quoted["words"].strip()
        if not _is_quote(words):
            continue
        around = f"{question[: quoted.start()]}{_Q}{question[quoted.end() :]}".replace("’", "'").strip()
        asks = next((found for pattern in _PATTERNS if (found := pattern.fullmatch(around))), None)
        if asks is None:
            continue
        who = (asks.groupdict().get("who") or "").strip(" ,")
        # Put as it is asked: a name that is an ordinary word too ("Grace") is none where it stands alone.
        keys = speakers_named(f"did {who} say", speakers) if who else frozenset[str]()
        named = [entry for entry in speakers if name_key(entry.name) in keys]
        return Claim(
            words=words,
            speakers=tuple(entry.name for entry in named),
            keys=known_as(named),
            other="" if named or ANYBODY.fullmatch(who) else who,
        )
    return None


def known_as(speakers: Iterable[SpeakerEntry]) -> frozenset[str]:
    """Return the keys of all names that speakers go by."""
    return frozenset(name_key(name) for entry in speakers for name in (entry.name, *entry.aliases))


def _is_quote(words: str) -> bool:
    count = sum(any(character.isalnum() for character in word) for word in words.split())
    return count >= FEWEST_WORDS or (count == FEWEST_TERMS and len(term_set(words)) >= FEWEST_TERMS)
