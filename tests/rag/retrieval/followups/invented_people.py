"""Invented speakers, what one of them was quoted with, and how a follow-up is read after it."""

from rag.library import RoleHeld, SpeakerEntry
from rag.retrieval.followups import follow_up
from rag.retrieval.types import Exchange


def entries(*names: str) -> list[SpeakerEntry]:
    """Return speakers as the library knows them."""
    held = (RoleHeld(role=None, organisation=None, transcript_id="t"),)
    return [SpeakerEntry(name=name, aliases=(), roles=held, turn_count=3) for name in names]


SPEAKERS = entries(
    *("Maya Lindqvist", "Tobias Okafor", "Dr Ines Varga", "Priya Menon"),
    *("Hugh Marlowe", "Helen Osgood", "Sam Tillery"),
)
MAYA_ANSWERED = Exchange(
    question="How did the ward at Fernhollow cut its falls?",
    answer="Maya Lindqvist, ward manager at Fernhollow, in “Steady feet”: “We moved the chairs first.” [1]",
)


def read_as(question: str, *before: str | Exchange) -> str:
    """Return a question as it is understood after others."""
    history = [Exchange(question=each) if isinstance(each, str) else each for each in before]
    return follow_up(question, history, SPEAKERS).standalone
