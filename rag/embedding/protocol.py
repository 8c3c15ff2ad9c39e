"""What gives vectors, whatever computes them."""

from collections.abc import Sequence
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

InputType = Literal["query", "document"]


class Embedder(Protocol):
    """Turns texts into unit vectors and knows how much text it can take in."""

    @property
    def name(self) -> str:
        """Name the model: vectors of different names must not be mixed, those of one name agree on every backend."""
        ...

    @property
    def backend(self) -> str:
        """Name what runs the model, for people: `torch`, `openvino`, `openvino-bf16`."""
        ...

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        ...

    @property
    def max_pieces(self) -> int:
        """Return how many word pieces of text fit; the model reads nothing beyond."""
        ...

    def count_pieces(self, text: str) -> int:
        """Count the model's own word pieces in a text, without the special ones."""
        ...

    def embed(self, texts: Sequence[str], *, input_type: InputType) -> npt.NDArray[np.float32]:
        """Return one row a text: shape (n, dimension), float32, unit length."""
        ...

    def embed_with_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[npt.NDArray[np.float32], list[npt.NDArray[np.float32]]]:
        """Return the vectors of documents, and, by document, of parts of it read in its context.

        Args:
            texts: The documents.
            parts: By document, places [start, end) in its text.

        Returns:
            Shape (n, dimension), and n matrices of shape (parts, dimension); float32, unit length. A part that the
            model read nothing of has a row of zeros.
        """
        ...
