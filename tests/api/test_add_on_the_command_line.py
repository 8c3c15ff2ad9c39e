"""`turnwise add` as a person and as a program meets it: tables, documents, exit codes, what --dry-run leaves."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli.addition_output import LISTED, complain_of, pace
from api.cli.program import app
from rag.ingestion import IngestResult, Outcome
from tests.rag.killed_adds import write_transcripts
from tests.rag.local_web import LocalWeb, local_web

ITEM = '<item><title>{0}</title><podcast:transcript url="/{0}.vtt" type="text/vtt"/></item>'
TALK = "WEBVTT\n\n00:00.000 --> 00:02.000\n<v Ann Lee>Where did the beds go?\n"

Add = Callable[..., Result]


@pytest.fixture
def add(tmp_path: Path) -> Add:
    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(app, ["add", *map(str, arguments), "--home", str(tmp_path / "home")])

    return run


@pytest.fixture
def web() -> Iterator[LocalWeb]:
    with local_web() as server:
        yield server


def results(done: Result) -> list[dict[str, Any]]:
    document = json.loads(done.stdout)
    assert set(document) == {"job", "state", "done", "total", "results"}
    return list(document["results"])


def test_a_dry_run_of_a_folder_makes_no_data_folder_and_loads_no_model(add: Add, tmp_path: Path) -> None:
    write_transcripts(tmp_path / "files", 3)
    done = add(tmp_path / "files", "--dry-run")
    assert done.exit_code == 0
    assert done.stdout.count("would be added") == 3
    assert "nothing was written: 3 added" in done.stderr
    assert not (tmp_path / "home").exists()


def test_a_feed_with_an_episode_that_fails_ends_with_1_and_keeps_the_others(add: Add, web: LocalWeb) -> None:
    namespace = 'xmlns:podcast="https://podcastindex.org/namespace/1.0"'
    items = ITEM.format("one") + ITEM.format("two")
    feed = web.put("/feed", f"<rss {namespace}><channel>{items}</channel></rss>", "application/rss+xml")
    web.put("/one.vtt", TALK, "text/vtt")
    done = add(feed, "--allow-private", "--json")
    assert done.exit_code == 1
    assert sorted((r["outcome"], r["source"]) for r in results(done)) == [
        ("added", f"{web.url}/one.vtt"),
        ("failed", f"{web.url}/two.vtt"),
    ]
    (complaint,) = done.stderr.splitlines()
    assert complaint.startswith("turnwise: The transcript of the episode 'two'")
    assert "404" in complaint


def test_an_address_of_this_machine_is_refused_with_the_option_that_allows_it(add: Add, web: LocalWeb) -> None:
    done = add(web.put("/a.vtt", TALK, "text/vtt"))
    assert done.exit_code == 1
    assert "--allow-private" in done.stderr


def test_a_long_table_is_cut_and_counted(add: Add, tmp_path: Path) -> None:
    write_transcripts(tmp_path / "files", LISTED + 7, turns=2)
    done = add(tmp_path / "files", "--dry-run")
    assert done.stdout.count("would be added") == LISTED
    assert "and 7 more" in done.stderr


def test_who_adds_what_names_nobody_is_told_and_told_once(add: Add, tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"messy{number}.txt").write_text(f"we counted {number} beds\n\nand then we went home\n", "utf-8")
    (tmp_path / "good.txt").write_text("Ann Lee: Where did the beds go?\n\nBo Ek: Home.\n", "utf-8")
    done = add(tmp_path / "messy1.txt", tmp_path / "good.txt", "--dry-run")
    assert done.exit_code == 0
    assert f"no speaker was recognised in {tmp_path / 'messy1.txt'}; see corpus/README.md\n" in done.stderr
    many = add(tmp_path, "--dry-run").stderr
    assert many.count("no speaker was recognised") == 1
    assert f"{tmp_path / 'messy2.txt'} and 2 more; see" in many
    assert "no speaker" not in add(tmp_path / "good.txt", "--dry-run").stderr


def test_a_mistake_in_the_owners_file_is_told_once_and_each_file_fails(add: Add, tmp_path: Path) -> None:
    talks = tmp_path / "talks"
    write_transcripts(talks, 5, turns=2)
    (talks / "speakers.toml").write_text('"Mo Farouk" = "chair"\n', "utf-8")
    done = add(talks, "--dry-run", "--json")
    assert done.exit_code == 1
    assert [result["outcome"] for result in results(done)] == ["failed"] * 5
    [complaint] = done.stderr.splitlines()
    assert complaint.startswith(f"turnwise: {talks / 'speakers.toml'}, line 1: 'Mo Farouk' is not a key of this file.")
    assert complaint.count(".txt") == 3
    assert complaint.endswith(" and 2 more.")


@pytest.mark.parametrize(
    ("source", "reason", "told"),
    [
        ("huddle.txt", "/a/huddle.txt has the same id", "huddle.txt: /a/huddle.txt has the same id"),
        ("a/huddle.txt", "There is no such file: a/huddle.txt", "There is no such file: a/huddle.txt"),
        ("/a/b.txt", "/a/b.txt: it is empty.", "/a/b.txt: it is empty."),
        ("/a/b", "/a/b/c.txt has the same id", "/a/b: /a/b/c.txt has the same id"),
    ],
)
def test_what_failed_is_named_though_its_reason_names_another(
    capsys: pytest.CaptureFixture[str], source: str, reason: str, told: str
) -> None:
    complain_of([IngestResult(source=source, outcome=Outcome.FAILED, reason=reason)])
    assert capsys.readouterr().err == f"turnwise: {told}\n"


@pytest.mark.parametrize("options", [("--watch", "--dry-run"), ("--watch",), ("--prune",)])
def test_options_that_make_no_sense_are_wrong_usage(add: Add, tmp_path: Path, options: tuple[str, ...]) -> None:
    (tmp_path / "a.txt").write_text("Ann Lee: Yes.\n", "utf-8")
    assert add(tmp_path / "a.txt", *options).exit_code == 2
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("rate", "left", "shown"),
    [(12.7, 72, "12.7/s, 0:00:06 left"), (0.25, 1000, "15.0/min, 1:06:40 left"), (1.0, 0, "1.0/s, 0:00:00 left")],
)
def test_the_pace_is_told_in_rate_and_time_left(rate: float, left: float, shown: str) -> None:
    assert pace(rate, left=left) == shown


def test_ctrl_c_says_that_what_was_added_stays(add: Add, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("rag.ingestion.Ingestion.add", stopped)
    write_transcripts(tmp_path / "files", 1)
    done = add(tmp_path / "files")
    assert done.exit_code == 130
    assert "what was added before stays" in done.stderr
