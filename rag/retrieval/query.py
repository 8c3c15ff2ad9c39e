"""What is searched for: a question that stands alone, and the filters that it goes with."""

import datetime as dt
from collections.abc import Sequence

from index.types import Filter
from rag.errors import InputError, UnknownSpeakerError
from rag.library import Library, SpeakerEntry, TranscriptSummary
from rag.retrieval.followups import FollowUp, follow_up
from rag.retrieval.types import Exchange, Filters
from rag.storage import COLLECTION, SPEAKER, TRANSCRIPT
from rag.transcripts.names import name_key

LONGEST_QUESTION = 2000
"""Characters, after trimming; the public contract."""
MOST_NAMES_LISTED = 50


def clean_question(question: str) -> str:
    """Return a question with white space folded.

    Raises:
        InputError: It is empty or too long, or holds what is no text.
    """
    if any("\ud800" <= character <= "\udfff" for character in question):
        raise InputError("The question holds a byte or half a character that is no text. Send it as UTF-8.")
    cleaned = " ".join(question.split())
    if not cleaned:
        raise InputError("The question is empty. Ask something, in 1 to 2,000 characters.")
    if len(cleaned) > LONGEST_QUESTION:
        raise InputError(f"The question has {len(cleaned)} characters; at most {LONGEST_QUESTION:,} are read.")
    return cleaned


def standalone_query(question: str, history: Sequence[Exchange], speakers: Sequence[SpeakerEntry] = ()) -> FollowUp:
    """Return a question as it is understood after what was said before.

    Raises:
        InputError: It is empty or too long.
    """
    return follow_up(clean_question(question), history, speakers)


def as_engine_filter(filters: Filters, library: Library) -> Filter:
    """Return the search engine's form of the filters.

    Raises:
        UnknownSpeakerError: No transcript knows a speaker of that name; the message lists those that there are.
    """
    any_of: dict[str, frozenset[str]] = {}
    if filters.speakers:
        any_of[SPEAKER] = frozenset(_known_keys(filters.speakers, library))
    if filters.transcript_ids:
        any_of[TRANSCRIPT] = frozenset(filters.transcript_ids)
    if filters.collections:
        any_of[COLLECTION] = frozenset(filters.collections)
    return Filter(any_of=any_of, date_from=filters.date_from, date_to=filters.date_to)


def let_through(filters: Filters, library: Library) -> frozenset[str]:
    """Return the name keys of the speakers who speak in what filters let through, and are let through themselves."""
    transcripts = (transcript for transcript in library.transcripts() if _lets(filters, transcript))
    voices = {name_key(name) for transcript in transcripts for name in transcript.turn_counts}
    if filters.speakers:
        voices &= _known_keys(filters.speakers, library)
    speakers = library.speakers()
    return frozenset(key for entry in speakers if not voices.isdisjoint({key := name_key(entry.name), *entry.labels}))


def _lets(filters: Filters, transcript: TranscriptSummary) -> bool:
    first, last = filters.date_from, filters.date_to
    date = dt.date.fromisoformat(transcript.date) if transcript.date else None
    # What has no date passes no filter on dates.
    in_time = (first is None and last is None) or (
        date is not None and (first or dt.date.min) <= date <= (last or dt.date.max)
    )
    in_transcripts = not filters.transcript_ids or transcript.id in filters.transcript_ids
    return in_time and in_transcripts and (not filters.collections or transcript.collection in filters.collections)


def _known_keys(names: Sequence[str], library: Library) -> set[str]:
    speakers = library.speakers()
    # An alias may be several people's: then all of them are let through.
    entries_by_spelling: dict[str, list[SpeakerEntry]] = {name_key(entry.name): [entry] for entry in speakers}
    called = frozenset(entries_by_spelling)
    for entry in speakers:
        for alias in {*map(name_key, entry.aliases)} - called:
            entries_by_spelling.setdefault(alias, []).append(entry)
    unknown = [name for name in names if name_key(name) not in entries_by_spelling]
    if unknown:
        listed = ", ".join(entry.name for entry in speakers[:MOST_NAMES_LISTED])
        more = f" and {len(speakers) - MOST_NAMES_LISTED} more" if len(speakers) > MOST_NAMES_LISTED else ""
        raise UnknownSpeakerError(
            f"No speaker is called {', '.join(map(repr, unknown))}. Known speakers: {listed or 'none yet'}{more}."
        )
    keys = {name_key(name) for name in names}
    meant = [entry for key in keys for entry in entries_by_spelling[key]]
    return keys.union(*({name_key(entry.name)} | entry.labels for entry in meant))
