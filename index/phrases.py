"""Find the records that hold a phrase, or most of it, by which words stand side by side in them."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from index.adjacency import Adjacency, codes_of
from index.segments import Segment
from index.types import Hit
from index.vectors import Mask

WEIGHED = 64
"""Pairs of a phrase, the rarest, by which records are compared."""
_RARITY = 0.01
"""Of a pair's weight, what its idf counts: it only chooses among records with as many pairs."""

Parts = Sequence[tuple[Segment, Mask | None]]
"""Segments, each with a mask of what may be found in it; None where all may be."""


def beginning(parts: Parts, phrase: str, limit: int) -> list[str] | None:
    """Return the ids of the records in which a phrase may begin, in order of id.

    None where nothing is known of it: it has no word, or segments were written before signatures were kept.
    """
    codes, known = codes_of(phrase), _known(parts)
    if not codes or len(known) < len(parts):
        return None
    found = [segment.ids[adjacency.beginnings(codes, mask)] for segment, mask, adjacency in known]
    return [i.decode("ascii") for i in np.sort(np.concatenate(found))[:limit].tolist()] if found else []


def sharing(parts: Parts, phrase: str, limit: int) -> list[Hit]:
    """Return the records that hold the most of a phrase's pairs of neighbouring words; of equals, those with rare ones.

    The score is the number of pairs, and a hundredth of their idf (see `lexical`) among the records that may be found.
    """
    known = _known(parts)
    found = sum(len(segment) if mask is None else int(np.count_nonzero(mask)) for segment, mask, _ in known)
    findable = [adjacency.packed(mask) for _, mask, adjacency in known]
    holders = {
        pair: [adjacency.holding(pair) & bits for (_, _, adjacency), bits in zip(known, findable, strict=True)]
        for pair in dict.fromkeys(pairwise(codes_of(phrase)))
    }
    counts = {pair: sum(int(np.bitwise_count(bits).sum()) for bits in held) for pair, held in holders.items()}
    scores = [np.zeros(len(segment), dtype=np.float32) for segment, _, _ in known]
    for pair in sorted((pair for pair, count in counts.items() if count), key=counts.__getitem__)[:WEIGHED]:
        weight = 1 + _RARITY * math.log(1 + (found - counts[pair] + 0.5) / (counts[pair] + 0.5))
        for (_, _, adjacency), score, bits in zip(known, scores, holders[pair], strict=True):
            score[adjacency.positions(bits)] += weight
    return _best([segment for segment, _, _ in known], scores, limit)


def _known(parts: Parts) -> list[tuple[Segment, Mask | None, Adjacency]]:
    """Return the segments whose signatures are kept, with them."""
    return [(segment, mask, segment.adjacency) for segment, mask in parts if segment.adjacency is not None]


def _best(segments: Sequence[Segment], scores: Sequence[npt.NDArray[np.float32]], limit: int) -> list[Hit]:
    every = np.concatenate(scores) if scores else np.empty(0)
    worst = np.partition(every, -limit)[-limit] if len(every) > limit else 0.0
    kept = [np.flatnonzero((score >= worst) & (score > 0)) for score in scores]
    hits = [
        Hit(record_id.decode("ascii"), score)
        for segment, positions, all_scores in zip(segments, kept, scores, strict=True)
        for record_id, score in zip(segment.ids[positions].tolist(), all_scores[positions].tolist(), strict=True)
    ]
    return sorted(hits, key=lambda hit: (-hit.score, hit.id))[:limit]
