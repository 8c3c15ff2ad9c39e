"""A place in a transcript as a citation."""

from rag.answering.types import Citation
from rag.transcripts.types import Transcript


def cite(transcript: Transcript, turn: int, start: int, end: int, *, n: int) -> Citation:
    """Return the citation of `transcript.turns[turn].text[start:end]`, with all that a reader needs to check it."""
    spoken = transcript.turns[turn]
    speaker = transcript.speaker(spoken.speaker)
    return Citation(
        n=n,
        quote=spoken.text[start:end],
        transcript_id=transcript.id,
        turn=turn,
        start=start,
        end=end,
        speaker=spoken.speaker,
        role=speaker.role if speaker else None,
        organisation=speaker.organisation if speaker else None,
        attribution=spoken.attribution,
        attribution_reason=spoken.attribution_reason,
        title=transcript.title,
        date=transcript.date,
        url=transcript.url,
        start_ms=spoken.start_ms,
        end_ms=spoken.end_ms,
    )
