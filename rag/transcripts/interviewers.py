"""Who asks the questions in a conversation."""

from statistics import fmean

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
    """Return who interviews: over a third of their turns end in a question, and their turns are short.

    Short is shorter than the conversation's mean: a guest who coaches may ask a lot, but explains at length. Empty
    where it is no interview.
    """
    asked: dict[str, list[bool]] = {}
    lengths: dict[str, list[int]] = {}
    for turn in transcript.turns:
        if turn.speaker and turn.text:
            asked.setdefault(turn.speaker, []).append(ends_asking(turn.text))
            lengths.setdefault(turn.speaker, []).append(len(turn.text))
    usual = fmean([length for theirs in lengths.values() for length in theirs]) if lengths else 0.0
    names = frozenset(
        name for name, ends in asked.items() if sum(ends) * 3 > len(ends) and fmean(lengths[name]) < usual
    )
    return names if len(names) <= MOST_INTERVIEWERS and len(names) < len(asked) else frozenset()
