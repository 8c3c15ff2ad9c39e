"""Nearest neighbours by inner product, with FAISS: a scan of all rows or, where there are many, of a coarse copy.

No index that skips rows is used. Retrieval takes the nearest thousand, whose spread counts in the fusion, and at that
depth inverted files reached a recall of .6 to .9 in the time of a scan (docs/decisions/013-vector-index.md).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from index.types import Matrix, Vector

Mask = npt.NDArray[np.bool_]
VectorIndex = Literal["auto", "flat", "sq8"]
"""What a segment's vectors are scanned by: `flat`, the vectors themselves; `sq8`, a copy of one byte a component, whose
best are scored again exactly; `auto`, the second for large segments of a large index."""

ROUNDING = 1e-5
"""Farther apart than float32 sums of the same unit vectors in another order can be (dimension * 2**-24, and room)."""
_TIES = 16
"""Rows beyond those asked for, among which those that tie with the last are looked for before all are gone through."""
_ROWS_AT_ONCE = 64
"""That are gathered: under 128 KB, beyond which the C library fetches fresh pages from the system for each array."""
OVERSAMPLED = 1.3
"""How many times more than asked for a coarse scan gives to be scored again: its recall is then .999 (decision 013)."""
_SELECTIVE = 4
"""Where a filter leaves at most one in so many rows, the scan is exact: there are few to look at."""


class SegmentVectors:
    """The vectors of one segment, by position: shape (n, dimension) float32, unit length. Immutable."""

    def __init__(self, index: Any, coarse: Any = None) -> None:
        """Wrap a `faiss.IndexFlatIP`, and, where there is one, an index of the same rows that is quicker to scan."""
        faiss = _faiss()
        self._index = index
        self._coarse = coarse
        size = index.ntotal * index.d
        # A view, not a copy: of a memory-mapped index only the rows that are touched are read.
        view = faiss.rev_swig_ptr(index.get_xb(), size) if size else np.empty(0, dtype=np.float32)
        self._matrix: Matrix = view.reshape(index.ntotal, index.d)

    @classmethod
    def of(cls, matrix: Matrix) -> "SegmentVectors":
        """Index the rows of a matrix."""
        index = _faiss().IndexFlatIP(matrix.shape[1])
        index.add(np.ascontiguousarray(matrix, dtype=np.float32))
        return cls(index)

    @classmethod
    def open(cls, path: Path, coarse: Path) -> "SegmentVectors":
        """Memory-map the files that `write` made; the second may be absent.

        Raises:
            OSError: They can't be read, or aren't such files.
        """
        faiss = _faiss()
        try:
            indexes = [faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC) for file in (path, coarse) if file.exists()]
        except RuntimeError as error:
            raise OSError(str(error)) from error
        if not indexes:
            raise FileNotFoundError(f"{path} is missing")
        return cls(*indexes)

    def write(self, path: Path, coarse: Path) -> None:
        """Write to files in FAISS's format; the second only where there is a coarse copy.

        Raises:
            OSError: The disk is full, or refuses.
        """
        try:
            _faiss().write_index(self._index, str(path))
            if self._coarse is not None:
                _faiss().write_index(self._coarse, str(coarse))
        except RuntimeError as error:
            raise OSError(str(error)) from error

    @property
    def matrix(self) -> Matrix:
        """Return all vectors; valid as long as this object lives."""
        return self._matrix

    @property
    def is_coarse(self) -> bool:
        """Say whether a coarse copy is scanned."""
        return self._coarse is not None

    def scanned(self, *, coarsely: bool) -> "SegmentVectors":
        """Return the same vectors with or without a coarse copy."""
        if not coarsely:
            return SegmentVectors(self._index)
        faiss = _faiss()
        coarse = faiss.IndexScalarQuantizer(self._index.d, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
        coarse.train(self._matrix)
        coarse.add(self._matrix)
        return SegmentVectors(self._index, coarse)

    def candidates(
        self, query: Vector, limit: int, mask: Mask | None
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """Return positions and about the inner products of the nearest rows that the mask lets through.

        From the vectors themselves they are at least the nearest `limit`, and all that may tie with the last of them,
        so that the caller can break ties by id. From a coarse copy they are so many more (`OVERSAMPLED`) that the
        nearest are among them.
        """
        available = len(self._matrix) if mask is None else int(np.count_nonzero(mask))
        if available == 0:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        faiss = _faiss()
        # With a selector, even of everything, FAISS answers one query on one thread. Without, it starts a team of
        # threads, which costs more than it saves: 32 ms instead of 4 for 65,536 rows on two busy cores.
        selector = (
            faiss.IDSelectorAll() if mask is None else faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))
        )
        parameters = faiss.SearchParameters(sel=selector)
        if self._coarse is not None and available * _SELECTIVE > len(self._matrix):
            wanted = min(oversampled(limit), available)
            with _on_one_thread(faiss):
                scores, positions = self._coarse.search(query[None, :], wanted, params=parameters)
            return positions[0], scores[0]
        wanted = min(limit + _TIES, available)
        scores, positions = self._index.search(query[None, :], wanted, params=parameters)
        if wanted > limit:
            worst = float(scores[0][limit - 1]) - ROUNDING
            if scores[0][-1] >= worst:
                # More rows tie where the list ends than were asked for: take all of them.
                _, near, found = self._index.range_search(query[None, :], worst, params=parameters)
                return found, near
        return positions[0], scores[0]

    def products(self, query: Vector, positions: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Return inner products, summed the same way for a pair in whatever segment and place it lies."""
        products = np.empty(len(positions), dtype=np.float32)
        for first in range(0, len(positions), _ROWS_AT_ONCE):
            rows = self._matrix[positions[first : first + _ROWS_AT_ONCE]]
            # Row by row: a product of matrices sums the last rows of a block in another order than the others.
            np.einsum("ij,j->i", rows, query, out=products[first : first + _ROWS_AT_ONCE])
        return products.astype(np.float64)


def oversampled(limit: int) -> int:
    """Return how many candidates of a coarse scan hold the nearest `limit`."""
    return int(limit * OVERSAMPLED) + 1


@contextmanager
def _on_one_thread(faiss: ModuleType) -> Iterator[None]:
    """Keep this thread from starting others, which wait for each other while they use a core: twice the time."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def _faiss() -> ModuleType:
    # Loading it takes 0.3 s, which commands that don't search should not pay.
    import faiss  # noqa: PLC0415

    return faiss
