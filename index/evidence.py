"""What both kinds of search say of records, in columns: no object is made of each of two thousand to show ten."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

from index.types import Filter, Vector

if TYPE_CHECKING:
    from index.protocols import SearchEngine

Scores = npt.NDArray[np.float64]
"""Shape (records,), higher is better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The records that one kind of search or the other found, in no order, each once; all have one entry a record."""

    ids: npt.NDArray[np.bytes_]
    """ASCII."""
    dense: Scores
    """Inner products, also of what only words found; zeros where no vector was searched for."""
    lexical: Scores
    """BM25; 0 where words did not find it."""

    @classmethod
    def of(cls, dense: Mapping[str, float], lexical: Mapping[str, float]) -> Self:
        """Put together what is known by id; what one of both does not know is 0."""
        ids = list(dense.keys() | lexical.keys())
        return cls(
            ids=np.array([i.encode("ascii") for i in ids], dtype=np.bytes_),
            dense=np.array([dense.get(i, 0.0) for i in ids], dtype=np.float64),
            lexical=np.array([lexical.get(i, 0.0) for i in ids], dtype=np.float64),
        )


def gathered(
    engine: "SearchEngine", limit: int, where: Filter, *, vector: Vector | None, query: str | None
) -> Evidence:
    """Return the evidence of an engine whose two searches run in different places."""
    dense = {} if vector is None else dict(engine.search_vectors(vector, limit, where))
    lexical = {} if query is None else dict(engine.search_text(query, limit, where))
    only_words = [record_id for record_id in lexical if record_id not in dense]
    if vector is not None and only_words:
        dense |= dict(zip(only_words, (engine.vectors(only_words) @ vector).tolist(), strict=True))
    return Evidence.of(dense, lexical)
