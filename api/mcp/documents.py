"""What an assistant can fetch: a conversation, or some turns of one, as text with a name before each turn.

An id is a transcript's, or `{transcript}#turn-{first}` or `{transcript}#turn-{first}-{last}` (both inclusive): stable
while the transcript stays the same, whatever cuts it into passages.
"""

import re
from collections.abc import Callable
from urllib.parse import quote

from api.mcp.schemas import FetchOut, SearchHit
from rag.answering.composition import describe_role, spell_date
from rag.errors import NotFoundError
from rag.library import Library
from rag.retrieval.types import Passage
from rag.transcripts.types import Attribution, Transcript, Turn

_PLACE = re.compile(r"(?P<transcript>.+)#turn-(?P<first>\d{1,9})(?:-(?P<last>\d{1,9}))?", re.DOTALL)
UNNAMED = "A speaker whom the transcript does not name"

Absolute = Callable[[str], str]
"""Makes an address without host one that can be opened."""


def place_id(transcript_id: str, first: int, last: int) -> str:
    """Return the id of some turns, from the first to the last."""
    return f"{transcript_id}#turn-{first}" + (f"-{last}" if last > first else "")


def hit_of(passage: Passage, absolute: Absolute) -> SearchHit:
    """Return a passage as a search result, whose title says what it is, when it was said, and by whom."""
    first, last = passage.turns[0].turn, passage.turns[-1].turn
    names = dict.fromkeys(turn.speaker or UNNAMED for turn in passage.turns)
    when = f", {spell_date(passage.date)}" if passage.date else ""
    return SearchHit(
        id=place_id(passage.transcript_id, first, last),
        title=f"{passage.title}{when}: {', '.join(names)}",
        url=passage.url or absolute(passage.link),
    )


def fetched(library: Library, document_id: str, absolute: Absolute) -> FetchOut:
    """Return the conversation or the turns that an id names.

    Raises:
        NotFoundError: There is none.
    """
    transcript = library.find(document_id)
    if transcript is not None:
        return _document(transcript, document_id, 0, len(transcript.turns) - 1, absolute, fragment="")
    place = _PLACE.fullmatch(document_id)
    transcript = library.find(place["transcript"]) if place else None
    if place is None or transcript is None:
        raise NotFoundError(f"There is nothing of the id {document_id[:200]!r} here. `search` gives ids.")
    first = int(place["first"])
    last = int(place["last"] or first)
    if not first <= last < len(transcript.turns):
        raise NotFoundError(
            f"There are no turns {first} to {last} in {transcript.id!r}: it has {len(transcript.turns)}, from 0."
        )
    return _document(transcript, document_id, first, last, absolute, fragment=f"#turn-{first}")


def _document(
    transcript: Transcript, document_id: str, first: int, last: int, absolute: Absolute, *, fragment: str
) -> FetchOut:
    turns = transcript.turns[first : last + 1]
    link = absolute(f"/transcripts/{quote(transcript.id, safe='')}{fragment}")
    metadata = {
        "transcript_id": transcript.id,
        "collection": transcript.collection,
        "date": transcript.date.isoformat() if transcript.date else "",
        "turns": f"{first} to {last} of 0 to {len(transcript.turns) - 1}" if transcript.turns else "",
        "speakers": ", ".join(dict.fromkeys(turn.speaker for turn in turns if turn.speaker)),
        "reader": link,
    }
    return FetchOut(
        id=document_id,
        title=transcript.title,
        text="\n\n".join(_spoken(transcript, turn) for turn in turns),
        url=transcript.url or link,
        metadata={name: value for name, value in metadata.items() if value},
    )


def _spoken(transcript: Transcript, turn: Turn) -> str:
    """Return a turn's words with who says them before."""
    speaker = transcript.speaker(turn.speaker)
    office = describe_role(speaker.role, speaker.organisation) if speaker else ""
    sure = " (speaker inferred, not labelled)" if turn.attribution is Attribution.INFERRED else ""
    return f"{turn.speaker or UNNAMED}{f', {office}' if office else ''}{sure}: {turn.text}"
