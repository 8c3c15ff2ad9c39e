"""Build an index of so many words and print what it costs to build, change, open and search.

    python -m benchmarks.scale --words 2000000 --kept .scale
    python -m benchmarks.scale --words 100000000 --kept .scale      # a million chunks

`--kept` is where the real vectors lie that the rest are made from (`material.py`); the first run embeds them. The index
is made in a temporary folder, or in `--index`, where a second run finds it and only changes and searches it.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.scale.filling import MODEL, fill, store
from benchmarks.scale.material import CHANGELOG, KeptVectors, conversations, embed_some
from index.embedded import EmbeddedEngine
from rag.embedding import open_embedder

UPDATES = 15
DIMENSION = 384


def main() -> None:
    """Measure and print one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", type=int, required=True)
    parser.add_argument("--kept", type=Path, required=True, help="folder of the real vectors")
    parser.add_argument("--index", type=Path, help="folder of the index")
    parser.add_argument("--questions", type=int, default=300)
    options = parser.parse_args()
    if not CHANGELOG.is_file():
        sys.exit(f"{CHANGELOG} is absent: this benchmark needs the shared material beside the project")
    if not any(options.kept.glob("*.npy")):
        embed_some(conversations(options.words), open_embedder(), options.kept)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.index or Path(temporary) / "index"
        print(json.dumps(measure(folder, options.words, options.kept, options.questions), indent=1))


def measure(folder: Path, words: int, kept: Path, asked: int) -> dict[str, Any]:
    """Return every figure of one index, by name."""
    vectors = KeptVectors(kept)
    figures: dict[str, Any] = {"real_vectors": len(vectors.pool)}
    is_new = not folder.exists()
    engine = EmbeddedEngine(folder, dimension=DIMENSION, model=MODEL)
    if is_new:
        figures |= asdict(fill(engine, conversations(words), vectors))
    figures |= dict(zip(("documents", "records"), engine.counts(), strict=True))
    engine.close()
    figures |= {"segments": len(list((folder / "segments").iterdir()))}
    figures |= {"database_mb": _megabytes(folder, "*.db*"), "segments_mb": _megabytes(folder / "segments", "**/*.*")}
    command = [sys.executable, "-m", "benchmarks.scale.serving", str(folder), str(asked)]
    served = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures |= json.loads(served.stdout)
    engine = EmbeddedEngine(folder, dimension=DIMENSION, model=MODEL)
    figures |= updates(engine, vectors)
    engine.close()
    return figures


def updates(engine: EmbeddedEngine, vectors: KeptVectors) -> dict[str, float]:
    """Replace the first conversations, or add them, one after the other, each made searchable at once."""
    took, processor = [], []
    for cut in islice(conversations(10**9), UPDATES):
        began, used = time.perf_counter(), time.process_time()
        store(engine, cut, vectors)
        engine.refresh()
        took.append(time.perf_counter() - began)
        processor.append(time.process_time() - used)
    return {
        "update_p50_s": float(np.median(took)),
        "update_worst_s": max(took),
        "update_cpu_p50_s": float(np.median(processor)),
        "update_cpu_worst_s": max(processor),
    }


def _megabytes(folder: Path, pattern: str) -> float:
    return sum(file.stat().st_size for file in folder.glob(pattern) if file.is_file()) / 1e6


if __name__ == "__main__":
    main()
