"""What a question asks for: its kind, and whose words it asks for."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from rag.answering.analysis.definitions import defined
from rag.answering.analysis.expectations import EXPECTATIONS, Expects, counted
from rag.answering.analysis.introductions import asked_who
from rag.answering.analysis.office_holders import Office, office_asked
from rag.answering.analysis.sides import things_compared
from rag.answering.analysis.voices import OFFICE_ASKED, asked_of, asks_for_voice, strangers, topic_of
from rag.library import SpeakerEntry
from rag.retrieval.core import asking
from rag.retrieval.offices import holders
from rag.retrieval.people import Meant, asked_for, spoken_as
from rag.retrieval.terms import term_set
from rag.transcripts.names import fold, name_key


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
    r"|(?:what|which) (?:are|were) (?:the|those)"
    r"|(?:what|which) (?:are |were )?(?:the )?(?:two|three|four|five|six|seven|eight|nine|ten)"
    r"|what (?:did|does|do) .{2,60} (?:say|think|believe|mention|recommend|suggest))\b"
)
COMPARISON_SIGNS = re.compile(
    r"\b(?:compar(?:e|ed|es|ing|ison)|differ(?:s|ed)?|"
    r"differences?(?! (?:did|does|do|has|have|will|would|it|that|made|make))|"
    r"different(?:ly)?(?! (?:sorts?|kinds?|types?|ways?|people|places?|parts?|organisations?|groups?|teams?|areas?))|"
    r"disagrees?|agrees?|both|versus|contrast|"
    r"(?:which|what) (?:speakers|guests|conversations|people|organisations)|who else|across (?:the )?conversations|"
    r"each of the|in common|who\b.+\band who)\b"
)
BROAD_SIGNS = re.compile(
    r"\b(?:what (?:do|did|does|have|has) (?:the |these |those |other |most |all |both |two |three |four |five )*"
    r"(?:speakers|guests|people|they|everyone|everybody|conversations|transcripts|episodes|interviews|podcasts|"
    r"each (?:conversation|transcript|episode|interview|podcast|speaker|guest))\b"
    r"|what (?:was|is|has been|have been|were) (?:said|learnt|learned|discussed)|tell me (?:more )?about|overview"
    r"|summar(?:y|ise|ize)"
    r"|(?:main|key|most important|overall) (?:points?|lessons?|themes?|ideas?|messages?|findings|takeaways))\b"
)
"""What asks for the main points of all who speak of something."""
WHO_SAID_SIGNS = re.compile(
    r"^(?:so |and )?(?:who|which (?:speaker|guest|person)) (?:was it (?:who|that) |actually )?(?:said|says|say|claimed|"
    r"claims|thinks|thought|believes|argued|argues|suggested|suggests|asked|asks|mentioned|mentions|recommended|warned|told|"
    r"brought up|brings up|raised|raises|quoted|quotes|referred to|refers to|"
    r"described|describes|pointed out|points out|reckons|reckoned|feels|felt|admitted|admits|joked|compared|compares|"
    r"called (?:it|this|that|them)|calls (?:it|this|that|them)|coined|complained|"
    r"noticed|put it|used the (?:phrase|word|term|line|image|metaphor)|"
    r"talked (?:about|of)|talks (?:about|of)|spoke (?:about|of)|came up with)\b"
    r"|^(?:so |and |but )?whose (?:[\w-]+ ){0,2}(?:points?|ideas?|views?|opinions?|arguments?|advice|suggestions?|"
    r"observations?|remarks?|phrases?|words?|images?|metaphors?) (?:was|is|were|are)\b"
    r"|^who was (?:it|that)\b[^?]{0,20}\?*$|\bwho said (?:that|it|this|so)\?*$"
)
"""What asks who it was that said something; the answer may well repeat the question's words."""
_SPEAKS_OF = (
    r"(?:mention(?:s|ed)?|discuss(?:ed|es)?|(?:talk|speak)(?:s|ed)?(?: at all)? (?:about|of)|spoken (?:about|of)|"
    r"(?:say|said|says) (?:anything|something|much|a word) (?:on|about)|cover(?:s|ed)?|refer(?:s|red)? to|"
    r"touch(?:es|ed)? (?:on|upon)|bring(?:s)? up|brought up|raise[sd]?)"
)
_THERE_IS = (
    r"(?:(?:is|was|are|were) there (?:any\w*|something|much|(?:a )?mention)(?: (?:said|here|in (?:here|there|this)))?|"
    r"(?:is|was|has) anything (?:been )?(?:said|mentioned))"
)
_SPOKEN_OF = r"(?:mentioned|discussed|covered|talked about|brought up|raised|touched (?:on|upon)|spoken (?:about|of))"
WHETHER_MENTIONED = tuple(
    re.compile(rf"(?:(?:so|and|but) )?{pattern}(?: (?:at all|anywhere|here))?[?.! ]*", re.IGNORECASE)
    for pattern in (
        rf"{_THERE_IS} (?:on|about|of|regarding|concerning) (?P<what>.+?)",
        rf"(?:did|does|do|has|have) (?:[\w.'’-]+ ){{1,4}}?(?:ever |also )?{_SPEAKS_OF} (?P<what>.+?)",
        rf"(?:is|was|are|were) (?P<what>.+?) (?:ever |also )?{_SPOKEN_OF}",
    )
)
"""What asks whether something was spoken of at all."""
KEY_WORDS = re.compile(
    r"(?!(?:who|whom|whose|what|when|where|which|why|how|did|does|do|is|are|was|were|has|have|had|can|could|should|would|will|"
    r"and|but|so|tell|give|list|show|explain|describe|compare|summari[sz]e)\b)[\w'&-]+(?: [\w'&-]+){0,3}"
)
"""A few words that ask nothing ("waiting lists"), folded."""
LEADS_TO = re.compile(r"^\s+(?:that|about|of|on)\b", re.IGNORECASE)
"""What stands between it and what was said."""
POSITION_SIGNS = re.compile(
    r"^(?:so |and |but )?(?:who|which \w+|does any(?:one|body)|do any \w+)\b.*\b(?:(?:dis)?agrees?|opposes?)\b"
)
"""What asks who holds with something, or doesn't."""
OPINION_SIGNS = re.compile(
    r"^(?:so |and )?(?:who|which (?:speaker|guest|person)) (?:actually |really )?"
    r"(?:thinks|thought|believes|believed|reckons|reckoned|feels|felt|argues|argued|came up with)\b"
)
"""What asks whose opinion something is, rather than who spoke of it: who asks the questions often only puts it."""
AND_ALSO = re.compile(r",? (?:and|or) (?:(?:dr|mr|mrs|ms|professor|prof|sir)\.? )?")
"""Between the names of two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnalysis:
    """What was understood of a question."""

    kind: Kind
    expects: Expects
    voices: frozenset[str]
    """Name keys of the speakers whose own words are asked for; empty where anybody's will do."""
    topic: str = ""
    """What it is about, where all else only asks for a speaker's words or for two things to be compared; else empty."""
    mentioned: frozenset[str] = frozenset()
    """Terms of which a mention is looked for: what somebody spoke of, what it is asked who said, a few key words."""
    whether: bool = False
    """Whether it is asked if that was spoken of at all."""
    named: frozenset[str]
    """Name keys of all speakers that the question names, or may name."""
    unclear: tuple[Meant, ...] = ()
    """Names in it of which nothing tells whose they are."""
    strangers: frozenset[str] = frozenset()
    """Last names, folded, of those whose own words are asked for and who speak in no transcript."""
    counted: str = ""
    """The last term of what is asked how many there are of; empty where that is not asked."""
    position: bool = False
    """Whether it is asked who, of all who speak, holds with something or doesn't."""
    opinion: bool = False
    """Whether it is asked whose opinion, or idea, something is."""
    introduced: SpeakerEntry | None = None
    """The speaker of whom it asks who they are, or who holds the office of which it asks who does."""
    office: Office | None = None
    """The office of which it is asked who holds it."""
    defined: frozenset[str] = frozenset()
    """The terms of what is asked what it is; none where that is not asked."""


def analyse(question: str, speakers: Sequence[SpeakerEntry], present: frozenset[str] = frozenset()) -> QuestionAnalysis:
    """Return what a question asks for; `present`, if not all, tells who may be meant, as for `asked_for`."""
    asked = asking(question)
    folded = fold(asked)
    all_named = asked_for(question, speakers, present)
    named = {meant.who for meant in all_named}
    people = {meant.who: meant.keys for meant in all_named}
    in_asked = asked_for(asked, speakers, present)
    if not all_named and (held := _office(asked, speakers, present)) is not None:
        all_named, in_asked, people = [held], [held], {held.who: held.keys}
        # Of several, one may be there to ask: who is named is heard even then.
        named = {held.who} if held.is_clear else set()
    people |= {meant.who: meant.keys for meant in in_asked}
    found = sorted((meant.start, meant.end, meant.who) for meant in in_asked)
    voices = {who for start, end, who in found if asks_for_voice(folded, start, end)}
    kind = Kind.COMPARISON if _names_two(folded, found) else _kind(folded, named, voices)
    if kind is Kind.COMPARISON and voices:
        voices = named
    alike = asked == question and len(folded) == len(question)
    unknown = strangers(question, speakers) if not named else frozenset[str]()
    about = ""
    if alike and kind is not Kind.COMPARISON and (unknown or len(voices) == 1):
        about = _about(question, [asked_of(question)] if unknown else [(start, end) for start, end, _ in found])
    expects = (
        Expects.ANYTHING
        if kind is Kind.WHO_SAID
        else next((what for what, pattern in EXPECTATIONS if pattern.search(folded)), Expects.ANYTHING)
    )
    office = office_asked(asked, speakers) if not named else None
    sought = _whether_mentioned(question) if alike and kind is not Kind.COMPARISON and not unknown else ""
    return QuestionAnalysis(
        kind=Kind.SEQUENCE if sought else kind,
        expects=expects,
        voices=_labels(voices, people, speakers),
        topic=about or (things_compared(question) if kind is Kind.COMPARISON and not named else ""),
        mentioned=frozenset() if unknown else term_set(sought or about or (_said(question, folded) if alike else "")),
        whether=bool(term_set(sought)),
        named=_labels(named, people, speakers),
        unclear=tuple(each for each in all_named if not each.is_clear),
        strangers=unknown,
        position=not named and POSITION_SIGNS.search(folded) is not None,
        counted=counted(folded),
        opinion=OPINION_SIGNS.match(folded) is not None,
        introduced=office.holder if office else asked_who(folded, found, speakers),
        office=office,
        defined=defined(folded),
    )


def _labels(names: Set[str], people: Mapping[str, frozenset[str]], speakers: Sequence[SpeakerEntry]) -> frozenset[str]:
    """Return the name keys of all labels under which those speak whom names may mean."""
    return spoken_as(frozenset[str]().union(*(people[name] for name in names)), speakers)


def _office(question: str, speakers: Sequence[SpeakerEntry], present: Set[str]) -> Meant | None:
    """Return who is meant where somebody's words are asked for by what they are: "the ward manager"."""
    folded = fold(question)
    asked = OFFICE_ASKED.search(folded)
    keys = frozenset(map(name_key, holders(asked["office"], speakers))) if asked else frozenset[str]()
    if not asked or not keys:
        return None
    start, end = asked.span("office")
    name = question[start:end] if len(folded) == len(question) else asked["office"]
    return Meant(start=start, end=end, name=name, keys=keys & present or keys)


def _about(question: str, places: Sequence[tuple[int, int]]) -> str:
    """Return what the words of somebody named at one of these places are to be about; empty where more is asked."""
    return next(filter(None, (topic_of(question, start, end) for start, end in places)), "")


def _said(question: str, folded: str) -> str:
    """Return what it is of which is asked who said it, or a few key words; empty where something else is asked."""
    sign = WHO_SAID_SIGNS.match(folded)
    if sign:
        return LEADS_TO.sub("", question[sign.end() :])
    return question if KEY_WORDS.fullmatch(folded) else ""


def _whether_mentioned(question: str) -> str:
    """Return what it is of which is asked whether it was spoken of; empty where something else is asked."""
    asked = next(filter(None, (pattern.fullmatch(question.strip()) for pattern in WHETHER_MENTIONED)), None)
    return asked["what"] if asked else ""


def _names_two(question: str, found: Sequence[tuple[int, int, str]]) -> bool:
    """Say whether a question is about two speakers, each of whom is to be heard: "Do A and B agree …".

    Args:
        question: What asks, folded.
        found: Start, end and name key of the speakers that it names, in order.
    """
    return any(
        one != other and AND_ALSO.fullmatch(question[end:start]) for (_, end, one), (start, _, other) in pairwise(found)
    )


def _kind(question: str, named: Set[str], voices: Set[str]) -> Kind:
    if COMPARISON_SIGNS.search(question) and (len(voices) != 1 or len(named) > 1):
        return Kind.COMPARISON
    if WHO_SAID_SIGNS.search(question):
        return Kind.WHO_SAID
    if not voices and BROAD_SIGNS.search(question):
        return Kind.BROAD
    return Kind.SEQUENCE if SEQUENCE_SIGNS.search(question) else Kind.POINT
