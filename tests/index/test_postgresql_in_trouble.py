"""What users of PostgreSQL see when the network, the server, another writer or the address is the trouble."""

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from index.embedded import EmbeddedEngine
from index.errors import (
    IndexLockedError,
    IndexMismatchError,
    IndexReadOnlyError,
    IndexStorageError,
    InvalidRecordError,
    SearchEngineError,
)
from index.postgresql import PostgreSQLDatabase
from index.types import Document
from tests.index.made_records import DIMENSION, document, record, vector
from tests.postgres_server import GUARDED, PASSWORD, USER, PostgresServer

ENDED = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'turnwise'"


@pytest.fixture
def address(postgres: PostgresServer) -> str:
    return postgres.new_address()


@pytest.fixture
def engine(tmp_path: Path, address: str) -> Iterator[EmbeddedEngine]:
    opened = opened_at(tmp_path, address)
    opened.replace(document("d", "first"), [record("r", "some word")])
    opened.refresh()
    yield opened
    opened.close()


def opened_at(folder: Path, address: str, **options: object) -> EmbeddedEngine:
    given = {"dimension": DIMENSION, "model": "made", "database": address, "poll_interval_s": 3600, **options}
    return EmbeddedEngine(folder, **given)  # type: ignore[arg-type]


def test_reading_and_writing_go_on_after_the_server_ended_all_connections(
    engine: EmbeddedEngine, postgres: PostgresServer
) -> None:
    for content in ("second", "third"):
        assert int(postgres.sql(ENDED)) >= 1
        assert engine.document("d") is not None
        postgres.sql(ENDED)
        engine.replace(document("d", content), [record("r", "another word")])
        engine.refresh()
    assert engine.document("d") == document("d", "third")


def test_a_read_whose_connection_is_lost_meanwhile_is_done_once_more(
    address: str, postgres: PostgresServer, caplog: pytest.LogCaptureFixture
) -> None:
    database = PostgreSQLDatabase(address, read_only=True, timeout_s=5)
    calls = []

    def work(connection: object) -> object:
        calls.append(connection)
        if len(calls) == 1:
            postgres.sql(ENDED)
        return connection.exec_driver_sql("SELECT 7").scalar()  # type: ignore[attr-defined]

    with caplog.at_level(logging.WARNING):
        assert database.read(work) == 7
    assert len(calls) == 2
    assert "reading again" in caplog.text
    database.close()


def test_a_write_whose_connection_is_lost_is_not_repeated_and_says_what_that_means(
    engine: EmbeddedEngine, address: str, postgres: PostgresServer
) -> None:
    database = PostgreSQLDatabase(address, read_only=False, timeout_s=5)
    calls = []

    def work(connection: object) -> None:
        calls.append(connection)
        postgres.sql(ENDED)
        connection.exec_driver_sql("DELETE FROM records")  # type: ignore[attr-defined]

    with pytest.raises(IndexStorageError, match="stored or not, never half"):
        database.write(work)
    assert len(calls) == 1
    assert list(engine.records(["r"])) == ["r"]
    database.close()


def test_a_server_that_is_down_is_named_and_searches_find_what_they_did(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    address = postgres.new_address()
    engine = opened_at(tmp_path, address, poll_interval_s=0.05)
    engine.replace(document("d"), [record("r", "some word")])
    engine.refresh()
    assert [hit.id for hit in engine.search_text("word", 9)] == ["r"]
    postgres.stop()
    try:
        with pytest.raises(IndexStorageError, match=rf"postgresql://{USER}@.*can't be read or written"):
            engine.document("d")
        assert [hit.id for hit in engine.search_vectors(vector("r"), 9)] == ["r"]
        with pytest.raises(IndexStorageError, match=f"postgresql://{USER}@"):
            opened_at(tmp_path / "other", address)
    finally:
        postgres.start()
    assert engine.document("d") is not None
    engine.close()


@pytest.mark.parametrize("given", ["before the host", "as an option"])
def test_a_password_is_in_no_error_and_in_nothing_that_a_log_would_show_of_it(
    tmp_path: Path, postgres: PostgresServer, given: str
) -> None:
    address, wrong = postgres.address("postgres", user=GUARDED), f"wrong-{PASSWORD}"
    if given == "as an option":
        address += f"&password={wrong}"
    else:
        address = address.replace("@", f":{wrong}@")
    with pytest.raises(IndexStorageError, match=f"postgresql://{GUARDED}@") as caught:
        opened_at(tmp_path, address)
    assert PASSWORD not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "address", ["nonsense s3cret-word", "mysql://joe:s3cret-word@host/db", "postgresql://joe:s3cret-word@host:port/db"]
)
def test_an_address_that_is_none_is_refused_without_being_shown(tmp_path: Path, address: str) -> None:
    with pytest.raises(IndexStorageError, match="postgresql://user@host/database is expected") as caught:
        opened_at(tmp_path, address)
    assert PASSWORD not in "".join(traceback.format_exception(caught.value))


def test_without_the_driver_the_extra_is_named(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.opening.find_spec", lambda _name: None)
    with pytest.raises(IndexStorageError, match=r"turnwise\[postgres\]"):
        opened_at(tmp_path, address)


def test_a_writer_of_another_machine_is_waited_for_no_longer_than_told(
    engine: EmbeddedEngine, tmp_path: Path, address: str
) -> None:
    holder = PostgreSQLDatabase(address, read_only=False, timeout_s=5)
    other = opened_at(tmp_path / "other", address, lock_timeout_s=0.2)
    with holder.writer_lock().held(), pytest.raises(IndexLockedError, match=f"index in postgresql://{USER}@"):
        other.replace(document("e"), [])
    other.replace(document("e"), [])
    assert [summary.id for summary in engine.documents()] == ["d", "e"]
    holder.close()
    other.close()


def test_writers_stay_apart_although_the_connection_that_held_the_lock_was_lost(
    address: str, engine: EmbeddedEngine, postgres: PostgresServer
) -> None:
    one = PostgreSQLDatabase(address, read_only=False, timeout_s=0.3)
    two = PostgreSQLDatabase(address, read_only=False, timeout_s=0.3)

    def write_within(_connection: object) -> None:
        with two.writer_lock().held():
            two.write(lambda _other: None)

    with one.writer_lock().held():
        postgres.sql(ENDED)
        # The second writer gets the lock of the session, and then waits for the transaction to end.
        with pytest.raises(IndexLockedError):
            one.write(write_within)
    with two.writer_lock().held():
        two.write(lambda _other: None)
    one.close()
    two.close()


def test_a_row_that_another_program_locks_is_not_waited_for_for_ever(tmp_path: Path, address: str) -> None:
    opened_at(tmp_path, address).close()
    other = opened_at(tmp_path, address, lock_timeout_s=0.2)
    with psycopg.connect(address) as connection:
        connection.execute("LOCK TABLE documents")
        with pytest.raises(IndexLockedError, match="locked by another process"):
            other.document("d")
    other.close()


def test_a_statement_that_hangs_is_ended(engine: EmbeddedEngine, address: str) -> None:
    del engine
    database = PostgreSQLDatabase(address, read_only=True, timeout_s=5)

    def work(connection: object) -> None:
        connection.exec_driver_sql("SET statement_timeout = 50")  # type: ignore[attr-defined]
        connection.exec_driver_sql("SELECT pg_sleep(20)")  # type: ignore[attr-defined]

    with pytest.raises(IndexStorageError, match="took too long"):
        database.read(work)
    database.close()


def test_a_reader_changes_nothing_whatever_it_is_asked(engine: EmbeddedEngine, tmp_path: Path, address: str) -> None:
    reader = opened_at(tmp_path / "reader", address, read_only=True)
    with pytest.raises(IndexReadOnlyError):
        reader.remove(["d"])
    database = PostgreSQLDatabase(address, read_only=True, timeout_s=5)
    with pytest.raises(IndexStorageError, match="can only be read"):
        database.write(lambda connection: connection.exec_driver_sql("DELETE FROM records"))
    assert engine.counts() == reader.counts() == (1, 1)
    reader.close()
    database.close()


def test_a_database_of_another_model_or_encoding_is_refused(
    engine: EmbeddedEngine, tmp_path: Path, address: str, postgres: PostgresServer
) -> None:
    with pytest.raises(IndexMismatchError, match="'made', not 'another'"):
        opened_at(tmp_path / "other", address, model="another")
    provider = "LOCALE_PROVIDER libc" if int(postgres.sql("SHOW server_version_num")) >= 150000 else ""
    postgres.sql(f"CREATE DATABASE ascii ENCODING 'SQL_ASCII' {provider} LOCALE 'C' TEMPLATE template0")
    with pytest.raises(IndexStorageError, match="SQL_ASCII"):
        opened_at(tmp_path / "ascii", postgres.address("ascii"))


def test_text_that_postgresql_refuses_or_sorts_its_own_way_is_stored_and_ordered_as_in_sqlite(
    engine: EmbeddedEngine, tmp_path: Path
) -> None:
    names = ["b", "a", "B", "ä", "a-b", "ab", "a b", "Z", "\x1a0", "nul\0inside", "🐦", "\uffff"]
    plain = EmbeddedEngine(tmp_path / "plain", dimension=DIMENSION, model="made")
    engine.remove(["d"])
    for each in (engine, plain):
        for number, name in enumerate(names):
            whole = Document(id=name, fingerprint=name, summary=f"{name}\x1a1", body=f"\0{name}\x1a")
            fields = {"who": (f"{name}\0",)}
            each.replace(whole, [record(f"r{number}", f"common {name}", fields=fields)])
        each.write_notes({"\0": "\0\x1a", "other": "\x1a0"})
        each.refresh()
    assert [d.id for d in engine.documents()] == [d.id for d in plain.documents()]
    for name in names:
        assert engine.document(name) == plain.document(name)
        assert engine.document_records(name) == plain.document_records(name)
    assert engine.notes() == plain.notes() == {"\0": "\0\x1a", "other": "\x1a0"}
    assert engine.value_counts("who") == plain.value_counts("who")
    plain.close()


def test_an_id_that_no_index_of_postgresql_takes_is_refused_and_changes_nothing(engine: EmbeddedEngine) -> None:
    # Not to be compressed: PostgreSQL's indexes take some 2,700 bytes.
    endless = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(9000))
    with pytest.raises(InvalidRecordError, match="too long"):
        engine.replace(document(endless), [])
    assert engine.counts() == (1, 1)


def test_half_a_surrogate_pair_is_refused_by_both_and_changes_nothing(engine: EmbeddedEngine, tmp_path: Path) -> None:
    plain = EmbeddedEngine(tmp_path / "plain", dimension=DIMENSION, model="made")
    for each in (engine, plain):
        before = each.counts()
        with pytest.raises((SearchEngineError, UnicodeEncodeError)):
            each.replace(document("x"), [record("x-1", "half \ud800 a pair")])
        assert each.counts() == before
    plain.close()
