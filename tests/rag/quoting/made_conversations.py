"""Conversations in an index of made-up vectors: a quote check looks at none."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.embedded import EmbeddedEngine
from rag.chunking import Chunker
from rag.library import Library
from rag.quoting.checker import QuoteChecker
from rag.sentence_vectors import parts_of
from rag.storage import StoredTranscript, as_document, as_records
from rag.transcripts.types import Attribution, Speaker, Transcript, Turn

DIMENSION = 2
SMALL = 24
"""Tokens of a chunk: most turns of more than a sentence are cut."""


def indexed(folder: Path, transcripts: Sequence[Transcript], *, max_tokens: int = SMALL) -> EmbeddedEngine:
    engine = EmbeddedEngine(folder, dimension=DIMENSION, model="made")
    chunker = Chunker(max_tokens=max_tokens, count_pieces=lambda text: len(text.split()), max_pieces=10_000)
    for transcript in transcripts:
        chunks = chunker.chunk(transcript)
        vectors = np.tile(np.array([1, 0], dtype=np.float32), (len(chunks), 1))
        within = [np.zeros((len(parts_of(chunk)), DIMENSION), dtype=np.float32) for chunk in chunks]
        document = as_document(StoredTranscript(as_read=transcript), "made")
        engine.replace(document, as_records(transcript, chunks, vectors, within))
    engine.refresh()
    return engine


def checker(engine: EmbeddedEngine) -> QuoteChecker:
    return QuoteChecker(engine=engine, library=Library(engine))


def conversation(name: str, *turns: tuple[str | None, str], **more: object) -> Transcript:
    speakers = dict.fromkeys(speaker for speaker, _ in turns if speaker)
    fields = {"title": name.title(), "speakers": tuple(Speaker(name=s, role=f"role of {s}") for s in speakers), **more}
    return Transcript(
        id=name,
        turns=tuple(
            Turn(text=text, speaker=speaker, attribution=Attribution.LABELLED if speaker else Attribution.UNKNOWN)
            for speaker, text in turns
        ),
        **fields,  # type: ignore[arg-type]
    )
