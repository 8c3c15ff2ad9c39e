"""A BERT encoder as an OpenVINO graph, made straight from the published weights: nothing is converted or stored.

The graph is that of Devlin et al. 2019 (arXiv:1810.04805) as transformers' `BertModel` computes it: embeddings, then
blocks of self-attention and a feed-forward part, each added to its input and normalised. Making it takes some 20 ms.
"""

import json
import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.embedding.model_files import ModelFiles, Pooling
from rag.errors import ModelError

WEIGHTS = "model.safetensors"
MASKED = -1e4
"""Added to the attention scores of padding: exp of it is 0 in float32 and in bfloat16."""
_NUMBERS = {"F32": np.float32, "F16": np.float16, "I64": np.int64}


@dataclass(frozen=True, slots=True, kw_only=True)
class BertShape:
    """What the graph has to know of a model besides its weights."""

    layers: int
    heads: int
    width: int
    epsilon: float
    """Of layer normalisation."""
    pooling: Pooling
    max_tokens: int


def bert_shape(files: ModelFiles) -> BertShape:
    """Read the shape of a model.

    Raises:
        ModelError: It is no BERT, or does a step that the graph does not know; the message says which.
    """
    config, pooling, max_tokens = files.read("config.json"), files.pooling, files.max_tokens
    needed = {
        "its type is not bert": config.get("model_type") == "bert",
        "its activation is not gelu": config.get("hidden_act") == "gelu",
        "its positions are not absolute": config.get("position_embedding_type", "absolute") == "absolute",
        "it has steps besides Transformer, Pooling and Normalize": files.modules
        in (("Transformer", "Pooling"), ("Transformer", "Pooling", "Normalize")),
        "its pooling is neither mean nor cls": pooling is not None,
        "it lowercases outside its tokenizer": not files.read("sentence_bert_config.json").get("do_lower_case"),
        "its limit is not given": max_tokens is not None,
        f"{WEIGHTS} is absent": (files.folder / WEIGHTS).is_file(),
        "tokenizer.json is absent": (files.folder / "tokenizer.json").is_file(),
    }
    missing = [reason for reason, holds in needed.items() if not holds]
    if missing or pooling is None or max_tokens is None:
        raise ModelError(f"The model in {files.folder} can't be run by OpenVINO: {'; '.join(missing)}.")
    return BertShape(
        layers=int(config["num_hidden_layers"]),
        heads=int(config["num_attention_heads"]),
        width=int(config["hidden_size"]),
        epsilon=float(config["layer_norm_eps"]),
        pooling=pooling,
        max_tokens=max_tokens,
    )


def read_weights(file: Path) -> dict[str, npt.NDArray[Any]]:
    """Return the tensors of a safetensors file by name, as views of the mapped file: nothing is copied.

    Format: https://huggingface.co/docs/safetensors (length of the header, header in JSON, data).

    Raises:
        ModelError: The file can't be read or holds numbers of another kind.
    """
    try:
        with file.open("rb") as opened:
            data = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_COPY)
        start = 8 + int.from_bytes(data[:8], "little")
        header = json.loads(data[8:start])
        header.pop("__metadata__", None)
        return {
            name: np.frombuffer(
                data, _NUMBERS[tensor["dtype"]], int(np.prod(tensor["shape"])), start + tensor["data_offsets"][0]
            ).reshape(tensor["shape"])
            for name, tensor in header.items()
        }
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{file} can't be read as float32 or float16 weights: {error}.") from error


class BertGraph:
    """Builds the graph.

    Args:
        openvino: The library.
        shape: Of the model.
        weights: By the names that transformers gives them.
    """

    def __init__(self, openvino: Any, shape: BertShape, weights: dict[str, npt.NDArray[Any]]) -> None:
        self._openvino = openvino
        self._ops = openvino.opset13
        self._shape = shape
        prefix = "bert." if any(name.startswith("bert.embeddings.") for name in weights) else ""
        self._weights = {name.removeprefix(prefix): tensor for name, tensor in weights.items()}

    def model(self) -> Any:
        """Return the model: token ids and mask, shape (n, tokens), int64, to vectors, shape (n, tokens, width).

        Raises:
            ModelError: A weight is missing.
        """
        ops = self._ops
        ids = ops.parameter([-1, -1], np.int64, name="input_ids")
        mask = ops.parameter([-1, -1], np.int64, name="attention_mask")
        try:
            hidden = self._hidden(self._embeddings(ids), mask)
        except KeyError as error:
            raise ModelError(f"The model's weights lack {error}: it is no BERT, or damaged.") from error
        return self._openvino.Model([ops.result(hidden)], [ids, mask], "bert")

    def _hidden(self, x: Any, mask: Any) -> Any:
        """Return the vectors of tokens from the sums of their embeddings."""
        ops = self._ops
        unmasked = ops.unsqueeze(ops.convert(mask, "f32"), self._integers([1, 2]))
        bias = ops.multiply(ops.subtract(self._number(1.0), unmasked), self._number(MASKED))
        x = self._normalised(x, "embeddings.LayerNorm")
        for layer in range(self._shape.layers):
            x = self._block(x, bias, f"encoder.layer.{layer}")
        return x

    def _embeddings(self, ids: Any) -> Any:
        ops = self._ops
        length = ops.gather(ops.shape_of(ids), self._integers(1), self._integers(0))
        places = ops.range(self._integers(0), length, self._integers(1), "i64")
        words = ops.gather(self._weight("embeddings.word_embeddings.weight"), ids, self._integers(0))
        positions = ops.gather(self._weight("embeddings.position_embeddings.weight"), places, self._integers(0))
        kind = ops.constant(np.array(self._weights["embeddings.token_type_embeddings.weight"][0], np.float32))
        return ops.add(ops.add(words, positions), kind)

    def _block(self, x: Any, bias: Any, name: str) -> Any:
        ops, shape = self._ops, self._shape
        head_width = shape.width // shape.heads
        query, key, value = (
            self._heads(self._linear(x, f"{name}.attention.self.{n}")) for n in ("query", "key", "value")
        )
        scores = ops.multiply(ops.matmul(query, key, False, True), self._number(head_width**-0.5))
        mixed = ops.matmul(ops.softmax(ops.add(scores, bias), -1), value, False, False)
        joined = ops.reshape(
            ops.transpose(mixed, self._integers([0, 2, 1, 3])), self._integers([0, 0, shape.width]), True
        )
        attended = self._linear(joined, f"{name}.attention.output.dense")
        x = self._normalised(ops.add(attended, x), f"{name}.attention.output.LayerNorm")
        inner = ops.gelu(self._linear(x, f"{name}.intermediate.dense"), "erf")
        return self._normalised(ops.add(self._linear(inner, f"{name}.output.dense"), x), f"{name}.output.LayerNorm")

    def _heads(self, x: Any) -> Any:
        shape = self._integers([0, 0, self._shape.heads, self._shape.width // self._shape.heads])
        return self._ops.transpose(self._ops.reshape(x, shape, True), self._integers([0, 2, 1, 3]))

    def _linear(self, x: Any, name: str) -> Any:
        product = self._ops.matmul(x, self._weight(f"{name}.weight"), False, True)
        return self._ops.add(product, self._weight(f"{name}.bias"))

    def _normalised(self, x: Any, name: str) -> Any:
        centred = self._ops.mvn(x, self._integers([-1]), True, self._shape.epsilon, "inside_sqrt")
        scaled = self._ops.multiply(centred, self._weight(f"{name}.weight"))
        return self._ops.add(scaled, self._weight(f"{name}.bias"))

    def _weight(self, name: str) -> Any:
        return self._ops.constant(self._weights[name].astype(np.float32, copy=False), shared_memory=True)

    def _integers(self, values: int | list[int]) -> Any:
        return self._ops.constant(np.array(values, dtype=np.int64))

    def _number(self, value: float) -> Any:
        return self._ops.constant(np.array(value, dtype=np.float32))
