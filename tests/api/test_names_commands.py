"""`turnwise names` as a newcomer runs it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., "CompletedProcess[str]"]


@pytest.fixture
def home(corpus_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(corpus_home, tmp_path / "home"))


def test_the_corpus_glossary_is_listed_and_finds_what_was_heard(run_turnwise: Run, home: Path) -> None:
    listed = json.loads(run_turnwise("names", "list", "--home", home, "--json").stdout)
    assert listed["faults"] == []
    by_name = {entry["name"]: entry for entry in listed["names"]}
    assert by_name["Shewhart"]["heard"] == ["shoe heart"]
    assert "north fell sound" in by_name["Nordfjellsund"]["heard"]
    found = json.loads(run_turnwise("search", "Shewhart", "--mode", "lexical", "--home", home, "--json").stdout)
    assert any("shoe heart" in turn["text"] for passage in found["passages"][:5] for turn in passage["turns"])


def test_a_suggestion_is_accepted_and_used_at_once(run_turnwise: Run, home: Path) -> None:
    suggested = run_turnwise("names", "suggest", "--home", home, "--json")
    assert suggested.returncode == 0, suggested.stderr
    for item in json.loads(suggested.stdout)["suggestions"]:
        assert item["heard"] in item["quote"]
        assert 0 <= item["confidence"] <= 1
        assert not item["used"] or item["known_from"] == "glossary"
    done = run_turnwise("names", "accept", "mattresses", "Vellmattress", "--home", home)
    assert done.returncode == 0, done.stderr
    assert 'heard = ["mattresses"]' in (home / "names.toml").read_text("utf-8")
    found = json.loads(run_turnwise("search", "Vellmattress", "--mode", "lexical", "--home", home, "--json").stdout)
    assert found["passages"]


def test_a_broken_glossary_is_named_with_its_line(run_turnwise: Run, home: Path) -> None:
    (home / "names.toml").write_text('[[name]]\nname = "Oske"\nheard = [Osk]\n', "utf-8")
    listed = run_turnwise("names", "list", "--home", home)
    assert listed.returncode == 1
    assert "names.toml" in listed.stderr
    assert "line 3" in listed.stderr
    assert run_turnwise("search", "run chart", "--home", home).returncode == 0
    refused = run_turnwise("names", "accept", "a", "b", "--home", home)
    assert refused.returncode == 2
