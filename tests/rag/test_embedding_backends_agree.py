"""Every backend gives the reference's vectors for any model it takes on, and leaves the others to the reference."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embedded import EmbeddedEngine
from rag.embedding import Backend, Embedder, OpenVinoEmbedder, SentenceTransformerEmbedder, open_embedder
from rag.embedding.choice import Choice, choose_backend, library_version, processor, read_choice, write_choice
from rag.embedding.measurement import LEAST_COSINE, REFERENCE, SAMPLE, Measured, candidates, fastest, least_cosine
from rag.embedding.openvino_runtime import TOKENS_A_BATCH, batches
from rag.errors import ModelError

needs_torch = pytest.mark.skipif(
    find_spec("sentence_transformers") is None, reason="the reference is not installed (extra: torch)"
)
TEXTS = (
    *SAMPLE,
    " \n\t",
    "?",
    "search_query: who kept the chart",
    "Represent this sentence for searching relevant passages: who kept the chart",
    "\u0000 null, \u200b zero width, e\u0301 combining, 👩‍🔬 joined",
    "unbroken" * 300,
)


PARTS = [[(0, len(text)), (0, len(text) // 2), (len(text) + 1, len(text) + 9), (2900, 3000)] for text in TEXTS]
Vectors = npt.NDArray[np.float32]


@pytest.fixture(scope="module")
def reference() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


@pytest.fixture(scope="module")
def reference_read(reference: Embedder) -> tuple[Vectors, list[Vectors]]:
    return reference.embed_with_parts(TEXTS, PARTS)


@needs_torch
@pytest.mark.parametrize("backend", candidates())
def test_vectors_of_texts_and_parts_agree_with_the_reference(
    backend: Backend, reference_read: tuple[Vectors, list[Vectors]]
) -> None:
    embedder = open_embedder(backend=backend)
    whole, within = embedder.embed_with_parts(TEXTS, PARTS)
    for ours in (whole, embedder.embed(TEXTS, input_type="document"), embedder.embed(TEXTS, input_type="query")):
        assert ours.dtype == np.float32
        assert np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
        assert (ours * reference_read[0]).sum(axis=1).min() >= LEAST_COSINE
    for our_parts, their_parts in zip(within, reference_read[1], strict=True):
        nothing_read = ~their_parts.any(axis=1)
        assert np.array_equal(~our_parts.any(axis=1), nothing_read)
        assert ((our_parts * their_parts).sum(axis=1)[~nothing_read] >= LEAST_COSINE).all()


@needs_torch
def test_limits_and_counts_are_the_same_on_every_backend(reference: Embedder) -> None:
    embedder = OpenVinoEmbedder()
    assert (embedder.name, embedder.dimension, embedder.max_pieces) == (reference.name, 384, reference.max_pieces)
    assert [embedder.count_pieces(text) for text in TEXTS] == [reference.count_pieces(text) for text in TEXTS]


@needs_torch
def test_the_kept_vectors_that_set_up_compares_with_are_the_references(reference: Embedder) -> None:
    assert least_cosine(reference) > 1 - 1e-5
    assert np.load(REFERENCE).shape == (len(SAMPLE), reference.dimension)


def test_a_text_has_the_same_vector_alone_and_among_others() -> None:
    embedder = OpenVinoEmbedder()
    together = embedder.embed(TEXTS, input_type="document")
    for text, vector in zip(TEXTS, together, strict=True):
        assert embedder.embed([text], input_type="document")[0] @ vector > 1 - 1e-5
    assert embedder.embed([], input_type="query").shape == (0, 384)
    assert embedder.embed_with_parts([], [])[0].shape == (0, 384)


@given(st.lists(st.integers(1, 300), max_size=60), st.integers(1, 2000))
def test_batches_hold_every_text_once_within_the_budget(lengths: list[int], budget: int) -> None:
    found = list(batches(lengths, budget))
    assert sorted(place for batch in found for place in batch) == list(range(len(lengths)))
    assert all(len(batch) == 1 or len(batch) * max(lengths[p] for p in batch) <= budget for batch in found)
    assert [lengths[p] for batch in found for p in batch] == sorted(lengths, reverse=True)


def test_batches_of_chunks_are_hardly_padded() -> None:
    lengths = np.random.default_rng(5).integers(60, 256, 400).tolist()
    padded = sum(len(batch) * lengths[batch[0]] for batch in batches(lengths, TOKENS_A_BATCH))
    assert padded <= 1.02 * sum(lengths)


def test_an_index_of_one_backend_is_read_with_another(tmp_path: Path) -> None:
    torch, openvino = open_embedder(backend="torch"), open_embedder(backend="openvino")
    EmbeddedEngine(tmp_path, dimension=torch.dimension, model=torch.name).close()
    EmbeddedEngine(tmp_path, dimension=openvino.dimension, model=openvino.name, read_only=True).close()
    assert {torch.backend, openvino.backend} == {"torch", "openvino"}


def test_nothing_of_torch_and_nothing_that_phones_home_is_imported(tmp_path: Path) -> None:
    script = (
        "import sys; from rag.embedding import OpenVinoEmbedder\n"
        "OpenVinoEmbedder().embed(['one'], input_type='query'); print(*sorted(sys.modules))"
    )
    project = Path(__file__).resolve().parents[2]
    environment = {"HOME": str(tmp_path), "PYTHONPATH": str(project)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    imported = {name.partition(".")[0] for name in done.stdout.split()}
    assert "openvino" in imported
    assert not imported & {"torch", "transformers", "sentence_transformers", "openvino_telemetry"}
    assert "openvino.tools.ovc" not in done.stdout.split()
    assert not list(tmp_path.iterdir())  # an identity for reports would be kept in the home folder


def made_model(
    folder: Path, *, pooling: Sequence[str] = ("cls",), prompts: dict[str, str] | None = None, kind: str = "bert"
) -> Path:
    """Save a small model with random weights, as sentence-transformers saves one."""
    transformers, models = pytest.importorskip("transformers"), pytest.importorskip("sentence_transformers.models")
    sentence_transformers, torch = pytest.importorskip("sentence_transformers"), pytest.importorskip("torch")
    torch.manual_seed(3)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz:.", "query", "the", "##s"]
    folder.mkdir()
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(words), "utf-8")
    tokenizer = transformers.BertTokenizerFast(vocab={word: n for n, word in enumerate(words)}, model_max_length=24)
    shape = {"hidden_size": 32, "intermediate_size": 64, "num_attention_heads": 4, "num_hidden_layers": 2}
    config = {"vocab_size": len(words), "max_position_embeddings": 40}
    made = (
        transformers.BertModel(transformers.BertConfig(**shape, **config))
        if kind == "bert"
        else transformers.DistilBertModel(
            transformers.DistilBertConfig(dim=32, hidden_dim=64, n_heads=4, n_layers=2, **config)
        )
    )
    made.save_pretrained(folder / "parts")
    tokenizer.save_pretrained(folder / "parts")
    transformer = models.Transformer(str(folder / "parts"))
    model = sentence_transformers.SentenceTransformer(
        modules=[transformer, models.Pooling(32, pooling_mode=tuple(pooling))], prompts=prompts, device="cpu"
    )
    model.save(str(folder / "model"))
    return folder / "model"


@needs_torch
def test_another_model_of_the_kind_agrees_with_its_pooling_limit_and_prompts(tmp_path: Path) -> None:
    prompts = {"query": "query: ", "document": "the: "}
    name = str(made_model(tmp_path / "made", prompts=prompts))
    ours, theirs = OpenVinoEmbedder(name), SentenceTransformerEmbedder(name)
    assert choose_backend(name).startswith("openvino")
    assert (ours.dimension, ours.max_pieces) == (theirs.dimension, theirs.max_pieces) == (32, 24 - 2 - 2)
    texts = ["the a b c", "the quays " * 30, ""]
    for input_type in ("query", "document"):
        pairs = zip(
            ours.embed(texts, input_type=input_type),  # type: ignore[arg-type]
            theirs.embed(texts, input_type=input_type),  # type: ignore[arg-type]
            strict=True,
        )
        assert all(a @ b > 1 - 1e-5 for a, b in pairs)
    different = ours.embed(texts, input_type="query") - ours.embed(texts, input_type="document")
    assert np.abs(different).max() > 1e-3
    places = [[(0, 5)], [(4, 9), (30, 60)], [(0, 1)]]
    for a, b in zip(ours.embed_with_parts(texts, places)[1], theirs.embed_with_parts(texts, places)[1], strict=True):
        assert np.allclose(a, b, atol=1e-4)


@needs_torch
@pytest.mark.parametrize(
    ("change", "reason"),
    [({"kind": "distilbert"}, "its type is not bert"), ({"pooling": ("mean", "max")}, "its pooling is neither")],
)
def test_a_model_of_another_kind_is_left_to_the_reference(tmp_path: Path, change: dict[str, str], reason: str) -> None:
    name = str(made_model(tmp_path / "made", **change))  # type: ignore[arg-type]
    with pytest.raises(ModelError, match=reason):
        open_embedder(name, backend="openvino")
    embedder = open_embedder(name)
    assert embedder.backend == "torch"
    assert embedder.embed(["the"], input_type="query").shape == (1, embedder.dimension)


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: b"\xff" * 99])
def test_damaged_weights_of_another_model_are_an_error_that_names_the_file(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    folder = made_model(tmp_path / "made")
    weights = folder / "model.safetensors"
    weights.write_bytes(damage(weights.read_bytes()))
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        open_embedder(str(folder), backend="openvino").embed(["the"], input_type="query")


def test_the_fastest_backend_is_taken_only_where_its_vectors_agree() -> None:
    def found(rate: float, cosine: float) -> Measured:
        return Measured(texts_per_s=rate, least_cosine=cosine)

    assert fastest({"openvino": found(10, 1.0), "openvino-bf16": found(20, 0.9999)}) == "openvino-bf16"
    assert fastest({"openvino": found(10, 1.0), "openvino-bf16": found(11, 0.9999)}) == "openvino"
    assert fastest({"openvino": found(10, 1.0), "openvino-bf16": found(20, 0.99)}) == "openvino"
    assert fastest({"openvino": found(10, 0.5)}) is None


def test_a_choice_holds_on_its_processor_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert read_choice() is None
    assert choose_backend("all-MiniLM-L6-v2") == "openvino"
    choice = Choice(
        backend="openvino-bf16", processor=processor(), openvino=library_version(), texts_per_s={"openvino": 1.0}
    )
    write_choice(choice)
    assert read_choice() == choice
    assert choose_backend("all-MiniLM-L6-v2") == "openvino-bf16"
    (file,) = tmp_path.rglob("embedding.json")
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"processor": "another"}), "utf-8")
    assert read_choice() is None
    file.write_text("{", "utf-8")
    assert read_choice() is None


def test_without_pytorch_a_model_that_needs_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelError, match=r"made-up/model.*make setup-torch"):
        open_embedder("made-up/model").embed(["one"], input_type="query")
