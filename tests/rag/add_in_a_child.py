"""Run as a process of its own, to be killed: adds a folder and prints each transcript that was acknowledged.

The engine, the readers, the chunker and the tokenizer are the real ones. The vectors are made from hashes, so that the
kills fall on reading, storing and indexing rather than on the loading of a model; with a third argument they are the
real model's, and the whole is what `turnwise add` does.
"""

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.embedded import EmbeddedEngine
from rag.embedding import SentenceTransformerEmbedder, unit_rows
from rag.ingestion import IngestEvent, Ingestion
from rag.settings import Settings

EXACT_BACKEND = "openvino"
"""Computes in float32: its vectors don't depend on which texts share a batch, to 1e-6. In bfloat16 they differ by up to
4e-4 (cosine .999997) where a kill fell inside a batch, so that states could not be compared strictly."""
BEGUN = "begun"
"""Printed once all is imported and opened."""


class HashEmbedder(SentenceTransformerEmbedder):
    """Gives each text a direction of its own; tokenizer and limits are the real model's."""

    def embed(self, texts: Sequence[str], *, input_type: str) -> npt.NDArray[np.float32]:
        del input_type
        return unit_rows(np.array([_direction(text) for text in texts], dtype=np.float32).reshape(len(texts), -1))

    def embed_with_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[npt.NDArray[np.float32], list[npt.NDArray[np.float32]]]:
        within = [
            unit_rows(np.array([_direction(text[a:b]) for a, b in places], dtype=np.float32).reshape(len(places), 384))
            for text, places in zip(texts, parts, strict=True)
        ]
        return self.embed(texts, input_type="document"), within


def _direction(text: str) -> npt.NDArray[np.float64]:
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).normal(size=384)


def open_engine(home: Path, *, read_only: bool = False) -> EmbeddedEngine:
    """Open the data folder as `turnwise add` does."""
    return EmbeddedEngine(home, dimension=384, model="hashes", read_only=read_only)


def ingestion_of(engine: EmbeddedEngine) -> Ingestion:
    """Return what adds to an engine, with vectors made from hashes."""
    return Ingestion(engine=engine, embedder=HashEmbedder(), max_tokens=Settings().chunk_tokens)


def _tell(event: IngestEvent) -> None:
    if event.result is not None:
        print(event.result.transcript_id, flush=True)


def add(home: Path, folder: Path) -> list[str]:
    """Add a folder, say what was acknowledged, and return the outcomes."""
    engine = open_engine(home)
    print(BEGUN, flush=True)
    results = ingestion_of(engine).add([str(folder)], on_event=_tell)
    engine.close()
    return [result.outcome.value for result in results]


def add_with_model(home: Path, folder: Path) -> list[str]:
    """Do the same with the real model."""
    from rag.assembly import open_turnwise  # noqa: PLC0415 - slow to import

    with open_turnwise(Settings(home=home, embedding_backend=EXACT_BACKEND)) as turnwise:
        print(BEGUN, flush=True)
        results = turnwise.ingestion.add([str(folder)], on_event=_tell)
    return [result.outcome.value for result in results]


if __name__ == "__main__":
    (add_with_model if sys.argv[3:] else add)(Path(sys.argv[1]), Path(sys.argv[2]))
