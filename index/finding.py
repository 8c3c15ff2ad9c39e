"""Find the best records of several segments by a vector, by words, or by both.

A record is known by its place until it is handed out: an array of numbers is quickly sorted and compared, ids are not.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from index.evidence import Evidence
from index.lexical import BM25, score
from index.segments import Segment
from index.types import Hit, Vector
from index.vectors import ROUNDING, Mask, oversampled

Parts = Sequence[tuple[Segment, Mask | None]]
"""Segments, each with a mask of what may be found in it; None where all may be."""
_AS_HIT: Callable[[tuple[str, float]], Hit] = partial(tuple.__new__, Hit)
"""What `Hit._make` does, without a function of Python's for each of a thousand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The best records of several segments, in no order."""

    places: npt.NDArray[np.int64]
    """A record's position in its segment, after all records of the segments before."""
    scores: npt.NDArray[np.float64]


NOTHING = Found(places=np.empty(0, dtype=np.int64), scores=np.empty(0))


def nearest(parts: Parts, query: Vector, limit: int) -> Found:
    """Return the records nearest to a vector, with their inner products."""
    near = [segment.vectors.candidates(query, limit, mask) for segment, mask in parts]
    if not near:
        return NOTHING
    wanted = oversampled(limit) if any(segment.vectors.is_coarse for segment, _ in parts) else limit
    about = np.concatenate([scores for _, scores in near])
    # Only those that are near enough in the whole index are worth an exact look.
    worst = np.partition(about, -wanted)[-wanted] - ROUNDING if len(about) > wanted else -np.inf
    places, products, before = [], [], 0
    for (segment, _), (positions, scores) in zip(parts, near, strict=True):
        kept = positions[scores >= worst]
        places.append(kept + before)
        products.append(segment.vectors.products(query, kept))
        before += len(segment)
    return _best(parts, np.concatenate(places), np.concatenate(products), limit)


def matching(parts: Parts, terms: Sequence[str], limit: int, formula: BM25) -> Found:
    """Return the records that match terms best, with their scores."""
    places, scores, before = [], [], 0
    for (segment, _), scored in zip(parts, score(parts, terms, formula), strict=True):
        if scored is not None:
            positions = _at_least_the_best(scored, limit)
            places.append(positions + before)
            scores.append(scored[positions])
        before += len(segment)
    return _best(parts, np.concatenate(places), np.concatenate(scores), limit) if places else NOTHING


def hits(parts: Parts, found: Found) -> list[Hit]:
    """Return what was found, best first; ties break by id."""
    ids = _ids(parts, found.places)
    order = np.argsort(-found.scores, kind="stable")
    if (np.diff(found.scores[order]) == 0).any():
        order = np.lexsort((ids, -found.scores))
    ranked = zip(ids[order].astype(np.str_).tolist(), found.scores[order].tolist(), strict=True)
    return list(map(_AS_HIT, ranked))


def both(parts: Parts, query: Vector | None, terms: Sequence[str], limit: int, formula: BM25) -> Evidence:
    """Return what is among the `limit` nearest to a vector or best for terms, with what both say of each."""
    near = NOTHING if query is None else nearest(parts, query, limit)
    worded = matching(parts, terms, limit, formula)
    places = np.sort(np.concatenate((near.places, worded.places)))
    places = places[np.diff(places, prepend=-1) > 0]
    dense, lexical = np.full(len(places), np.nan), np.zeros(len(places))
    dense[np.searchsorted(places, near.places)] = near.scores
    lexical[np.searchsorted(places, worded.places)] = worded.scores
    unknown = np.flatnonzero(np.isnan(dense))
    dense[unknown] = 0.0 if query is None else _products(parts, query, places[unknown])
    return Evidence(ids=_ids(parts, places), dense=dense, lexical=lexical)


def _at_least_the_best(scores: npt.NDArray[np.float64], limit: int) -> npt.NDArray[np.int64]:
    """Return the positions of all that match and score no worse than the `limit`-th best."""
    worst = np.partition(scores, -limit)[-limit] if len(scores) > limit else 0.0
    return np.flatnonzero(scores >= worst if worst > 0 else scores > 0)


def _best(parts: Parts, places: npt.NDArray[np.int64], scores: npt.NDArray[np.float64], limit: int) -> Found:
    """Return the best of what was found; of those that tie with the last, the first by id."""
    if len(scores) > limit:
        kept = np.flatnonzero(scores >= np.partition(scores, -limit)[-limit])
        if len(kept) > limit:
            # lexsort's last key is its first criterion.
            kept = kept[np.lexsort((_ids(parts, places[kept]), -scores[kept]))[:limit]]
        places, scores = places[kept], scores[kept]
    return Found(places=places, scores=scores)


def _ids(parts: Parts, places: npt.NDArray[np.int64]) -> npt.NDArray[np.bytes_]:
    width = max((segment.ids.itemsize for segment, _ in parts), default=1)
    ids = np.empty(len(places), dtype=f"S{max(width, 1)}")
    for segment, here, positions in _by_segment(parts, places):
        ids[here] = segment.ids[positions]
    return ids


def _products(parts: Parts, query: Vector, places: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    products = np.empty(len(places))
    for segment, here, positions in _by_segment(parts, places):
        products[here] = segment.vectors.products(query, positions)
    return products


def _by_segment(
    parts: Parts, places: npt.NDArray[np.int64]
) -> Iterator[tuple[Segment, npt.NDArray[np.int64] | slice, npt.NDArray[np.int64]]]:
    """Yield each segment with the numbers of those places that are in it, and their positions there."""
    if len(parts) == 1:
        yield parts[0][0], slice(None), places
        return
    before = 0
    for segment, _ in parts:
        here = np.flatnonzero((places >= before) & (places < before + len(segment)))
        yield segment, here, places[here] - before
        before += len(segment)
