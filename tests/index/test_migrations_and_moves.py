"""Formats of the tables are upgraded by writers alone and whole or not at all; content moves between databases."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql

from index import migrations
from index.database import DATABASE_NAME
from index.embedded import EmbeddedEngine
from index.errors import IndexMismatchError, SearchEngineError
from index.opening import open_database
from index.schema import EscapedText, metadata
from tests.index.made_records import DIMENSION, document, record
from tests.postgres_server import PostgresServer

NEXT = '''
"""A format of the future, made up for this test."""

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"


def upgrade() -> None:
    """Add a column."""
    op.add_column("documents", sa.Column("colour", sa.Text))
    op.execute("UPDATE documents SET colour = 'red'")
'''
BROKEN = f"{NEXT}    op.execute('no statement')\n"


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def address(request: pytest.FixtureRequest) -> str | None:
    server: PostgresServer | None = request.getfixturevalue("postgres") if request.param == "PostgreSQL" else None
    return server.new_address() if server else None


@pytest.fixture
def next_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Make the format after today's known, by a file with this content."""

    def begin(content: str) -> None:
        versions = tmp_path / "versions"
        shutil.rmtree(versions, ignore_errors=True)
        shutil.copytree(migrations.VERSIONS, versions, ignore=shutil.ignore_patterns("__pycache__"))
        (versions / "format_3.py").write_text(content)
        monkeypatch.setattr(migrations, "VERSIONS", versions)
        for module in ("opening", "restoring", "upgrading"):
            monkeypatch.setattr(f"index.{module}.FORMAT", "3")

    yield begin
    monkeypatch.undo()


def engine_in(folder: Path, address: str | None, **options: object) -> EmbeddedEngine:
    given = {"dimension": DIMENSION, "model": "made", "database": address, "poll_interval_s": 3600, **options}
    return EmbeddedEngine(folder, **given)  # type: ignore[arg-type]


def add(engine: EmbeddedEngine, name: str) -> None:
    engine.replace(document(name), [record(f"{name}-{n}", f"common {name}word") for n in range(3)])
    engine.refresh()


def found(engine: EmbeddedEngine) -> set[str]:
    return {hit.id.split("-")[0] for hit in engine.search_text("common", 99)}


def asked(folder: Path, address: str | None, statement: str) -> list[tuple[object, ...]]:
    database = open_database(folder, address, read_only=True, timeout_s=5)
    try:
        return database.read(lambda connection: [tuple(row) for row in connection.exec_driver_sql(statement)])
    finally:
        database.close()


def test_migrations_make_the_tables_that_the_engine_uses(tmp_path: Path, address: str | None) -> None:
    engine_in(tmp_path, address).close()
    if address is None:
        (tmp_path / DATABASE_NAME).unlink()
        with closing(sqlite3.connect(tmp_path / DATABASE_NAME)) as empty:
            empty.execute("VACUUM")
        made = open_database(tmp_path, None, read_only=False, timeout_s=5)
        made.write(lambda connection: migrations.upgrade(connection, said=None))
        made.close()

    def differences(connection: Connection) -> list[object]:
        ours = {"compare_type": False, "include_name": lambda name, *_rest: name != "alembic_version"}
        return list(compare_metadata(MigrationContext.configure(connection, opts=ours), metadata))

    database = open_database(tmp_path, address, read_only=False, timeout_s=5)
    assert database.write(differences) == []
    database.close()


def test_the_first_writer_upgrades_an_older_format_and_a_reader_never_does(
    tmp_path: Path, address: str | None, next_format: Callable[[str], None]
) -> None:
    folder = tmp_path / "home"
    engine = engine_in(folder, address)
    add(engine, "first")
    engine.close()
    next_format(NEXT)
    with pytest.raises(IndexMismatchError, match="format '2', not '3'"):
        engine_in(folder, address, read_only=True)
    assert asked(folder, address, "SELECT value FROM properties WHERE name = 'format'") == [("2",)]
    engine = engine_in(folder, address)
    assert found(engine) == {"first"}
    assert asked(folder, address, "SELECT id, colour FROM documents") == [("first", "red")]
    engine_in(folder, address, read_only=True).close()
    engine.close()


def test_an_upgrade_that_fails_leaves_everything_as_it_was(
    tmp_path: Path, address: str | None, next_format: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "home"
    engine = engine_in(folder, address)
    add(engine, "first")
    engine.close()
    with monkeypatch.context():
        next_format(BROKEN)
        with pytest.raises(SearchEngineError):
            engine_in(folder, address)
    monkeypatch.undo()
    again = engine_in(folder, address)
    assert found(again) == {"first"}
    with pytest.raises(SearchEngineError):
        asked(folder, address, "SELECT colour FROM documents")
    again.close()


def test_a_backup_of_an_older_format_is_upgraded_when_it_is_restored(
    tmp_path: Path, next_format: Callable[[str], None]
) -> None:
    engine = engine_in(tmp_path / "home", None)
    add(engine, "first")
    engine.backup(tmp_path / "copy")
    engine.close()
    next_format(NEXT)
    other = engine_in(tmp_path / "home", None)
    other.restore(tmp_path / "copy")
    assert found(other) == {"first"}
    other.close()


def test_content_moves_from_sqlite_to_postgresql_and_back(tmp_path: Path, postgres: PostgresServer) -> None:
    laptop = engine_in(tmp_path / "laptop", None)
    for name in ("first", "second"):
        add(laptop, name)
    laptop.write_notes({"of": "the owner"})
    laptop.backup(tmp_path / "copy")
    address = postgres.new_address()
    service = engine_in(tmp_path / "service", address)
    for name in ("removed", "before"):
        add(service, name)
    service.remove(["removed"])
    reader = engine_in(tmp_path / "reader", address, read_only=True, poll_interval_s=0.02)
    assert found(reader) == {"before"}
    service.restore(tmp_path / "copy")
    assert found(service) == {"first", "second"}
    assert service.notes() == {"of": "the owner"}
    assert service.check() == []
    add(service, "third")
    service.remove(["first"])
    assert service.check() == []
    assert asked(tmp_path, address, "SELECT value FROM properties WHERE name = 'erase'") == [("7",)]
    service.backup(tmp_path / "another")
    for engine in (laptop, engine_in(tmp_path / "new", None)):
        engine.restore(tmp_path / "another")
        assert found(engine) == {"second", "third"}
        assert engine.search_text("common", 9) == service.search_text("common", 9)
        assert engine.vectors(["third-1"]).tolist() == service.vectors(["third-1"]).tolist()
        assert engine.notes() == {"of": "the owner"}
        assert engine.check() == []
        engine.close()
    erased = "SELECT value FROM properties WHERE name = 'erase'"
    assert asked(tmp_path / "new", None, erased) == [("0",)]
    reader.close()
    service.close()


def test_a_removal_that_was_interrupted_before_its_number_was_noted_is_finished(tmp_path: Path) -> None:
    engine = engine_in(tmp_path, None)
    for name in ("kept", "removed"):
        engine.replace(
            document(name), [record(f"{name}-{n}", f"{name}word") for n in range(20 if name == "kept" else 1)]
        )
    engine.refresh()
    engine.close()
    with closing(sqlite3.connect(tmp_path / DATABASE_NAME)) as database, database:
        database.execute("INSERT INTO removals (record_key) SELECT key FROM records WHERE document_id = 'removed'")
        database.execute("DELETE FROM records WHERE document_id = 'removed'")
        database.execute("DELETE FROM documents WHERE id = 'removed'")
        database.execute("UPDATE properties SET value = '1' WHERE name = 'purge'")
        # As Turnwise left it before 22 November 2026.
        database.execute("DELETE FROM properties WHERE name = 'erase'")
    engine = engine_in(tmp_path, None)
    engine.refresh()
    contents = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"keptword" in contents
    assert b"removedword" not in contents
    assert engine.check() == []
    engine.close()


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text("\0\x1a01"))
def test_escaped_text_comes_back_and_holds_no_nul(text: str) -> None:
    stored = EscapedText().process_bind_param(text, postgresql.dialect())
    assert stored is not None
    assert "\0" not in stored
    assert EscapedText().process_result_value(stored, postgresql.dialect()) == text
