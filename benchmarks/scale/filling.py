"""Fill an index as `turnwise add` does: a transaction a transcript, and searchable after every 128 chunks or so."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from benchmarks.scale.material import Cut, KeptVectors
from index.embedded import EmbeddedEngine
from rag.ingestion.storing import EMBEDDED_AT_ONCE
from rag.sentence_vectors import parts_of
from rag.storage import StoredTranscript, as_document, as_records

MODEL = "made-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What filling took, embedding left out."""

    documents: int
    records: int
    words: int
    store_s: float
    """Making records and writing them to the database, durably."""
    derive_s: float
    """Making them searchable, all merges of segments included."""


def store(engine: EmbeddedEngine, cut: Cut, vectors: KeptVectors) -> int:
    """Store one transcript with its chunks; return how many there are."""
    transcript, chunks = cut
    rows = vectors.of(transcript.id, len(chunks))
    within = [
        vectors.turned(np.repeat(row[None, :], len(parts_of(c)), axis=0)) for c, row in zip(chunks, rows, strict=True)
    ]
    stored = StoredTranscript(as_read=transcript)
    engine.replace(as_document(stored, MODEL), as_records(transcript, chunks, rows, within))
    return len(chunks)


def fill(engine: EmbeddedEngine, cut: Iterable[Cut], vectors: KeptVectors) -> Filled:
    """Store transcripts, and make them searchable as `add` does."""
    documents = records = words = waiting = 0
    store_s = derive_s = 0.0
    for transcript, chunks in cut:
        began = time.perf_counter()
        waiting += store(engine, (transcript, chunks), vectors)
        store_s += time.perf_counter() - began
        documents, records = documents + 1, records + len(chunks)
        words += sum(len(turn.text.split()) for turn in transcript.turns)
        if waiting >= EMBEDDED_AT_ONCE:
            derive_s, waiting = derive_s + _refreshed(engine), 0
    derive_s += _refreshed(engine)
    return Filled(documents=documents, records=records, words=words, store_s=store_s, derive_s=derive_s)


def _refreshed(engine: EmbeddedEngine) -> float:
    began = time.perf_counter()
    engine.refresh()
    return time.perf_counter() - began
