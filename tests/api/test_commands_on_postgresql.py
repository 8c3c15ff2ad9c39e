"""The command line where the database is PostgreSQL: two machines are two data folders; the password shows nowhere."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli.program import app
from index.database import DATABASE_NAME
from rag.errors import SettingsError
from rag.settings import Settings, load_settings
from tests.postgres_server import PostgresServer

MARK = "zanthoxylum"
WALK = f"# Walk\n\n**Ottoline Quayle:** We planted a {MARK} by the gate.\n\n**Bram Oke:** Which gate was it?\n"
SECRET = "s3cret-word"

Say = Callable[..., Result]


@pytest.fixture
def say(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Say:
    """Run a command on a database that holds nothing yet."""
    address = postgres.new_address().replace("@", f":{SECRET}@", 1)
    monkeypatch.setenv("TURNWISE_DATABASE", address)

    def run(*arguments: str | Path) -> Result:
        done = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert SECRET not in done.output
        return done

    return run


def documents(done: Result) -> Any:
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_what_one_machine_adds_another_one_answers_from(say: Say, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    (tmp_path / "walk.md").write_text(WALK, "utf-8")
    missing = say("search", MARK, "--home", there)
    assert missing.exit_code == 3
    assert "no index in postgresql://turnwise@" in missing.output
    assert documents(say("add", tmp_path / "walk.md", "--dry-run", "--home", here, "--json"))
    assert documents(say("add", tmp_path / "walk.md", "--home", here, "--json"))
    found = documents(say("search", MARK, "--home", there, "--json"))
    (walk,) = {passage["transcript_id"] for passage in found["passages"]}
    assert say("backup", tmp_path / "copy", "--home", there).exit_code == 0
    assert say("remove", walk, "--home", there).exit_code == 0
    # A machine follows when it is used.
    assert documents(say("search", MARK, "--home", here, "--json"))["passages"] == []
    for folder in (here, there):
        assert not (folder / DATABASE_NAME).exists()
        assert MARK.encode() not in b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert say("restore", tmp_path / "copy", "--yes", "--home", here).exit_code == 0
    assert documents(say("search", MARK, "--home", there, "--json"))["passages"] != []


def test_the_password_is_stars_or_absent_wherever_settings_are_shown(say: Say, tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path)
    assert settings.database is not None
    assert SECRET in settings.database.get_secret_value()
    for shown in (repr(settings), str(settings.database), settings.model_dump_json()):
        assert SECRET not in shown
    (database,) = [s for s in documents(say("config", "show", "--json"))["settings"] if s["name"] == "database"]
    assert database["value"] == "postgresql://turnwise@/postgres"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://joe:s3cret-word@db.example:5432/tw?sslmode=require", "postgresql://joe@db.example:5432/tw"),
        ("postgres://joe:s3/c:r@t@[::1]/tw", "postgresql://joe@[::1]/tw"),
        ("postgresql://db.example/tw?user=joe&password=s3cret-word", "postgresql://db.example/tw"),
        ("postgresql:///tw", "postgresql:///tw"),
    ],
)
def test_an_address_is_shown_without_its_password_and_options(address: str, shown: str) -> None:
    assert str(Settings(database=address).database) == shown  # type: ignore[arg-type]


@pytest.mark.parametrize("address", ["mysql://joe:s3cret-word@host/db", "s3cret-word", "", "postgresql://"])
def test_an_address_of_anything_else_is_refused_without_being_shown(address: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="starts with postgresql://") as caught:
        load_settings(home=tmp_path, database=address)
    assert SECRET not in str(caught.value)
