"""Bring the segments up to the truth: new records in, dead ones out, damaged segments built anew."""

import hashlib
import logging
import shutil
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np

from index.analysis import EnglishAnalyzer
from index.database import TEMPORARY_SUFFIX, sync_folder
from index.errors import IndexDamagedError
from index.manifest import FORMAT, Manifest, SegmentEntry, read_manifest, write_manifest
from index.records import RecordStore, TruthState
from index.segments import Segment, file_sums
from index.snapshot import SEGMENTS_FOLDER, live_mask, open_segment
from index.vectors import VectorIndex

logger = logging.getLogger(__name__)

DEFAULT_MAX_SEGMENT_RECORDS = 65_536
"""Bounds what one update or removal can cost: a segment of this size is some 150 MB."""
COARSE_FROM_SEGMENT, COARSE_FROM_TOTAL = 16_384, 131_072
"""Records of a segment and of the whole index from which on vectors are scanned by a coarse copy, unless set otherwise:
below, an exact scan takes no more than half of what a search may take (docs/decisions/013-vector-index.md)."""
_MAX_DEAD_SHARE = 0.2
"""A segment with more dead records than this is written anew without them."""
_GROWTH = 2
"""A segment is merged with the next unless it is at least this many times as large, so there are few of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A segment, on disk or yet to be written, with its entry as it will stand in the next manifest."""

    segment: Segment
    entry: SegmentEntry
    written: bool

    @property
    def live(self) -> int:
        return self.entry.size - len(self.entry.dead)


class Derivation:
    """Writes segments and manifests. Its caller holds the writer lock."""

    def __init__(
        self,
        folder: Path,
        store: RecordStore,
        empty: Manifest,
        analyzer: EnglishAnalyzer,
        *,
        max_segment_records: int,
        vector_index: VectorIndex = "auto",
    ) -> None:
        """Derive from `store` into `folder`; `empty` is the manifest to start from when there is none."""
        self._folder = folder
        self._segments = folder / SEGMENTS_FOLDER
        self._store = store
        self._empty = empty
        self._analyzer = analyzer
        self._max = max_segment_records
        self._vector_index = vector_index

    def is_behind(self, state: TruthState) -> bool:
        """Tell whether the manifest on disk or one of its files needs work; cheap."""
        try:
            manifest = read_manifest(self._folder)
        except (FileNotFoundError, IndexDamagedError):
            return True
        return (
            not self._continues(manifest, state)
            or manifest.last_key < state.last_key
            or manifest.last_removal < state.last_removal
            or not all((self._segments / e.name / file).is_file() for e in manifest.segments for file in e.sums)
        )

    def update(self, loaded: Mapping[str, Segment], *, anew: bool = False) -> dict[str, Segment]:
        """Write what is missing and swap in a manifest that is up to the truth.

        Args:
            loaded: Segments that are open already, by name.
            anew: Trust nothing that is there.

        Returns:
            The manifest's segments, opened, by name.
        """
        state = self._store.state()
        manifest = replace(self._empty, history=state.history) if anew else self._manifest(state)
        self._discard_leftovers()
        pieces = [piece for e in manifest.segments for piece in self._opened(e, loaded)]
        pieces = _without_removed(pieces, self._store.removed_keys(manifest.last_removal))
        pieces += self._built(manifest.last_key + 1, state.last_key)
        limit = 0.0 if manifest.last_removal < state.erase else _MAX_DEAD_SHARE
        pieces = [self._merged([p]) if len(p.entry.dead) > limit * p.entry.size else p for p in pieces if p.live]
        pieces = self._balanced(pieces)
        total = sum(p.live for p in pieces)
        pieces = [self._persisted(self._scanned_as_wanted(p, total)) for p in pieces]
        updated = replace(
            manifest,
            last_key=max(state.last_key, manifest.last_key),
            last_removal=state.last_removal,
            segments=tuple(p.entry for p in pieces),
        )
        write_manifest(self._folder, updated)
        self._discard_leftovers()
        if state.oldest_removal < state.last_removal:
            self._store.prune_removals(state.last_removal)
        return {p.entry.name: p.segment for p in pieces}

    def _manifest(self, state: TruthState) -> Manifest:
        anew = replace(self._empty, history=state.history)
        try:
            manifest = read_manifest(self._folder)
        except FileNotFoundError:
            logger.warning("the index in %s has no manifest: building it anew", self._folder)
            return anew
        except IndexDamagedError as error:
            logger.warning("%s: building the index anew", error)
            return anew
        if not self._continues(manifest, state):
            logger.warning("the index in %s is of another database or format: building it anew", self._folder)
            return anew
        return manifest

    def _continues(self, manifest: Manifest, state: TruthState) -> bool:
        """Tell whether the manifest's segments can be brought up to the truth at all."""
        return (
            (manifest.format, manifest.history) == (FORMAT, state.history)
            and manifest.dimension == self._empty.dimension
            and manifest.last_removal >= state.oldest_removal - 1
        )

    def _opened(self, entry: SegmentEntry, loaded: Mapping[str, Segment]) -> list[_Piece]:
        folder = self._segments / entry.name
        try:
            present = all((folder / file).is_file() for file in entry.sums)
            known = loaded.get(entry.name) if present else None
            return [_Piece(segment=known or open_segment(self._folder, entry), entry=entry, written=True)]
        except IndexDamagedError as error:
            logger.warning("%s: building it anew from the database", error)
            return list(self._built(entry.first_key, entry.last_key))

    def _built(self, first_key: int, last_key: int) -> Iterator[_Piece]:
        stream = self._store.keyed_records(first_key, last_key)
        while batch := list(islice(stream, self._max)):
            segment = Segment.build(batch, self._analyzer, self._empty.dimension)
            piece = _unwritten(segment, batch[0].key, batch[-1].key)
            # A full one is written at once, so that building a large index doesn't need all of it in memory.
            yield self._persisted(piece) if len(batch) == self._max else piece

    def _balanced(self, pieces: list[_Piece]) -> list[_Piece]:
        pieces = list(pieces)
        place = len(pieces) - 2
        while place >= 0:
            left, right = pieces[place], pieces[place + 1]
            if left.live < _GROWTH * right.live and left.live + right.live <= self._max:
                pieces[place : place + 2] = [self._merged([left, right])]
                # What grew is now compared with its right neighbour again, and then with its left one.
                place = min(place, len(pieces) - 2)
            else:
                place -= 1
        return pieces

    def _scanned_as_wanted(self, piece: _Piece, total: int) -> _Piece:
        """Give a piece a coarse copy of its vectors, or take it away, as the setting and the sizes want it."""
        large = piece.entry.size >= COARSE_FROM_SEGMENT and total >= COARSE_FROM_TOTAL
        coarsely = large if self._vector_index == "auto" else self._vector_index == "sq8"
        if piece.segment.vectors.is_coarse == coarsely:
            return piece
        vectors = piece.segment.vectors.scanned(coarsely=coarsely)
        return replace(piece, segment=replace(piece.segment, vectors=vectors), written=False)

    def _merged(self, pieces: list[_Piece]) -> _Piece:
        segment = Segment.merge([(p.segment, live_mask(p.entry)) for p in pieces])
        return _unwritten(segment, pieces[0].entry.first_key, pieces[-1].entry.last_key)

    def _persisted(self, piece: _Piece) -> _Piece:
        if piece.written:
            return piece
        temporary = self._segments / f"{uuid.uuid4().hex}{TEMPORARY_SUFFIX}"
        piece.segment.write(temporary)
        sums = file_sums(temporary)
        name = _content_name(sums)
        final = self._segments / name
        if final.exists():
            # The same content was there, damaged: readers that find it gone in between try again.
            final.rename(self._segments / f"{uuid.uuid4().hex}{TEMPORARY_SUFFIX}")
        temporary.rename(final)
        sync_folder(self._segments)
        entry = replace(piece.entry, name=name, sums=sums)
        return _Piece(segment=open_segment(self._folder, entry), entry=entry, written=True)

    def _discard_leftovers(self) -> None:
        """Delete segments that the manifest on disk doesn't name and temporary files of a process that was killed."""
        self._segments.mkdir(exist_ok=True)
        try:
            named = {e.name for e in read_manifest(self._folder).segments}
        except (FileNotFoundError, IndexDamagedError):
            named = set()
        for path in self._segments.iterdir():
            if path.name not in named:
                shutil.rmtree(path, ignore_errors=True)
        for path in self._folder.glob(f"*{TEMPORARY_SUFFIX}*"):
            path.unlink(missing_ok=True)


def _unwritten(segment: Segment, first_key: int, last_key: int) -> _Piece:
    entry = SegmentEntry(name="", first_key=first_key, last_key=last_key, size=len(segment), sums={})
    return _Piece(segment=segment, entry=entry, written=False)


def _without_removed(pieces: list[_Piece], removed: list[int]) -> list[_Piece]:
    if not removed:
        return pieces
    keys = np.array(removed, dtype=np.int64)
    return [
        replace(
            piece,
            entry=replace(
                piece.entry,
                dead=tuple(sorted({*piece.entry.dead, *np.flatnonzero(np.isin(piece.segment.keys, keys)).tolist()})),
            ),
        )
        for piece in pieces
    ]


def _content_name(sums: Mapping[str, str]) -> str:
    return hashlib.sha256("".join(sums[name] for name in sorted(sums)).encode()).hexdigest()[:20]
