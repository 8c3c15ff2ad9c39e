"""A BERT model run by OpenVINO on the processor, without PyTorch."""

import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from threading import Lock
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from rag.embedding.bert import WEIGHTS, BertGraph, BertShape, bert_shape, read_weights
from rag.embedding.model_files import SPECIAL_TOKENS, ModelFiles
from rag.embedding.openvino_streams import PROPERTIES, Inputs, Streams
from rag.embedding.packaged import PACKAGED_MODEL, check_packaged_model, model_folder
from rag.embedding.pooling import Offsets, part_vectors, unit_rows
from rag.embedding.protocol import InputType
from rag.embedding.together import Together
from rag.errors import ModelError

Precision = Literal["f32", "bf16"]
ONE_AT_ONCE: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY"}
"""Of a graph of which each run takes all cores."""
TOKENS_A_BATCH = 1024
"""Padding included. Larger batches are no faster, and take more memory."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A text as the model reads it."""

    ids: list[int]
    offsets: Offsets


class OpenVinoEmbedder:
    """A BERT model on OpenVINO. The library and the weights are loaded at the first vector, not before.

    Args:
        model: `all-MiniLM-L6-v2` for the packaged model, else a folder as sentence-transformers saves it.
        precision: Of the computation; bf16 pays on processors that multiply it natively (AMX, AVX512-BF16).
        threads: That the model may use in this process; 0 is one for each physical core.

    Raises:
        ModelError: The model is absent, damaged, or one that this runtime can't run.
    """

    def __init__(self, model: str = PACKAGED_MODEL, *, precision: Precision = "f32", threads: int = 0) -> None:
        self._name = model
        self._precision = precision
        self._threads = threads
        self._files = ModelFiles(model_folder(model))
        self._shape: BertShape = bert_shape(self._files)
        self._request: Any = None
        self._streams: Streams | None = None
        self._tokenizer: Any = None
        self._running = Lock()
        self._loading = Lock()
        self._questions = Together(lambda texts: self._embedded(texts, "query"))

    @property
    def name(self) -> str:
        """Name the model."""
        return self._name

    @property
    def backend(self) -> str:
        """Name what runs the model."""
        return "openvino" if self._precision == "f32" else f"openvino-{self._precision}"

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return self._shape.width

    @property
    def max_pieces(self) -> int:
        """Return how many word pieces of text fit: the model's limit less its special ones and its prompt."""
        prompt = self._files.prompt("document")
        return self._shape.max_tokens - SPECIAL_TOKENS - (self.count_pieces(prompt) if prompt else 0)

    def count_pieces(self, text: str) -> int:
        """Count the model's own word pieces in a text, without the special ones."""
        return len(self._tokens().encode(text, add_special_tokens=False).ids)

    def embed(self, texts: Sequence[str], *, input_type: InputType) -> npt.NDArray[np.float32]:
        """Return one row a text: shape (n, dimension), float32, unit length.

        Questions that several threads ask one by one at the same time are embedded at once.
        """
        if input_type == "query" and len(texts) == 1:
            return self._questions.row(texts[0])[None]
        return self._embedded(texts, input_type)

    def _embedded(self, texts: Sequence[str], input_type: InputType) -> npt.NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for place, _, tokens in self._token_vectors(texts, self._files.prompt(input_type)):
            rows[place] = self._pooled(tokens)
        return unit_rows(rows)

    def embed_with_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[npt.NDArray[np.float32], list[npt.NDArray[np.float32]]]:
        """Return the vectors of documents, and, by document, of parts of it read in its context."""
        prompt = self._files.prompt("document")
        whole = np.zeros((len(texts), self.dimension), dtype=np.float32)
        within: dict[int, npt.NDArray[np.float32]] = {}
        with closing(self._token_vectors(texts, prompt, many=True)) as read:
            for place, offsets, tokens in read:
                whole[place] = self._pooled(tokens)
                shifted = [(start + len(prompt), end + len(prompt)) for start, end in parts[place]]
                within[place] = part_vectors(tokens, offsets, shifted)
        return unit_rows(whole), [within[place] for place in range(len(texts))]

    def _pooled(self, tokens: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        pooled: npt.NDArray[np.float32] = tokens[0] if self._shape.pooling == "cls" else tokens.mean(axis=0)
        return pooled

    def _token_vectors(
        self, texts: Sequence[str], prompt: str, *, many: bool = False
    ) -> Generator[tuple[int, Offsets, npt.NDArray[np.float32]], None, None]:
        """Yield each text's place, its tokens' offsets and their vectors, the longest text first."""
        read = [self._cut(encoding) for encoding in self._tokens().encode_batch([prompt + text for text in texts])]
        groups = list(batches([len(text.ids) for text in read]))
        inputs = (_inputs([read[place].ids for place in group]) for group in groups)
        outputs = self._at_once(inputs) if many else map(self._run, inputs)
        for group, hidden in zip(groups, outputs, strict=True):
            for row, place in enumerate(group):
                yield place, read[place].offsets, hidden[row, : len(read[place].ids)]

    def _cut(self, encoding: Any) -> _Read:
        """Keep what fits, and the special token at the end."""
        ids, offsets, limit = encoding.ids, encoding.offsets, self._shape.max_tokens
        if len(ids) > limit:
            ids, offsets = [*ids[: limit - 1], ids[-1]], [*offsets[: limit - 1], offsets[-1]]
        return _Read(ids, offsets)

    def _run(self, given: Inputs) -> npt.NDArray[np.float32]:
        with self._running:  # the model takes all cores: two at once would only wait for each other
            if self._request is None:
                self._request = self._compiled(ONE_AT_ONCE).create_infer_request()
            result: npt.NDArray[np.float32] = self._request.infer(list(given), share_inputs=True)[0]
            return result

    def _at_once(self, inputs: Iterator[Inputs]) -> Iterator[npt.NDArray[np.float32]]:
        """Yield what `_run` gives, in order, for transcripts: a question has a line of its own beside theirs."""
        with self._loading:
            if self._streams is None:
                self._streams = Streams(self._compiled(PROPERTIES))
        return self._streams.outputs(inputs)

    def _tokens(self) -> Any:
        if self._tokenizer is None:
            self._tokenizer = self._files.tokenizer()
        return self._tokenizer

    def _compiled(self, hints: dict[str, Any]) -> Any:
        if self._name == PACKAGED_MODEL:
            check_packaged_model(self._files.folder)
        try:
            openvino = load_openvino()
            graph = BertGraph(openvino, self._shape, read_weights(self._files.folder / WEIGHTS)).model()
            return compiled(openvino, graph, hints, precision=self._precision, threads=self._threads)
        except (ImportError, RuntimeError, ValueError) as error:
            raise ModelError(
                f"OpenVINO can't run the model {self._name!r} here: {error}. Reinstall openvino (`make setup`), or "
                "take PyTorch: `make setup-torch` and TURNWISE_EMBEDDING_BACKEND=torch."
            ) from error


def compiled(openvino: Any, graph: Any, hints: dict[str, Any], *, precision: Precision, threads: int) -> Any:
    """Return a graph compiled for the processor.

    Args:
        openvino: The library.
        graph: The model.
        hints: How it will be run: `ONE_AT_ONCE` or `PROPERTIES`.
        precision: Of the computation.
        threads: That it may use; 0 is one for each physical core.

    Raises:
        RuntimeError: OpenVINO can't run it here.
    """
    properties: dict[str, Any] = {
        **hints,
        "INFERENCE_PRECISION_HINT": precision,
        "ENABLE_CPU_PINNING": False,  # other processes share the cores
    }
    if threads:
        properties["INFERENCE_NUM_THREADS"] = threads
    return openvino.Core().compile_model(graph, "CPU", properties)


def _inputs(rows: Sequence[Sequence[int]]) -> Inputs:
    """Return the ids and the mask of texts, the longest first."""
    ids = np.zeros((len(rows), len(rows[0])), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, text in enumerate(rows):
        ids[row, : len(text)] = text
        mask[row, : len(text)] = 1
    return ids, mask


def batches(lengths: Sequence[int], budget: int = TOKENS_A_BATCH) -> Iterator[list[int]]:
    """Yield the places of texts in batches, the longest first, so that little is padded.

    Args:
        lengths: Of the texts, in tokens.
        budget: Tokens in a batch, padding included; a text that is longer comes alone.
    """
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda place: (-lengths[place], place)):
        if batch and (len(batch) + 1) * lengths[batch[0]] > budget:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def load_openvino() -> Any:
    """Import OpenVINO without its conversion tools, which on import send word of it to their makers.

    The library imports them at its end and goes on without where they are absent.
    """
    tools = "openvino.tools.ovc"
    if "openvino" in sys.modules or tools in sys.modules:
        return import_module("openvino")
    sys.modules[tools] = None  # type: ignore[assignment] # what Python itself reads as "absent"
    try:
        return import_module("openvino")
    finally:
        del sys.modules[tools]
