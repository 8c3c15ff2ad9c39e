"""The native JSON form of a transcript: what `turnwise export` writes and `turnwise add` reads back unchanged.

Seconds on the wire, milliseconds inside. Turns map one to one, empty ones included; absent keys are null; keys that
the form doesn't know are ignored.
"""

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from rag.errors import ReadError
from rag.transcripts.dates import parse_date
from rag.transcripts.folding import fold_paragraphs, fold_space
from rag.transcripts.identity import transcript_id
from rag.transcripts.types import DEFAULT_COLLECTION, Attribution, Speaker, Transcript, Turn

MS_PER_S = 1000
LONGEST_RECORDING_S = 10_000_000
"""About 116 days: a time beyond is an error of units, not a recording."""
MAX_ID_LENGTH = 200
_ATTRIBUTIONS = {kind.value: kind for kind in Attribution}


def to_native(transcript: Transcript) -> dict[str, Any]:
    """Return a transcript as JSON-ready data; `from_native` gives back the same transcript, its source aside."""
    return {
        "id": transcript.id,
        "title": transcript.title,
        "date": transcript.date.isoformat() if transcript.date else None,
        "collection": transcript.collection,
        "url": transcript.url,
        "speakers": [
            {
                "name": speaker.name,
                "role": speaker.role,
                "organisation": speaker.organisation,
                "aliases": list(speaker.aliases),
            }
            for speaker in transcript.speakers
        ],
        "turns": [
            {
                "speaker": turn.speaker,
                "text": turn.text,
                "start_time": _seconds(turn.start_ms),
                "end_time": _seconds(turn.end_ms),
                "attribution": turn.attribution.value,
                "attribution_reason": turn.attribution_reason,
            }
            for turn in transcript.turns
        ],
    }


def from_native(document: object, *, where: str = "the document", title: str = "Untitled") -> Transcript:
    """Return the transcript that native data describes.

    Args:
        document: What `json.loads` gave.
        where: How messages name the document: its source, and its line where it is one of several.
        title: The title, where the document has none.

    Raises:
        ReadError: The data isn't a transcript; the message names the turn or the key.
    """
    if not isinstance(document, Mapping):
        raise _error(where, f"a transcript is a JSON object, not {_kind(document)}")
    entries = document.get("turns")
    if not isinstance(entries, list):
        raise _error(
            where, '"turns" is missing or is not a list; the native form is {"title", "turns": [{"speaker", "text"}]}'
        )
    if not entries:
        raise _error(where, '"turns" is empty, so there is nothing to read')
    turns = tuple(_turn(entry, f"{where}, turn {number}") for number, entry in enumerate(entries))
    date = _date(document.get("date"), where)
    title = _line(document, "title", where) or title
    return Transcript(
        id=_id(document, where) or transcript_id(title, date),
        title=title,
        date=date,
        collection=_line(document, "collection", where) or DEFAULT_COLLECTION,
        url=_line(document, "url", where),
        speakers=_speakers(document.get("speakers"), turns, where),
        turns=turns,
    )


def from_stored(document: Mapping[str, Any], *, source: str | None) -> Transcript:
    """Return the transcript that `to_native` made data of: nothing is checked or folded again.

    Args:
        document: What `to_native` gave, read from JSON.
        source: Where the transcript was read from.
    """
    turns = tuple(
        Turn(
            text=entry["text"],
            speaker=entry["speaker"],
            attribution=_ATTRIBUTIONS[entry["attribution"]],
            attribution_reason=entry["attribution_reason"],
            start_ms=_stored_ms(entry["start_time"]),
            end_ms=_stored_ms(entry["end_time"]),
        )
        for entry in document["turns"]
    )
    return Transcript(
        id=document["id"],
        title=document["title"],
        date=dt.date.fromisoformat(document["date"]) if document["date"] else None,
        collection=document["collection"],
        url=document["url"],
        source=source,
        speakers=_speakers(document["speakers"], turns, document["id"]),
        turns=turns,
    )


def _stored_ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * MS_PER_S)


def _turn(entry: object, where: str) -> Turn:
    if not isinstance(entry, Mapping):
        raise _error(where, f'a turn is a JSON object with "speaker" and "text", not {_kind(entry)}')
    text = entry.get("text")
    if text is not None and not isinstance(text, str):
        raise _error(where, f'"text" must be a string, not {_kind(text)}')
    speaker = _line(entry, "speaker", where)
    start_ms, end_ms = _milliseconds(entry, "start_time", where), _milliseconds(entry, "end_time", where)
    stated = entry.get("attribution")
    try:
        attribution = Attribution(stated) if stated is not None else Attribution.LABELLED
    except (ValueError, TypeError):
        known = ", ".join(kind.value for kind in Attribution)
        raise _error(where, f'"attribution" must be one of {known}') from None
    return Turn(
        text=fold_paragraphs(text or ""),
        speaker=speaker,
        attribution=attribution if speaker else Attribution.UNKNOWN,
        attribution_reason=_line(entry, "attribution_reason", where),
        start_ms=start_ms,
        end_ms=end_ms,
    )


def _speakers(entries: object, turns: tuple[Turn, ...], where: str) -> tuple[Speaker, ...]:
    """Return the speakers listed, then those who speak without being listed, in order of appearance."""
    if entries is not None and not isinstance(entries, list):
        raise _error(where, f'"speakers" must be a list, not {_kind(entries)}')
    speakers: dict[str, Speaker] = {}
    for entry in entries or []:
        speaker = _speaker(entry, where)
        speakers.setdefault(speaker.name, speaker)
    for turn in turns:
        if turn.speaker and turn.speaker not in speakers:
            speakers[turn.speaker] = Speaker(name=turn.speaker)
    return tuple(speakers.values())


def _speaker(entry: object, where: str) -> Speaker:
    if isinstance(entry, str):
        entry = {"name": entry}
    if not isinstance(entry, Mapping):
        raise _error(where, f'a speaker is a JSON object with "name", not {_kind(entry)}')
    name = _line(entry, "name", where)
    aliases = entry.get("aliases")
    if name is None:
        raise _error(where, 'a speaker has no "name"')
    if aliases is not None and not (isinstance(aliases, list) and all(isinstance(alias, str) for alias in aliases)):
        raise _error(where, f'"aliases" of {name} must be a list of strings')
    return Speaker(
        name=name,
        role=_line(entry, "role", where),
        organisation=_line(entry, "organisation", where),
        aliases=tuple(folded for alias in aliases or [] if (folded := fold_space(alias))),
    )


def _id(document: Mapping[str, object], where: str) -> str | None:
    value = document.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**18 else ""
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > MAX_ID_LENGTH:
        raise _error(where, f'"id" must be a printable string of 1 to {MAX_ID_LENGTH} characters')
    return value.strip()


def _line(entry: Mapping[str, object], key: str, where: str) -> str | None:
    value = entry.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _error(where, f'"{key}" must be a string or null, not {_kind(value)}')
    return fold_space(value) or None


def _date(value: object, where: str) -> dt.date | None:
    if value is None or value == "":
        return None
    date = parse_date(value) if isinstance(value, str) else None
    if date is None:
        raise _error(where, f'"date" must be a date such as "2023-12-06" or null, not {str(value)[:40]!r}')
    return date


def _milliseconds(entry: Mapping[str, object], key: str, where: str) -> int | None:
    value = entry.get(key)
    if value is None:
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not isinstance(value, int | float) or not is_number or not math.isfinite(value):
        raise _error(where, f'"{key}" must be a number of seconds or null')
    if not 0 <= value <= LONGEST_RECORDING_S:
        raise _error(where, f'"{key}" must be between 0 and {LONGEST_RECORDING_S} seconds')
    return round(value * MS_PER_S)


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / MS_PER_S


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _error(where: str, reason: str) -> ReadError:
    return ReadError(f"{where}: {reason}.")
