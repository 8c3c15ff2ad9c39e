"""Settings are bounded and spelt right; the model is the published one, and its limits are respected."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from api.cli.program import app
from rag.chunking import Chunker
from rag.embedding import (
    PACKAGED_MODEL_SHA256,
    SentenceTransformerEmbedder,
    check_packaged_model,
    packaged_model_folder,
)
from rag.errors import ModelError, SettingsError
from rag.sentence_vectors import pack, parts_of, unpack
from rag.settings import load_settings
from rag.transcripts.types import Transcript, Turn


def test_a_misspelt_setting_is_refused_with_the_known_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TURNWISE_HOEM", "/somewhere")
    with pytest.raises(SettingsError, match=r"TURNWISE_HOEM.*TURNWISE_HOME"):
        load_settings()


def test_a_setting_out_of_bounds_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TURNWISE_CHUNK_TOKENS", "7")
    with pytest.raises(SettingsError, match="TURNWISE_CHUNK_TOKENS"):
        load_settings()


def test_a_data_folder_without_a_name_is_not_the_folder_one_is_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TURNWISE_HOME", "")
    with pytest.raises(SettingsError, match="TURNWISE_HOME: it names no folder"):
        load_settings()


def test_what_is_wrong_with_a_setting_is_said_in_our_words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TURNWISE_ENGINE", "milvus")
    with pytest.raises(SettingsError, match=r"^TURNWISE_ENGINE: embedded, a server as http://"):
        load_settings()


def test_a_file_without_an_end_is_no_file_of_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TURNWISE_CONFIG", "/dev/zero")
    with pytest.raises(SettingsError, match="more than 1,000,000 bytes"):
        load_settings()
    monkeypatch.setenv("TURNWISE_CONFIG", "/dev/null")
    assert load_settings().home.name == ".turnwise"


def test_the_packaged_weights_are_the_published_ones() -> None:
    check_packaged_model(packaged_model_folder())


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    weights = tmp_path / "model.safetensors"
    shutil.copy(packaged_model_folder() / "model.safetensors", weights)
    with weights.open("r+b") as file:
        file.seek(1_000_000)
        byte = file.read(1)
        file.seek(1_000_000)
        file.write(bytes([byte[0] ^ 1]))
    with pytest.raises(ModelError, match="not the published model"):
        check_packaged_model(tmp_path)
    assert len(PACKAGED_MODEL_SHA256) == 64


def test_an_unknown_model_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no-model-here"):
        SentenceTransformerEmbedder(str(tmp_path / "no-model-here")).embed(["x"], input_type="query")


def test_doctor_does_not_take_a_model_that_is_not_there_for_a_damaged_index(
    corpus_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Beside the other tests that import PyTorch: that is ten seconds of a worker's.
    monkeypatch.setenv("TURNWISE_MODEL", str(tmp_path / "no-model-here"))
    done = CliRunner().invoke(app, ["doctor", "--home", str(corpus_home), "--json"])
    assert done.exit_code == 3, done.output
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert not checks["model"]["ok"]
    assert "no-model-here" in checks["index"]["detail"]
    assert "turnwise restore" not in checks["index"]["mend"]


def test_a_model_that_no_hub_can_be_asked_for_is_refused_soon_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hub = f"http://127.0.0.1:{silent.getsockname()[1]}"
        environment = {name: value for name, value in os.environ.items() if name != "HF_HUB_OFFLINE"}
        environment |= {"TURNWISE_MODEL": "no-such/model", "HF_ENDPOINT": hub, "HF_HOME": str(tmp_path)}
        command = [sys.executable, "-m", "api.cli", "add", __file__, "--home", str(tmp_path / "home")]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 3
    (line,) = done.stderr.splitlines()
    assert line.startswith("turnwise: TURNWISE_MODEL: 'no-such/model'")
    assert line.endswith(f"{hub}, which may have it, can't be reached.")


def test_vectors_of_parts_come_from_the_same_pass_and_survive_storage() -> None:
    embedder = SentenceTransformerEmbedder()
    turns = (
        Turn(text="Where did you begin?", speaker="Ann"),
        Turn(text="🙂 We began on one ward. The charts were drawn by hand. Then we waited.", speaker="Bo"),
    )
    chunker = Chunker(max_tokens=24, count_pieces=embedder.count_pieces, max_pieces=embedder.max_pieces)
    chunks = chunker.chunk(Transcript(id="t", title="Small tests", turns=turns))
    texts = [chunk.embedded_text for chunk in chunks]
    whole, within = embedder.embed_with_parts(texts, [parts_of(chunk) for chunk in chunks])
    assert np.allclose(whole, embedder.embed(texts, input_type="document"), atol=1e-5)
    question = embedder.embed(["Were charts drawn by hand?"], input_type="query")[0]
    best: list[tuple[float, str]] = []
    for chunk, vectors in zip(chunks, within, strict=True):
        for start, end in parts_of(chunk):
            assert chunk.embedded_text[start:end] == chunk.embedded_text[start:end].strip()
        known = unpack(pack(chunk, vectors))
        assert known.spans == chunk.sentences
        assert (known.question is not None) == bool(chunk.question)
        exact = vectors[1:] if chunk.question else vectors
        assert np.allclose(known.vectors @ question, exact @ question, atol=0.01)
        said = [turns[span.turn].text[span.start : span.end] for span in known.spans]
        best += list(zip((known.vectors @ question).tolist(), said, strict=True))
    assert max(best)[1] == "The charts were drawn by hand."
