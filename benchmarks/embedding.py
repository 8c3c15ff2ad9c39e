"""Compare the backends of the embedding model side by side: speed, agreement with the reference, first vector.

Run as `python -m benchmarks.embedding` from the project's root, with the extra `torch` installed. Rounds alternate
between the backends and ratios are of rounds in pairs, so that what else the machine does falls on all alike.
`--write-reference` computes the vectors that set-up compares with.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.embedding import Embedder, SentenceTransformerEmbedder, open_embedder
from rag.embedding.measurement import REFERENCE, SAMPLE, candidates

ROUNDS = 3
CHUNKS = 32
WORDS = 150
"""Of a chunk: about 200 tokens."""
QUESTIONS = 20
CORPUS = Path(__file__).resolve().parents[1] / "corpus"
FIRST_VECTOR = """
import time; started = time.perf_counter()
from rag.embedding import open_embedder
open_embedder(backend={backend!r}).embed(["Who kept the chart?"], input_type="query")
print(time.perf_counter() - started)
"""
_PEAK = "print(next(int(line.split()[1]) / 1024 for line in open('/proc/self/status') if line.startswith('VmHWM')))"


class Bfloat16Torch(SentenceTransformerEmbedder):
    """The reference with its weights and its computation in bfloat16."""

    def _load(self) -> Any:
        return super()._load().bfloat16()

    def embed(self, texts: Any, *, input_type: Any) -> npt.NDArray[np.float32]:
        """Return one row a text, converted to float32 by PyTorch: numpy has no bfloat16."""
        model = self._loaded()
        encode = model.encode_query if input_type == "query" else model.encode_document
        rows = encode(list(texts), normalize_embeddings=True, convert_to_tensor=True, show_progress_bar=False)
        return np.ascontiguousarray(rows.float().cpu().numpy())


def chunks_of_corpus() -> list[str]:
    """Return pieces of WORDS words of the project's own conversations, CHUNKS of them, well mixed."""
    files = [file for file in sorted(CORPUS.iterdir()) if file.suffix in (".txt", ".md", ".srt", ".vtt", ".json")]
    words = " ".join(file.read_text("utf-8") for file in files).split()
    texts = [" ".join(words[place : place + WORDS]) for place in range(0, len(words) - WORDS, WORDS)]
    return [texts[place] for place in np.random.default_rng(8).permutation(len(texts))[:CHUNKS]]


def seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def in_a_process(script: str) -> list[float]:
    """Return the numbers that a new Python prints."""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return [float(line) for line in done.stdout.split()]


def compare(embedders: dict[str, Embedder], texts: list[str]) -> None:
    """Print a line for each embedder; the first is what the others are compared with."""
    first = next(iter(embedders))
    reference = embedders[first].embed(texts, input_type="document")
    batch: dict[str, list[float]] = {name: [] for name in embedders}
    single: dict[str, list[float]] = {name: [] for name in embedders}
    cosines = {
        name: float((embedder.embed(texts, input_type="document") * reference).sum(axis=1).min())
        for name, embedder in embedders.items()
    }
    for _ in range(ROUNDS):
        for name, embedder in embedders.items():
            batch[name].append(seconds(lambda e=embedder: e.embed(texts, input_type="document")))
            questions = [f"Who kept the chart in week {week}?" for week in range(QUESTIONS)]
            single[name].append(
                statistics.median(seconds(lambda e=embedder, q=q: e.embed([q], input_type="query")) for q in questions)
            )
    print(f"{'backend':18}{'chunks/s':>9}{'ratio':>7}{'question ms':>13}{'ratio':>7}{'least cosine':>14}")
    for name in embedders:
        faster = statistics.median(a / b for a, b in zip(batch[first], batch[name], strict=True))
        sooner = statistics.median(a / b for a, b in zip(single[first], single[name], strict=True))
        rate, wait = len(texts) / min(batch[name]), 1000 * min(single[name])
        print(f"{name:18}{rate:9.1f}{faster:7.2f}{wait:13.2f}{sooner:7.2f}{cosines[name]:14.5f}")


def main() -> None:
    """Compare, or write the reference's vectors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write-reference", action="store_true")
    if parser.parse_args().write_reference:
        np.save(REFERENCE, SentenceTransformerEmbedder().embed(SAMPLE, input_type="document"))
        print(f"wrote {REFERENCE.name}: {len(SAMPLE)} vectors")
        return
    embedders: dict[str, Embedder] = {
        "torch": SentenceTransformerEmbedder(),
        "torch, bfloat16": Bfloat16Torch(),
        **{backend: open_embedder(backend=backend) for backend in candidates()},
    }
    compare(embedders, chunks_of_corpus())
    for backend in ("torch", "openvino"):
        took, peak = zip(*(in_a_process(FIRST_VECTOR.format(backend=backend) + _PEAK) for _ in range(3)), strict=True)
        print(f"{backend}: {min(took):.2f} s from start to the first vector, {max(peak):.0f} MB at most")


if __name__ == "__main__":
    main()
