"""The engine on Milvus finds what the embedded one finds, says so when it can't, and repairs what it finds broken."""

import datetime as dt
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.embedded import EmbeddedEngine
from index.errors import IndexReadOnlyError, IndexStorageError, InvalidRecordError
from index.milvus.engine import MilvusEngine
from index.protocols import NO_FILTER
from index.types import Filter
from tests.index.made_milvus import collection_of, milvus_engine
from tests.index.made_records import document, record, vector

if TYPE_CHECKING:
    from tests.postgres_server import PostgresServer

HOSTILE = ["Ann", 'Bob "the" \\ builder', "日本", "a' or 1 == 1 --", "\n", "", "%22", "x" * 900, "x" * 901]
EVERYTHING = 1_000


@pytest.fixture
def engine(tmp_path: Path, milvus_address: str) -> Iterator[MilvusEngine]:
    made = milvus_engine(tmp_path, milvus_address, timeout_s=1.5)
    fill(made)
    yield made
    made.close()


def fill(engine: MilvusEngine) -> None:
    for number in range(6):
        records = [
            record(
                f"{number}-{n}",
                f"words {n}",
                fields={"who": (HOSTILE[n % len(HOSTILE)], f"speaker {number}"), "set": ("odd" if n % 2 else "even",)},
                date=dt.date(2023, 1, 1 + n) if n % 3 else None,
            )
            for n in range(20)
        ]
        engine.replace(document(f"d{number}", str(number)), records)
    engine.refresh()


def found(engine: MilvusEngine | EmbeddedEngine, seed: str = "x", where: Filter = NO_FILTER) -> dict[str, float]:
    return {hit.id: hit.score for hit in engine.search_vectors(vector(seed), EVERYTHING, where)}


def keys_on_the_server(engine: MilvusEngine) -> list[int]:
    return collection_of(engine).keys(0, 10_000, timeout_s=5).tolist()


def stored_keys(engine: MilvusEngine) -> list[int]:
    return sorted(engine._embedded.store.keys())


FILTERS = [
    NO_FILTER,
    *(Filter(any_of={"who": frozenset({value})}) for value in HOSTILE),
    Filter(any_of={"who": frozenset({"speaker 1", "speaker 2"}), "set": frozenset({"odd"})}),
    Filter(any_of={"set": frozenset({"odd", 'even"]) or array_contains_any(set, ["even'})}),
    Filter(date_from=dt.date(2023, 1, 5), date_to=dt.date(2023, 1, 12)),
    Filter(any_of={"set": frozenset({"even"})}, date_to=dt.date(2023, 1, 9)),
    Filter(any_of={"colour": frozenset({"red"})}),
]


def test_it_finds_and_scores_as_the_embedded_engine_does(engine: MilvusEngine) -> None:
    for where in FILTERS:
        for limit in (1, 7, EVERYTHING):
            expected = engine._embedded.search_vectors(vector("q"), limit, where)
            assert engine.search_vectors(vector("q"), limit, where) == expected, where


def test_a_filter_that_lets_few_through_is_answered_without_the_server(tmp_path: Path) -> None:
    alone = milvus_engine(tmp_path, "http://127.0.0.1:9", exact_below=50, timeout_s=0.2)
    alone.replace(document("d"), [record("a", "words", fields={"who": ("Ann",)})])
    alone._embedded.refresh()
    assert list(found(alone, where=Filter(any_of={"who": frozenset({"Ann"})}))) == ["a"]
    with pytest.raises(IndexStorageError, match=r"127\.0\.0\.1:9"):
        found(alone)
    alone.close()


def test_a_replaced_document_is_never_served_as_it_was(engine: MilvusEngine) -> None:
    # The same id, but another vector and another speaker.
    engine.replace(document("d0", "new"), [record("0-0", "words", fields={"who": ("Zoe",)}, direction="elsewhere")])
    engine.refresh()
    assert found(engine, "elsewhere")["0-0"] == pytest.approx(1, abs=1e-6)
    assert "0-0" not in found(engine, where=Filter(any_of={"who": frozenset({"Ann"})}))
    assert keys_on_the_server(engine) == stored_keys(engine)


def test_removing_takes_the_vectors_from_the_server(engine: MilvusEngine) -> None:
    assert engine.remove(["d0", "d1"]) == 2
    assert keys_on_the_server(engine) == stored_keys(engine)
    assert len(found(engine)) == 80


def test_an_answer_from_a_part_of_the_rows_is_refused_and_a_refresh_repairs(engine: MilvusEngine) -> None:
    whole = found(engine)
    lost = np.array(stored_keys(engine)[30:60], dtype=np.int64)
    collection_of(engine).delete(lost, timeout_s=5)
    began = time.monotonic()
    # Half a second is how long a count vouches for the searches after it.
    time.sleep(0.5)
    with pytest.raises(IndexStorageError, match="searches in 90 of 120 vectors"):
        engine.search_vectors(vector("x"), 3)
    assert time.monotonic() - began < 5
    engine.refresh()
    assert found(engine) == whole


def test_what_a_killed_writer_left_undeleted_goes_by_itself(
    engine: MilvusEngine, tmp_path: Path, milvus_address: str
) -> None:
    # A writer without the setting: the server hears neither of the new records nor of the dead ones.
    engine._embedded.replace(document("d0", "new"), [record("n", "new words")])
    engine._embedded.remove(["d1"])
    assert "n" in found(engine)
    assert keys_on_the_server(engine) == stored_keys(engine)


def test_rows_that_nothing_refers_to_are_deleted(engine: MilvusEngine, tmp_path: Path, milvus_address: str) -> None:
    whole = found(engine)
    engine._embedded.remove(["d1"])
    patient = milvus_engine(tmp_path, milvus_address, timeout_s=10)
    assert set(found(patient)) == {i for i in whole if not i.startswith("1-")}
    assert keys_on_the_server(patient) == stored_keys(patient)
    patient.close()


def test_a_lost_note_or_collection_costs_a_comparison_and_nothing_else(engine: MilvusEngine) -> None:
    whole = found(engine)
    engine._embedded.write_notes(dict.fromkeys(engine._embedded.notes()))
    engine.refresh()
    assert found(engine) == whole
    collection_of(engine).drop(timeout_s=5)
    engine._mended = ""
    time.sleep(0.5)
    assert found(engine) == whole
    engine.rebuild()
    assert found(engine) == whole


def test_rows_of_other_vectors_under_our_keys_are_not_taken_for_ours(engine: MilvusEngine) -> None:
    # As a copy of the data folder would write them that shares the collection by mistake.
    store, collection = engine._embedded.store, collection_of(engine)
    keyed = list(store.keyed_records(1, 40))
    strangers = [type(k)(key=k.key, record=record(k.record.id, "x", direction=f"stranger {k.key}")) for k in keyed]
    collection.upsert(strangers, timeout_s=5)
    expected = engine._embedded.search_vectors(vector("x"), EVERYTHING)
    assert engine.search_vectors(vector("x"), EVERYTHING) == expected


def test_a_restored_backup_gets_a_collection_of_its_own(engine: MilvusEngine, tmp_path: Path) -> None:
    engine.backup(tmp_path / "backup")
    whole, before = found(engine), collection_of(engine)
    engine.remove(["d0", "d1", "d2"])
    engine.restore(tmp_path / "backup")
    assert collection_of(engine).name != before.name
    assert not before.exists(timeout_s=5)
    assert found(engine) == whole
    assert keys_on_the_server(engine) == stored_keys(engine)


def test_another_process_sees_what_was_refreshed_and_a_reader_writes_nothing(
    engine: MilvusEngine, tmp_path: Path, milvus_address: str
) -> None:
    reader = milvus_engine(tmp_path, milvus_address, read_only=True)
    assert found(reader) == found(engine)
    engine.replace(document("d9"), [record("9", "new words")])
    engine.refresh()
    deadline = time.monotonic() + 3
    while "9" not in found(reader) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert found(reader) == found(engine)
    with pytest.raises(IndexReadOnlyError):
        reader.refresh()
    reader.close()


def test_machines_with_one_database_share_one_collection(
    tmp_path: Path, milvus_address: str, postgres: "PostgresServer"
) -> None:
    database = postgres.new_address()
    one = milvus_engine(tmp_path / "one", milvus_address, database=database)
    fill(one)
    other = milvus_engine(tmp_path / "other", milvus_address, database=database)
    assert found(other) == found(one)
    assert collection_of(other).name == collection_of(one).name
    other.replace(document("d0", "new"), [record("n", "new words")])
    other.refresh()
    one.remove(["d1"])
    expected = {"n", *(f"{number}-{n}" for number in range(2, 6) for n in range(20))}
    assert set(found(one)) == expected
    assert set(found(other)) == expected
    assert keys_on_the_server(one) == stored_keys(one)
    one.close()
    other.close()


def test_the_engines_own_notes_are_not_shown(engine: MilvusEngine) -> None:
    engine.write_notes({"mine": "text"})
    assert engine.notes() == {"mine": "text"}
    assert len(engine._embedded.notes()) == 2


def test_a_server_that_is_down_loses_nothing_and_is_named_without_its_token(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        down = milvus_engine(tmp_path, address, timeout_s=0.3, token="root:sesame")
        down._synchronisation._timeout_s = 0.3
        down.replace(document("d", "content"), [record("a", "words")])
        with pytest.raises(IndexStorageError) as caught:
            down.refresh()
        assert address.removeprefix("http://") in str(caught.value)
        assert "sesame" not in str(caught.value) + repr(down._connection._address)
        assert down.document("d") == document("d", "content")
        # What somebody wants gone is gone here, whatever the server does.
        with pytest.raises(IndexStorageError):
            down.remove(["d"])
        assert down.document("d") is None
        down.close()


def test_more_values_than_a_column_holds_are_refused_before_anything_is_stored(engine: MilvusEngine) -> None:
    many = record("m", "words", fields={"who": tuple(map(str, range(5_000)))})
    with pytest.raises(InvalidRecordError, match="4096"):
        engine.replace(document("many"), [many])
    assert engine.document("many") is None


@pytest.mark.parametrize("name", ["key", "two words", "1st", ""])
def test_names_that_the_server_would_refuse_are_refused_at_once(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="can't call"):
        milvus_engine(tmp_path, "http://127.0.0.1:9", collection=name)
