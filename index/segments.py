"""Segments: immutable runs of records in the form that searches read.

A segment holds the records of a range of keys. Segments never change: records that were replaced or removed are
marked dead beside them, and merging writes a new segment without the dead ones (the log-structured merge of
O'Neil et al., 1996, with sizes kept geometric as in Bentley and Saxe's logarithmic method, 1980).
"""

import datetime as dt
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.adjacency import Adjacency
from index.analysis import EnglishAnalyzer
from index.arrays import map_arrays, write_arrays
from index.inverted import LIST_ARRAYS, InvertedLists
from index.records import KeyedRecord
from index.types import Record
from index.vectors import Mask, SegmentVectors

_ARRAYS_FILE = "arrays.npy"
_VECTORS_FILE = "vectors.faiss"
_COARSE_FILE = "coarse.faiss"
_COLUMNS = ("keys", "ids", "lengths", "days")
_BY_ID = "by_id"
_ADJACENCY = "adjacency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Records by position, in order of their keys; all arrays have one entry a record."""

    keys: npt.NDArray[np.int64]
    ids: npt.NDArray[np.bytes_]
    lengths: npt.NDArray[np.int32]
    """Number of terms of each record's text."""
    days: npt.NDArray[np.int32]
    """Proleptic Gregorian ordinal of each record's date (`datetime.date.toordinal`), 0 where there is none."""
    words: InvertedLists
    fields: InvertedLists
    vectors: SegmentVectors
    by_id: npt.NDArray[np.int32]
    """Positions in order of the records' ids."""
    adjacency: Adjacency | None
    """Which words stand side by side in each record; None in segments of before it was kept."""

    def __len__(self) -> int:
        return len(self.keys)

    @classmethod
    def build(cls, keyed: Sequence[KeyedRecord], analyzer: EnglishAnalyzer, dimension: int) -> "Segment":
        """Build a segment in memory from records in order of key."""
        records = [k.record for k in keyed]
        terms = [analyzer.terms(record.text) for record in records]
        matrix = np.empty((len(records), dimension), dtype=np.float32)
        for position, record in enumerate(records):
            matrix[position] = record.vector
        ids = np.array([record.id.encode("ascii") for record in records], dtype=np.bytes_)
        return cls(
            keys=np.array([k.key for k in keyed], dtype=np.int64),
            ids=ids,
            by_id=_in_order(ids),
            lengths=np.array([len(t) for t in terms], dtype=np.int32),
            days=np.array([_day(record.date) for record in records], dtype=np.int32),
            words=InvertedLists.build(terms),
            fields=InvertedLists.build([_field_terms(record) for record in records]),
            vectors=SegmentVectors.of(matrix),
            adjacency=Adjacency.build([record.text for record in records]),
        )

    @classmethod
    def merge(cls, parts: Sequence[tuple["Segment", Mask | None]]) -> "Segment":
        """Merge segments of ascending keys in memory, each with a mask of the records that are kept (None: all)."""
        kept = [np.ones(len(s), dtype=np.bool_) if mask is None else mask for s, mask in parts]
        places = []
        size = 0
        for mask in kept:
            place = np.where(mask, np.cumsum(mask) - 1 + size, -1).astype(np.int32)
            places.append(place)
            size += int(np.count_nonzero(mask))
        segments = [s for s, _ in parts]

        def joined(name: str) -> npt.NDArray[Any]:
            return np.concatenate([getattr(s, name)[mask] for s, mask in zip(segments, kept, strict=True)])

        columns = {name: joined(name) for name in _COLUMNS}
        matrix = np.concatenate([s.vectors.matrix[mask] for s, mask in zip(segments, kept, strict=True)])
        return cls(
            **columns,
            by_id=_in_order(columns["ids"]),
            words=InvertedLists.merge([(s.words, p) for s, p in zip(segments, places, strict=True)]),
            fields=InvertedLists.merge([(s.fields, p) for s, p in zip(segments, places, strict=True)]),
            vectors=SegmentVectors.of(matrix),
            adjacency=Adjacency.merge([(s.adjacency, mask) for s, mask in zip(segments, kept, strict=True)]),
        )

    def places(self, ids: npt.NDArray[np.bytes_]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        """Return which of some ids are here, by their numbers, and their positions."""
        if not len(self):
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int32)
        found = self.by_id[np.searchsorted(self.ids, ids, sorter=self.by_id).clip(max=len(self) - 1)]
        here = np.flatnonzero(self.ids[found] == ids)
        return here, found[here]

    def write(self, folder: Path) -> None:
        """Write all files into a new folder, durably."""
        folder.mkdir(parents=True)
        arrays = {name: getattr(self, name) for name in _COLUMNS}
        arrays |= {f"words-{name}": getattr(self.words, name) for name in LIST_ARRAYS}
        arrays |= {f"fields-{name}": getattr(self.fields, name) for name in LIST_ARRAYS}
        arrays |= {_BY_ID: self.by_id}
        if self.adjacency is not None:
            arrays[_ADJACENCY] = self.adjacency.slices
        write_arrays(folder / _ARRAYS_FILE, arrays)
        self.vectors.write(folder / _VECTORS_FILE, folder / _COARSE_FILE)
        for file in folder.iterdir():
            with file.open("rb") as written:
                os.fsync(written.fileno())

    @classmethod
    def open(cls, folder: Path) -> "Segment":
        """Memory-map the files of a folder that `write` made."""
        names = [*_COLUMNS, *(f"{lists}-{name}" for lists in ("words", "fields") for name in LIST_ARRAYS)]
        arrays = map_arrays(folder / _ARRAYS_FILE, names, optional=[_BY_ID, _ADJACENCY])
        return cls(
            # Segments of before 22 November 2026 lack it.
            by_id=arrays[_BY_ID] if _BY_ID in arrays else _in_order(arrays["ids"]),
            **{name: arrays[name] for name in _COLUMNS},
            words=InvertedLists(**{name: arrays[f"words-{name}"] for name in LIST_ARRAYS}),
            fields=InvertedLists(**{name: arrays[f"fields-{name}"] for name in LIST_ARRAYS}),
            vectors=SegmentVectors.open(folder / _VECTORS_FILE, folder / _COARSE_FILE),
            adjacency=Adjacency.of(arrays.get(_ADJACENCY), size=len(arrays["keys"])),
        )


def file_sums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file in a segment's folder, by name, in hexadecimal."""
    sums = {}
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            sums[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return sums


def field_term(field: str, value: str) -> str:
    """Return the term under which a field's value is listed."""
    return f"{field}\0{value}"


def _field_terms(record: Record) -> list[str]:
    return [field_term(name, value) for name, values in record.fields.items() for value in dict.fromkeys(values)]


def _in_order(ids: npt.NDArray[np.bytes_]) -> npt.NDArray[np.int32]:
    return np.argsort(ids, kind="stable").astype(np.int32)


def _day(date: dt.date | None) -> int:
    return 0 if date is None else date.toordinal()
