"""What a quote check may look at: the filters, in the form that the index, a transcript and a turn understand."""

import datetime as dt
import json
from dataclasses import dataclass

from index.types import DocumentSummary, Filter
from rag.library import Library
from rag.retrieval.query import as_engine_filter
from rag.retrieval.types import Filters
from rag.storage import COLLECTION, SPEAKER, TRANSCRIPT
from rag.transcripts.names import name_key
from rag.transcripts.types import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Filters, ready to be applied."""

    where: Filter
    """For the index: it finds chunks in which a speaker speaks, beside others perhaps."""
    speakers: frozenset[str] | None
    """Keys of the names whose turns count; None where everybody's do."""

    def holds_turn(self, turn: Turn) -> bool:
        """Say whether a turn of a transcript in scope is by one of the speakers."""
        return self.holds_speaker(turn.speaker)

    def holds_speaker(self, name: str | None) -> bool:
        """Say whether what somebody says in a transcript in scope is by one of the speakers."""
        return self.speakers is None or (name is not None and name_key(name) in self.speakers)

    def holds_document(self, document: DocumentSummary) -> bool:
        """Say whether a transcript passes the filters, those on speakers aside."""
        chosen = self.where.any_of
        if document.id not in chosen.get(TRANSCRIPT, (document.id,)):
            return False
        first, last = self.where.date_from, self.where.date_to
        if COLLECTION not in chosen and first is None and last is None:
            return True
        summary = json.loads(document.summary)
        if COLLECTION in chosen and summary["collection"] not in chosen[COLLECTION]:
            return False
        if first is None and last is None:
            return True
        # As in the index, what has no date passes no filter on dates.
        date = summary["date"] and dt.date.fromisoformat(summary["date"])
        return bool(date) and (first or dt.date.min) <= date <= (last or dt.date.max)


def scope_of(filters: Filters, library: Library) -> Scope:
    """Return the scope of filters.

    Raises:
        UnknownSpeakerError: No transcript knows a speaker of that name.
    """
    where = as_engine_filter(filters, library)
    speakers = where.any_of.get(SPEAKER)
    if speakers is not None:
        speakers |= {
            name_key(entry.name)
            for entry in library.speakers()
            if any(name_key(alias) in speakers for alias in entry.aliases)
        }
    return Scope(where=where, speakers=speakers)
