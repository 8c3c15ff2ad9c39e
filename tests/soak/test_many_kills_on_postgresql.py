"""The long version of the kills in `tests/index/test_machines_share_postgresql.py`; a standby that takes over."""

import signal
import time
from pathlib import Path

import pytest

from index.errors import SearchEngineError
from tests.index.machines import add, check_killed_writers, found, machine, soon
from tests.postgres_server import USER, PostgresServer, programs


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3))
def test_forty_writers_killed_on_one_machine_cost_another_nothing(
    tmp_path: Path, postgres: PostgresServer, seed: int
) -> None:
    assert check_killed_writers(tmp_path, postgres.new_address(), attempts=40, seed=seed) > 40


@pytest.mark.soak
def test_a_standby_takes_over_and_every_machine_goes_on(tmp_path: Path, postgres: PostgresServer) -> None:
    del postgres  # skips where there is none; a server of this test's own is the one that dies
    folder = programs()
    assert folder is not None
    primary = PostgresServer(folder)
    standby: PostgresServer | None = None
    try:
        primary.make()
        standby = primary.standby()
        either = f"postgresql://{USER}@/postgres?host={primary.folder},{standby.folder}&target_session_attrs=read-write"
        writer, reader = machine(tmp_path / "writer", either), machine(tmp_path / "reader", either, read_only=True)
        add(writer, "first")
        beside = machine(tmp_path / "beside", standby.address("postgres"), read_only=True)
        soon(beside, {"first"})
        add(writer, "second")
        for engine in (reader, beside):
            soon(engine, {"first", "second"})
        history = reader.store.state().history
        primary.stop(signal.SIGQUIT)
        with pytest.raises(SearchEngineError):
            reader.document("first")
        assert found(reader) == {"first", "second"}
        standby.promote()
        deadline = time.monotonic() + 30
        while True:
            try:
                add(writer, "third")
                break
            except SearchEngineError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        for engine in (reader, beside):
            soon(engine, {"first", "second", "third"})
            assert engine.check() == []
            # What the dead server had not passed on is lost, and its keys are given out again: all is derived anew.
            assert engine.store.state().history != history
            engine.close()
        writer.close()
    finally:
        for server in (standby, primary):
            if server is not None:
                server.remove()
