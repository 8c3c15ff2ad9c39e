"""The proof: a citation that doesn't match its transcript to the character is never shown."""

from collections.abc import Iterable
from dataclasses import replace

from rag.answering.types import Citation
from rag.errors import NotFoundError
from rag.library import Library
from rag.transcripts.types import Transcript


def verified(citations: Iterable[Citation], library: Library) -> tuple[Citation, ...]:
    """Return the citations that hold against the stored transcripts, numbered anew from 1.

    One holds when `turns[turn].text[start:end] == quote`, within one paragraph, and the speaker is the turn's. It can
    fail only where a transcript was replaced between search and answer.
    """
    transcripts: dict[str, Transcript | None] = {}
    kept: list[Citation] = []
    for citation in citations:
        if citation.transcript_id not in transcripts:
            transcripts[citation.transcript_id] = _load(citation.transcript_id, library)
        transcript = transcripts[citation.transcript_id]
        if transcript is not None and holds(citation, transcript):
            kept.append(replace(citation, n=len(kept) + 1))
    return tuple(kept)


def holds(citation: Citation, transcript: Transcript) -> bool:
    """Say whether a citation is verbatim and rightly attributed."""
    if not 0 <= citation.turn < len(transcript.turns):
        return False
    turn = transcript.turns[citation.turn]
    return (
        0 <= citation.start < citation.end <= len(turn.text)
        and turn.text[citation.start : citation.end] == citation.quote
        and "\n\n" not in citation.quote
        and turn.speaker == citation.speaker
        and turn.attribution is citation.attribution
    )


def _load(transcript_id: str, library: Library) -> Transcript | None:
    try:
        return library.transcript(transcript_id)
    except NotFoundError:
        return None
