"""What runs in a Ray worker: the model of whoever sends the texts, and what tells whether it is the same there."""

import hashlib
import os
import platform
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.embedding.choice import Backend, open_embedder
from rag.embedding.packaged import model_folder
from rag.embedding.protocol import Embedder

PROBE = (
    "We moved the huddle to eight o'clock and the whole ward came.",
    "🙂 Nïne ﬁshing boats — “zwölf” ½ 漁船 и лодки.",
)
"""Texts whose vectors show that two machines run the same model."""
LEAST_COSINE = 0.999
"""As `rag/embedding/measurement.py` asks of every backend."""

Parts = Sequence[tuple[int, int]]
"""Places [start, end) in a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Texts that are embedded in one call."""

    texts: tuple[str, ...]
    parts: tuple[Parts, ...]
    """By text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """The vectors of a batch."""

    whole: npt.NDArray[np.float32]
    """Shape (texts, dimension), unit length."""
    parts: npt.NDArray[np.float32]
    """Of all texts' parts, one after the other: shape (parts, dimension), unit length. One matrix travels faster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What has to be the same wherever vectors of one index are made, and where this is."""

    host: str
    process: int
    python: str
    """As 3.11."""
    turnwise: str
    """The version that is installed; empty where none is."""
    model_sha256: str
    """Of the model's files; empty where the model is no folder."""
    probe: npt.NDArray[np.float32]
    """The vectors of PROBE."""

    def differences(self, other: "Machine") -> list[str]:
        """Say in words what is not the same on another machine."""
        pairs = (
            ("Python", self.python, other.python),
            ("Turnwise", self.turnwise, other.turnwise),
            ("the model's files (sha256)", self.model_sha256[:12], other.model_sha256[:12]),
        )
        found = [
            f"{what} is {theirs or 'unknown'} there and {ours or 'unknown'} here"
            for what, ours, theirs in pairs
            if ours != theirs
        ]
        cosine = (self.probe * other.probe).sum(axis=1).min() if self.probe.shape == other.probe.shape else 0.0
        if not found and cosine < LEAST_COSINE:
            found.append(f"the same text has another vector there (cosine {cosine:.3f})")
        return found


def machine_of(embedder: Embedder) -> Machine:
    """Describe this machine; the model is loaded for it."""
    try:
        turnwise = metadata.version("turnwise")
    except metadata.PackageNotFoundError:
        turnwise = ""
    return Machine(
        host=socket.gethostname(),
        process=os.getpid(),
        python=".".join(platform.python_version_tuple()[:2]),
        turnwise=turnwise,
        model_sha256=model_sha256(model_folder(embedder.name)),
        probe=embedder.embed(PROBE, input_type="document"),
    )


def model_sha256(folder: Path) -> str:
    """Return the checksum of a model's files, hidden ones left out; empty where there is no such folder."""
    if not folder.is_dir():
        return ""
    names = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    whole = hashlib.sha256()
    for name in names:
        with (folder / name).open("rb") as file:
            whole.update(f"{name}\0{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return whole.hexdigest()


class RayWorker:
    """One process of the model, on one core. The model is loaded at the first call, so that its errors come back.

    Args:
        model: As `open_embedder` takes it; a folder has to be at the same place on every machine.
        backend: What runs it.
    """

    def __init__(self, model: str, backend: Backend) -> None:
        self._model = model
        self._backend = backend
        self._embedder: Embedder | None = None

    def describe(self) -> Machine:
        """Return what is known of this process's machine."""
        return machine_of(self._opened())

    def embed(self, batch: Batch) -> Embedded:
        """Return the vectors of a batch."""
        embedder = self._opened()
        whole, within = embedder.embed_with_parts(batch.texts, batch.parts)
        empty = np.zeros((0, embedder.dimension), dtype=np.float32)
        return Embedded(whole=whole, parts=np.concatenate([empty, *within]))

    def _opened(self) -> Embedder:
        if self._embedder is None:
            self._embedder = open_embedder(self._model, backend=self._backend, threads=1)
        return self._embedder
