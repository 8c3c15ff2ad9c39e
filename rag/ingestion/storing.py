"""Chunking, embedding and storing: many transcripts in one pass of the model, each in a transaction of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.protocols import SearchEngine
from rag.chunking import TOKENIZER, Chunk, Chunker
from rag.embedding import Embedder
from rag.ingestion.reuse import Vectors, stored_vectors
from rag.sentence_vectors import parts_of
from rag.storage import (
    StoredTranscript,
    as_document,
    as_records,
    decode,
    engine_errors,
    fingerprint,
    reading_mark,
    text_hash,
)
from rag.transcripts.types import Speaker, Transcript

EMBEDDED_AT_ONCE = 128
"""Chunks a pass of the model: its token vectors take some 50 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A transcript that is new or changed, cut into chunks."""

    stored: StoredTranscript
    chunks: tuple[Chunk, ...]
    fingerprint: str


class Store:
    """Turns transcripts into documents and records of the engine.

    Args:
        engine: Where they are stored.
        embedder: Gives the vectors; not loaded as long as nothing has changed.
        max_tokens: Budget of a chunk.
        at_once: Chunks that are embedded together.
    """

    def __init__(
        self, *, engine: SearchEngine, embedder: Embedder, max_tokens: int, at_once: int = EMBEDDED_AT_ONCE
    ) -> None:
        self._engine = engine
        self._embedder = embedder
        self.at_once = at_once
        self._chunker = Chunker(
            max_tokens=max_tokens, count_pieces=embedder.count_pieces, max_pieces=embedder.max_pieces
        )
        self.pipeline = f"{embedder.name} {TOKENIZER} {max_tokens}"
        """Names all that shapes records beside the transcript."""

    def joined(self, transcript: Transcript) -> StoredTranscript:
        """Return a transcript as read, with what the owner confirmed of the one that is stored."""
        with engine_errors():
            document = self._engine.document(transcript.id)
        return _carry_over(decode(document.body), transcript) if document else StoredTranscript(as_read=transcript)

    def fingerprint(self, stored: StoredTranscript) -> str:
        """Return what tells whether a transcript has changed."""
        return fingerprint(stored, self.pipeline)

    def prepare(self, stored: StoredTranscript) -> Prepared:
        """Cut a transcript into chunks."""
        chunks = tuple(self._chunker.chunk(stored.transcript))
        return Prepared(stored=stored, chunks=chunks, fingerprint=self.fingerprint(stored))

    def store(self, batch: Sequence[Prepared]) -> None:
        """Embed transcripts together and store each durably, in a transaction of its own.

        What another process has stored meanwhile is not embedded again, nor what the model would read as before.
        """
        waiting = [prepared for prepared in batch if not self._is_stored(prepared)]
        kept = [stored_vectors(self._engine, prepared.stored.as_read.id) for prepared in waiting]
        marks = [[reading_mark(chunk) for chunk in prepared.chunks] for prepared in waiting]
        embedded = self._embed(
            [
                chunk
                for prepared, known, its_marks in zip(waiting, kept, marks, strict=True)
                for chunk, mark in zip(prepared.chunks, its_marks, strict=True)
                if mark not in known
            ]
        )
        for prepared, known, its_marks in zip(waiting, kept, marks, strict=True):
            made = [known[mark] if mark in known else next(embedded) for mark in its_marks]
            vectors = np.stack([one.whole for one in made]) if made else np.zeros((0, 1), dtype=np.float32)
            parts = [one.parts for one in made]
            records = as_records(prepared.stored.transcript, prepared.chunks, vectors, parts)
            with engine_errors():
                self._engine.replace(as_document(prepared.stored, self.pipeline), records)

    def make_searchable(self) -> None:
        """Bring what is searched up to what is stored."""
        with engine_errors():
            self._engine.refresh()

    def _is_stored(self, prepared: Prepared) -> bool:
        with engine_errors():
            document = self._engine.document(prepared.stored.as_read.id)
        return document is not None and document.fingerprint == prepared.fingerprint

    def _embed(self, chunks: Sequence[Chunk]) -> Iterator[Vectors]:
        passes = -(-len(chunks) // self.at_once)
        for number in range(passes):
            # Of equal size: a short last pass would keep few cores busy.
            some = chunks[len(chunks) * number // passes : len(chunks) * (number + 1) // passes]
            texts, parts = [chunk.embedded_text for chunk in some], [parts_of(chunk) for chunk in some]
            vectors, within = self._embedder.embed_with_parts(texts, parts)
            for whole, its_parts in zip(vectors, within, strict=True):
                yield Vectors(whole=whole, parts=its_parts)


def _carry_over(before: StoredTranscript, transcript: Transcript) -> StoredTranscript:
    """Keep the owner's confirmations, and the speakers that only they name, for turns whose text is the same."""
    kept = tuple(
        item
        for item in before.confirmations
        if item.turn < len(transcript.turns) and text_hash(transcript.turns[item.turn]) == item.text_hash
    )
    named = dict.fromkeys(item.speaker for item in kept)
    missing = tuple(Speaker(name=name) for name in named if transcript.speaker(name) is None)
    return StoredTranscript(as_read=replace(transcript, speakers=(*transcript.speakers, *missing)), confirmations=kept)
