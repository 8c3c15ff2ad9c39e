"""An embedder that has the workers of a Ray cluster make the vectors of documents."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from rag.embedding.choice import Backend
from rag.embedding.protocol import Embedder, InputType
from rag.embedding.ray_cluster import check_address
from rag.embedding.ray_worker import Batch, machine_of
from rag.embedding.worker_pool import WorkerPool, worker_pool

TEXTS_A_BATCH = 16
"""Half a second of one core: long beside the way there and back, short beside what has to be done again."""
TEXTS_A_WORKER = 128
"""Texts at once for each worker: as many as one machine alone takes at once."""


class DistributedEmbedder:
    """Gives the vectors that the local embedder gives, made by many machines.

    Args:
        local: Counts pieces, and embeds questions: one of them is not worth the way.
        pool: Makes the vectors of documents.
    """

    def __init__(self, local: Embedder, pool: WorkerPool) -> None:
        self._local = local
        self._pool = pool

    @property
    def name(self) -> str:
        """Name the model."""
        return self._local.name

    @property
    def backend(self) -> str:
        """Name what runs the model, and on how many workers."""
        return f"{self._local.backend} on {self._pool.size} Ray workers"

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return self._local.dimension

    @property
    def max_pieces(self) -> int:
        """Return how many word pieces of text fit."""
        return self._local.max_pieces

    @property
    def at_once(self) -> int:
        """Return how many texts keep all workers busy."""
        return TEXTS_A_WORKER * self._pool.size

    def count_pieces(self, text: str) -> int:
        """Count the model's own word pieces in a text, without the special ones."""
        return self._local.count_pieces(text)

    def embed(self, texts: Sequence[str], *, input_type: InputType) -> npt.NDArray[np.float32]:
        """Return one row a text, made here: shape (n, dimension), float32, unit length."""
        return self._local.embed(texts, input_type=input_type)

    def embed_with_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[npt.NDArray[np.float32], list[npt.NDArray[np.float32]]]:
        """Return the vectors of documents, and, by document, of parts of it read in its context.

        Raises:
            WorkersError: The cluster is lost, or its workers can't embed.
        """
        starts = range(0, len(texts), TEXTS_A_BATCH)
        embedded = self._pool.embed(
            [
                Batch(
                    texts=tuple(texts[start : start + TEXTS_A_BATCH]), parts=tuple(parts[start : start + TEXTS_A_BATCH])
                )
                for start in starts
            ]
        )
        nothing = np.zeros((0, self.dimension), dtype=np.float32)
        # Copies: what Ray gives is read-only, and lies in memory that it shares and wants back.
        whole = np.concatenate([nothing, *(batch.whole for batch in embedded)])
        rows = np.concatenate([nothing, *(batch.parts for batch in embedded)])
        ends = np.cumsum([len(places) for places in parts], dtype=np.int64)
        return whole, np.split(rows, ends)[:-1]


@contextmanager
def distributed(local: Embedder, address: str) -> Iterator[DistributedEmbedder]:
    """Connect to a Ray cluster and yield an embedder that has its workers make the vectors.

    Args:
        local: The embedder of this machine; the workers run the same model with the same backend.
        address: `ray://host:10001`, `host:6379` or `auto`.

    Raises:
        InputError: The address has none of these forms.
        WorkersError: The cluster can't be used, or a worker has another Python, Turnwise or model.
    """
    check_address(address)  # before the model is loaded
    here = machine_of(local)
    model = str(Path(local.name).resolve()) if Path(local.name).is_dir() else local.name
    with worker_pool(address, model=model, backend=cast("Backend", local.backend), here=here) as pool:
        yield DistributedEmbedder(local, pool)
