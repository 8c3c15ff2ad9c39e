"""Follow-up questions, read with what was asked before and put so that they stand alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.library import SpeakerEntry
from rag.retrieval.followups.completion import stands_alone
from rag.retrieval.followups.courtesies import is_courtesy, without_courtesies
from rag.retrieval.followups.memory import Memory
from rag.retrieval.followups.persons import those_named
from rag.retrieval.followups.reading import read
from rag.retrieval.followups.rewriting import rewritten
from rag.retrieval.followups.things import SALIENCE, Salience
from rag.retrieval.terms import term_set
from rag.retrieval.types import Exchange

LONGEST = 2000
"""Characters of a question; the public contract."""
MOST_EXCHANGES = 20
"""The public contract's bound of the history."""
LEANS_BACK = re.compile(
    r"^(?:(?:and|but|so|also|then)\b,? )+"
    r"(?P<question>(?:who|what|when|where|why|how|which|whose|is|are|was|were|do|does|did|can|could|has|have|had|will|"
    r"would|should)\b.+)",
    re.IGNORECASE,
)
"""How a question shows that it goes on: one that stands alone needs no "And" before it."""
LONGEST_BACKGROUND = 300
"""Characters; with more in front, an embedding model that reads 256 word pieces would not reach the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A question as it is understood after what was said before."""

    standalone: str
    """What a reader is shown, and what an answer is judged by."""
    background: str
    """The question before, where this one goes on with its subject: it helps to find, and asks for nothing."""


def follow_up(
    question: str,
    history: Sequence[Exchange],
    speakers: Sequence[SpeakerEntry] = (),
    *,
    weights: Salience = SALIENCE,
) -> FollowUp:
    """Return a question so that it can be understood, and searched for, without the exchanges before it.

    The question is read as a person would read it: pronouns become what they stand for, "And in Wales?" goes into the
    question before it, "the symptoms" become those "of anaemia", and "Why?" comes behind the question before it. One
    that stands alone stays as it is; if it shares no word with what was said before, the subject has changed, and
    there is no background.

    Args:
        question: White space folded, not empty.
        history: Oldest first; the last 20 are read.
        speakers: People whom the library knows, so that "she" is one of them.
        weights: How it is decided what the conversation is about.
    """
    earlier = [(without_courtesies(" ".join(e.question.split())), e.answer) for e in history[-MOST_EXCHANGES:]]
    earlier = [(asked[:LONGEST], answer) for asked, answer in earlier if asked and not is_courtesy(asked)]
    if not earlier:
        return FollowUp(standalone=question, background="")
    question = without_courtesies(question)
    said = [text for exchange in earlier for text in exchange if text]
    memory = Memory(speakers=those_named([question, *said], speakers), weights=weights)
    for asked, answer in earlier:
        memory.take(rewritten(asked, memory), answer)
    text = rewritten(question, memory).text
    standalone = _opening_plainly(text if len(text) <= LONGEST else question)
    if text == question and stands_alone(read(question)):
        talked_of = frozenset[str]().union(*(term_set(asked) for asked, _ in earlier))
        if not term_set(question) & talked_of:
            return FollowUp(standalone=standalone, background="")
    return FollowUp(standalone=standalone, background=_last_words(earlier[-1][0]))


def _opening_plainly(text: str) -> str:
    goes_on = LEANS_BACK.fullmatch(text)
    return goes_on["question"][0].upper() + goes_on["question"][1:] if goes_on else text


def _last_words(text: str) -> str:
    return text if len(text) <= LONGEST_BACKGROUND else text[-LONGEST_BACKGROUND:].partition(" ")[2]
