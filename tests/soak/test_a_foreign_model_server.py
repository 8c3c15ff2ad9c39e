"""The protocol, against a server that we did not write: `transformers serve` with a tiny random model."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from rag.assembly import Turnwise

READY_WITHIN_S = 120
TEMPLATE = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}assistant:"


def make_model(folder: Path) -> Path:
    """Write a language model of one layer with random weights, and a tokenizer of single bytes."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers  # noqa: PLC0415
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast  # noqa: PLC0415

    bytes_of = Tokenizer(models.BPE(unk_token="<unk>"))
    bytes_of.pre_tokenizer = pre_tokenizers.ByteLevel()
    bytes_of.decoder = decoders.ByteLevel()
    special = ["<unk>", "<s>", "</s>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=270, special_tokens=special, initial_alphabet=alphabet)
    bytes_of.train_from_iterator(["a"], trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bytes_of, unk_token="<unk>", bos_token="<s>", eos_token="</s>", pad_token="</s>"
    )
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(folder)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=32_768,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def served_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Give the address of the server and the name of its model."""
    pytest.importorskip("accelerate", reason="`transformers serve` needs accelerate, which is not installed")
    folder = make_model(tmp_path_factory.mktemp("model"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("transformers"), "serve", "--host", "127.0.0.1", "--port", str(port)]
    log = folder / "server.log"
    with log.open("w", encoding="utf-8") as output:
        server = subprocess.Popen(
            [*map(str, command), "--device", "cpu", str(folder)],
            env=os.environ | {"HF_HUB_OFFLINE": "1"},
            stdout=output,
            stderr=output,
        )
    try:
        deadline = time.monotonic() + READY_WITHIN_S
        while True:
            assert server.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < deadline, log.read_text("utf-8")
            try:
                if httpx.get(f"http://127.0.0.1:{port}/health").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/v1", str(folder)
    finally:
        server.terminate()
        server.wait(15)


@pytest.mark.soak
def test_a_model_that_talks_nonsense_is_read_and_given_up_for_quotes(
    turnwise: "Turnwise", served_model: tuple[str, str]
) -> None:
    from rag.answering.answerer import Answerer  # noqa: PLC0415
    from rag.answering.generation.endpoint import ChatEndpoint  # noqa: PLC0415
    from rag.answering.generation.types import Message  # noqa: PLC0415
    from rag.answering.generation.writer import Writer  # noqa: PLC0415

    url, model = served_model
    endpoint = ChatEndpoint(base_url=url, model=model, answer_tokens=60, first_token_timeout_s=60)
    try:
        pieces = list(endpoint.stream([Message(role="user", content="Hello")], stopped=lambda: False))
        assert len(pieces) > 1
        writer = Writer(
            generator=endpoint,
            library=turnwise.library,
            sentence_vectors=turnwise.retriever.sentence_vectors,
            embed=lambda texts: turnwise.embedder.embed(texts, input_type="document"),
        )
        parts = {"retriever": turnwise.retriever, "library": turnwise.library, "reader": turnwise.reader}
        answerer = Answerer(**parts, writer=writer, generator="llm")
        answer = answerer.ask("How many doses were on time when they counted?")
    finally:
        endpoint.close()
    assert answer.generator == "extractive"
    assert answer.citations
    assert answer.notice is not None
    assert "could not be used" not in answer.notice
