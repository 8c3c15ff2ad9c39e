"""A state of the index to search in: the segments of one manifest. Immutable, so threads share it freely."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.errors import IndexDamagedError
from index.filters import mask_of
from index.lexical import BM25, containing_all, rarities, score
from index.manifest import Manifest, SegmentEntry
from index.segments import Segment, field_term, file_sums
from index.types import Filter, Hit, Matrix, Vector
from index.vectors import ROUNDING, Mask, oversampled

SEGMENTS_FOLDER = "segments"
_AS_HIT: Callable[[tuple[str, float]], Hit] = partial(tuple.__new__, Hit)
"""What `Hit._make` does, without a function of Python's for each of a thousand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What one manifest lets a reader find."""

    manifest: Manifest
    version: str
    segments: Mapping[str, Segment]
    """By name."""
    live: Mapping[str, Mask | None]
    """Which records of a segment are not dead, by the segment's name; None when none is dead."""

    @classmethod
    def load(cls, folder: Path, manifest: Manifest, loaded: Mapping[str, Segment]) -> "Snapshot":
        """Open the segments of a manifest, without those that are loaded already.

        Raises:
            IndexDamagedError: A segment's files are absent or not what was written.
        """
        segments = {e.name: loaded.get(e.name) or open_segment(folder, e) for e in manifest.segments}
        return cls(
            manifest=manifest,
            version=manifest.version,
            segments=segments,
            live={e.name: live_mask(e) for e in manifest.segments},
        )

    def search_vectors(self, query: Vector, limit: int, where: Filter) -> list[Hit]:
        """Return the records nearest to `query` by inner product."""
        parts = self.findable(where)
        near = [segment.vectors.candidates(query, limit, mask) for segment, mask in parts]
        if not near:
            return []
        wanted = oversampled(limit) if any(segment.vectors.is_coarse for segment, _ in parts) else limit
        about = np.concatenate([scores for _, scores in near])
        # Only those that are near enough in the whole index are worth an exact look.
        worst = np.partition(about, -wanted)[-wanted] - ROUNDING if len(about) > wanted else -np.inf
        ids, products = [], []
        for (segment, _), (positions, scores) in zip(parts, near, strict=True):
            kept = positions[scores >= worst]
            ids.append(segment.ids[kept])
            products.append(segment.vectors.products(query, kept))
        return _best(ids, products, limit)

    def vectors(self, record_ids: Sequence[str]) -> tuple[Matrix, Mask]:
        """Return the vectors of records, one row an id, and which of them can be found; other rows are zeros."""
        wanted = np.array([i.encode("utf-8", "surrogatepass") for i in record_ids], dtype=np.bytes_)
        rows = np.zeros((len(wanted), self.manifest.dimension), dtype=np.float32)
        known = np.zeros(len(wanted), dtype=np.bool_)
        left = np.arange(len(wanted))
        for name, segment in sorted(self.segments.items(), key=lambda item: -len(item[1])):
            if not len(left):
                break
            asked, positions = segment.places(wanted[left])
            live = self.live[name]
            if live is not None:
                asked, positions = asked[live[positions]], positions[live[positions]]
            rows[left[asked]] = segment.vectors.matrix[positions]
            known[left[asked]] = True
            left = np.flatnonzero(~known)
        return rows, known

    def search_words(self, terms: list[str], limit: int, where: Filter, formula: BM25) -> list[Hit]:
        """Return the records that match terms."""
        parts = self.findable(where)
        ids, scores = [], []
        for (segment, _), scored in zip(parts, score(parts, terms, formula), strict=True):
            if scored is None:
                continue
            positions = _at_least_the_best(scored, limit)
            ids.append(segment.ids[positions])
            scores.append(scored[positions])
        return _best(ids, scores, limit)

    def with_all_words(self, terms: list[str], limit: int, where: Filter, around: list[str]) -> list[str]:
        """Return the ids of the records that contain every term, and with a neighbour those around, in order of id."""
        parts = self.findable(where)
        found = [segment.ids[at] for (segment, _), at in zip(parts, containing_all(parts, terms, around), strict=True)]
        return [i.decode("ascii") for i in np.sort(np.concatenate(found))[:limit].tolist()] if found else []

    def term_rarities(self, terms: list[str], where: Filter) -> dict[str, float]:
        """Return the idf of terms among what may be found."""
        return rarities(self.findable(where), terms)

    def term_counts(self, where: Filter) -> dict[str, int]:
        """Return the terms of what may be found, each with the number of records that hold it."""
        found: Counter[str] = Counter()
        for segment, mask in self.findable(where):
            found.update(segment.words.frequencies(mask))
        return dict(found)

    def value_counts(self, field: str, where: Filter) -> dict[str, int]:
        """Return the values of a field among what may be found, each with the number of records that have it."""
        found: Counter[str] = Counter()
        prefix = field_term(field, "")
        for segment, mask in self.findable(where):
            found.update(segment.fields.frequencies(mask, prefix))
        return {term.removeprefix(prefix): count for term, count in found.items()}

    def findable(self, where: Filter) -> list[tuple[Segment, Mask | None]]:
        """Return the segments, each with a mask of what passes a filter and is not dead; None where all is."""
        parts: list[tuple[Segment, Mask | None]] = []
        for name, segment in self.segments.items():
            mask, live = mask_of(segment, where), self.live[name]
            parts.append((segment, mask if live is None else live if mask is None else mask & live))
        return parts


def open_segment(folder: Path, entry: SegmentEntry) -> Segment:
    """Open a segment after checking its files.

    Raises:
        IndexDamagedError: They are absent or not what was written.
    """
    path = folder / SEGMENTS_FOLDER / entry.name
    try:
        if file_sums(path) != entry.sums:
            raise IndexDamagedError(f"{path} is damaged: a file is missing or its checksum is wrong")
        return Segment.open(path)
    except (OSError, ValueError, KeyError) as error:
        raise IndexDamagedError(f"{path} is damaged: {error}") from error


def live_mask(entry: SegmentEntry) -> Mask | None:
    """Return which positions of a segment are not dead; None when none is."""
    if not entry.dead:
        return None
    mask = np.ones(entry.size, dtype=np.bool_)
    mask[list(entry.dead)] = False
    return mask


def _at_least_the_best(scores: npt.NDArray[np.float64], limit: int) -> npt.NDArray[np.int64]:
    """Return the positions of all that match and score no worse than the `limit`-th best."""
    worst = np.partition(scores, -limit)[-limit] if len(scores) > limit else 0.0
    return np.flatnonzero(scores >= worst if worst > 0 else scores > 0)


def _best(ids: list[npt.NDArray[np.bytes_]], scores: list[npt.NDArray[np.float64]], limit: int) -> list[Hit]:
    if not ids:
        return []
    all_ids, all_scores = np.concatenate(ids), np.concatenate(scores)
    if len(all_scores) > limit:
        kept = all_scores >= np.partition(all_scores, -limit)[-limit]
        all_ids, all_scores = all_ids[kept], all_scores[kept]
    order = np.argsort(-all_scores, kind="stable")
    if (np.diff(all_scores[order]) == 0).any():
        # lexsort's last key is its first criterion.
        order = np.lexsort((all_ids, -all_scores))
    ranked = zip(all_ids[order[:limit]].astype(np.str_).tolist(), all_scores[order[:limit]].tolist(), strict=True)
    return list(map(_AS_HIT, ranked))
