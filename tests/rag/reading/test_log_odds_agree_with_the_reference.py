"""The graph's log-odds are those of transformers' BERT with the same weights and a plain head over each sentence."""

from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from rag.embedding.bert import WEIGHTS, read_weights
from rag.embedding.model_files import ModelFiles
from rag.embedding.packaged import packaged_model_folder
from rag.reading import Reader, Stretch, Window
from rag.reading.reader import ADDITIONS, adapted, read_additions
from rag.reading.window import encode

needs_torch = pytest.mark.skipif(
    find_spec("sentence_transformers") is None, reason="the reference is not installed (extra: torch)"
)
TOLERANCE = 2e-3
QUESTION = "How many hives are on the roof?"
LONG = "Every evening we counted the boxes on the quay again, and every evening there was one fewer than before. "
LogOdds = npt.NDArray[np.float32]


class Reference:
    """Reads as the docstrings say, in PyTorch: nothing of the graph is used."""

    def __init__(self) -> None:
        import torch  # noqa: PLC0415 - may be absent
        import transformers  # noqa: PLC0415

        folder = packaged_model_folder()
        weights = adapted(read_weights(folder / WEIGHTS), read_additions(ADDITIONS))
        tensors = {name: torch.tensor(np.array(weight)) for name, weight in weights.items()}
        self.torch = torch
        self.tokenizer = ModelFiles(folder).tokenizer()
        config = transformers.BertConfig.from_pretrained(str(folder))
        self.bert = transformers.BertModel(config, add_pooling_layer=False).eval()
        missing, _ = self.bert.load_state_dict(tensors, strict=False)
        assert not missing
        width, inner = tensors["head.0.weight"].shape[::-1]
        self.head = torch.nn.Sequential(torch.nn.Linear(width, inner), torch.nn.GELU(), torch.nn.Linear(inner, 1))
        self.head.load_state_dict({n.removeprefix("head."): t for n, t in tensors.items() if n.startswith("head.")})

    def pieces(self, text: str) -> list[int]:
        found: list[int] = self.tokenizer.encode(text, add_special_tokens=False).ids  # type: ignore[union-attr]
        return found

    def read(self, question: str, window: Window) -> list[float]:
        encoded = encode(self.pieces(question), window, self.pieces)
        ids, types = (self.torch.tensor([row]) for row in (encoded.ids, encoded.types))
        with self.torch.no_grad():
            hidden = self.bert(input_ids=ids, token_type_ids=types).last_hidden_state[0]
            return [
                float(self.head(hidden[start:end].mean(dim=0))) if end > start else float("nan")
                for start, end in encoded.places
            ]


@pytest.fixture(scope="module")
def windows(told: dict[str, Window]) -> list[Window]:
    """Return windows of very different lengths: one that is cut, one of two words, one where nothing is said."""
    return [
        *told.values(),
        Window(asked=LONG * 4, stretches=(Stretch(speaker="Ann Reed", sentences=(LONG,) * 16),)),
        Window(asked="", stretches=(Stretch(speaker=None, sentences=("Eleven hives.", "\u200b\u0001")),)),
        Window(asked="", stretches=()),
    ]


@needs_torch
def test_log_odds_agree_with_the_reference(reader: Reader, windows: list[Window]) -> None:
    reference = Reference()
    read = reader.read(QUESTION, windows)
    for found, window in zip(read, windows, strict=True):
        assert found.dtype == np.float32
        expected = reference.read(QUESTION, window)
        assert found.shape == (len(expected),)
        np.testing.assert_allclose(found, expected, rtol=0, atol=TOLERANCE, equal_nan=True)
    assert np.isnan(read[3]).sum() > 2  # what the reader doesn't reach
    assert np.ptp(np.concatenate(read[:3])) > 1  # so that agreeing says something


def test_windows_read_together_are_read_as_each_alone(reader: Reader, windows: list[Window]) -> None:
    for question in (QUESTION, "Why?", LONG * 9):
        together = reader.read(question, windows)
        for found, window in zip(together, windows, strict=True):
            (alone,) = reader.read(question, [window])
            np.testing.assert_allclose(found, alone, rtol=0, atol=TOLERANCE / 10, equal_nan=True)


def test_of_what_nobody_says_there_are_no_log_odds(reader: Reader) -> None:
    silent: list[Any] = [Window(asked="", stretches=()), Window(asked="Why?", stretches=())]
    assert [found.shape for found in reader.read(QUESTION, silent)] == [(0,), (0,)]
    wordless = Window(asked="Why?", stretches=(Stretch(speaker="Ann Reed", sentences=()),))
    assert [found.shape for found in reader.read(QUESTION, [wordless])] == [(0,)]
    assert reader.read(QUESTION, []) == []
    (found,) = reader.read("", [Window(asked="", stretches=(Stretch(speaker=None, sentences=("", "Eleven.")),))])
    assert np.isnan(found).tolist() == [True, False]


def test_log_odds_in_bfloat16_are_near_those_in_float32(reader: Reader, told: dict[str, Window]) -> None:
    exact = np.concatenate(reader.read(QUESTION, list(told.values())))
    near = np.concatenate(Reader(precision="bf16").read(QUESTION, list(told.values())))
    assert np.abs(near - exact).max() < 0.5
