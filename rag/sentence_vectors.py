"""The vectors of a chunk's sentences, made in the same pass of the model as the chunk's own.

Each is the mean of the model's token vectors within the sentence, read in the context of the whole chunk ("late
chunking", Günther et al. 2024, arXiv:2409.04701). On the questions over `corpus/` and on others such vectors rank
sentences as well as embedding each alone does, and they cost nothing when a question is asked.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.chunking import Chunk, Span

LARGEST = 127
"""Of a signed byte: vectors are stored as bytes, the greatest component as 127; cosines change by under .01."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceVectors:
    """What is known of a chunk's sentences."""

    spans: tuple[Span, ...]
    """The sentences, in order."""
    vectors: npt.NDArray[np.float32]
    """Shape (sentences, dimension), unit length."""
    question: npt.NDArray[np.float32] | None
    """Of the question in the chunk's context, shape (dimension,), unit length."""


def parts_of(chunk: Chunk) -> list[tuple[int, int]]:
    """Return the places in a chunk's embedded text whose vectors are wanted: its question, if any, its sentences."""
    parts = [(0, len(chunk.question))] if chunk.question else []
    offset = len(chunk.embedded_text) - len(chunk.text)
    for span in chunk.spans:
        inside = [s for s in chunk.sentences if s.turn == span.turn]
        parts.extend((offset + s.start - span.start, offset + min(s.end, span.end) - span.start) for s in inside)
        offset += span.end - span.start + 2
    return parts


def pack(chunk: Chunk, vectors: npt.NDArray[np.float32]) -> bytes:
    """Return the vectors of a chunk's parts, shape (parts, dimension), as bytes after a header that names them."""
    header = {"question": bool(chunk.question), "sentences": [[s.turn, s.start, s.end] for s in chunk.sentences]}
    greatest = np.abs(vectors).max(axis=1, keepdims=True, initial=1e-9)
    rows = np.rint(vectors * (LARGEST / greatest)).astype(np.int8)
    data: bytes = rows.tobytes()
    return json.dumps(header, separators=(",", ":")).encode() + b"\n" + data


_ASKED = b'{"question":true'
"""How a header begins where the first row is the question's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """How near the parts of chunks are to a vector: cosines, one entry a chunk, 0 where it has no such part."""

    best: npt.NDArray[np.float64]
    """Of the nearest sentence."""
    two: npt.NDArray[np.float64]
    """Mean of the nearest two sentences; of the only one where there is one."""
    question: npt.NDArray[np.float64]
    """Of the question in the chunk's context."""


def nearness(packed: Sequence[bytes], vector: npt.NDArray[np.float32]) -> Nearness:
    """Return how near a unit vector is to the parts of many chunks, as `pack` wrote them; empty bytes have none."""
    heads, _, bodies = zip(*(data.partition(b"\n") for data in packed), strict=True) if packed else ((), (), ())
    rows = np.frombuffer(b"".join(bodies), dtype=np.int8).reshape(-1, len(vector)).astype(np.float32)
    lengths = np.maximum(np.sqrt(np.einsum("ij,ij->i", rows, rows)), 1e-9)
    parts = np.array([len(body) // len(vector) for body in bodies], dtype=np.int64)
    # By chunk and part, and room for two sentences where there are fewer.
    table = np.full((len(parts), parts.max(initial=0) + 2), -np.inf)
    table[np.arange(table.shape[1]) < parts[:, None]] = (rows @ vector) / lengths
    asked = np.array([head.startswith(_ASKED) for head in heads], dtype=np.bool_)
    question = np.where(asked, table[:, 0], 0.0)
    table[asked, 0] = -np.inf
    second, best = np.partition(table, -2, axis=1)[:, -2:].T
    best = np.where(np.isinf(best), 0.0, best)
    return Nearness(best=best, two=np.where(np.isinf(second), best, (best + second) / 2), question=question)


def unpack(data: bytes) -> SentenceVectors:
    """Read back what `pack` wrote."""
    head, _, body = data.partition(b"\n")
    header = json.loads(head)
    spans = tuple(Span(turn=turn, start=start, end=end) for turn, start, end in header["sentences"])
    count = len(spans) + header["question"]
    rows = np.frombuffer(body, dtype=np.int8).reshape(count, -1).astype(np.float32) if count else np.zeros((0, 1))
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return SentenceVectors(
        spans=spans, vectors=rows[header["question"] :], question=rows[0] if header["question"] else None
    )
