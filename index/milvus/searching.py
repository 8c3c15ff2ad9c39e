"""Find the nearest vectors with the server's help, and vouch for what comes back.

The server proposes records; the state of the index that is open here disposes: a key that is dead in it, or doesn't
pass the filter, is dropped, and scores are computed anew from the stored vectors, so that they are those that the
embedded engine gives. What can't be had whole within the time is an error, never a shorter answer.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.embedded import EmbeddedEngine
from index.errors import IndexStorageError
from index.filters import mask_of
from index.milvus.collection import MAX_HITS, Keys, MilvusCollection
from index.milvus.columns import LISTS
from index.milvus.completeness import Completeness, live_count
from index.milvus.connection import MilvusRefusedError
from index.milvus.expressions import expression
from index.segments import Segment
from index.snapshot import Snapshot
from index.types import Filter, Hit, Vector
from index.vectors import Mask

logger = logging.getLogger(__name__)

_MARGIN = 16
"""Hits asked for beyond the limit: for records that have just died, and to see whether the last ones tie."""
_LEAST_PROBES = 128
_PROBES_A_ROOT = 8
"""Lists searched for each root of the number of hits: recall .99 and more; by the share that passes a filter, more."""
_TIE = 1e-5
"""Scores closer than this may be equal: the server sums in float32."""
_SAME = 0.05
"""Farther than this from the stored vector's score, a row is not that record's; compressed indexes are off by less."""
_WIDENING = 4
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.05, 1.0
_LEAST_TIMEOUT_S = 0.2
_LONGEST_VOUCHED_S = 5.0
"""Two counts farther apart don't vouch for what was searched between: a part could have been gone and come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A segment, and which of its records may be found."""

    segment: Segment
    mask: Mask | None

    @property
    def size(self) -> int:
        return len(self.segment) if self.mask is None else int(np.count_nonzero(self.mask))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A search in one state of the index."""

    parts: Sequence[_Part]
    share: float
    """Of the records that can be found, those that pass the filter."""
    query: Vector
    wanted: int
    """Hits that a whole answer has."""
    where: Filter
    which: str
    """`where`, as the server reads it."""


class VectorSearch:
    """Searches the collection that belongs to the embedded engine's state. Safe for threads."""

    def __init__(
        self,
        embedded: EmbeddedEngine,
        collection_of: Callable[[Snapshot], MilvusCollection],
        completeness: Completeness,
        *,
        columns: Sequence[str],
        exact_below: int,
        timeout_s: float,
    ) -> None:
        """Search for `timeout_s` at most; filters that let fewer than `exact_below` through are searched here."""
        self._embedded = embedded
        self._collection_of = collection_of
        self._completeness = completeness
        self._columns = tuple(columns)
        self._exact_below = exact_below
        self._timeout_s = timeout_s
        self._loading = threading.Lock()

    def nearest(
        self, query: Vector, limit: int, where: Filter, *, mend: Callable[[Snapshot, float], bool]
    ) -> list[Hit]:
        """Return the nearest records that pass a filter.

        Args:
            query: A vector.
            limit: How many at most.
            where: What they pass.
            mend: Called with the state and the seconds waited where the server lacks something; tells whether it has
                done something about it.

        Raises:
            IndexStorageError: The server didn't give a whole answer in time.
        """
        began = time.monotonic()
        pause = _FIRST_PAUSE_S
        while True:
            snapshot = self._embedded.snapshot()
            asked = self._asked(snapshot, query, limit, where)
            if asked is None:
                return self._embedded.search_vectors(query, limit, where)
            collection = self._collection_of(snapshot)
            problem: MilvusRefusedError | None = None
            try:
                if collection.connect(timeout_s=self._timeout_s):
                    # Loading the client library and greeting the server is no part of the search.
                    began = time.monotonic()
                hits = self._whole(snapshot, collection, asked, began + self._timeout_s)
            except MilvusRefusedError as error:
                problem = error
            else:
                if hits is not None:
                    return hits
            waited = time.monotonic() - began
            if mend(snapshot, waited) or (problem is not None and self._reloaded(collection)):
                began = time.monotonic()
            elif waited >= self._timeout_s:
                raise IndexStorageError(f"{problem or self._incomplete(collection)}; try again later") from problem
            else:
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_S)

    def _asked(self, snapshot: Snapshot, query: Vector, limit: int, where: Filter) -> "_Asked | None":
        """Return what to ask of the server; None where the stored vectors are better searched here, exactly."""
        parts = _findable(snapshot, where)
        available = sum(part.size for part in parts)
        selective = where != Filter() and available < self._exact_below
        if not available or selective or limit + _MARGIN > MAX_HITS:
            return None
        which = expression(where, self._columns)
        if which is None:
            return None
        share = available / live_count(snapshot)
        return _Asked(parts=parts, share=share, query=query, wanted=min(limit, available), where=where, which=which)

    def _whole(
        self, snapshot: Snapshot, collection: MilvusCollection, asked: "_Asked", deadline: float
    ) -> list[Hit] | None:
        """Return the best hits; None where the server doesn't search in all that it should."""

        def left() -> float:
            return max(_LEAST_TIMEOUT_S, deadline - time.monotonic())

        if not self._completeness.lately(collection, snapshot, timeout_s=left()):
            return None
        counted = time.monotonic()
        fetched = min(asked.wanted + _MARGIN, MAX_HITS)
        while True:
            keys, said = collection.nearest(
                asked.query,
                fetched,
                asked.which,
                probes=_probes(fetched, asked),
                strong=self._completeness.strong(),
                timeout_s=left(),
            )
            whole = self._completeness.since(time.monotonic(), collection, snapshot, timeout_s=left())
            if not whole or time.monotonic() - counted > _LONGEST_VOUCHED_S:
                return None
            hits = _rescored(asked, keys, said)
            short = len(hits) < asked.wanted
            tied = not short and hits[-1].score > hits[asked.wanted - 1].score - _TIE
            if (short or tied) and len(keys) == fetched < MAX_HITS:
                fetched = min(_WIDENING * fetched, MAX_HITS)
            elif short:
                # All rows are there, and yet the search did not reach enough of those that pass the filter.
                return self._embedded.search_vectors(asked.query, asked.wanted, asked.where)
            else:
                return hits[: asked.wanted]

    def _reloaded(self, collection: MilvusCollection) -> bool:
        """Have a collection loaded that was released, as by a restart of the server; return whether that helped."""
        with self._loading:
            try:
                return collection.load_if_released(timeout_s=self._timeout_s)
            except IndexStorageError as error:
                logger.info("%s", error)
                return False

    def _incomplete(self, collection: MilvusCollection) -> str:
        return f"Milvus has not got all of {collection.name} at hand: {self._completeness.said}"


def _probes(hits: int, asked: _Asked) -> int:
    """Return how many lists of each segment to search, so that the nearest that pass the filter are among them."""
    return math.ceil(min(LISTS, max(_LEAST_PROBES, _PROBES_A_ROOT * math.sqrt(hits)) / asked.share))


def _findable(snapshot: Snapshot, where: Filter) -> list[_Part]:
    parts = []
    for name, segment in snapshot.segments.items():
        mask, live = mask_of(segment, where), snapshot.live[name]
        parts.append(_Part(segment=segment, mask=mask if live is None else live if mask is None else mask & live))
    return parts


def _rescored(asked: _Asked, keys: Keys, said: npt.NDArray[np.float64]) -> list[Hit]:
    """Return the records of those keys that may be found, with their exact inner products, best first."""
    ids, scores = [np.empty(0, dtype="S1")], [np.empty(0, dtype=np.float64)]
    for part in asked.parts:
        known = part.segment.keys
        places = np.searchsorted(known, keys).clip(max=max(0, len(known) - 1))
        here = known[places] == keys if len(known) else np.zeros(len(keys), dtype=np.bool_)
        if part.mask is not None:
            here &= part.mask[places]
        positions = places[here]
        products = part.segment.vectors.products(asked.query, positions)
        same = np.abs(products - said[here]) < _SAME
        ids.append(part.segment.ids[positions[same]])
        scores.append(products[same])
    all_ids, all_scores = np.concatenate(ids), np.concatenate(scores)
    order = np.lexsort((all_ids, -all_scores))
    return list(map(Hit, all_ids[order].astype(np.str_).tolist(), all_scores[order].tolist()))
