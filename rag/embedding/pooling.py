"""From token vectors to the vectors of a text and of its parts."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Offsets = Sequence[tuple[int, int]]
"""By token, its place [start, end) in the text; a special token's is empty."""


def unit_rows(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return rows of unit length, float32; a row of zeros stays one."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.ascontiguousarray(rows / np.maximum(lengths, 1e-12), dtype=np.float32)


def part_vectors(tokens: npt.NDArray[np.float32], offsets: Offsets, parts: Offsets) -> npt.NDArray[np.float32]:
    """Return the mean of the token vectors within each part, shape (parts, dimension), float32, unit length.

    Args:
        tokens: Shape (tokens read, dimension), special ones too.
        offsets: Of the tokens that were read.
        parts: Places [start, end) in the same text.
    """
    places = np.array(offsets)
    rows = np.zeros((len(parts), tokens.shape[1]), dtype=np.float32)
    for row, (start, end) in zip(rows, parts, strict=True):
        inside = (places[:, 0] >= start) & (places[:, 1] <= end) & (places[:, 1] > places[:, 0])
        if inside.any():
            row[:] = tokens[inside].mean(axis=0)
    return unit_rows(rows)
