"""Watching folders: new, changed, half-written, moved and lost files; and `turnwise add --watch` as a process."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rag.ingestion.watching import Changes, watch_folders
from tests.rag.killed_adds import PROJECT, write_transcripts

SETTLE_S = 0.6
GIVEN_UP_S = 20
TALK = "Ann Lee: Where did the beds go?\n\nBo Ek: To the corridor.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "watched"
    made.mkdir()
    return made


@pytest.fixture
def watched(folder: Path) -> Iterator[Changes]:
    told = watch_folders([folder], settle_s=SETTLE_S)
    assert next(told) == Changes(whole=(), look_through=False, is_first=True)
    return told


def test_files_that_come_and_change_are_told_and_others_are_not(folder: Path, watched: Iterator[Changes]) -> None:
    for name in (".hidden.txt", "README.md", "b.txt"):
        (folder / name).write_text(TALK, "utf-8")
    assert next(watched) == Changes(whole=(folder / "b.txt",), look_through=False)
    (folder / "deep").mkdir()
    (folder / "deep" / "a.txt").write_text(TALK, "utf-8")
    assert next(watched) == Changes(whole=(folder / "deep" / "a.txt",), look_through=False)
    (folder / "speakers.toml").write_text("", "utf-8")
    assert next(watched) == Changes(whole=(), look_through=True)
    (folder / "b.txt").write_text(TALK * 2, "utf-8")
    assert next(watched) == Changes(whole=(folder / "b.txt",), look_through=False)


def test_a_half_written_file_is_waited_for_while_others_are_told(folder: Path, watched: Iterator[Changes]) -> None:
    written = threading.Event()

    def write_slowly() -> None:
        with (folder / "slow.txt").open("w", encoding="utf-8") as file:
            for _ in range(10):
                file.write(TALK)
                file.flush()
                time.sleep(SETTLE_S / 3)
            written.set()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    (folder / "quick.txt").write_text(TALK, "utf-8")
    assert next(watched) == Changes(whole=(folder / "quick.txt",), look_through=False)
    assert not written.is_set()
    assert next(watched) == Changes(whole=(folder / "slow.txt",), look_through=False)
    assert written.is_set()
    writer.join()


def test_lost_files_and_a_folder_that_is_moved_in_are_told(
    folder: Path, watched: Iterator[Changes], tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.txt").write_text(TALK, "utf-8")
    outside.rename(folder / "inside")
    assert next(watched).whole == (folder / "inside" / "a.txt",)
    (folder / "inside" / "a.txt").unlink()
    assert next(watched) == Changes(whole=(), look_through=True)


def test_the_command_follows_a_folder_until_it_is_told_to_stop(
    tmp_path: Path, run_turnwise: Callable[..., str]
) -> None:
    folder, home = tmp_path / "talks", tmp_path / "home"
    write_transcripts(folder, 2)
    command = [sys.executable, "-m", "api.cli", "add", str(folder), "--home", str(home), "--watch", "--prune", "--json"]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert process.stderr.readline().startswith("watching")
    write_transcripts(tmp_path / "more", 4)
    (tmp_path / "more" / "002.txt").rename(folder / "002.txt")
    (folder / "000.txt").unlink()
    wait_for_ids(run_turnwise, home, ["1", "2"])
    # What is removed is gone from the list before it is among the results: it is there when the next file is added.
    (tmp_path / "more" / "003.txt").rename(folder / "003.txt")
    wait_for_ids(run_turnwise, home, ["1", "2", "3"])
    stopped = time.monotonic()
    process.send_signal(signal.SIGTERM)
    out, complaints = process.communicate(timeout=GIVEN_UP_S)
    assert process.returncode == 0, complaints
    assert time.monotonic() - stopped < 5
    assert "stopped watching" in complaints
    results = json.loads(out)["results"]
    assert {"added", "removed"} <= {result["outcome"] for result in results}


def wait_for_ids(
    run_turnwise: Callable[..., "subprocess.CompletedProcess[str]"], home: Path, wanted: list[str]
) -> None:
    deadline = time.monotonic() + 60
    while ids(run_turnwise, home) != wanted:
        assert time.monotonic() < deadline
        time.sleep(0.5)


def ids(run_turnwise: Callable[..., "subprocess.CompletedProcess[str]"], home: Path) -> list[str]:
    listed = json.loads(run_turnwise("list", "--home", home, "--json").stdout)
    return sorted(item["id"].rpartition("-")[2] for item in listed["transcripts"])


def test_what_can_not_be_watched_or_pruned_is_refused_before_anything_is_done(
    tmp_path: Path, run_turnwise: Callable[..., "subprocess.CompletedProcess[str]"]
) -> None:
    file = tmp_path / "a.txt"
    file.write_text(TALK, "utf-8")
    home = tmp_path / "home"
    for arguments, word in (((file, "--watch"), "--watch works"), ((file, "--prune"), "--prune works")):
        done = run_turnwise("add", *arguments, "--home", home)
        assert done.returncode == 2
        assert word in done.stderr
    assert not home.exists()
