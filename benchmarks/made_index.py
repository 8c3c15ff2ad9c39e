"""Index a large set of transcripts without an embedding model: real chunks, real storage, made-up vectors.

Measurements of what never looks at a vector can so be made over millions of words in minutes.
"""

import json
import lzma
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from index.embedded import EmbeddedEngine
from rag.chunking import Chunker
from rag.sentence_vectors import parts_of
from rag.storage import StoredTranscript, as_document, as_records
from rag.transcripts.native import from_native
from rag.transcripts.types import Transcript

MODEL = "made-up"
DIMENSION = 384
"""As the packaged model's, so that rows and segments have their real size."""
CHARACTERS_A_PIECE = 4
"""Of English text, about; the model's own count would take most of the time."""
MAX_TOKENS, MAX_PIECES = 200, 254
REFRESH_EVERY = 300
"""Transcripts."""


def transcripts_in(path: Path, limit: int | None = None) -> Iterator[Transcript]:
    """Read native JSON Lines, compressed by xz or not."""
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(islice(lines, limit), start=1):
            yield from_native(json.loads(line), where=f"{path.name}, line {number}")


def open_made_index(folder: Path) -> EmbeddedEngine:
    """Open an index of made-up vectors, or begin one."""
    return EmbeddedEngine(folder, dimension=DIMENSION, model=MODEL)


def fill(engine: EmbeddedEngine, path: Path, limit: int | None) -> None:
    """Store the transcripts of a file."""
    chunker = Chunker(
        max_tokens=MAX_TOKENS, count_pieces=lambda text: len(text) // CHARACTERS_A_PIECE, max_pieces=MAX_PIECES
    )
    randomly = np.random.default_rng(0)
    for number, transcript in enumerate(transcripts_in(path, limit), start=1):
        chunks = chunker.chunk(transcript)
        vectors = randomly.normal(size=(len(chunks), DIMENSION)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        within = [np.zeros((len(parts_of(chunk)), 1), dtype=np.float32) for chunk in chunks]
        stored = StoredTranscript(as_read=transcript)
        engine.replace(as_document(stored, MODEL), as_records(transcript, chunks, vectors, within))
        if number % REFRESH_EVERY == 0:
            engine.refresh()
    engine.refresh()
