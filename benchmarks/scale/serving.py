"""What a process that serves an index pays: in a process of its own, so that its memory is its own."""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.scale.filling import MODEL
from benchmarks.scale.material import questions
from index.embedded import EmbeddedEngine
from index.manifest import read_manifest
from index.protocols import SearchEngine
from index.snapshot import Snapshot
from index.types import Filter, Matrix
from rag.assembly import assemble
from rag.embedding import open_embedder
from rag.settings import Settings

DEPTH = 1000
"""As deep as retrieval looks."""
AT = 10
WARM_UP = 30
_MB = 1024.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Times in milliseconds, memory in MB; questions are distinct and asked one after the other."""

    open_s: float
    open_cpu_s: float
    first_search_s: float
    """The first question after opening or after a change, the model's start left out."""
    first_search_cpu_s: float
    times: dict[str, dict[str, float]]
    """By what was done: the median and the 95th percentile by the clock, and the same of this process's processor time.

    `dense` and `lexical` are searches for a thousand records; `hybrid` is a search all in: embedding, both searches,
    fusion, the closer look; `embed` is the question's embedding alone.
    """
    recall_at_10: float
    """Of dense search, against an exact scan in double precision."""
    recall_filtered: float
    """The same within each of some filters that let through between a thousandth and a third."""
    own_mb: float
    """Memory that is not a mapped file."""
    mapped_mb: float
    """Pages of mapped files that searching touched; the system takes them back when it needs to."""


def serve(folder: Path, asked: int) -> Served:
    """Open an index and ask."""
    embedder = open_embedder()
    texts = questions(asked + WARM_UP)
    vectors = [embedder.embed([text], input_type="query")[0] for text in texts]
    began = _moment()
    engine = EmbeddedEngine(folder, dimension=embedder.dimension, model=MODEL, read_only=True)
    _ = engine.version
    opened = _moment()
    settings = Settings(home=folder)
    retriever = assemble(settings, engine=engine, embedder=embedder, language_model=None, reader=None).retriever
    retriever.search("what was said about open source")
    first = _moment()
    kinds = ("dense", "lexical", "hybrid", "embed")
    took: list[tuple[float, ...]] = []
    for text, vector in zip(texts, vectors, strict=True):
        moments = [_moment()]
        engine.search_vectors(vector, DEPTH)
        moments.append(_moment())
        engine.search_text(text, DEPTH)
        moments.append(_moment())
        retriever.search(text)
        moments.append(_moment())
        embedder.embed([f"{text} "], input_type="query")
        moments.append(_moment())
        took.append(tuple(np.diff(moments, axis=0).ravel() * 1000))
    memory = _memory_mb()
    snapshot = Snapshot.load(folder, read_manifest(folder), {})
    exact = _exactly(snapshot, np.stack(vectors[-100:]), Filter())
    return Served(
        open_s=opened[0] - began[0],
        open_cpu_s=opened[1] - began[1],
        first_search_s=first[0] - opened[0],
        first_search_cpu_s=first[1] - opened[1],
        times=_percentiles(kinds, np.array(took[WARM_UP:])),
        recall_at_10=_recall(engine, vectors[-100:], exact, Filter()),
        recall_filtered=_recall_filtered(engine, snapshot, np.stack(vectors[-20:])),
        own_mb=memory["RssAnon"],
        mapped_mb=memory["RssFile"],
    )


def _moment() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _percentiles(kinds: Sequence[str], took: npt.NDArray[np.float64]) -> dict[str, dict[str, float]]:
    by_kind = {}
    for number, kind in enumerate(kinds):
        clock, processor = took[:, 2 * number], took[:, 2 * number + 1]
        by_kind[kind] = {f"p{p}": round(float(np.percentile(clock, p)), 2) for p in (50, 95)}
        by_kind[kind] |= {f"cpu_p{p}": round(float(np.percentile(processor, p)), 2) for p in (50, 95)}
    return by_kind


def _recall(engine: SearchEngine, vectors: list[Matrix], exact: list[set[str]], where: Filter) -> float:
    found = [{hit.id for hit in engine.search_vectors(vector, DEPTH, where)[:AT]} for vector in vectors]
    return float(np.mean([len(one & other) / max(1, len(other)) for one, other in zip(found, exact, strict=True)]))


def _recall_filtered(engine: SearchEngine, snapshot: Snapshot, vectors: Matrix) -> float:
    recalls = []
    for field in ("transcript", "collection", "speaker"):
        counts = engine.value_counts(field)
        common = sorted(counts, key=lambda value: (-counts[value], value))
        for size in sorted({1, 10, 100, max(1, len(common) // 3)}) if common else ():
            where = Filter(any_of={field: frozenset(common[:size])})
            recalls.append(_recall(engine, list(vectors), _exactly(snapshot, vectors, where), where))
    return min(recalls, default=1.0)


def _exactly(snapshot: Snapshot, vectors: Matrix, where: Filter) -> list[set[str]]:
    """Return the ids of the nearest records, by a plain scan of every segment."""
    scores, ids = [], []
    for segment, mask in snapshot.findable(where):
        kept = np.arange(len(segment)) if mask is None else np.flatnonzero(mask)
        for first in range(0, len(kept), 20_000):
            rows = kept[first : first + 20_000]
            scores.append(segment.vectors.matrix[rows].astype(np.float64) @ vectors.T.astype(np.float64))
            ids.append(segment.ids[rows])
    every, all_ids = np.concatenate(scores), np.concatenate(ids)
    best = np.argsort(-every, axis=0)[:AT]
    return [set(all_ids[column].astype(np.str_).tolist()) for column in best.T]


def _memory_mb() -> dict[str, float]:
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    said = {key: value for key, _, value in (line.partition(":") for line in lines)}
    return {name: int(said[name].split()[0]) / _MB for name in ("RssAnon", "RssFile")}


def main() -> None:
    """Print what was measured, as JSON."""
    print(json.dumps(asdict(serve(Path(sys.argv[1]), int(sys.argv[2])))))


if __name__ == "__main__":
    main()
