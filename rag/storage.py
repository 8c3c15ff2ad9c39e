"""How transcripts and chunks are written as the search engine's documents and records, and read back."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import BackupError, InvalidRecordError, SearchEngineError
from index.types import Document, Record
from rag.chunking import Chunk
from rag.errors import IndexUnavailableError, InputError, ReadError
from rag.sentence_vectors import pack, parts_of
from rag.transcripts.interviewers import interviewers
from rag.transcripts.mentions import mentions
from rag.transcripts.names import name_key
from rag.transcripts.native import from_stored, to_native
from rag.transcripts.types import Attribution, Transcript, Turn

FORMAT = 3
"""Of what is stored; raised when stored transcripts must be read and embedded anew."""
STORED_AS = f"{FORMAT}.1"
"""The same; its last number is raised when they must be read and written anew, and nothing embedded."""

SPEAKER, TRANSCRIPT, COLLECTION = "speaker", "transcript", "collection"
"""Fields of a record that filters name."""
MENTION = "mention"
"""Field of a record: the runs of words in it that are written as names."""

_READ = "read"
"""Key of a record's body: the mark of what the model read."""

CONFIRMED = "The owner of this collection confirmed the speaker."


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """The owner's word on who speaks in a turn; it holds as long as the turn's text is the same."""

    turn: int
    speaker: str
    text_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTranscript:
    """A transcript as it was read, and what the owner confirmed about it."""

    as_read: Transcript
    confirmations: tuple[Confirmation, ...] = ()

    @property
    def transcript(self) -> Transcript:
        """Return the transcript with the owner's confirmations applied."""
        turns = list(self.as_read.turns)
        for item in self.confirmations:
            if item.turn < len(turns) and text_hash(turns[item.turn]) == item.text_hash:
                turns[item.turn] = replace(
                    turns[item.turn],
                    speaker=item.speaker,
                    attribution=Attribution.LABELLED,
                    attribution_reason=CONFIRMED,
                )
        return replace(self.as_read, turns=tuple(turns))


@contextmanager
def engine_errors() -> Iterator[None]:
    """Translate the search engine's errors into ours.

    Raises:
        IndexUnavailableError: The index is missing, locked or damaged.
        ReadError: What one document is made of can't be stored.
        InputError: What was to be restored is no sound backup.
    """
    try:
        yield
    except InvalidRecordError as error:
        raise ReadError(f"It can't be stored: {error}") from error
    except BackupError as error:
        raise InputError(str(error)) from error
    except SearchEngineError as error:
        raise IndexUnavailableError(str(error)) from error


def text_hash(turn: Turn) -> str:
    """Return a hash of a turn's text."""
    return hashlib.sha256(turn.text.encode()).hexdigest()[:16]


def reading_mark(chunk: Chunk) -> str:
    """Return a hash of what the model reads of a chunk and of the parts that vectors are made of."""
    content = json.dumps([FORMAT, chunk.embedded_text, parts_of(chunk)], ensure_ascii=False)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def reading_of(body: Mapping[str, Any]) -> str:
    """Return the `reading_mark` of the chunk that a record was made from; empty in records of before it was kept."""
    mark: str = body.get(_READ, "")
    return mark


def fingerprint(stored: StoredTranscript, pipeline: str) -> str:
    """Return a hash of a transcript as read, the owner's confirmations and all that shapes its records.

    Where the file lies is left out: moving it changes nothing that was said.
    """
    content = encode(replace(stored, as_read=replace(stored.as_read, source=None)))
    return hashlib.sha256(f"{STORED_AS}\0{pipeline}\0{content}".encode()).hexdigest()


def encode(stored: StoredTranscript) -> str:
    """Return a stored transcript as JSON."""
    return json.dumps(
        {
            "transcript": to_native(stored.as_read) | {"source": stored.as_read.source},
            "confirmations": [[c.turn, c.speaker, c.text_hash] for c in stored.confirmations],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def decode(body: str) -> StoredTranscript:
    """Read a stored transcript back."""
    data = json.loads(body)
    native = data["transcript"]
    return StoredTranscript(
        as_read=from_stored(native, source=native["source"]),
        confirmations=tuple(
            Confirmation(turn=turn, speaker=speaker, text_hash=text) for turn, speaker, text in data["confirmations"]
        ),
    )


def as_document(stored: StoredTranscript, pipeline: str) -> Document:
    """Return the engine's document for a transcript."""
    transcript = stored.transcript
    turn_counts: dict[str, int] = {}
    for turn in transcript.turns:
        if turn.speaker:
            turn_counts[turn.speaker] = turn_counts.get(turn.speaker, 0) + 1
    native = to_native(transcript)
    summary = {
        **{key: native[key] for key in ("id", "title", "date", "collection", "url", "speakers")},
        "turn_count": len(transcript.turns),
        "turn_counts": turn_counts,
        "interviewers": sorted(interviewers(transcript)),
    }
    return Document(
        id=transcript.id,
        fingerprint=fingerprint(stored, pipeline),
        summary=json.dumps(summary, ensure_ascii=False, separators=(",", ":")),
        body=encode(stored),
    )


def as_records(
    transcript: Transcript,
    chunks: Sequence[Chunk],
    vectors: npt.NDArray[np.float32],
    part_vectors: Sequence[npt.NDArray[np.float32]],
) -> list[Record]:
    """Return the engine's records for the chunks of a transcript.

    Args:
        transcript: What was cut.
        chunks: What it was cut into.
        vectors: One row a chunk.
        part_vectors: By chunk, one row for each of its parts.
    """
    asked_by = sorted(interviewers(transcript))
    return [
        Record(
            id=chunk.id,
            body=json.dumps(_passage_body(transcript, chunk, asked_by), ensure_ascii=False, separators=(",", ":")),
            text=chunk.embedded_text,
            vector=vector,
            fields={
                SPEAKER: tuple(sorted(_speaker_keys(transcript, chunk))),
                TRANSCRIPT: (transcript.id,),
                COLLECTION: (transcript.collection,),
                MENTION: tuple(sorted(_mentioned(chunk, transcript))),
            },
            date=transcript.date,
            attachment=pack(chunk, within),
        )
        for chunk, vector, within in zip(chunks, vectors, part_vectors, strict=True)
    ]


def _mentioned(chunk: Chunk, transcript: Transcript) -> set[str]:
    texts = (transcript.turns[span.turn].text[span.start : span.end] for span in chunk.spans)
    return {" ".join(mention.words) for text in texts for mention in mentions(text)}


def _speaker_keys(transcript: Transcript, chunk: Chunk) -> set[str]:
    keys = set()
    for span in chunk.spans:
        name = transcript.turns[span.turn].speaker
        if name:
            keys.add(name_key(name))
            speaker = transcript.speaker(name)
            keys.update(name_key(alias) for alias in (speaker.aliases if speaker else ()))
    return keys


def _passage_body(transcript: Transcript, chunk: Chunk, asked_by: Sequence[str]) -> dict[str, Any]:
    date: dt.date | None = transcript.date
    return {
        "transcript_id": transcript.id,
        "title": transcript.title,
        "date": date.isoformat() if date else None,
        "collection": transcript.collection,
        "url": transcript.url,
        "interviewers": asked_by,
        _READ: reading_mark(chunk),
        "turns": [_turn_body(transcript, span.turn, span.start, span.end) for span in chunk.spans],
    }


def _turn_body(transcript: Transcript, number: int, start: int, end: int) -> dict[str, Any]:
    turn = transcript.turns[number]
    speaker = transcript.speaker(turn.speaker)
    return {
        "turn": number,
        "start": start,
        "end": end,
        "text": turn.text[start:end],
        "speaker": turn.speaker,
        "role": speaker.role if speaker else None,
        "organisation": speaker.organisation if speaker else None,
        "attribution": turn.attribution.value,
        "attribution_reason": turn.attribution_reason,
        "start_ms": turn.start_ms,
        "end_ms": turn.end_ms,
    }
