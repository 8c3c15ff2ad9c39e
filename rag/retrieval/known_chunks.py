"""Chunks as a closer look needs them, read once: the last ones looked at are remembered while the index is the same."""

import json
import sys
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from index.protocols import SearchEngine
from rag.retrieval.terms import ANALYZER
from rag.storage import engine_errors
from rag.transcripts.names import name_key

REMEMBERED_BYTES = 64 * 1024**2
"""Of what is remembered: some 12,000 chunks of 175 tokens, two million words."""
_OVERHEAD_BYTES = 800
"""Of a chunk's objects beside its texts and arrays; `sys.getsizeof` of each, added up."""
_VOICES = 4096

Place = tuple[int, int]
"""A turn's number, and an offset in its text."""
Terms = npt.NDArray[np.int64]
"""Python's hashes of different terms: a tenth of the memory of a set, and of two terms in 10**17 one pair is equal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownChunk:
    """A stored chunk, and what of it doesn't depend on the question."""

    id: str
    stored: str
    """What a passage shows, as `rag.storage` writes it: ten of sixty candidates are shown, so it is kept unread."""
    sentences: bytes
    """The vectors of its sentences, packed; empty where there are none."""
    transcript_id: str
    begins: Place
    ends: Place
    terms: Terms
    """Of its text, its title and its speakers' names."""
    voices: frozenset[str]
    """Name keys of its speakers; none where nobody is known to speak."""
    interviewer: float
    """Share of its text that is the interviewer's."""
    questions: float
    """Share of its sentences that ask, in an interview."""

    @property
    def body(self) -> Mapping[str, Any]:
        """Read what a passage shows."""
        body: Mapping[str, Any] = json.loads(self.stored)
        return body

    @property
    def size(self) -> int:
        """Return about how many bytes it takes."""
        return sys.getsizeof(self.stored) + len(self.sentences) + self.terms.nbytes + _OVERHEAD_BYTES


class KnownChunks:
    """Reads chunks from the engine and remembers them. Safe to use from several threads.

    Args:
        engine: Where they are.
        most_bytes: How much is remembered at most.
    """

    def __init__(self, engine: SearchEngine, *, most_bytes: int = REMEMBERED_BYTES) -> None:
        self._engine = engine
        self._most_bytes = most_bytes
        self._lock = Lock()
        self._version = ""
        self._kept: OrderedDict[str, KnownChunk] = OrderedDict()
        self._bytes = 0

    def of(self, chunk_ids: Sequence[str]) -> dict[str, KnownChunk]:
        """Return the chunks that exist among those asked for, by id."""
        with engine_errors():
            version = self._engine.version
        with self._lock:
            if version != self._version:
                self._version = version
                self._drop_all()
            known = {chunk_id: self._kept[chunk_id] for chunk_id in chunk_ids if chunk_id in self._kept}
        missing = [chunk_id for chunk_id in chunk_ids if chunk_id not in known]
        read = self._read(missing) if missing else {}
        with self._lock:
            if version == self._version:
                self._keep(known, read)
        return known | read if read else known

    def forget(self) -> None:
        """Forget them all."""
        with self._lock:
            self._drop_all()

    def _drop_all(self) -> None:
        self._kept, self._bytes = OrderedDict(), 0

    def _keep(self, known: Mapping[str, KnownChunk], read: Mapping[str, KnownChunk]) -> None:
        """Put last what was used: it outlives what was not."""
        for chunk_id in known:
            if chunk_id in self._kept:
                self._kept.move_to_end(chunk_id)
        for chunk_id, chunk in read.items():
            if chunk_id not in self._kept:  # Another thread may have read it meanwhile.
                self._kept[chunk_id] = chunk
                self._bytes += chunk.size
        while self._bytes > self._most_bytes:
            self._bytes -= self._kept.popitem(last=False)[1].size

    def _read(self, chunk_ids: Sequence[str]) -> dict[str, KnownChunk]:
        with engine_errors():
            records = self._engine.records(chunk_ids)
            attachments = self._engine.attachments(list(records))
        return {
            chunk_id: _known(chunk_id, record.body, attachments.get(chunk_id, b""))
            for chunk_id, record in records.items()
        }


def hashed(terms: frozenset[str]) -> Terms:
    """Return terms as known chunks hold them, valid in this process."""
    return np.fromiter(map(hash, terms), np.int64, len(terms))


def _known(chunk_id: str, stored: str, sentences: bytes) -> KnownChunk:
    body: Mapping[str, Any] = json.loads(stored)
    turns: Sequence[Mapping[str, Any]] = body["turns"]
    interviewers = body.get("interviewers", ())
    texts = [turn["text"] for turn in turns]
    text = "\n\n".join(texts)
    speakers = [turn["speaker"] for turn in turns if turn["speaker"]]
    asking, stating = text.count("?"), text.count(".")
    spoken_by_them = sum(len(turn["text"]) for turn in turns if turn["speaker"] in interviewers)
    first, last = turns[0], turns[-1]
    return KnownChunk(
        id=chunk_id,
        stored=stored,
        sentences=sentences,
        transcript_id=sys.intern(body["transcript_id"]),
        begins=(first["turn"], first["start"]),
        ends=(last["turn"], last["end"]),
        terms=hashed(ANALYZER.term_set(" ".join([text, body["title"], *speakers]))),
        voices=_voices(frozenset(speakers)),
        interviewer=spoken_by_them / (sum(map(len, texts)) or 1),
        questions=asking / max(1, asking + stating) if interviewers else 0.0,
    )


@lru_cache(maxsize=_VOICES)
def _voices(speakers: frozenset[str]) -> frozenset[str]:
    """Return the name keys of speakers; chunks of the same ones share them."""
    return frozenset(map(name_key, speakers))
