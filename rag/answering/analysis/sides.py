"""What a question that compares speakers, or things by name, asks of each of them."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rag.answering.analysis.voices import TITLES
from rag.library import SpeakerEntry
from rag.retrieval.core import asking
from rag.retrieval.people import asked_for
from rag.retrieval.terms import term_set
from rag.transcripts.mentions import Mention, mentions
from rag.transcripts.names import fold, name_key

SEVERAL = 2
"""Speakers, from which there is something to compare."""
_ONE = "@"
"""Stands for a speaker's name."""
_TITLED = re.compile(rf"\b{TITLES}(?={_ONE})", re.IGNORECASE)
_COMPARES = re.compile(
    r"\b(?:differ\w*|(?:dis)?agree\w*|compar\w+|contrast\w*|versus|vs|same|alike|common|views?|opinions?|positions?|who)\b",
    re.IGNORECASE,
)
"""What is asked of two at once, and can't be asked of one."""
_LEADS_TO = (
    r"(?:on|about|over|of|that|whether|regarding|concerning|against|towards?|in how|in what|when it comes to|as to)"
)
_TOPIC = re.compile(
    rf"(?:\b(?:differ|(?:dis)?agree|say|think|feel|believe|argue|talk|speak|views?|opinions?|positions?|arguments?|right|"
    rf"common)|{_ONE}(?:['’]s)?)\s+(?:(?:with|from) (?:each other|one another|{_ONE}(?:['’]s)?)\s+)?"
    rf"{_LEADS_TO}\s+(?P<topic>.+)",
    re.IGNORECASE | re.DOTALL,
)
_EXPLAINS = re.compile(
    r"\b(?:explain|describe|define|understand|see|justify|think|believe|argue|say)\s+(?:that\s+)?(?P<topic>.+)",
    re.IGNORECASE | re.DOTALL,
)
"""The same where what they speak of follows at once: "How do A and B each explain …?", "Do A and B both think …?"."""
_ENDS = re.compile(rf"(?:\s+(?:compare|differ|(?:dis)?agree)\b.*|,\s*{_ONE}.*)$", re.IGNORECASE | re.DOTALL)
"""What follows the topic: "… on trust differ from B's?", "…, A or B?"."""
_REASON = re.compile(r"(?:(?:so|and|but)\s+)?(?:why|how come)\b", re.IGNORECASE)
"""What asks the reason of one of them ("Why does A disagree with B?")."""
_SEVERAL = re.compile(rf"{_ONE}(?:(?:,| and| or|, and|, or) {_ONE})+(?:,? (?:each|both)\b)?", re.IGNORECASE)


_THINGS = re.compile(
    r"how (?:is|are|was|were) .+? (?:any |so )?different(?:ly)? (?:from|to|than) .+"
    r"|how (?:do|does|did) .+? (?:differ|compare) (?:from|with|to) .+"
    r"|how (?:do|does|did) .+? and .+? (?:differ|compare)(?: .+)?"
    r"|what(?:['’]s| is| are) the differences? between .+? and .+"
    r"|(?:compare|contrast) .+? (?:and|with|to|against) .+",
    re.IGNORECASE,
)
"""A question that compares two things."""
_COMPARING = re.compile(
    r"^(?:how (?:is|are|was|were|do|does|did)|what(?:['’]s| is| are) the differences? between|compare|contrast)\b"
    r"|\b(?:(?:any |so )?different(?:ly)? (?:from|to|than)|(?:differ|compare)(?: (?:from|with|to)\b)?)(?=\s|$)",
    re.IGNORECASE,
)
"""What of it only says that they are compared."""


_BETWEEN = tuple(
    re.compile(rf"(?:(?:so|and|but)\b,? )?{pattern}", re.IGNORECASE)
    for pattern in (
        r"how (?:is|are|was|were) (?P<one>.+?) (?:any |so |very )?different(?:ly)? (?:from|to|than) (?P<other>.+)",
        r"how (?:is|are|was|were|do|does|did) (?P<one>.+?) (?:differ|compared?) (?:from|with|to|against) (?P<other>.+)",
        r"(?:compare|contrast) (?P<one>.+?) (?:with|to|against) (?P<other>.+)",
        r"what(?:['’]s| is| are) the (?:\w+ )?differences? between (?P<one>.+?) and (?P<other>.+)",
        r"how (?:do|does|did) (?P<one>.+?) and (?P<other>.+?) (?:differ|compare)",
        r"(?:compare|contrast) (?P<one>.+?) and (?P<other>.+)",
    )
)
"""What sets two apart."""
_POSSESSIVE = re.compile(r"['’]s?$")
_AGREES = re.compile(r"\b(?:(?:dis)?agree[sd]?|agreement|differ(?:s|ed)?|on the same page|in common)\b", re.IGNORECASE)
_DISAGREES = re.compile(
    r"\b(?:disagree[sd]?|differ(?:s|ed)?|(?:not|n['’]t) (?:\w+ )?agree|part(?:s|ed)? (?:company|ways)|at odds|"
    r"(?:see|sees|saw) (?:it|this|that|things) differently)\b",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"\b(?:you two|you both|both of you|the two of (?:you|them)|between you|you (?:part|differ|disagree))\b",
    re.IGNORECASE,
)
"""How who asks speaks of two to whom they speak."""
_ONLY_AGREES = term_set("agree disagree agreement differ common anything something ever other same page")
"""Terms of a question that asks only whether, or where, people agree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of those whom a question compares."""

    speaker: str
    """Their name."""
    topic: str
    """What they are heard on."""
    question: str
    """What is asked of them alone."""


def sides_of(question: str, speakers: Sequence[SpeakerEntry]) -> tuple[Side, ...]:
    """Return what a question that names several speakers asks of each; nothing where it can't be asked of one alone.

    "Do A and B agree about targets?" is asked of A as "What does A say about targets?", and "What did A and B each
    find?" as "What did A find?".
    """
    keys, open_question = _opened(question, speakers)
    if len(keys) < SEVERAL or _REASON.match(open_question):
        return ()
    names = {name_key(entry.name): entry.name for entry in speakers}
    topic = _topic(open_question)
    if topic:
        return tuple(
            Side(speaker=names[key], topic=topic, question=f"What does {names[key]} say about {topic}?") for key in keys
        )
    alone = _SEVERAL.sub(_ONE, open_question)
    if _COMPARES.search(open_question) or alone.count(_ONE) != 1 or not term_set(alone):
        return ()
    return tuple(
        Side(speaker=names[key], topic=alone.replace(_ONE, "").strip(), question=alone.replace(_ONE, names[key]))
        for key in keys
    )


def only_whether_they_agree(question: str, speakers: Sequence[SpeakerEntry]) -> frozenset[str]:
    """Return the name keys of speakers of whom a question asks nothing but whether, or where, they agree; or none."""
    keys, open_question = _opened(question, speakers)
    asks = len(keys) >= SEVERAL and _AGREES.search(open_question)
    return frozenset(keys) if asks and term_set(open_question) <= _ONLY_AGREES else frozenset()


def says_whether_they_agree(text: str, question: str, others: Collection[str], spoke_before: str) -> bool:
    """Say whether a sentence says that its speaker agrees with one of others, or doesn't, if that is asked.

    Args:
        text: The sentence.
        question: What asks where they disagree, or whether they agree.
        others: Name keys of those who are compared with its speaker.
        spoke_before: The name key of who is answered.
    """
    spoken_to = spoke_before in others or _count_named(text, others) > 0
    return spoken_to and _says_what_is_asked(text, question)


def tells_whether_they_agree(text: str, question: str, compared: Collection[str], voices: Collection[str]) -> bool:
    """Say whether a sentence of somebody else says that those who are compared agree, or don't, if that is asked.

    Args:
        text: The sentence.
        question: What asks where they disagree, or whether they agree.
        compared: Their name keys.
        voices: The name keys of those who speak in the conversation.
    """
    both = _BOTH.search(text) is not None and set(compared) <= set(voices)
    told_of = both or _count_named(text, compared) >= SEVERAL
    return told_of and not text.endswith("?") and _says_what_is_asked(text, question)


def _says_what_is_asked(text: str, question: str) -> bool:
    """Say whether a sentence speaks of disagreement, if that is asked, else of agreement or not."""
    return (_DISAGREES if _DISAGREES.search(question) else _AGREES).search(text) is not None


def _count_named(text: str, people: Collection[str]) -> int:
    """Return how many of those with these name keys a sentence names, be it in part."""
    words = set(re.findall(r"[\w'-]+", fold(text)))
    return sum(not words.isdisjoint(person.split()) for person in people)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One of two things that a question compares by name."""

    terms: frozenset[str]
    """Those of its name."""
    question: str
    """What is asked of it alone."""


def things_apart(question: str, speakers: Sequence[SpeakerEntry]) -> tuple[Thing, ...]:
    """Return what a question asks of each of two things by name that it compares; nothing where it compares others.

    "How does improvement in Wales differ from Scotland?" is asked of Wales as "What is said about improvement in
    Wales?", and of Scotland as "What is said about improvement in Scotland?".
    """
    asked = asking(question).strip(" ?.!")
    if asked_for(asked, speakers):
        return ()
    names = list(mentions(asked)) if asked != asked.lower() else []
    for found in (pattern.fullmatch(asked) for pattern in _BETWEEN):
        if found is None:
            continue
        inside = [[n for n in names if found.start(side) <= n.start < found.end(side)] for side in ("one", "other")]
        if [len(each) for each in inside] == [1, 1] and len(names) == SEVERAL:
            (one,), (other,) = inside
            return _thing(one, found["one"], other, found["other"]), _thing(other, found["other"], one, found["one"])
    return ()


def _thing(name: Mention, phrase: str, other: Mention, others_phrase: str) -> Thing:
    """Return one of two things; of one that is only named, what is asked is told by the other's phrase."""
    words = " ".join(name.words)
    terms = term_set(words)
    about = phrase.strip() if term_set(phrase) - terms else others_phrase.replace(" ".join(other.words), words).strip()
    return Thing(terms=terms, question=f"What is said about {_POSSESSIVE.sub('', about)}?")


def _opened(question: str, speakers: Sequence[SpeakerEntry]) -> tuple[list[str], str]:
    """Return the name keys of those whom a question names, in order, and what it asks with a sign for each name."""
    asked = asking(question)
    found = asked_for(asked, speakers)
    # Whom a name may mean of several can't be set against others.
    if len(fold(asked)) != len(asked) or not all(meant.is_clear for meant in found):
        return [], asked
    keys = list(dict.fromkeys(meant.who for meant in found))
    for meant in reversed(found):
        asked = asked[: meant.start] + _ONE + asked[meant.end :]
    return keys, _TITLED.sub("", asked)


def _topic(open_question: str) -> str:
    found = _TOPIC.search(open_question) or _EXPLAINS.search(open_question)
    topic = _ENDS.sub("", found["topic"]).strip(" ,.?!") if found else ""
    return topic if _ONE not in topic and term_set(topic) else ""


def things_compared(question: str) -> str:
    """Return what a question compares ("How is care different from cure?": "care and cure"); empty where it doesn't."""
    asked = question.strip(" ?.!")
    if not _THINGS.fullmatch(asked):
        return ""
    return " and ".join(part.strip() for part in _COMPARING.sub("\n", asked).split("\n") if part.strip())
