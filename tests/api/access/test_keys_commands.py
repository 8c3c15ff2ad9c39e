"""`turnwise keys`, and where `turnwise serve` will listen."""

import json
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.auth.authentication import is_authentication_on
from api.auth.keys import KeyStore
from api.auth.principal import Scope
from api.auth.secret import load_secret
from api.cli.program import app
from api.security import check_listening, hosts_when_listening, is_host_allowed
from rag.errors import AccessError, IndexUnavailableError, InputError, SettingsError
from rag.settings import load_settings

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def command(*args: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["keys", *args, "--home", str(tmp_path)])
        return done.exit_code, done.stdout

    return command


def test_a_key_is_made_shown_once_listed_and_revoked(run: Run, tmp_path: Path) -> None:
    code, out = run(
        "create", "--name", "intranet", "--scopes", "read,write", "--collections", "a,b", "--rate", "60/min", "--json"
    )
    made = json.loads(out)
    assert code == 0
    assert made["scopes"] == ["read", "write"]
    assert made["collections"] == ["a", "b"]
    assert made["rate_per_minute"] == 60
    assert KeyStore(tmp_path).opened_by(made["key"]).id == made["id"]
    code, out = run("list", "--json")
    listed = json.loads(out)["keys"]
    assert [key["id"] for key in listed] == [made["id"]]
    assert made["key"].split("_", 2)[2] not in out
    assert run("revoke", made["id"])[0] == 0
    assert json.loads(run("list", "--json")[1])["keys"][0]["valid"] is False
    with pytest.raises(AccessError):
        KeyStore(tmp_path).opened_by(made["key"])


def test_whoever_makes_a_key_is_told_for_which_data_folder_and_whether_it_is_new(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    first, second = (
        CliRunner().invoke(app, ["keys", "create", "--name", "x", "--home", str(folder)]).stderr for _ in range(2)
    )
    assert f"{folder} is a new data folder. If the server has another, name that with --home.\n" in first
    assert f", in {folder}: keep it safe" in first
    assert "new data folder" not in second
    assert f", in {folder}: keep it safe" in second


def test_a_revoked_key_lets_nobody_in_and_without_the_file_nobody_is_asked_from_the_next_start(
    run: Run, tmp_path: Path
) -> None:
    settings = load_settings(home=tmp_path)
    run("revoke", json.loads(run("create", "--name", "x", "--json")[1])["id"])
    assert is_authentication_on(settings)
    (tmp_path / "access.sqlite").unlink()
    assert not is_authentication_on(settings)


def test_the_secret_of_a_key_is_not_on_disk_and_the_file_is_the_owners_alone(run: Run, tmp_path: Path) -> None:
    text = json.loads(run("create", "--name", "x", "--json")[1])["key"]
    for file in tmp_path.iterdir():
        assert text.split("_", 2)[2].encode() not in file.read_bytes()
    assert stat.S_IMODE((tmp_path / "access.sqlite").stat().st_mode) == 0o600
    load_secret(tmp_path)
    assert stat.S_IMODE((tmp_path / "server.secret").stat().st_mode) == 0o600
    assert load_secret(tmp_path) == load_secret(tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [
        ("--name", ""),
        ("--name", "x", "--scopes", "reed"),
        ("--name", "x", "--scopes", ""),
        ("--name", "x", "--rate", "0"),
        ("--name", "x", "--rate", "many"),
        ("--name", "x", "--expires", "soon"),
        ("--name", "x", "--expires", "2001-01-01"),
        ("--name", "x", "--collections", ","),
        ("--name", "x", "--collections", "a", "--groups", "g"),
        ("--name", "x", "--collections", "a", "--scopes", "admin"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(run: Run, tmp_path: Path, wrong: tuple[str, ...]) -> None:
    assert run("create", *wrong)[0] == 2
    assert KeyStore(tmp_path).is_empty()


def test_revoking_what_is_not_there_says_so(run: Run) -> None:
    assert run("revoke", "0123456789")[0] == 1


def test_a_damaged_file_of_keys_lets_nobody_in(tmp_path: Path) -> None:
    text = KeyStore(tmp_path).create("x", scopes=frozenset({Scope.READ}))[1]
    (tmp_path / "access.sqlite").write_bytes(b"not a database at all, but long enough to look like one" * 50)
    with pytest.raises(IndexUnavailableError):
        KeyStore(tmp_path).opened_by(text)
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(tmp_path / "access.sqlite").execute("SELECT 1 FROM keys")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_without_authentication_other_machines_are_kept_out_unless_told_in_plain_words(host: str) -> None:
    with pytest.raises(InputError, match="--insecure-listen-without-authentication"):
        check_listening(host, is_authentication_on=False, is_insecure_meant=False)
    check_listening(host, is_authentication_on=True, is_insecure_meant=False)
    check_listening(host, is_authentication_on=False, is_insecure_meant=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_on_loopback_nobody_is_asked(host: str) -> None:
    check_listening(host, is_authentication_on=False, is_insecure_meant=False)
    assert hosts_when_listening(host, load_settings()) == ()


def test_beyond_loopback_the_owner_may_name_the_hosts() -> None:
    anything = hosts_when_listening("0.0.0.0", load_settings())
    assert is_host_allowed("10.0.0.5:8000", anything)
    assert not is_host_allowed("a/b", anything)
    assert hosts_when_listening("0.0.0.0", load_settings(allowed_hosts="ask.example.org")) == ()


@pytest.mark.parametrize(
    "settings",
    [
        {"oidc_issuer": "http://login.example.org"},
        {"oidc_issuer": "https://user:secret@login.example.org"},
        {"public_url": "ask.example.org"},
        {"oidc_scopes": "profile"},
        {"proxy_user_header": "X User"},
    ],
)
def test_settings_that_would_let_the_wrong_people_in_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(SettingsError):
        load_settings(**settings)
