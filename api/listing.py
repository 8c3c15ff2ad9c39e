"""Which transcripts a listing shows: the filters of a search, applied to whole transcripts."""

import datetime as dt
from collections.abc import Iterator

from rag.library import Library, TranscriptSummary
from rag.retrieval.query import as_engine_filter
from rag.retrieval.types import Filters
from rag.storage import COLLECTION, SPEAKER, TRANSCRIPT
from rag.transcripts.names import name_key


def filtered_transcripts(library: Library, filters: Filters) -> Iterator[TranscriptSummary]:
    """Iterate over the transcripts that pass the filters, in order of id.

    Raises:
        UnknownSpeakerError: No transcript knows a speaker of that name.
    """
    wanted = as_engine_filter(filters, library).any_of
    for summary in library.transcripts():
        has = {TRANSCRIPT: {summary.id}, COLLECTION: {summary.collection}, SPEAKER: _speaker_keys(summary)}
        if all(has[kind] & values for kind, values in wanted.items()) and _is_within(summary.date, filters):
            yield summary


def _speaker_keys(summary: TranscriptSummary) -> set[str]:
    """Return the keys of all names under which somebody speaks in a transcript."""
    aliases = [alias for s in summary.speakers if s.name in summary.turn_counts for alias in s.aliases]
    return {name_key(name) for name in (*summary.turn_counts, *aliases)}


def _is_within(date: str | None, filters: Filters) -> bool:
    """Say whether a date passes; without a date nothing passes a filter by date, as in a search."""
    if filters.date_from is None and filters.date_to is None:
        return True
    if date is None:
        return False
    day = dt.date.fromisoformat(date)
    return (filters.date_from is None or day >= filters.date_from) and (
        filters.date_to is None or day <= filters.date_to
    )
