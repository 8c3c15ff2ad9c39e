"""Inverted lists: for every term the positions in a segment where it occurs. Used for words and for fields."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Positions = npt.NDArray[np.int32]
Counts = npt.NDArray[np.unsignedinteger]
_REMEMBERED = 1 << 14
"""Terms whose places are kept."""
_NOT_LOOKED_FOR = ""
LIST_ARRAYS = ("vocabulary", "bounds", "starts", "positions", "counts")
"""The names of the arrays that make up inverted lists, in the order in which they are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvertedLists:
    """Terms in the order of their UTF-8 bytes; those of term i are `positions[starts[i]:starts[i + 1]]`.

    Positions ascend within a term and are unique there.
    """

    vocabulary: npt.NDArray[np.uint8]
    """All terms in UTF-8, one after the other."""
    bounds: npt.NDArray[np.int64]
    """Where each term begins in `vocabulary`, and where the last one ends: shape (terms + 1,)."""
    starts: npt.NDArray[np.int64]
    """Shape (terms + 1,)."""
    positions: Positions
    counts: Counts
    """How often the term occurs at that position, of the same shape as `positions`."""
    _found: dict[str, slice | None] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Where terms were found; questions ask for the same ones again and again."""

    @classmethod
    def build(cls, occurrences: Iterable[Iterable[str]]) -> "InvertedLists":
        """Build lists from the terms at each position, from 0 on."""
        numbers: dict[str, int] = {}
        flat: list[int] = []
        lengths: list[int] = []
        for terms in occurrences:
            before = len(flat)
            flat.extend([numbers.setdefault(term, len(numbers)) for term in terms])
            lengths.append(len(flat) - before)
        order = sorted(numbers, key=_encoded)
        rank = np.empty(len(order), dtype=np.int64)
        rank[[numbers[term] for term in order]] = np.arange(len(order))
        span = max(len(lengths), 1)
        pairs = rank[np.array(flat, dtype=np.int64)] * span + np.repeat(np.arange(len(lengths)), lengths)
        unique, counts = np.unique(pairs, return_counts=True)
        terms_of, positions = np.divmod(unique, span)
        return cls._assemble([_encoded(term) for term in order], terms_of, positions.astype(np.int32), counts)

    @classmethod
    def merge(cls, parts: Sequence[tuple["InvertedLists", Positions]]) -> "InvertedLists":
        """Merge lists; each part comes with its positions' new places, -1 for those that are dropped.

        New places must ascend within a part and from part to part. Terms that no position is left of vanish.
        """
        spellings = [part.terms() for part, _ in parts]
        union = sorted(set().union(*spellings))
        number = {term: i for i, term in enumerate(union)}
        terms_of, positions, counts = [], [], []
        for (part, places), terms in zip(parts, spellings, strict=True):
            new_positions = places[part.positions]
            kept = new_positions >= 0
            new_terms = np.array([number[term] for term in terms], dtype=np.int32)
            terms_of.append(np.repeat(new_terms, np.diff(part.starts))[kept])
            positions.append(new_positions[kept])
            counts.append(part.counts[kept])
        joined = np.concatenate(terms_of) if terms_of else np.empty(0, dtype=np.int32)
        order = np.argsort(joined, kind="stable")
        joined = joined[order]
        alive = np.bincount(joined, minlength=len(union)) > 0
        renumbered = np.cumsum(alive) - 1
        return cls._assemble(
            [term for term, stays in zip(union, alive.tolist(), strict=True) if stays],
            renumbered[joined],
            np.concatenate(positions)[order] if positions else np.empty(0, dtype=np.int32),
            np.concatenate(counts)[order] if counts else np.empty(0, dtype=np.uint8),
        )

    def terms(self) -> list[bytes]:
        """Return all terms in UTF-8, in order."""
        spelling = self.vocabulary.tobytes()
        bounds = self.bounds.tolist()
        return [spelling[a:b] for a, b in pairwise(bounds)]

    def find(self, term: str) -> slice | None:
        """Return where the term's positions and counts lie, or None for a term that isn't there."""
        found = self._found.get(term, _NOT_LOOKED_FOR)
        if not isinstance(found, str):
            return found
        if len(self._found) >= _REMEMBERED:
            self._found.clear()
        place = self._found[term] = self._searched(term)
        return place

    def _searched(self, term: str) -> slice | None:
        wanted = _encoded(term)
        size = len(self.starts) - 1
        place = bisect_left(range(size), wanted, key=self._spelling)
        if place == size or self._spelling(place) != wanted:
            return None
        return slice(int(self.starts[place]), int(self.starts[place + 1]))

    def frequencies(self, mask: npt.NDArray[np.bool_] | None, prefix: str = "") -> dict[str, int]:
        """Return the terms with a prefix, each with at how many of the positions of a mask (None: all) it occurs.

        Terms that occur at none are left out.
        """
        size = len(self.starts) - 1
        wanted = _encoded(prefix)
        first = bisect_left(range(size), wanted, key=self._spelling)
        # A prefix's terms stand together; none has the byte 255, which UTF-8 doesn't use.
        last = bisect_left(range(size), wanted + b"\xff", lo=first, key=self._spelling)
        if first == last:
            return {}
        starts = self.starts[first : last + 1]
        if mask is None:
            counts = np.diff(starts)
        else:
            # Every term has a position, so that no stretch between two starts is empty, as reduceat needs.
            kept = mask[self.positions[starts[0] : starts[-1]]].astype(np.int64)
            counts = np.add.reduceat(kept, starts[:-1] - starts[0])
        bounds = self.bounds[first : last + 1].tolist()
        spelling = self.vocabulary[bounds[0] : bounds[-1]].tobytes()
        terms = (spelling[a - bounds[0] : b - bounds[0]].decode("utf-8", "surrogatepass") for a, b in pairwise(bounds))
        return {term: count for term, count in zip(terms, counts.tolist(), strict=True) if count}

    def _spelling(self, place: int) -> bytes:
        return self.vocabulary[self.bounds[place] : self.bounds[place + 1]].tobytes()

    @classmethod
    def _assemble(
        cls,
        terms: Sequence[bytes],
        terms_of: npt.NDArray[np.integer],
        positions: Positions,
        counts: npt.NDArray[np.integer],
    ) -> "InvertedLists":
        """Assemble lists from postings sorted by term."""
        sizes = np.bincount(terms_of, minlength=len(terms)) if len(terms) else np.empty(0, dtype=np.int64)
        highest = int(counts.max()) if len(counts) else 0
        return cls(
            vocabulary=np.frombuffer(b"".join(terms), dtype=np.uint8),
            bounds=np.concatenate(([0], np.cumsum([len(t) for t in terms], dtype=np.int64))).astype(np.int64),
            starts=np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))).astype(np.int64),
            positions=np.ascontiguousarray(positions, dtype=np.int32),
            # One byte a posting as a rule; wider only where a word occurs more than 255 times in a record.
            counts=counts.astype(np.min_scalar_type(highest)),
        )


def _encoded(term: str) -> bytes:
    return term.encode("utf-8", "surrogatepass")
