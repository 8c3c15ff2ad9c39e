"""Ranked records in columns, and the passages that the first of them are."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import numpy.typing as npt

from rag.retrieval.known_chunks import KnownChunk
from rag.retrieval.types import Mode, Passage, PassageTurn, Scores
from rag.transcripts.types import Attribution

Column = npt.NDArray[np.float64]
"""Shape (records,)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Records, best first, and what search says of them; all have one entry a record."""

    ids: npt.NDArray[np.bytes_]
    scores: Column
    """What they are ranked by."""
    lexical_z: Column
    dense: Column
    lexical: Column
    reranked: Column | None = None

    def at(self, places: npt.NDArray[np.int64]) -> "Ranked":
        """Return those at some places, in that order."""
        return Ranked(
            ids=self.ids[places],
            scores=self.scores[places],
            lexical_z=self.lexical_z[places],
            dense=self.dense[places],
            lexical=self.lexical[places],
            reranked=None if self.reranked is None else self.reranked[places],
        )

    def names(self) -> list[str]:
        """Return the ids."""
        names: list[str] = self.ids.astype(np.str_).tolist()
        return names


def passages_of(ranked: Ranked, known: Mapping[str, KnownChunk], mode: Mode) -> tuple[Passage, ...]:
    """Return the passages that ranked records are."""
    rows = zip(
        ranked.names(),
        ranked.scores.tolist(),
        ranked.dense.tolist(),
        ranked.lexical.tolist(),
        repeat(None) if ranked.reranked is None else ranked.reranked.tolist(),
        strict=False,
    )
    return tuple(
        as_passage(
            known[name],
            rank=rank,
            score=score,
            scores=Scores(dense=None if mode is Mode.LEXICAL else dense, lexical=lexical or None, rerank=reranked),
        )
        for rank, (name, score, dense, lexical, reranked) in enumerate(rows, start=1)
    )


def as_passage(chunk: KnownChunk, *, rank: int, score: float, scores: Scores) -> Passage:
    """Return the passage that a stored chunk is."""
    body = chunk.body
    turns = tuple(PassageTurn(**{**turn, "attribution": Attribution(turn["attribution"])}) for turn in body["turns"])
    return Passage(
        rank=rank,
        score=score,
        scores=scores,
        chunk_id=chunk.id,
        transcript_id=body["transcript_id"],
        title=body["title"],
        date=dt.date.fromisoformat(body["date"]) if body["date"] else None,
        collection=body["collection"],
        url=body["url"],
        turns=turns,
        interviewers=frozenset(body.get("interviewers", ())),
    )
