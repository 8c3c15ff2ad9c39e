"""Who asks the questions in a conversation."""

from rag.transcripts.sentences import sentences
from rag.transcripts.types import Transcript

ASKING = ("?", "?”", "?’", '?"')
"""How a question ends."""
MOST_INTERVIEWERS = 2
"""Where more people ask than this, it is no interview but a meeting, and nobody's words count less."""


def ends_asking(text: str) -> bool:
    """Say whether a turn ends in a question: one of its last two sentences is one."""
    return any(sentence.text.endswith(ASKING) for sentence in sentences(text)[-2:])


def interviewers(transcript: Transcript) -> frozenset[str]:
    """Return who interviews: over a third of their turns end in a question. Empty where it is no interview."""
    asked: dict[str, list[bool]] = {}
    for turn in transcript.turns:
        if turn.speaker and turn.text:
            asked.setdefault(turn.speaker, []).append(ends_asking(turn.text))
    names = frozenset(name for name, ends in asked.items() if sum(ends) * 3 > len(ends))
    return names if len(names) <= MOST_INTERVIEWERS and len(names) < len(asked) else frozenset()
