"""The reference: a model as sentence-transformers runs it, on PyTorch."""

from collections.abc import Sequence
from functools import partial
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rag.embedding.by_name import load_by_name
from rag.embedding.model_files import SPECIAL_TOKENS, ModelFiles, plain_tokenizer
from rag.embedding.packaged import PACKAGED_MODEL, check_packaged_model, model_folder
from rag.embedding.pooling import part_vectors, unit_rows
from rag.embedding.protocol import InputType
from rag.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH_SIZE = 32


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
        self._files = ModelFiles(model_folder(model))

    @property
    def name(self) -> str:
        """Name the model."""
        return self._name

    @property
    def backend(self) -> str:
        """Name what runs the model."""
        return "torch"

    @property
    def dimension(self) -> int:
        """Return the length of a vector; read from the model's configuration where it is a folder."""
        return self._files.dimension or int(self._loaded().get_embedding_dimension() or 0)

    @property
    def max_pieces(self) -> int:
        """Return how many word pieces of text fit: the model's limit less its special ones and its prompt."""
        limit = self._files.max_tokens or int(self._loaded().max_seq_length or 512)
        prompt = self._files.prompt("document")
        return limit - SPECIAL_TOKENS - (self.count_pieces(prompt) if prompt else 0)

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
        model = self._loaded()
        read: list[Any] = model.encode_document(  # type: ignore[assignment]
            list(texts), batch_size=BATCH_SIZE, output_value=None, convert_to_numpy=False, show_progress_bar=False
        )
        whole = unit_rows(np.stack([document["sentence_embedding"].numpy() for document in read]))
        prompt = str((model.prompts or {}).get("document") or "")
        within = [
            self._part_vectors(prompt, text, places, document["token_embeddings"].numpy())
            for text, places, document in zip(texts, parts, read, strict=True)
        ]
        return whole, within

    def _part_vectors(
        self, prompt: str, text: str, places: Sequence[tuple[int, int]], tokens: npt.NDArray[np.float32]
    ) -> npt.NDArray[np.float32]:
        offsets = self._tokens().encode(prompt + text).offsets
        read = [*offsets[: len(tokens) - 1], offsets[-1]]  # the last token that was read is the special one
        shifted = [(start + len(prompt), end + len(prompt)) for start, end in places]
        return part_vectors(tokens[: len(read)], read, shifted)

    def _tokens(self) -> Any:
        if self._tokenizer is None:
            self._tokenizer = self._files.tokenizer() or plain_tokenizer(self._loaded().tokenizer.backend_tokenizer)
        return self._tokenizer

    def _loaded(self) -> "SentenceTransformer":
        with self._loading:
            if self._model is None:
                if self._name == PACKAGED_MODEL:
                    check_packaged_model(self._files.folder)
                self._model = self._load()
            return self._model

    def _load(self) -> "SentenceTransformer":
        try:
            module = import_module("sentence_transformers")
            import_module("transformers.utils.logging").disable_progress_bar()
            if self._threads:
                import_module("torch").set_num_threads(self._threads)
            model: SentenceTransformer
            if self._files.folder.is_dir():
                model = module.SentenceTransformer(str(self._files.folder), device="cpu", local_files_only=True)
            else:
                model = load_by_name(self._name, partial(module.SentenceTransformer, device="cpu"))
        except ModuleNotFoundError as error:
            raise ModelError(
                f"The model {self._name!r} needs PyTorch and sentence-transformers, of which {error.name!r} is not "
                "installed: `make setup-torch`, or `pip install 'turnwise[torch]'`."
            ) from error
        except (ImportError, OSError, ValueError, RuntimeError) as error:
            raise ModelError(
                f"TURNWISE_MODEL: {self._name!r} can't be loaded: {error}. `turnwise doctor` says more."
            ) from error
        return model
