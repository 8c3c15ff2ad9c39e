"""Who holds an office: questions that ask it ("Who chairs the board?"), and sentences that may tell it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.library import SpeakerEntry
from rag.retrieval.offices import SHORT_FORMS, holders
from rag.retrieval.terms import term_set
from rag.transcripts.names import fold
from rag.transcripts.role_words import PERSON_NOUNS

_NOW = r"(?:(?:now|currently|actually|these days) )?"
_AT = r"(?:of|at|for|in|from)"
_OFFICE = rf"(?P<office>(?:[\w-]+ ){{0,4}}?[\w-]+)(?: {_AT} (?P<place>.+?))?"
_LEADING = r"(?:leads|led|heads|headed|runs|ran|manages|managed|directs|directed|in charge of|responsible for)"
_ASKED = tuple(
    re.compile(rf"(?:(?:so|and|but) )?{pattern}(?: (?:now|currently|these days|at the time|then))?[?.! ]*")
    for pattern in (
        rf"who(?:['’]s| is| was)? {_NOW}{_LEADING} (?P<place>.+?)",
        rf"who {_NOW}(?P<chairs>chairs|chaired) (?P<place>.+?)",
        rf"who(?:['’]s| is| was| are| were) {_NOW}(?:(?:the|our) )?{_OFFICE}",
        rf"what(?:['’]s| is| was) the name of the {_OFFICE}",
    )
)
"""Over the folded question."""
_CHAIR = "chair chairs chaired chairing chairman chairwoman chairperson"
_EXECUTIVE = "executive exec ceo"
_LEADS = (
    f"{_CHAIR} {_EXECUTIVE} lead leads led leader head heads headed run runs ran manage manages manager charge direct "
    "directs director boss principal president responsible"
)
_LEADERS = ("chief executive", "managing director", "director", "chair", "head", "lead", "leader", "manager")
_LEADS_ALL = re.compile(rf"(?:{'|'.join(_LEADERS)})(?:$|,| (?:of|at|for)\b)")
SAME_OFFICE = {
    **dict.fromkeys(("chair", "chairman", "chairwoman", "chairperson"), _CHAIR),
    **dict.fromkeys(("executive", "exec", "ceo"), _EXECUTIVE),
    **dict.fromkeys(("head", "lead", "leader", "boss"), _LEADS),
    "manager": "manager manage manages managed run runs ran",
    "director": "director directs directed",
    "practitioner": "practitioner gp doctor",
}
"""Words of which any tells of the office that ends with one; any other has its own alone."""
_NAME = re.compile(r"\b[A-Z][\w'’-]*")
_WORDS = re.compile(r"[^\W_]+")
MOST = 0.5
"""Share of the terms of the place, and of the words before the last of an office without one, to be exceeded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An office of which it is asked who holds it."""

    called: frozenset[str]
    """Words, folded, of which any tells of it."""
    place: frozenset[str]
    """Terms of where it is held, of the names there if any; else of what stands before its last word."""
    is_named: bool
    """Whether the question names it, rather than ask who leads: the conversation's own place may be its place then."""
    holder: SpeakerEntry | None
    """The speaker who is known to hold it; None where nobody is, or several are."""


def office_asked(question: str, speakers: Sequence[SpeakerEntry]) -> Office | None:
    """Return the office of which a question asks who holds it; None where it asks something else."""
    question = question.strip()
    folded = fold(question)
    asked = next(filter(None, (pattern.fullmatch(folded) for pattern in _ASKED)), None)
    if asked is None:
        return None
    found = asked.groupdict()
    office = found.get("office") or ("chair" if found.get("chairs") else "")
    *before, last = SHORT_FORMS.get(office, office).split() or [""]
    place = found["place"] or ""
    as_written = question[slice(*asked.span("place"))] if len(question) == len(folded) else place
    if office and last not in PERSON_NOUNS | SAME_OFFICE.keys():
        return None
    if not office and not re.match(r"(?:the )?[A-Z]", as_written):
        return None  # "Who leads the work there?"
    called = SAME_OFFICE.get(last, last) if office else _LEADS
    at = " ".join(_NAME.findall(as_written)) or place
    offices = (f"the {each} of {at}" if at else f"the {each}" for each in ([office] if office else _LEADERS))
    who = frozenset[str]().union(*(holders(each, speakers) for each in offices))
    known = [entry for entry in speakers if entry.name in who and (office or _leads(entry))]
    return Office(
        # "One of the medical directors" is told of too; but "leaders" lead nothing by name.
        called=frozenset((*called.split(), *(f"{word}s" for word in called.split() if office))),
        place=term_set(at) or term_set(" ".join(before)),
        is_named=bool(office),
        holder=known[0] if len(known) == 1 else None,
    )


def _leads(entry: SpeakerEntry) -> bool:
    """Say whether somebody leads the whole of an organisation: no "ward manager"."""
    return any(_LEADS_ALL.match(fold(held.role or "")) for held in entry.roles)


def may_tell(office: Office, text: str, before: Sequence[str], told: str) -> bool:
    """Say whether a sentence may tell who holds an office: it has its name, and that of where it is held.

    Args:
        office: Of which it is asked.
        text: The sentence.
        before: Those just before it; a question there may name the office.
        told: What tells where the conversation, or its speaker, is at home.
    """
    asked = before[-1] if before and before[-1].rstrip().endswith("?") else ""
    said = f"{asked} {text}"
    is_called = not office.called.isdisjoint(_WORDS.findall(fold(said)))
    is_there = _most(office.place, term_set(said)) or (office.is_named and _most(office.place, term_set(told)))
    return is_called and is_there


def _most(asked: frozenset[str], held: frozenset[str]) -> bool:
    return not asked or len(asked & held) > MOST * len(asked)
