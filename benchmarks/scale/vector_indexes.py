"""Which vector index answers a thousand-deep search fastest at a size, and what it costs: one table, one run.

    nice python -m benchmarks.scale.vector_indexes --vectors 131072 --kept .scale

Each kind searches on one thread, takes more than it is asked for, and re-scores that exactly from the stored rows, as
`index.vectors` does. Times are of processor; recall is of the nearest 10 and of the nearest 1,000, against a flat scan.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from benchmarks.scale.material import KeptVectors

DEPTH = 1000
QUERIES = 30
OVERSAMPLED = 1.3
"""How many times more an approximate scan takes than is asked for, before exact re-scoring."""


def kinds(dimension: int, count: int) -> dict[str, Callable[[], Any]]:
    """Return how to make each kind of index, by name."""
    inner = faiss.METRIC_INNER_PRODUCT
    lists = int(2 * count**0.5)
    return {
        "flat": lambda: faiss.IndexFlatIP(dimension),
        "fp16": lambda: faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, inner),
        "bf16": lambda: faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_bf16, inner),
        "SQ8": lambda: faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_8bit, inner),
        "SQ8 uniform": lambda: faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_8bit_uniform, inner),
        "IVF": lambda: faiss.index_factory(dimension, f"IVF{lists},Flat", inner),
        "IVF SQ8": lambda: faiss.index_factory(dimension, f"IVF{lists},SQ8", inner),
        "HNSW32": lambda: faiss.IndexHNSWFlat(dimension, 32, inner),
    }


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vectors", type=int, default=131_072)
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--kinds", nargs="*", help="of the table; default: all")
    options = parser.parse_args()
    vectors = KeptVectors(options.kept)
    rows = vectors.anywhere(options.vectors)
    queries = vectors.turned(vectors.pool[:: len(vectors.pool) // QUERIES][:QUERIES], near=0.6)
    faiss.omp_set_num_threads(1)
    exact = [np.argsort(-(rows @ query))[:DEPTH] for query in queries]
    print(f"{options.vectors:,} vectors, {QUERIES} queries\n")
    print("| index | build s | MB | query p50 ms | recall@10 | recall@1000 |\n| --- | --- | --- | --- | --- | --- |")
    for name, make in kinds(rows.shape[1], len(rows)).items():
        if options.kinds and name not in options.kinds:
            continue
        began = time.process_time()
        index = make()
        index.train(rows[:: max(1, len(rows) // 50_000)])
        index.add(rows)
        built = time.process_time() - began
        size = faiss.serialize_index(index).nbytes / 1e6
        for effort in _efforts(index):
            took, found = [], []
            for query in queries:
                began = time.process_time()
                found.append(_search(index, rows, query, effort))
                took.append((time.process_time() - began) * 1000)
            near, deep = (_recall(found, exact, depth) for depth in (10, DEPTH))
            cells = (f"{name} {effort or ''}", f"{built:.1f}", f"{size:.0f}", f"{np.median(took):.1f}")
            print(f"| {' | '.join(cells)} | {near:.3f} | {deep:.3f} |", flush=True)


def _recall(found: list[Any], exact: list[Any], depth: int) -> float:
    shared = [len(set(f[:depth]) & set(e[:depth])) for f, e in zip(found, exact, strict=True)]
    return float(np.mean(shared)) / depth


def _efforts(index: Any) -> list[int]:
    if hasattr(index, "nprobe"):
        return [index.nlist // 16, index.nlist // 4]
    return [1000, 2000] if hasattr(index, "hnsw") else [0]


def _search(index: Any, rows: Any, query: Any, effort: int) -> Any:
    if hasattr(index, "nprobe"):
        parameters = faiss.SearchParametersIVF(sel=faiss.IDSelectorAll(), nprobe=effort)
    elif hasattr(index, "hnsw"):
        parameters = faiss.SearchParametersHNSW(efSearch=effort)
    else:
        parameters = faiss.SearchParameters(sel=faiss.IDSelectorAll())
    _, positions = index.search(query[None, :], int(DEPTH * OVERSAMPLED), params=parameters)
    found = positions[0][positions[0] >= 0]
    scores = rows[found] @ query
    return found[np.argsort(-scores)]


if __name__ == "__main__":
    main()
