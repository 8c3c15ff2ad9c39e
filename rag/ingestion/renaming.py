"""Whether a file that gives other ids than before gives the same conversation: its title or date was put right."""

from collections.abc import Callable, Iterable, Mapping

from rag.storage import StoredTranscript
from rag.transcripts.sentences import sentences
from rag.transcripts.types import Transcript

SAME = 0.5
"""Share of the words of either, in sentences that both have, from which two transcripts are of one conversation."""
MOST_FORMER = 64
"""Transcripts that a file no longer gives, up to which it is looked at whether they were renamed."""


def formerly(
    transcript: Transcript, former: Iterable[str], stored: Callable[[str], StoredTranscript | None]
) -> tuple[str, StoredTranscript] | None:
    """Return what a new transcript was stored as before, with its id; None where it is another conversation.

    Args:
        transcript: As it was read now.
        former: Ids that its file gave before and no longer does.
        stored: Gives what is stored under an id.
    """
    for transcript_id in list(former)[:MOST_FORMER]:
        before = stored(transcript_id)
        if before is not None and is_same_conversation(before.as_read, transcript):
            return transcript_id, before
    return None


def is_same_conversation(one: Transcript, other: Transcript) -> bool:
    """Say whether two transcripts have most of their sentences in common."""
    ours, theirs = _lengths(one), _lengths(other)
    shared = sum(length for sentence, length in ours.items() if sentence in theirs)
    return shared > 0 and shared >= SAME * max(sum(ours.values()), sum(theirs.values()))


def _lengths(transcript: Transcript) -> Mapping[str, int]:
    """Return the words of each sentence, once."""
    return {s.text: len(s.text.split()) for turn in transcript.turns for s in sentences(turn.text)}
