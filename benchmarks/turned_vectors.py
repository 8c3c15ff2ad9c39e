"""Any number of made-up transcripts with vectors that lie as real ones do: those of a data folder, and copies."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from index.types import Document, Matrix, Record

A_DOCUMENT = 100
"""Chunks of a made-up transcript."""
NEAR = 0.8
"""Cosine of a copy and its origin; neighbouring chunks of real conversations have .5 to .9."""


def real_vectors(home: Path) -> Matrix:
    """Return all vectors that a data folder holds."""
    with closing(sqlite3.connect(home / "turnwise.db")) as database:
        rows = [np.frombuffer(row, dtype="<f4") for (row,) in database.execute("SELECT vector FROM records")]
    return np.array(rows, dtype=np.float32)


def turned(origins: Matrix, near: float, randomly: np.random.Generator) -> Matrix:
    """Return unit vectors at that cosine from each of some."""
    away = randomly.normal(size=origins.shape).astype(np.float32)
    away -= (away * origins).sum(axis=1, keepdims=True) * origins
    away /= np.linalg.norm(away, axis=1, keepdims=True)
    rows = near * origins + np.sqrt(1 - near**2, dtype=np.float32) * away
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def documents(origins: Matrix, chunks: int, seed: int) -> Iterator[tuple[Document, list[Record]]]:
    """Yield made-up transcripts: the real vectors first, then copies."""
    randomly = np.random.default_rng(seed)
    for number in range(chunks // A_DOCUMENT):
        name = f"{seed}-{number}"
        places = np.arange(number * A_DOCUMENT, (number + 1) * A_DOCUMENT)
        rows = origins[places % len(origins)]
        if places[-1] >= len(origins) or seed:
            rows = turned(rows, NEAR, randomly)
        records = [
            Record(
                id=f"{name}-{n}",
                body="{}",
                text=f"words of {name}",
                vector=row,
                fields={
                    "speaker": (f"speaker {n % 50}", "everybody" if n % 2 else "somebody"),
                    "transcript": (name,),
                    "collection": ("small" if number % 10 == 0 else "large",),
                },
            )
            for n, row in enumerate(rows)
        ]
        yield Document(id=name, fingerprint=name, summary="{}", body=""), records
