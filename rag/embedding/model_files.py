"""What the files of a sentence-transformers model say, read without loading it."""

import json
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from rag.embedding.protocol import InputType
from rag.errors import ModelError

Pooling = Literal["mean", "cls"]
SPECIAL_TOKENS = 2
"""Of a text on its own: one before it, one after."""
_NO_LIMIT = 10**9
"""tokenizer_config.json writes 1e30 where a tokenizer knows no limit."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model's folder as sentence-transformers saves it. What is absent reads as empty."""

    folder: Path

    def read(self, name: str) -> dict[str, Any]:
        """Return one JSON file of the folder, {} where there is none.

        Raises:
            ModelError: The file is damaged.
        """
        file = self.folder / name
        if not file.is_file():
            return {}
        try:
            found: dict[str, Any] = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ModelError(f"{file} can't be read: {error}.") from error
        return found

    @property
    def modules(self) -> tuple[str, ...]:
        """Return the steps from text to vector by their class names: Transformer, Pooling, Normalize."""
        file = self.folder / "modules.json"
        if not file.is_file():
            return ()
        return tuple(str(module["type"]).rpartition(".")[2] for module in json.loads(file.read_text("utf-8")))

    @property
    def dimension(self) -> int | None:
        """Return the length of a vector, None where the files don't say."""
        config = self.read("1_Pooling/config.json")
        found = config.get("embedding_dimension", config.get("word_embedding_dimension"))
        plain = len(self._poolings) < 2 and "Dense" not in self.modules  # noqa: PLR2004 - several are put side by side
        return int(found) if found and plain else None

    @property
    def max_tokens(self) -> int | None:
        """Return how many tokens the model reads, special ones too; None where the files don't say."""
        set_here = self.read("sentence_bert_config.json").get("max_seq_length")
        if set_here:
            return int(set_here)
        limits = (
            self.read("tokenizer_config.json").get("model_max_length"),
            self.read("config.json").get("max_position_embeddings"),
        )
        known = [int(limit) for limit in limits if limit and 0 < limit < _NO_LIMIT]
        return min(known) if known else None

    @property
    def pooling(self) -> Pooling | None:
        """Return how token vectors become one; None where it is another way than the two that are known here."""
        if not self.read("1_Pooling/config.json").get("include_prompt", True):
            return None
        if self._poolings in ([], ["mean"], ["mean_tokens"]):
            return "mean"
        return "cls" if self._poolings in (["cls"], ["cls_token"]) else None

    @property
    def _poolings(self) -> list[str]:
        """Return the ways of pooling that are named: in one entry, or by older versions in a flag each."""
        config, flag = self.read("1_Pooling/config.json"), "pooling_mode_"
        flagged = [key.removeprefix(flag) for key, on in config.items() if key.startswith(flag) and on]
        named = config.get("pooling_mode", flagged)
        return [named] if isinstance(named, str) else list(named)

    def prompt(self, input_type: InputType) -> str:
        """Return what the model wants in front of a text, as sentence-transformers chooses it."""
        prompts = self.read("config_sentence_transformers.json").get("prompts") or {}
        return str(prompts.get(input_type) or "")

    def tokenizer(self) -> Any | None:
        """Return the model's tokenizer, without cutting and padding; None where it is not in one file."""
        file = self.folder / "tokenizer.json"
        if not file.is_file():
            return None
        return plain_tokenizer(import_module("tokenizers").Tokenizer.from_file(str(file)))


def plain_tokenizer(tokenizer: Any) -> Any:
    """Return a tokenizer that neither cuts nor pads."""
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
