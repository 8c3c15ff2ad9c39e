"""BM25 over the words of records.

The Lucene variant of Robertson's formula (Kamphuis et al., "Which BM25 do you mean?", ECIR 2020):

    score = sum over query terms of  idf * tf / (tf + k1 * (1 - b + b * length / average length))
    idf   = ln(1 + (N - df + 0.5) / (df + 0.5))

N, df and the average length are those of the records that may be found: live ones that pass the filter. So what
a reader finds never depends on records that the reader may not see. A term repeated in the query counts once.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.inverted import Counts, Positions
from index.segments import Segment
from index.vectors import Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class BM25:
    """The formula's parameters; defaults are Lucene's (Robertson and Zaragoza, 2009, section 3.3)."""

    k1: float = 1.2
    """How much a repeated word adds, from 0 (nothing)."""
    b: float = 0.75
    """How far long records are discounted, from 0 (not at all) to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postings:
    """The findable records of one segment that contain one term."""

    positions: Positions
    counts: Counts


def score(
    parts: Sequence[tuple[Segment, Mask | None]], terms: Sequence[str], formula: BM25
) -> list[npt.NDArray[np.float64] | None]:
    """Score all records of segments, each with a mask of what may be found (None: everything).

    Returns:
        For each segment the scores by position, 0 where no term matches, or None where no record does.
    """
    found = sum(len(s) if mask is None else int(np.count_nonzero(mask)) for s, mask in parts)
    words = sum(int(s.lengths.sum() if m is None else s.lengths[m].sum(dtype=np.int64)) for s, m in parts)
    scores: list[npt.NDArray[np.float64] | None] = [None] * len(parts)
    if words == 0:
        return scores
    # What a record's length adds to the denominator; for all records at once, when a segment first matches.
    discounts: list[npt.NDArray[np.float64] | None] = [None] * len(parts)
    # Sorted, so that sums are formed in the same order, and equal to the last bit, however records are spread.
    for term in sorted(set(terms)):
        matches = [_postings(segment, mask, term) for segment, mask in parts]
        frequency = sum(len(m.positions) for m in matches if m is not None)
        weight = _idf(found, frequency)
        for place, match in enumerate(matches):
            if match is None or not len(match.positions):
                continue
            segment_scores, discount = scores[place], discounts[place]
            if segment_scores is None or discount is None:
                lengths = parts[place][0].lengths.astype(np.float64)
                scores[place] = segment_scores = np.zeros(len(lengths))
                discounts[place] = discount = formula.k1 * (1 - formula.b + lengths * (formula.b * found / words))
            # Positions are unique within a term, so plain indexing adds every one of them.
            added = discount[match.positions]
            added += match.counts
            np.divide(match.counts, added, out=added)
            added *= weight
            segment_scores[match.positions] += added
    return scores


def containing_all(parts: Sequence[tuple[Segment, Mask | None]], terms: Sequence[str]) -> list[npt.NDArray[np.int64]]:
    """Return, for each segment, the positions of findable records that contain every term, ascending."""
    return [np.flatnonzero(_containing_all(segment, mask, terms)) for segment, mask in parts]


def rarities(parts: Sequence[tuple[Segment, Mask | None]], terms: Sequence[str]) -> dict[str, float]:
    """Return the idf of terms among the records of segments that may be found."""
    found = sum(len(s) if mask is None else int(np.count_nonzero(mask)) for s, mask in parts)
    idf = {}
    for term in dict.fromkeys(terms):
        matches = [_postings(segment, mask, term) for segment, mask in parts]
        idf[term] = _idf(found, sum(len(m.positions) for m in matches if m is not None))
    return idf


def _idf(found: int, frequency: int) -> float:
    return math.log(1 + (found - frequency + 0.5) / (frequency + 0.5))


def _containing_all(segment: Segment, mask: Mask | None, terms: Sequence[str]) -> Mask:
    held = np.full(len(segment), bool(terms))
    for term in set(terms):
        held &= _containing(segment, mask, term)
    return held


def _containing(segment: Segment, mask: Mask | None, term: str) -> Mask:
    held = np.zeros(len(segment), dtype=np.bool_)
    match = _postings(segment, mask, term)
    if match is not None:
        held[match.positions] = True
    return held


def _postings(segment: Segment, mask: Mask | None, term: str) -> Postings | None:
    place = segment.words.find(term)
    if place is None:
        return None
    positions, counts = segment.words.positions[place], segment.words.counts[place]
    if mask is not None:
        kept = mask[positions]
        positions, counts = positions[kept], counts[kept]
    return Postings(positions=positions, counts=counts)
