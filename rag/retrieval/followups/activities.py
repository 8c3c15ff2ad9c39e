"""What somebody did, as the question before tells it: "it" may be that rather than who did it."""

import re
from dataclasses import dataclass

from rag.retrieval.followups.reading import Phrase, Reading, Role
from rag.retrieval.followups.tagging import Tag
from rag.retrieval.followups.things import key_of
from rag.retrieval.followups.words import DO

ENDS = " ?.!…"
LONGEST = 160
"""Characters; what is longer is left out."""
DOUBLED = re.compile(r"[^aeiou]*[aeiou][bdgmnprt]|.*[^aeiou][aeiou]l")
"""A verb whose last letter is doubled before an ending: "get", "plan", "label"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What the subject of a question did."""

    of: str
    """The subject, as things are told apart."""
    name: str
    """It in words: "Carrowick making it safer to speak up", or "what the ward did try"."""
    has_object: bool
    """Something is named to which it was done."""


def activity_in(reading: Reading) -> Activity | None:
    """Return what is asked about in "How did they do it?", "Why …?" and "What did they do?"; None elsewhere."""
    words = reading.words
    subject = next((phrase for phrase in reading.phrases if phrase.role is Role.SUBJECT), None)
    if subject is None or len(words) < 2 or words[1].low not in DO or words[0].low not in ("how", "why", "what"):  # noqa: PLR2004
        return None
    n = subject.last + 1
    text = reading.text.rstrip(ENDS)
    if not _begins(reading, subject) or n >= len(words) or words[n].tag is not Tag.VERB or len(text) > LONGEST:
        return None
    rest = text[words[n].end :]
    if any(mark in rest for mark in ".?!"):
        return None
    if words[0].low == "what":
        name = f"what {subject.named} {words[1].low} {words[n].text}{rest}"
    else:
        name = f"{subject.named} {gerund(words[n].low)}{rest}"
    objects = any(phrase.role is Role.OBJECT for phrase in reading.phrases)
    objects = objects or any(word.tag is Tag.PRONOUN for word in words[n + 1 : n + 2])
    return Activity(of=key_of(subject.named), name=name, has_object=objects)


def gerund(verb: str) -> str:
    """Return a verb's form in -ing, by the rules of spelling."""
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        return f"{verb[:-1]}ing"
    return f"{verb}{verb[-1]}ing" if DOUBLED.fullmatch(verb) else f"{verb}ing"


def _begins(reading: Reading, subject: Phrase) -> bool:
    """Say whether nothing but an article stands between the auxiliary and the subject."""
    return all(word.tag is Tag.DETERMINER for word in reading.words[2 : subject.first])
