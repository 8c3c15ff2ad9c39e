"""A document that says what it was made from replaces that and nothing else, on every engine."""

import dataclasses
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.embedded import EmbeddedEngine
from index.errors import DocumentChangedError
from index.protocols import SearchEngine
from tests.index.made_milvus import milvus_engine
from tests.index.made_records import DIMENSION, document, record
from tests.index.naive_engine import NaiveEngine

MakeEngine = Callable[[], SearchEngine]


@pytest.fixture(params=["embedded", "PostgreSQL", "Milvus", "naive"])
def make_engine(request: pytest.FixtureRequest, tmp_path: Path) -> MakeEngine:
    if request.param == "PostgreSQL":
        address = request.getfixturevalue("postgres").new_address()
        return lambda: EmbeddedEngine(tmp_path, dimension=DIMENSION, model="made", database=address)
    if request.param == "Milvus":
        address = request.getfixturevalue("milvus_address")
        return lambda: milvus_engine(tmp_path, address)
    if request.param == "naive":
        return NaiveEngine
    return lambda: EmbeddedEngine(tmp_path, dimension=DIMENSION, model="made")


def made(content: str, *, of: str | None) -> tuple[object, list[object]]:
    whole = document("d", content)
    return dataclasses.replace(whole, replaces=of), [record(f"r-{content}", content)]


def test_only_what_it_was_made_from_is_replaced(make_engine: MakeEngine) -> None:
    engine = make_engine()
    first = document("d", "first").fingerprint
    with pytest.raises(DocumentChangedError, match="d"):
        engine.replace(*made("first", of="something"))
    assert engine.document("d") is None
    engine.replace(*made("first", of=""))
    for wrong in ("", "something"):
        with pytest.raises(DocumentChangedError):
            engine.replace(*made("second", of=wrong))
    engine.refresh()
    assert engine.records(["r-first", "r-second"]).keys() == {"r-first"}
    engine.replace(*made("second", of=first))
    engine.replace(*made("third", of=None))
    engine.refresh()
    assert [hit.id for hit in engine.search_text("third", 9)] == ["r-third"]
    engine.close()


def test_of_many_made_from_the_same_one_is_stored(tmp_path: Path) -> None:
    engines = [EmbeddedEngine(tmp_path, dimension=DIMENSION, model="made") for _ in range(4)]
    engines[0].replace(*made("first", of=""))

    def is_stored(number: int) -> bool:
        try:
            engines[number].replace(*made(f"by-{number}", of=document("d", "first").fingerprint))
        except DocumentChangedError:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        [stored] = [number for number, stored in enumerate(threads.map(is_stored, range(4))) if stored]
    assert engines[0].records([f"r-by-{number}" for number in range(4)]).keys() == {f"r-by-{stored}"}
    for engine in engines:
        engine.close()
