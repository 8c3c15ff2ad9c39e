"""What a question without quotation marks holds that somebody said: "Did she say that the app should go?"."""

import re
from collections.abc import Sequence

from rag.answering.checking.claims import ANYBODY, LEAD, MANNER, TRUE, Claim, known_as
from rag.library import SpeakerEntry
from rag.retrieval.offices import holders
from rag.retrieval.people import asked_for
from rag.retrieval.terms import term_set
from rag.transcripts.names import name_key

FEWEST_TERMS = 2
"""Of a claim; fewer are a topic."""
MOST_BEFORE = 3
"""Words that may be asked before it ("Really?")."""
MOST_TOLD = 15
"""Words that may tell, with a colon, what it is asked for ("Before it goes on a slide: did she …?")."""
_BEGINS = re.compile(r"(?:did|does|has|is|was|who)\b(?! (?:she|he|they|it)\b)", re.IGNORECASE)
_HOLD = (
    r"(?:(?P<thinks>thinks?|thought|believes?|believed|feels?|felt|reckons?|reckoned)|says?|said|claims?|claimed|argues?|"
    r"argued|states?|stated|suggests?|suggested|insists?|insisted|admits?|admitted|warns?|warned|den(?:y|ies|ied)|predicts?|predicted|"
    r"mentions?|mentioned|complains?|complained|promises?|promised|accepts?|accepted|acknowledges?|acknowledged|"
    r"tells? (?:us|me|people)|told (?:us|me|people))"
)
_THAT = r"(?:\s+(?P<that>that),?)?"
_WHO = r"(?P<who>[^?!:;,]{1,60}?)"
_WORDS = r"\s+(?P<words>[^?]{8,400})[?.!\s]*"
_ASKS = (
    rf"(?:did|does|do|has|have|had|would)(?:n['’]t)?\s+{_WHO}\s+{MANNER}{_HOLD}{_THAT}{_WORDS}",
    rf"(?:is|was) it\s+(?:really )?{TRUE},?\s+(?:that\s+)?{_WHO}\s+{MANNER}{_HOLD}{_THAT}{_WORDS}",
    rf"(?:was|is)(?:n['’]t)? it\s+{_WHO},?\s+(?:who|that)\s+{MANNER}{_HOLD}{_THAT}{_WORDS}",
)
_PATTERNS = [re.compile(LEAD + pattern, re.IGNORECASE) for pattern in _ASKS]
_ASKS_WHO = re.compile(
    rf"{LEAD}(?:who|which (?:speaker|guest|person|one))\s+(?:(?:was|is) it (?:who|that)\s+)?{MANNER}"
    rf"(?!(?:tells?|told) ){_HOLD}{_THAT}{_WORDS}",
    re.IGNORECASE,
)
_NO_CLAIM = re.compile(
    r"(?:what|why|how|who|whom|whose|when|where|which|whether|if|about|of|on|to|for|much|(?:these|those|the) words?)\b"
    r"|\w+ing\b|(?:any\w*|some(?:thing|body|one)|more|yes|no|so|it|this|that)"
    r"(?:$|\s(?!(?:is|are|was|were|has|have|had|will|would|can|could|should|must|may|might|do|does|did|nobody)\b))",
    re.IGNORECASE,
)
"""How what is asked begins where, without "that", nothing is claimed ("Did she say anything about …?")."""
_ASKS_MORE = re.compile(
    r"[?]|\b(?:and|or|but) (?:why|how|what|who|when|where|if so|did|does)\b|[\"“”«»]|(?<!\w)['‘]\w", re.IGNORECASE
)
_A_VERB = re.compile(
    r"^(?:they|he|she|we|i|it|there|people|nobody|everybody|everyone) \w|"
    r"\b(?:am|is|are|was|were|be|has|have|had|do|does|did|can|could|will|would|shall|should|may|might|must|cannot|needs?|"
    r"matters?|works?|makes?|gets?|goes|went|comes?|came|takes?|took|lets?|saves?|\w{3,}ed)\b|['’](?:s|re|ve|ll|d|t)\b",
    re.IGNORECASE,
)
"""What most claims have; without "that", a claim needs it."""
_WHERE = re.compile(
    r"[,\s]+(?:(?:in|on|during) (?:the|this|that|her|his|their) (?:podcast|interview|conversation|episode|meeting|"
    r"transcript|recording|talk)|anywhere|somewhere|here)$",
    re.IGNORECASE,
)


def reported(question: str, speakers: Sequence[SpeakerEntry]) -> Claim | None:
    """Return what a question asks whether somebody said, or who did; None where it asks nothing of the kind.

    It has to be a clause: whoever asks what was said about something, or has more to ask, wants another answer. So
    does whoever asks it of two, or of somebody who does not speak.
    """
    whole = question.replace("’", "'").strip()
    told, _, last = whole.rpartition("? ")
    put = last if len(told.split()) <= MOST_BEFORE else whole
    why, _, asked = put.partition(": ")
    if _BEGINS.match(asked) and len(why.split()) <= MOST_TOLD:
        put = asked
    asks_who = _ASKS_WHO.fullmatch(put)
    asks = asks_who or next((found for pattern in _PATTERNS if (found := pattern.fullmatch(put))), None)
    # Who thinks something is told by all who hold with it, in whatever words.
    if asks is None or (asks_who and asks["thinks"]):
        return None
    words = _WHERE.sub("", asks["words"].strip(" .,!")).strip(" ,")
    is_clause = asks["that"] or (_A_VERB.search(words) and not _NO_CLAIM.match(words))
    if not is_clause or _ASKS_MORE.search(words) or len(term_set(words)) < FEWEST_TERMS:
        return None
    if asks_who:
        return Claim(words=words, asks_who=True)
    who = asks["who"].strip()
    if ANYBODY.fullmatch(who):
        return Claim(words=words, opinion=bool(asks["thinks"]))
    meant = asked_for(f"did {who} say", speakers)
    keys = meant[0].keys if len(meant) == 1 else frozenset(map(name_key, holders(who, speakers)))
    if len(keys) != 1 or len(meant) > 1 or not all(each.is_clear for each in meant):
        return None
    named = [entry for entry in speakers if name_key(entry.name) in keys]
    return Claim(
        words=words,
        speakers=tuple(entry.name for entry in named),
        keys=known_as(named),
        opinion=bool(asks["thinks"]),
    )
