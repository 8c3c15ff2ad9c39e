"""Real conversations of any number of words, with vectors part of which are real.

Embedding 20 million words takes an hour on two cores; what is measured here needs vectors that lie as real ones do, not
each its own. So every tenth chunk is embedded once and kept in a folder, and the nine after it carry its vector, turned
away from it. A conversation of which nothing is kept carries the vectors of another one in the same way.
"""

import json
import lzma
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.chunking import Chunk, Chunker
from rag.embedding import Embedder
from rag.settings import Settings
from rag.transcripts.native import from_native
from rag.transcripts.types import Transcript

BENCHMARKS = Path(__file__).resolve().parents[3] / "shared" / "benchmarks"
CHANGELOG = BENCHMARKS / "changelog" / "transcripts.jsonl.xz"
CHARACTERS_A_PIECE = 4
"""Of English text, about; the model's own count would take most of the time."""
EVERY = 10
"""Of how many chunks one is embedded."""
NEAR = 0.8
"""Cosine of a vector that is turned away and its origin; neighbouring chunks of these episodes have .5 to .9."""

Cut = tuple[Transcript, list[Chunk]]
Rows = npt.NDArray[np.float32]


def conversations(words: int) -> Iterator[Cut]:
    """Yield transcripts with their chunks, until they hold that many words: all there are again, under other ids."""
    chunker = Chunker(
        max_tokens=Settings().chunk_tokens, count_pieces=lambda text: len(text) // CHARACTERS_A_PIECE, max_pieces=254
    )
    read = 0
    for again in count():
        with lzma.open(CHANGELOG, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if read >= words:
                    return
                transcript = from_native(json.loads(line), where=f"{CHANGELOG.name}, line {number}")
                if again:
                    transcript = replace(transcript, id=f"{transcript.id}-{again}")
                read += sum(len(turn.text.split()) for turn in transcript.turns)
                yield transcript, chunker.chunk(transcript)


def questions(limit: int) -> list[str]:
    """Return questions that people asked of other conversations, well mixed."""
    files = (BENCHMARKS / "qmsum" / "committee-questions.jsonl", BENCHMARKS / "hhs_oig" / "questions.jsonl")
    asked = [json.loads(line)["question"] for file in files for line in file.read_text("utf-8").splitlines()]
    return [asked[n] for n in np.random.default_rng(1).permutation(len(asked))[:limit]]


def embed_some(cut: Iterable[Cut], embedder: Embedder, kept: Path) -> None:
    """Embed every tenth chunk of each transcript and keep the vectors, a file a transcript; what is kept stays."""
    kept.mkdir(parents=True, exist_ok=True)
    for transcript, chunks in cut:
        file = kept / f"{transcript.id}.npy"
        if not file.exists() and chunks:
            texts = [chunk.embedded_text for chunk in chunks[::EVERY]]
            np.save(file, embedder.embed(texts, input_type="document"))


class KeptVectors:
    """Gives vectors from those that `embed_some` kept."""

    def __init__(self, kept: Path) -> None:
        """Read all that is kept in a folder."""
        self._by_transcript: dict[str, Rows] = {file.stem: np.load(file) for file in sorted(kept.glob("*.npy"))}
        self._randomly = np.random.default_rng(0)
        self.pool: Rows = np.concatenate(list(self._by_transcript.values()))
        """All of them, shape (n, dimension)."""

    def of(self, transcript_id: str, count: int) -> Rows:
        """Return a row for each chunk of a transcript: its own vector, or one near that of a neighbour."""
        origins = self._by_transcript.get(transcript_id)
        if origins is not None and len(origins) == -(-count // EVERY):
            rows = self.turned(np.repeat(origins, EVERY, axis=0)[:count])
            rows[::EVERY] = origins
            return rows
        first = int(self._randomly.integers(len(self.pool)))
        origins = np.take(self.pool, np.arange(first, first + -(-count // EVERY)), axis=0, mode="wrap")
        return self.turned(np.repeat(origins, EVERY, axis=0)[:count])

    def anywhere(self, count: int) -> Rows:
        """Return rows near kept ones, chosen at random."""
        return self.turned(self.pool[self._randomly.integers(len(self.pool), size=count)])

    def turned(self, rows: Rows, near: float = NEAR) -> Rows:
        """Return unit vectors at a given cosine from those given, each in a random direction."""
        noise = self._randomly.standard_normal(rows.shape, dtype=np.float32)
        noise -= (noise * rows).sum(axis=1, keepdims=True) * rows
        noise /= np.linalg.norm(noise, axis=1, keepdims=True)
        return np.asarray(near * rows + np.sqrt(1 - near * near) * noise, dtype=np.float32)
