"""Chunks as a closer look needs them, read once: the last ones looked at are remembered while the index is the same."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from index.protocols import SearchEngine
from rag.retrieval.terms import ANALYZER
from rag.storage import engine_errors
from rag.transcripts.names import name_key

REMEMBERED = 2048
"""Chunks, of some 15 KB each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownChunk:
    """A stored chunk, and what of it doesn't depend on the question."""

    id: str
    body: Mapping[str, Any]
    """What a passage shows, as `rag.storage` writes it."""
    sentences: bytes
    """The vectors of its sentences, packed; empty where there are none."""
    said: frozenset[str]
    """The terms of its text, its title and its speakers' names."""
    voices: frozenset[str]
    """Name keys of its speakers."""
    is_speech: bool
    """Somebody is known to speak."""
    interviewer: float
    """Share of its text that is the interviewer's."""
    questions: float
    """Share of its sentences that ask, in an interview."""


class KnownChunks:
    """Reads chunks from the engine and remembers them. Safe to use from several threads."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._version = ""
        self._kept: dict[str, KnownChunk] = {}

    def of(self, chunk_ids: Sequence[str]) -> dict[str, KnownChunk]:
        """Return the chunks that exist among those asked for, by id."""
        with engine_errors():
            version = self._engine.version
        with self._lock:
            if version != self._version:
                self._version, self._kept = version, {}
            known = {chunk_id: self._kept[chunk_id] for chunk_id in chunk_ids if chunk_id in self._kept}
        missing = [chunk_id for chunk_id in chunk_ids if chunk_id not in known]
        read = self._read(missing) if missing else {}
        with self._lock:
            if version == self._version:
                # Put last, what was used lately outlives what was not.
                for chunk_id in known:
                    self._kept.pop(chunk_id, None)
                self._kept |= known | read
                while len(self._kept) > REMEMBERED:
                    self._kept.pop(next(iter(self._kept)))
        return known | read

    def forget(self) -> None:
        """Forget them all."""
        with self._lock:
            self._kept = {}

    def _read(self, chunk_ids: Sequence[str]) -> dict[str, KnownChunk]:
        with engine_errors():
            records = self._engine.records(chunk_ids)
            attachments = self._engine.attachments(list(records))
        return {
            chunk_id: _known(chunk_id, record.body, attachments.get(chunk_id, b""))
            for chunk_id, record in records.items()
        }


def _known(chunk_id: str, stored: str, sentences: bytes) -> KnownChunk:
    body: Mapping[str, Any] = json.loads(stored)
    turns: Sequence[Mapping[str, Any]] = body["turns"]
    interviewers = body.get("interviewers", ())
    texts = [turn["text"] for turn in turns]
    text = "\n\n".join(texts)
    speakers = [turn["speaker"] for turn in turns if turn["speaker"]]
    asking, stating = text.count("?"), text.count(".")
    spoken_by_them = sum(len(turn["text"]) for turn in turns if turn["speaker"] in interviewers)
    return KnownChunk(
        id=chunk_id,
        body=body,
        sentences=sentences,
        said=ANALYZER.term_set(" ".join([text, body["title"], *speakers])),
        voices=frozenset(map(name_key, speakers)),
        is_speech=bool(speakers),
        interviewer=spoken_by_them / (sum(map(len, texts)) or 1),
        questions=asking / max(1, asking + stating) if interviewers else 0.0,
    )
