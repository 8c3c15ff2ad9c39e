"""Several machines, each with a folder of its own, on one PostgreSQL: what one writes the others find."""

import threading
import time
from pathlib import Path

import pytest

from index.errors import IndexMissingError
from tests.index.machines import add, check_killed_writers, found, machine, soon
from tests.index.made_records import document, record
from tests.postgres_server import PostgresServer


@pytest.fixture
def address(postgres: PostgresServer) -> str:
    return postgres.new_address()


def test_what_one_machine_changes_others_find_soon_and_a_removal_leaves_no_trace_there(
    tmp_path: Path, address: str
) -> None:
    here = machine(tmp_path / "here", address)
    # So many that the removal of a few alone is no reason to write their segment anew.
    add(here, "kept", 30)
    add(here, "first")
    there = machine(tmp_path / "there", address, read_only=True)
    assert found(there) == {"kept", "first"}
    before = there.version
    add(here, "second")
    soon(there, {"kept", "first", "second"})
    assert there.version != before
    here.remove(["first"])
    soon(there, {"kept", "second"})
    assert there.check() == []
    for folder in (tmp_path / "here", tmp_path / "there"):
        contents = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        assert b"firstword" not in contents
        assert b"secondword" in contents
    here.close()
    there.close()


def test_a_reader_of_a_database_without_an_index_says_so_and_makes_none(tmp_path: Path, address: str) -> None:
    for _ in range(2):
        with pytest.raises(IndexMissingError, match="no index in postgresql://turnwise@"):
            machine(tmp_path, address, read_only=True)


def test_machines_that_write_at_once_lose_nothing(tmp_path: Path, address: str) -> None:
    engines = [machine(tmp_path / str(n), address, lock_timeout_s=60) for n in range(3)]

    def write(number: int) -> None:
        for n in range(6):
            add(engines[number], f"m{number}x{n}")
            add(engines[number], "both")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = {f"m{number}x{n}" for number in range(3) for n in range(6)} | {"both"}
    for engine in engines:
        soon(engine, expected)
        assert len(engine.search_text("common", 999)) == 3 * len(expected)
        assert engine.check() == []
        engine.close()


def test_no_search_misses_a_document_that_another_machine_replaces_meanwhile(tmp_path: Path, address: str) -> None:
    writer = machine(tmp_path / "writer", address)
    reader = machine(tmp_path / "reader", address, read_only=True, poll_interval_s=0)
    stop = threading.Event()

    def write() -> None:
        for number in range(25):
            writer.replace(document("d"), [record(f"g{number}-{n}", "generation") for n in range(4)])
        stop.set()

    writer.replace(document("d"), [record(f"g0-{n}", "generation") for n in range(4)])
    thread = threading.Thread(target=write)
    torn, generations = [], set()
    assert len(reader.search_text("generation", 99)) == 4
    thread.start()
    while not stop.is_set():
        time.sleep(0.002)
        hits = reader.search_text("generation", 99)
        seen = {hit.id.split("-")[0] for hit in hits}
        generations |= seen
        if len(hits) != 4 or len(seen) != 1:
            torn.append(hits)
    thread.join()
    assert torn == []
    assert len(generations) > 1, "the reader didn't follow the writer"
    writer.close()
    reader.close()


def test_processes_of_one_machine_share_its_folder(tmp_path: Path, address: str) -> None:
    writer = machine(tmp_path / "elsewhere", address)
    add(writer, "first")
    workers = [machine(tmp_path / "here", address) for _ in range(2)]
    assert [found(worker) for worker in workers] == [{"first"}, {"first"}]
    for name in ("second", "third"):
        add(writer, name)
    for worker in workers:
        soon(worker, {"first", "second", "third"})
    assert workers[0].version == workers[1].version
    assert workers[0].check() == []
    for engine in (writer, *workers):
        engine.close()


def test_a_writer_killed_at_any_moment_leaves_nothing_half_written_and_nobody_waiting(
    tmp_path: Path, address: str
) -> None:
    assert check_killed_writers(tmp_path, address, attempts=2, seed=5) > 2


def test_machines_derive_anew_after_a_dump_was_restored_and_keys_are_given_out_again(
    tmp_path: Path, postgres: PostgresServer, address: str
) -> None:
    schema = address.rpartition("%3D")[2]
    writer = machine(tmp_path / "writer", address)
    add(writer, "kept")
    dump = postgres.dump(schema)
    add(writer, "lost")
    reader = machine(tmp_path / "reader", address, read_only=True)
    assert found(reader) == {"kept", "lost"}
    writer.close()
    postgres.sql(f"DROP SCHEMA {schema} CASCADE")
    postgres.sql(dump)
    # A new process: its records get the keys that the lost ones had.
    again = machine(tmp_path / "again", address)
    add(again, "later")
    soon(reader, {"kept", "later"})
    assert reader.check() == []
    reader.close()
    again.close()
