"""Where vectors are scanned by a coarse copy, whatever the filter, what is found is what an exact scan finds."""

from pathlib import Path

import numpy as np
import pytest

from index.embedded import EmbeddedEngine
from index.types import Filter, Matrix, Record
from tests.index.made_records import document

DIMENSION = 64
RECORDS = 3000
TOPICS = 25
MODEL = "made"


def rows(seed: int, count: int) -> Matrix:
    """Return unit vectors that lie in clusters, as those of texts do."""
    randomly = np.random.default_rng(seed)
    topics = np.random.default_rng(7).normal(size=(TOPICS, DIMENSION))
    made = topics[randomly.integers(TOPICS, size=count)] + randomly.normal(size=(count, DIMENSION)) * 0.7
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("coarse")
    engine = EmbeddedEngine(made, dimension=DIMENSION, model=MODEL, vector_index="sq8", max_segment_records=1000)
    for first in range(0, RECORDS, 500):
        records = [
            Record(
                id=f"r{first + n}",
                body="{}",
                text="word",
                vector=row,
                fields={"one in": tuple(str(each) for each in (2, 3, 10, 100, 600) if (first + n) % each == 0)},
            )
            for n, row in enumerate(rows(first, 500))
        ]
        engine.replace(document(f"d{first}"), records)
    engine.refresh()
    engine.close()
    return made


def found(folder: Path, query: Matrix, where: Filter, *, depth: int) -> list[tuple[str, float]]:
    engine = EmbeddedEngine(folder, dimension=DIMENSION, model=MODEL, read_only=True)
    hits = engine.search_vectors(query, depth, where)[:10]
    engine.close()
    return list(hits)


@pytest.mark.parametrize("one_in", [None, "2", "3", "10", "100", "600"])
def test_recall_of_the_best_ten_holds_under_any_filter(folder: Path, one_in: str | None) -> None:
    where = Filter() if one_in is None else Filter(any_of={"one in": frozenset({one_in})})
    vectors = np.concatenate([rows(first, 500) for first in range(0, RECORDS, 500)])
    passing = np.arange(0, RECORDS, int(one_in or 1))
    right = wanted = 0
    for query in rows(99, 20):
        scores = vectors[passing].astype(np.float64) @ query
        best = {f"r{passing[n]}": scores[n] for n in np.argsort(-scores)[:10]}
        hits = found(folder, query, where, depth=10)
        right += len(best.keys() & dict(hits).keys())
        wanted += len(best)
        for record_id, score in hits:
            assert score == pytest.approx(float(vectors[int(record_id[1:])].astype(np.float64) @ query), abs=1e-6)
    assert right >= 0.98 * wanted


def test_the_copy_is_stored_and_opened_as_it_is_and_follows_the_setting(folder: Path) -> None:
    files = {file: file.stat().st_mtime_ns for file in folder.glob("segments/*/*")}
    assert sum(file.name == "coarse.faiss" for file in files) == RECORDS // 1000
    query = rows(5, 1)[0]
    before = found(folder, query, Filter(), depth=10)
    assert {file: file.stat().st_mtime_ns for file in folder.glob("segments/*/*")} == files
    engine = EmbeddedEngine(folder, dimension=DIMENSION, model=MODEL, vector_index="flat", max_segment_records=1000)
    engine.replace(document("new"), [])
    engine.rebuild()
    assert not list(folder.glob("segments/*/coarse.faiss"))
    assert [hit.id for hit in engine.search_vectors(query, 10)] == [record_id for record_id, _ in before]
    assert engine.check() == []
    engine.close()


def test_a_damaged_copy_is_made_anew(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path, dimension=DIMENSION, model=MODEL, vector_index="sq8")
    vectors = rows(1, 50)
    engine.replace(
        document("d"), [Record(id=f"r{n}", body="{}", text="word", vector=row) for n, row in enumerate(vectors)]
    )
    engine.refresh()
    engine.close()
    [copy] = tmp_path.glob("segments/*/coarse.faiss")
    copy.write_bytes(copy.read_bytes()[:-1] + b"\x00\x01")
    engine = EmbeddedEngine(tmp_path, dimension=DIMENSION, model=MODEL, vector_index="sq8")
    assert engine.search_vectors(vectors[3], 1)[0].id == "r3"
    assert engine.check() == []
    engine.close()
