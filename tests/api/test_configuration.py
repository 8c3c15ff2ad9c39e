"""Settings come from a file, the environment and the command line, in that order of increasing weight."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import CONFIG_NAME, load_settings, read_settings

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / CONFIG_NAME).write_text('chunk_tokens = 100\nllm_model = "small"\nquestions_at_once = 3\n', "utf-8")
    return tmp_path


def test_the_file_in_the_data_folder_is_read(home: Path) -> None:
    read = read_settings(home=home)
    assert (read.settings.chunk_tokens, read.settings.llm_model, read.settings.questions_at_once) == (100, "small", 3)
    assert read.file == home / CONFIG_NAME
    assert read.sources["chunk_tokens"] == "file"
    assert read.sources["home"] == "command line"
    assert read.sources["threads"] == "default"


def test_the_environment_goes_before_the_file_and_the_command_line_before_both(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TURNWISE_CHUNK_TOKENS", "120")
    monkeypatch.setenv("TURNWISE_LLM_MODEL", "large")
    read = read_settings(home=home, llm_model="given")
    assert (read.settings.chunk_tokens, read.settings.llm_model) == (120, "given")
    assert (read.sources["chunk_tokens"], read.sources["llm_model"]) == ("environment", "command line")


def test_a_file_that_is_named_is_read_instead(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other.toml"
    other.write_text(f'home = "{tmp_path / "data"}"\nthreads = 2\n', "utf-8")
    settings = load_settings(config=other)
    assert (settings.home, settings.threads, settings.chunk_tokens) == (tmp_path / "data", 2, 175)
    monkeypatch.setenv("TURNWISE_CONFIG", str(other))
    assert load_settings(home=home).threads == 2


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("chunk_tokens = 1", "chunk_tokens in .*turnwise.toml: .*greater than or equal to 32"),
        ("chunk_token = 100", "Unknown setting chunk_token in .*turnwise.toml"),
        ("[llm]\nmodel = 'x'", "Unknown setting llm in"),
        ("chunk_tokens = = 1", "are not TOML.*line 1"),
        ("log_format = 'xml'", "log_format in"),
    ],
)
def test_a_file_that_is_wrong_says_where(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / CONFIG_NAME).write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=complaint):
        load_settings(home=tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("allowed_hosts", "ask.example.org, http://x y", "'http://x y' is no name of a host"),
        ("allowed_hosts", "ask.example.org:8000", "nor a port"),
        ("allowed_hosts", "*.example.org", "no name of a host"),
        ("proxy_addresses", "10.0.0.7, 999.1.1.1", "'999.1.1.1' does not appear to be"),
        ("proxy_addresses", "10.0.0.7/8", "host bits set"),
        ("allowed_origins", "nonsense", "'nonsense' is no origin"),
        ("allowed_origins", "https://a.example.org/path", "is no origin"),
        ("allowed_origins", "https://*.example.org", "is no origin"),
        ("allowed_origins", "https://me:secret@a.example.org", "is no origin"),
    ],
)
def test_an_address_of_another_form_is_refused_with_the_setting_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, complaint: str
) -> None:
    listed = [part.strip() for part in value.split(",")]
    (tmp_path / CONFIG_NAME).write_text(f"{name} = {json.dumps(listed)}\n", "utf-8")
    with pytest.raises(SettingsError, match=f"^{name} in .*{re.escape(complaint)}"):
        load_settings(home=tmp_path)
    monkeypatch.setenv(f"TURNWISE_{name.upper()}", value)
    with pytest.raises(SettingsError, match=f"^TURNWISE_{name.upper()}: .*{re.escape(complaint)}"):
        load_settings(home=tmp_path)


def test_addresses_of_the_right_form_are_taken() -> None:
    settings = load_settings(
        allowed_hosts="ask.example.org, 10.0.0.7, fd00::7, my_host, *",
        proxy_addresses="10.0.0.7, 10.0.0.0/24, fd00::/8",
        allowed_origins="https://Intranet.example.org/, http://127.0.0.1:9000, http://[::1]:9000",
    )
    assert settings.allowed_hosts == ("ask.example.org", "10.0.0.7", "fd00::7", "my_host", "*")
    assert settings.proxy_addresses == ("10.0.0.7", "10.0.0.0/24", "fd00::/8")
    assert settings.allowed_origins == ("https://intranet.example.org", "http://127.0.0.1:9000", "http://[::1]:9000")


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml can't be read"):
        load_settings(config=tmp_path / "none.toml")


def test_the_command_shows_what_holds_and_hides_secrets(run_turnwise: Run, home: Path) -> None:
    with (home / CONFIG_NAME).open("a", encoding="utf-8") as file:
        file.write('llm_api_key = "sk-quokka"\n')
    shown = run_turnwise("config", "show", "--home", home)
    assert shown.returncode == 0, shown.stderr
    assert "quokka" not in shown.stdout
    as_json = run_turnwise("config", "show", "--home", home, "--json")
    assert "quokka" not in as_json.stdout
    document = json.loads(as_json.stdout)
    by_name = {setting["name"]: setting for setting in document["settings"]}
    assert by_name["llm_api_key"] == {
        "name": "llm_api_key",
        "value": "**********",
        "source": "file",
        "variable": "TURNWISE_LLM_API_KEY",
    }
    assert by_name["questions_at_once"]["value"] == 3
    assert document["file"] == str(home / CONFIG_NAME)
