"""Exact nearest neighbours by inner product, with FAISS."""

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from index.types import Matrix, Vector

Mask = npt.NDArray[np.bool_]

_ROUNDING = 1e-5
"""Farther apart than float32 sums of the same unit vectors in another order can be (dimension * 2**-24, and room)."""


class FlatVectors:
    """The vectors of one segment, by position: shape (n, dimension) float32, unit length. Immutable."""

    def __init__(self, index: Any) -> None:
        """Wrap a `faiss.IndexFlatIP`."""
        faiss = _faiss()
        self._index = index
        size = index.ntotal * index.d
        # A view, not a copy: of a memory-mapped index only the rows that are touched are read.
        view = faiss.rev_swig_ptr(index.get_xb(), size) if size else np.empty(0, dtype=np.float32)
        self._matrix: Matrix = view.reshape(index.ntotal, index.d)

    @classmethod
    def of(cls, matrix: Matrix) -> "FlatVectors":
        """Index the rows of a matrix."""
        index = _faiss().IndexFlatIP(matrix.shape[1])
        index.add(np.ascontiguousarray(matrix, dtype=np.float32))
        return cls(index)

    @classmethod
    def open(cls, path: Path) -> "FlatVectors":
        """Memory-map a file that `write` made.

        Raises:
            OSError: It can't be read, or isn't such a file.
        """
        faiss = _faiss()
        try:
            return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))
        except RuntimeError as error:
            raise OSError(str(error)) from error

    def write(self, path: Path) -> None:
        """Write to a file in FAISS's format.

        Raises:
            OSError: The disk is full, or refuses.
        """
        try:
            _faiss().write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(str(error)) from error

    @property
    def matrix(self) -> Matrix:
        """Return all vectors; valid as long as this object lives."""
        return self._matrix

    def nearest(
        self, query: Vector, limit: int, mask: Mask | None
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Return positions and inner products of at least the `limit` nearest rows that the mask lets through.

        More come back where rows tie, so that the caller can break ties by id. The products are summed in double
        precision, so that a pair of vectors scores the same in whatever segment it lies.
        """
        available = len(self._matrix) if mask is None else int(np.count_nonzero(mask))
        if available == 0:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float64)
        faiss = _faiss()
        # With a selector, even of everything, FAISS answers one query on one thread. Without, it starts a team of
        # threads, which costs more than it saves: 32 ms instead of 4 for 65,536 rows on two busy cores.
        selector = (
            faiss.IDSelectorAll() if mask is None else faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))
        )
        parameters = faiss.SearchParameters(sel=selector)
        wanted = min(limit + 1, available)
        scores, positions = self._index.search(query[None, :], wanted, params=parameters)
        found: npt.NDArray[np.int64] = positions[0]
        if wanted > limit and scores[0][limit] >= scores[0][limit - 1] - _ROUNDING:
            # Rows tie where the list ends: take all of them.
            worst = float(scores[0][limit - 1]) - _ROUNDING
            _, _, found = self._index.range_search(query[None, :], worst, params=parameters)
        exact = (self._matrix[found].astype(np.float64) * query.astype(np.float64)).sum(axis=1)
        return found, exact


def _faiss() -> ModuleType:
    # Loading it takes 0.3 s, which commands that don't search should not pay.
    import faiss  # noqa: PLC0415

    return faiss
