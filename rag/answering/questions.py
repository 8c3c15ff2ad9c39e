"""What a question asks for: its kind, and whose words it asks for."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from rag.answering.expectations import EXPECTATIONS, Expects
from rag.library import SpeakerEntry
from rag.retrieval.people import mentions
from rag.transcripts.names import fold


class Kind(StrEnum):
    """How the answer is laid out."""

    POINT = "point"
    """The best statement first: facts, definitions, who-said."""
    SEQUENCE = "sequence"
    """In the order in which it was said: lists, examples, how something was done, one person's words."""
    COMPARISON = "comparison"
    """The positions of several conversations, or of the speakers named, each in its own words."""
    BROAD = "broad"
    """The main points of several conversations, the best supported first."""
    WHO_SAID = "who-said"
    """The one sentence in which it was said."""


SEQUENCE_SIGNS = re.compile(
    r"\b(list|types?|kinds?|steps?|ways|examples?|reasons|priorities|principles|stages|factors|how (?:did|do|does|can)"
    r"|(?:what|which) (?:are|were) (?:the|those)|(?:what|which) (?:are |were )?(?:the )?(?:two|three|four|five|six|seven|eight|nine|ten)"
    r"|what (?:did|does|do) .{2,60} (?:say|think|believe|mention|recommend|suggest))\b"
)
COMPARISON_SIGNS = re.compile(
    r"\b(?:compar(?:e|ed|es|ing|ison)|differ(?:s|ent|ence|ences|ently)?|disagrees?|agrees?|both|versus|contrast|"
    r"(?:which|what) (?:speakers|guests|conversations|people|organisations)|who else|across (?:the )?conversations|"
    r"each of the|in common|who\b.+\band who)\b"
)
BROAD_SIGNS = re.compile(
    r"\b(?:what (?:do|did|does|have|has|was|is|are) (?:the |other |most )?(?:speakers|guests|people|they|everyone|everybody|anyone)\b"
    r"|what (?:was|is|has been|have been|were) (?:said|learnt|learned|discussed)|tell me (?:more )?about|overview|summar(?:y|ise|ize)"
    r"|(?:main|key|most important|overall) (?:points?|lessons?|themes?|ideas?|messages?|findings|takeaways))\b"
)
WHO_SAID_SIGNS = re.compile(
    r"^(?:so |and )?(?:who|which (?:speaker|guest|person)) (?:was it (?:who|that) )?(?:said|says|say|claimed|claims|thinks|"
    r"thought|believes|argued|argues|suggested|suggests|asked|asks|mentioned|mentions|recommended|warned|told|described)\b"
)
SAYING = (
    r"(?:say|says|said|think|thinks|thought|believe|believes|mention|mentions|mentioned|argue|argues|argued|describe|"
    r"describes|described|explain|explains|explained|recommend|recommends|recommended|suggest|suggests|suggested|feel|"
    r"feels|felt|mean|means|meant|claim|claims|claimed|talk|talks|talked|tell|tells|told|warn|warns|warned|advise|"
    r"advises|advised|see|sees|saw|view|views|learn|learned|learnt|admit|admits|admitted|propose|proposed|worry|worried)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnalysis:
    """What was understood of a question."""

    kind: Kind
    expects: Expects
    voices: frozenset[str]
    """Name keys of the speakers whose own words are asked for; empty where anybody's will do."""
    named: frozenset[str]
    """Name keys of all speakers that the question names."""


def analyse(question: str, speakers: Sequence[SpeakerEntry]) -> QuestionAnalysis:
    """Return what a question asks for."""
    folded = fold(question)
    named: set[str] = set()
    voices: set[str] = set()
    for key, start, end in mentions(question, speakers):
        named.add(key)
        if _asks_for_voice(folded, start, end):
            voices.add(key)
    kind = _kind(folded, named, voices)
    if kind is Kind.COMPARISON and voices:
        voices = named
    expects = next((what for what, pattern in EXPECTATIONS if pattern.search(folded)), Expects.ANYTHING)
    return QuestionAnalysis(kind=kind, expects=expects, voices=frozenset(voices), named=frozenset(named))


def _kind(question: str, named: Set[str], voices: Set[str]) -> Kind:
    if COMPARISON_SIGNS.search(question) and (len(voices) != 1 or len(named) > 1):
        return Kind.COMPARISON
    if WHO_SAID_SIGNS.search(question):
        return Kind.WHO_SAID
    if not voices and BROAD_SIGNS.search(question):
        return Kind.BROAD
    return Kind.SEQUENCE if SEQUENCE_SIGNS.search(question) else Kind.POINT


def _asks_for_voice(question: str, start: int, end: int) -> bool:
    """Say whether the name at [start, end) is who is to speak: "what did X say", "according to X", "X's view"."""
    before, after = question[:start], question[end:]
    asked = re.search(r"\b(?:did|does|do|has|have|would|is|was)\s+(?:\w+\.?\s+){0,2}$", before) and re.match(
        rf"(?:\s+\w+){{0,1}}\s+{SAYING}\b", after
    )
    return bool(
        asked
        or re.search(
            r"\b(?:according to|in the (?:view|words|opinion) of|quote|quotes from)\s+(?:\w+\.?\s+){0,2}$", before
        )
        or re.match(r"\s*'s?\s+(?:view|views|opinion|position|take|words|advice|definition|point)\b", after)
        or re.match(rf"\s+{SAYING}\b", after)
    )
