"""Fill an index as `turnwise add` does: a transaction a transcript, and searchable after every 128 chunks or so."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from benchmarks.scale.material import Cut, KeptVectors
from index.embedded import EmbeddedEngine
from index.types import Document, Record
from rag.ingestion.storing import EMBEDDED_AT_ONCE
from rag.sentence_vectors import parts_of
from rag.storage import StoredTranscript, as_document, as_records

MODEL = "made-up"
RECORDS_A_DOCUMENT = 100
COMMON_WORDS = 20_000
WORDS_A_RECORD = 12
"""Of the records that stand in where only vectors count."""


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


def fill_with_vectors(engine: EmbeddedEngine, count: int, vectors: KeptVectors) -> Filled:
    """Store records that are little but a vector, in documents of a hundred."""
    randomly = np.random.default_rng(2)
    began = time.perf_counter()
    for number in range(0, count, RECORDS_A_DOCUMENT):
        name = f"d{number:08}"
        size = min(RECORDS_A_DOCUMENT, count - number)
        chosen = np.minimum(randomly.zipf(1.3, size=(size, WORDS_A_RECORD)), COMMON_WORDS)
        records = [
            Record(
                id=f"{name}-{place:03}",
                body="{}",
                text=" ".join(f"word{word}" for word in words),
                vector=row,
                fields={"transcript": (name,), "collection": (f"c{number // RECORDS_A_DOCUMENT % 1000}",)},
            )
            for place, (row, words) in enumerate(zip(vectors.anywhere(size), chosen.tolist(), strict=True))
        ]
        engine.replace(Document(id=name, fingerprint=name, summary=json.dumps({"id": name}), body="{}"), records)
    stored = time.perf_counter()
    return Filled(
        documents=-(-count // RECORDS_A_DOCUMENT),
        records=count,
        words=count * WORDS_A_RECORD,
        store_s=stored - began,
        derive_s=_refreshed(engine),
    )


def _refreshed(engine: EmbeddedEngine) -> float:
    began = time.perf_counter()
    engine.refresh()
    return time.perf_counter() - began
