"""What a question that compares speakers asks of each of them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.answering.voices import TITLES
from rag.library import SpeakerEntry
from rag.retrieval.core import asking
from rag.retrieval.people import mentions
from rag.retrieval.terms import term_set
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
_ENDS = re.compile(rf"(?:\s+(?:compare|differ|(?:dis)?agree)\b.*|,\s*{_ONE}.*)$", re.IGNORECASE | re.DOTALL)
"""What follows the topic: "… on trust differ from B's?", "…, A or B?"."""
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
    asked = asking(question)
    found = _whole(mentions(asked, speakers))
    keys = list(dict.fromkeys(key for _, _, key in found))
    if len(keys) < SEVERAL or len(fold(asked)) != len(asked):
        return ()
    open_question = asked
    for start, end, _ in reversed(found):
        open_question = open_question[:start] + _ONE + open_question[end:]
    open_question = _TITLED.sub("", open_question)
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


def _whole(found: Iterable[tuple[str, int, int]]) -> list[tuple[int, int, str]]:
    """Return start, end and key of names in order, without those that are part of a longer one."""
    spans = sorted(((start, end, key) for key, start, end in found), key=lambda span: (span[0], -span[1]))
    kept: list[tuple[int, int, str]] = []
    for span in spans:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _topic(open_question: str) -> str:
    found = _TOPIC.search(open_question)
    topic = _ENDS.sub("", found["topic"]).strip(" ,.?!") if found else ""
    return topic if _ONE not in topic and term_set(topic) else ""


def things_compared(question: str) -> str:
    """Return what a question compares ("How is care different from cure?": "care and cure"); empty where it doesn't."""
    asked = question.strip(" ?.!")
    if not _THINGS.fullmatch(asked):
        return ""
    return " and ".join(part.strip() for part in _COMPARING.sub("\n", asked).split("\n") if part.strip())
