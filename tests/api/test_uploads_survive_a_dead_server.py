"""An upload that was accepted is indexed even if the server is killed before it gets to it."""

import datetime as dt
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from api.spool import ATTEMPTS, SPOOL_NAME, Spool
from rag.errors import IndexUnavailableError
from rag.transcripts.readers import ReadOptions

PROJECT = Path(__file__).resolve().parents[2]
WITHIN_S = 90
WALK = "**Ottoline Quayle:** We planted a zanthoxylum by the gate.\n\n**Bram Oke:** Which gate was it?\n"


def start(home: Path) -> tuple["subprocess.Popen[str]", str]:
    command = [sys.executable, "-m", "api.cli", "serve", "--home", str(home), "--port", "0", "--json"]
    server = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert server.stdout is not None
    return server, json.loads(server.stdout.readline())["url"]


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_an_upload_is_indexed_after_the_server_was_killed(corpus_home: Path, tmp_path: Path) -> None:
    home = shutil.copytree(corpus_home, tmp_path / "home")
    server, url = start(home)
    accepted = httpx.post(
        f"{url}/v1/transcripts", files={"files": ("walk.md", WALK)}, data={"title": "The walk", "date": "2021-02-03"}
    )
    server.kill()
    server.communicate()
    assert accepted.status_code == 202
    assert len(list((home / SPOOL_NAME).iterdir())) == 1

    server, url = start(home)
    job = f"{url}/v1/jobs/{accepted.json()['job']}"
    until(lambda: httpx.get(job).json()["state"] == "done")
    (result,) = httpx.get(job).json()["results"]
    assert result["transcript_id"] == "2021-02-03-the-walk"
    assert httpx.get(f"{url}/v1/transcripts/2021-02-03-the-walk").status_code == 200
    assert list((home / SPOOL_NAME).iterdir()) == []
    server.terminate()
    server.communicate(timeout=30)


def test_uploads_come_back_whole_in_order_and_go_when_they_are_done(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "uploads")
    options = ReadOptions(title="A — B", date=dt.date(2024, 5, 6), collection="board")
    kept = [
        spool.keep([("a.txt", bytes(range(256))), ("a.txt", b"")], options),
        spool.keep([("b", b"x")], ReadOptions()),
    ]
    assert list(Spool(tmp_path / "uploads").take_up()) == kept
    spool.drop(kept[0].job)
    assert list(spool.take_up()) == kept[1:]


def test_an_upload_that_never_gets_done_is_left_aside_in_the_end(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "uploads")
    kept = spool.keep([("a.txt", b"x")], ReadOptions())
    assert [list(spool.take_up()) for _ in range(ATTEMPTS + 2)] == [[kept]] * ATTEMPTS + [[], []]
    assert len(list((tmp_path / "uploads").iterdir())) == 1


def test_what_was_cut_off_while_it_was_written_was_never_accepted(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "uploads")
    kept = spool.keep([("a.txt", b"x")], ReadOptions())
    (tmp_path / "uploads" / "00000000000000000001-abc-0.partial").write_bytes(b"PK")
    (tmp_path / "uploads" / "00000000000000000001-abc-0.upload").write_bytes(b"PK")
    assert list(spool.take_up()) == [kept]


def test_an_upload_that_can_not_be_kept_is_refused(tmp_path: Path) -> None:
    (tmp_path / "uploads").write_text("a file where the folder should be", "utf-8")
    with pytest.raises(IndexUnavailableError, match="can't be kept"):
        Spool(tmp_path / "uploads").keep([("a.txt", b"x")], ReadOptions())
