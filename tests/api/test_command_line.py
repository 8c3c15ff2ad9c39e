"""The command line, run in this process: exit codes, one JSON document, and transcripts that come, stay and go."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from api.cli.program import app
from index.database import DATABASE_NAME
from rag.embedding import OpenVinoEmbedder, SentenceTransformerEmbedder

MARK = "zanthoxylum"
WALK = f"# Walk\n\n**Ottoline Quayle:** We planted a {MARK} by the gate.\n\n**Bram Oke:** Which gate was it?\n"

Say = Callable[..., Result]
SayJson = Callable[..., Any]


@pytest.fixture(scope="module")
def say() -> Say:
    """Run a command and return what it printed and how it ended: `say("list", "--home", home)`."""
    runner = CliRunner()

    def run(*arguments: str | Path) -> Result:
        return runner.invoke(app, [str(argument) for argument in arguments])

    return run


@pytest.fixture(scope="module")
def say_json(say: Say) -> SayJson:
    """Run a command with --json, which must end as `code` says, and return its document."""

    def run(*arguments: str | Path, code: int = 0) -> Any:
        done = say(*arguments, "--json")
        assert done.exit_code == code, done.output
        return json.loads(done.stdout)

    return run


@pytest.fixture
def home(corpus_home: Path, tmp_path: Path) -> Path:
    return shutil.copytree(corpus_home, tmp_path / "home")


@pytest.fixture
def walk(tmp_path: Path) -> Path:
    file = tmp_path / "walk.md"
    file.write_text(WALK, "utf-8")
    return file


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_reading_commands_print_the_same_documents_as_http(
    say_json: SayJson, corpus_home: Path, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TURNWISE_READER", "off")  # as the server has none

    def unlike(document: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in document.items() if k not in ("request_id", "timings_ms", "index_version")}

    listing = say_json("list", "--home", corpus_home)
    assert listing == client.get("/v1/transcripts").json()
    first = listing["transcripts"][0]["id"]
    assert say_json("show", first, "--home", corpus_home) == client.get(f"/v1/transcripts/{first}").json()

    found = say_json("search", "run chart", "--mode", "lexical", "--top-k", "3", "--home", corpus_home)
    asked = {"query": "run chart", "mode": "lexical", "top_k": 3}
    assert unlike(found) == unlike(client.post("/v1/search", json=asked).json())

    speaker = "Priya Venkataraghavan"
    question = "How many points make a shift on a run chart?"
    answer = say_json(
        "ask", question, "--speaker", speaker, "--max-citations", "2", "--date-to", "2026-12-31", "--home", corpus_home
    )
    filters = {"speakers": [speaker], "date_to": "2026-12-31"}
    over_http = client.post("/v1/ask", json={"question": question, "max_citations": 2, "filters": filters}).json()
    assert unlike(answer) == unlike(over_http)


def test_an_answer_for_people_has_its_prose_and_numbered_sources(say: Say, corpus_home: Path) -> None:
    question = "How many points make a shift on a run chart?"
    done = say("ask", question, "--speaker", "Priya Venkataraghavan", "--home", corpus_home)
    assert done.exit_code == 0
    prose, sources = done.stdout.split("\nSources\n")
    assert "[1]" in prose
    assert "“" in prose
    assert sources.startswith("[1] Priya Venkataraghavan")
    assert "/transcripts/" in sources
    assert "characters" in sources


def test_why_a_speaker_was_inferred_stands_with_the_source(say: Say, corpus_home: Path) -> None:
    question = "What does Tomasz Wielgosz say about home for lunch?"
    done = say("ask", question, "--home", corpus_home)
    prose, sources = (" ".join(part.split()) for part in done.stdout.split("\nSources\n"))
    assert "(speaker inferred, not labelled)" in prose
    assert "The label is missing" not in prose
    assert "The label is missing in the source (line" in sources


def test_adding_again_costs_no_embedding_and_a_change_is_replaced(
    say_json: SayJson, walk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "fresh"
    added = say_json("add", walk, "--home", home, "--date", "2021-02-03", "--collection", "garden")
    assert set(added) == {"job", "state", "done", "total", "results"}
    (result,) = added["results"]
    assert result["outcome"] == "added"
    (summary,) = say_json("list", "--home", home)["transcripts"]
    assert (summary["date"], summary["collection"]) == ("2021-02-03", "garden")

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("an unchanged file was embedded")

    with monkeypatch.context() as patch:
        for backend in (OpenVinoEmbedder, SentenceTransformerEmbedder):
            patch.setattr(backend, "embed_with_parts", refuse)
        again = say_json("add", walk, "--home", home, "--date", "2021-02-03", "--collection", "garden")
    assert [result["outcome"] for result in again["results"]] == ["unchanged"]

    walk.write_text(WALK.replace("Which gate", "What gate"), "utf-8")
    changed = say_json("add", walk, "--home", home, "--date", "2021-02-03", "--collection", "garden")
    assert [result["outcome"] for result in changed["results"]] == ["replaced"]
    turns = say_json("show", result["transcript_id"], "--home", home)["turns"]
    assert turns[1]["text"] == "What gate was it?"


def test_what_fails_is_named_and_the_rest_is_kept(say: Say, say_json: SayJson, walk: Path, tmp_path: Path) -> None:
    home = tmp_path / "fresh"
    noise = tmp_path / "noise.bin"
    noise.write_bytes(bytes(range(256)))
    done = say("add", walk, noise, tmp_path / "absent.txt", "--home", home, "--json")
    assert done.exit_code == 1
    outcomes = [result["outcome"] for result in json.loads(done.stdout)["results"]]
    assert outcomes == ["added", "failed", "failed"]
    assert "noise.bin" in done.stderr
    assert "absent.txt" in done.stderr
    assert len(say_json("list", "--home", home)["transcripts"]) == 1


def test_after_remove_nothing_is_found_nor_left_in_the_folder(
    say: Say, say_json: SayJson, home: Path, walk: Path
) -> None:
    added = say_json("add", walk, "--home", home)["results"][0]["transcript_id"]
    search = ("search", MARK, "--mode", "lexical", "--home", home)
    assert [passage["transcript_id"] for passage in say_json(*search)["passages"]] == [added]
    assert MARK.encode() in everything_in(home)

    removed = say_json("remove", added, "no-such-id", "--home", home, code=1)
    assert [(r["source"], r["outcome"]) for r in removed["results"]] == [(added, "removed"), ("no-such-id", "failed")]
    assert say_json(*search)["passages"] == []
    assert MARK.encode() not in everything_in(home)
    assert say("show", added, "--home", home).exit_code == 1


def test_what_is_exported_is_added_unchanged_elsewhere(say: Say, say_json: SayJson, walk: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    transcript_id = say_json("add", walk, "--home", first)["results"][0]["transcript_id"]
    lines = say("export", "--home", first).stdout
    assert len(lines.splitlines()) == 1
    exported = tmp_path / "out.jsonl"
    exported.write_text(lines, "utf-8")
    assert say_json("add", exported, "--home", second)["results"][0]["outcome"] == "added"
    assert say("export", "--home", second).stdout == lines
    assert say("export", transcript_id, "--home", first).stdout == lines
    assert say_json("export", "--home", first) == {"transcripts": [json.loads(lines)]}
    assert say_json("show", transcript_id, "--home", first) == say_json("show", transcript_id, "--home", second)


def test_everything_comes_back_from_a_backup(say_json: SayJson, home: Path, tmp_path: Path) -> None:
    before = say_json("list", "--home", home)
    copy = tmp_path / "backups" / "copy.db"
    written = say_json("backup", copy, "--home", home)
    assert written["transcripts"] == len(before["transcripts"])
    assert written["bytes"] == copy.stat().st_size
    say_json("remove", *[summary["id"] for summary in before["transcripts"]], "--home", home)
    assert say_json("list", "--home", home)["transcripts"] == []
    restored = say_json("restore", copy, "--home", home)
    assert restored["transcripts"] == len(before["transcripts"])
    assert say_json("list", "--home", home) == before
    found = say_json("search", "run chart", "--mode", "lexical", "--home", home)
    assert found["passages"]
    assert say_json("restore", copy, "--home", tmp_path / "elsewhere")["transcripts"] == written["transcripts"]


def test_a_backup_replaces_an_earlier_one_and_nothing_else(say_json: SayJson, home: Path, tmp_path: Path) -> None:
    copy, letter = tmp_path / "copy.db", tmp_path / "letter.txt"
    letter.write_text("Dear Ann", "utf-8")
    live = home / DATABASE_NAME
    before = live.read_bytes()
    for file in (letter, live, tmp_path):
        assert str(file) in say_json("backup", file, "--home", home, code=2)["detail"]
    assert letter.read_text("utf-8") == "Dear Ann"
    assert live.read_bytes() == before
    for _ in range(2):
        assert say_json("backup", copy, "--home", home)["bytes"] == copy.stat().st_size


def test_a_damaged_index_is_reported_and_mended_by_a_backup(
    say: Say, say_json: SayJson, home: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    say_json("backup", copy, "--home", home)
    say("keys", "create", "--name", "a ward", "--home", home)
    for file in home.glob(f"{DATABASE_NAME}*"):
        file.write_bytes(b"this is no database" * 1000)
    beside = {
        file.name: file.read_bytes() for file in home.iterdir() if file.is_file() and DATABASE_NAME not in file.name
    }
    for command in (("list",), ("search", "x", "--mode", "lexical"), ("export",)):
        problem = say_json(*command, "--home", home, code=3)
        assert problem["status"] == 503
        assert "turnwise doctor" in problem["detail"]
    say_json("restore", copy, "--home", home)
    assert len(say_json("list", "--home", home)["transcripts"]) >= 8
    (aside,) = home.parent.glob(f"{home.name}.damaged-*")
    assert (aside / DATABASE_NAME).read_bytes().startswith(b"this is no database")
    # Keys and settings are not the index's: without them the server would let in anybody.
    assert [key["name"] for key in say_json("keys", "list", "--home", home)["keys"]] == ["a ward"]
    kept = {name: (home / name).read_bytes() for name in beside if name != "manifest.json"}
    assert kept == {name: content for name, content in beside.items() if name != "manifest.json"}


def test_a_damaged_index_stays_where_it_is_until_a_backup_is_sound(
    say: Say, say_json: SayJson, home: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    say_json("backup", copy, "--home", home)
    whole = copy.read_bytes()
    with copy.open("r+b") as file:  # a page in the midst of it, of which only reading all of it tells
        file.seek(len(whole) // 2 // 4096 * 4096)
        file.write(b"\xff" * 4096)
    for file in home.glob(f"{DATABASE_NAME}*"):
        file.write_bytes(b"this is no database" * 1000)
    before = sorted((path, path.stat().st_size) for path in home.rglob("*") if path.is_file())
    problem = say_json("restore", copy, "--home", home, code=2)
    assert "is damaged" in problem["detail"]
    assert sorted((path, path.stat().st_size) for path in home.rglob("*") if path.is_file()) == before


def test_a_backup_that_would_not_be_sound_does_not_replace_the_one_before(
    say_json: SayJson, home: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    say_json("backup", copy, "--home", home)
    good = copy.read_bytes()
    database = home / DATABASE_NAME
    size = database.stat().st_size
    with database.open("r+b") as file:
        file.seek(size // 2 // 4096 * 4096)
        file.write(b"\xff" * 4096)
    problem = say_json("backup", copy, "--home", home, code=3)
    assert "is damaged" in problem["detail"]
    assert copy.read_bytes() == good
    assert list(tmp_path.glob("*.partial")) == []


@pytest.mark.parametrize(
    "command", [("remove", "a"), ("attribute", "a", 0, "--speaker", "Ann"), ("list",), ("ask", "What?")]
)
def test_a_folder_without_an_index_is_left_without_one(
    say_json: SayJson, tmp_path: Path, command: tuple[str | int, ...]
) -> None:
    problem = say_json(*command, "--home", tmp_path / "mistyped", code=3)
    assert "There is no index in" in problem["detail"]
    assert not (tmp_path / "mistyped").exists()


@pytest.mark.parametrize("arguments", [("add", ""), ("add", "", "--prune")])
def test_a_source_without_a_name_is_not_the_folder_one_is_in(
    say: Say, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = say(*arguments, "--home", tmp_path / "home")
    assert done.exit_code == 2
    assert "has no name" in done.stderr
    assert not (tmp_path / "home").exists()


def test_keys_are_listed_of_a_data_folder_alone(say: Say, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name in ("file", "mistyped"):
        done = say("keys", "list", "--home", tmp_path / name)
        assert done.exit_code == 3
        assert "There is no data folder" in done.stderr


def test_a_data_folders_name_is_text(say: Say, tmp_path: Path) -> None:
    done = say("list", "--home", os.fsdecode(bytes(tmp_path) + b"/h\xff"))
    assert done.exit_code == 2
    assert "is no UTF-8" in done.stderr


def test_a_data_folder_must_have_a_name(say: Say) -> None:
    done = say("list", "--home", "")
    assert done.exit_code == 2
    assert "names no folder" in done.stderr


def test_a_file_that_is_no_backup_changes_nothing(say_json: SayJson, home: Path, walk: Path) -> None:
    before = say_json("list", "--home", home)
    fresh = home.with_name("fresh")
    for file in (walk, walk.with_name("absent"), walk.parent):
        for where in (home, fresh):
            problem = say_json("restore", file, "--home", where, code=2)
            assert str(file) in problem["detail"]
            assert "Nothing was changed" in problem["detail"]
    assert not fresh.exists()
    assert say_json("list", "--home", home) == before
    (home / DATABASE_NAME).write_bytes(b"this is no database" * 1000)
    say_json("restore", walk, "--home", home, code=2)
    assert not list(home.parent.glob(f"{home.name}.damaged-*"))


def test_the_owners_word_on_a_speaker_survives_the_next_add(
    say: Say, say_json: SayJson, walk: Path, tmp_path: Path
) -> None:
    home = tmp_path / "fresh"
    transcript_id = say_json("add", walk, "--home", home)["results"][0]["transcript_id"]
    shown = say_json("attribute", transcript_id, "1", "--speaker", "Femi Strand", "--home", home)
    assert shown["turns"][1]["speaker"] == "Femi Strand"
    walk.write_text(WALK.replace("by the gate", "near the gate"), "utf-8")
    say_json("add", walk, "--home", home)
    assert say_json("show", transcript_id, "--home", home)["turns"][1]["speaker"] == "Femi Strand"
    assert say("attribute", transcript_id, "9", "--speaker", "X", "--home", home).exit_code == 1
    assert say("attribute", "absent", "0", "--speaker", "X", "--home", home).exit_code == 1
    assert say("attribute", transcript_id, "0", "--speaker", " ", "--home", home).exit_code == 2


def test_doctor_finds_a_sound_installation_sound_and_repairs_what_is_derived(
    say: Say, say_json: SayJson, home: Path
) -> None:
    report = say_json("doctor", "--home", home)
    assert report["ok"] is True
    names = {check["name"] for check in report["checks"]}
    installed = {"python", "disk", "optional parts", "tokenizer", "model files", "model", "language model", "reader"}
    assert names == installed | {"index", "speakers"}
    assert all(set(check) == {"name", "ok", "detail", "mend"} for check in report["checks"])

    segment = max((home / "segments").rglob("*.npy"), key=lambda file: file.stat().st_size)
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 0xFF
    segment.write_bytes(content)
    sick = say_json("doctor", "--home", home, code=3)
    mends = [check["mend"] for check in sick["checks"] if not check["ok"]]
    assert len(mends) == 1
    assert "turnwise doctor --repair" in mends[0]
    assert say("doctor", "--repair", "--home", home).exit_code == 0
    assert say_json("search", "run chart", "--mode", "lexical", "--home", home)["passages"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("list",),
        ("show", "x"),
        ("export",),
        ("search", "x"),
        ("ask", "x"),
        ("backup", "copy.db"),
        ("doctor",),
        ("serve", "--port", "0"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_without_an_index_the_exit_code_is_3_and_nothing_is_made(
    say: Say, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    home = tmp_path / "absent"
    done = say(*arguments, "--home", home, "--json")
    assert done.exit_code == 3
    assert json.loads(done.stdout)
    assert not home.exists()
    if arguments[0] != "doctor":
        assert done.stderr.startswith("turnwise: ")
        assert len(done.stderr.splitlines()) == 1
        assert "turnwise add" in done.stderr


def test_a_file_is_no_data_folder(say: Say, tmp_path: Path) -> None:
    home = tmp_path / "notes.txt"
    home.write_text("mine", "utf-8")
    done = say("list", "--home", home)
    assert done.exit_code == 3
    assert f"{home} is a file: give the folder of an index with --home." in done.stderr
    assert home.read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nonsense",), "nonsense"),
        (("search",), "query"),
        (("search", " "), "query"),
        (("search", "x" * 2001), "query"),
        (("search", "x", "--top-k", "51"), "top_k"),
        (("search", "x", "--top-k", "many"), "top-k"),
        (("search", "x", "--mode", "magic"), "mode"),
        (("search", "x", "--date-from", "soon"), "date_from"),
        (("ask", "x", "--max-citations", "13"), "max_citations"),
        (("ask", "x", "--generator", "oracle"), "generator"),
        (("ask", "x", "--speaker", "Nobody Atall"), "Priya Venkataraghavan"),
        (("ask", "x", "--nonsense"), "--nonsense"),
        (("ask", "\udcff"), "Unicode"),
        (("add", "x", "--date", "soon"), "date"),
        (("serve", "--port", "70000"), "port"),
        (("serve", "--host", "0.0.0.0"), "authentication"),
        (("serve", "--host", "no.such.host.invalid"), "no such host"),
        (("attribute", "x", "first", "--speaker", "A"), "TURN"),
    ],
    ids=range(18),
)
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(
    say: Say, corpus_home: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = say(*arguments, "--home", corpus_home, "--json")
    assert done.exit_code == 2, done.output
    (line,) = done.stderr.splitlines()
    assert line.startswith("turnwise: ")
    assert told in line
    problem = json.loads(done.stdout)
    assert set(problem) == {"type", "title", "status", "detail"}


def test_the_data_folder_may_be_named_before_the_command_or_in_the_environment(
    say: Say, corpus_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = say("list", "--home", corpus_home).stdout
    assert expected
    assert say("--home", corpus_home, "list").stdout == expected
    monkeypatch.setenv("TURNWISE_HOME", str(corpus_home))
    assert say("list").stdout == expected
    monkeypatch.setenv("TURNWISE_HOEM", "x")
    misspelt = say("list")
    assert misspelt.exit_code == 2
    assert "TURNWISE_HOEM" in misspelt.stderr


def test_what_could_command_a_terminal_is_not_printed(say: Say, say_json: SayJson, tmp_path: Path) -> None:
    home, file = tmp_path / "fresh", tmp_path / "odd.json"
    text = "Look: \x1b]0;owned\x07 [bold]not markup[/bold] [1]"
    native = {"id": "odd", "title": "Odd", "turns": [{"speaker": "Ann Lee", "text": text}]}
    file.write_text(json.dumps(native), "utf-8")
    say_json("add", file, "--home", home)
    shown = say("show", "odd", "--home", home).stdout
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[bold]not markup[/bold] [1]" in shown
