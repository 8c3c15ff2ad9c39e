"""A state of the index to search in: the segments of one manifest. Immutable, so threads share it freely."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.errors import IndexDamagedError
from index.evidence import Evidence
from index.filters import mask_of
from index.finding import both, hits, matching, nearest
from index.lexical import BM25, containing_all, rarities
from index.manifest import Manifest, SegmentEntry
from index.segments import Segment, field_term, file_sums
from index.types import Filter, Hit, Matrix, Vector
from index.vectors import Mask

SEGMENTS_FOLDER = "segments"


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
        return hits(parts, nearest(parts, query, limit))

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
        return hits(parts, matching(parts, terms, limit, formula))

    def evidence(self, query: Vector | None, terms: list[str], limit: int, where: Filter, formula: BM25) -> Evidence:
        """Return what is among the `limit` nearest to a vector or best for terms, with what both say of each."""
        return both(self.findable(where), query, terms, limit, formula)

    def with_all_words(self, terms: list[str], limit: int, where: Filter) -> list[str]:
        """Return the ids of the records that contain every term, in order of id."""
        parts = self.findable(where)
        found = [segment.ids[at] for (segment, _), at in zip(parts, containing_all(parts, terms), strict=True)]
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
