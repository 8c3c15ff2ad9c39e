"""Vectors that need not be made anew: of the chunks of a replaced transcript that the model would read as before."""

import json
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.protocols import SearchEngine
from rag.sentence_vectors import unpack
from rag.storage import engine_errors, reading_of

_Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vectors:
    """What the model made of one chunk."""

    whole: _Matrix
    """Shape (dimension,), unit length."""
    parts: _Matrix
    """Of its question, if any, and its sentences: shape (parts, dimension). To the precision at which they are stored,
    so that storing them again changes nothing."""


def stored_vectors(engine: SearchEngine, transcript_id: str) -> dict[str, Vectors]:
    """Return the vectors of a stored transcript's chunks by what the model read (`rag.storage.reading_mark`).

    Empty where there is no such transcript, or where another process replaces it this moment.
    """
    with engine_errors():
        before = engine.document(transcript_id)
        if before is None:
            return {}
        # Vectors come from the state that searches see: bring it up to the records that are read now.
        engine.refresh()
        marks = {record.id: reading_of(json.loads(record.body)) for record in engine.document_records(transcript_id)}
        ids = [record_id for record_id, mark in marks.items() if mark]
        attachments = engine.attachments(ids)
        rows = engine.vectors(ids) if ids and attachments.keys() == set(ids) else np.zeros((0, 0), dtype=np.float32)
        after = engine.document(transcript_id)
    if after is None or after.fingerprint != before.fingerprint or len(rows) != len(ids):
        return {}
    found = {}
    for record_id, row in zip(ids, rows, strict=True):
        known = unpack(attachments[record_id])
        parts = known.vectors if known.question is None else np.vstack([known.question, known.vectors])
        found[marks[record_id]] = Vectors(whole=row, parts=parts)
    return found
