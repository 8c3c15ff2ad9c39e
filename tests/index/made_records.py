"""Documents and records for tests of the search engine."""

import datetime as dt
import hashlib

import numpy as np

from index.types import Document, Record, Vector

DIMENSION = 8


def document(document_id: str, content: str = "") -> Document:
    fingerprint = hashlib.sha256(content.encode()).hexdigest()
    return Document(id=document_id, fingerprint=fingerprint, summary=f'{{"about": "{document_id}"}}', body=content)


def vector(seed: str) -> Vector:
    """Return a unit vector that only depends on `seed`."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big")
    values = np.random.default_rng(number).normal(size=DIMENSION)
    return (values / np.linalg.norm(values)).astype(np.float32)


def record(
    record_id: str,
    text: str,
    *,
    fields: dict[str, tuple[str, ...]] | None = None,
    date: dt.date | None = None,
    direction: str | None = None,
) -> Record:
    return Record(
        id=record_id,
        body=f'{{"of": "{record_id}"}}',
        text=text,
        vector=vector(direction or record_id),
        fields=fields or {},
        date=date,
    )
