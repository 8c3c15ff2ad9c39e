"""The graph that reads: a BERT over a question and what was said, and a number for each sentence."""

from typing import Any

import numpy as np
import numpy.typing as npt

from rag.embedding.bert import BertGraph
from rag.errors import ModelError

Weights = dict[str, npt.NDArray[Any]]
Tokens = npt.NDArray[np.int64]
MEND = "Reinstall Turnwise, or do without reading: TURNWISE_READER=off."


class ReadingGraph(BertGraph):
    """Builds the graph; the weights hold those of the head too."""

    def model(self) -> Any:
        """Return the model, which gives log-odds, shape (n, sentences, 1).

        It takes what the embeddings of each token add up to (`embedded`), shape (n, tokens, width), float32; the mask,
        shape (n, tokens), int64; and the share that each token has in each sentence, shape (n, sentences, tokens),
        float32. The tables of embeddings, half of the model, are thus not in the graph.

        Raises:
            ModelError: A weight is missing.
        """
        ops = self._ops
        embedded = ops.parameter([-1, -1, self._shape.width], np.float32, name="embedded")
        mask = ops.parameter([-1, -1], np.int64, name="attention_mask")
        shares = ops.parameter([-1, -1, -1], np.float32, name="shares")
        try:
            sentences = ops.matmul(shares, self._hidden(embedded, mask), False, False)
            logits = self._linear(ops.gelu(self._linear(sentences, "head.0"), "erf"), "head.2")
        except KeyError as error:
            raise ModelError(f"The reading model lacks {error}. {MEND}") from error
        return self._openvino.Model([ops.result(logits)], [embedded, mask, shares], "reader")


def embedded(weights: Weights, ids: Tokens, types: Tokens) -> npt.NDArray[np.float32]:
    """Return what the embeddings of tokens add up to: of the word piece, its position and its type.

    Args:
        weights: Of the model.
        ids: Shape (n, tokens).
        types: Shape (n, tokens).
    """
    words, positions, kinds = (
        weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")
    )
    found: npt.NDArray[np.float32] = words[ids] + positions[: ids.shape[1]] + kinds[types]
    return found
