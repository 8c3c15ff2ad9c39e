"""An upload that was accepted is indexed even if the server is killed before it gets to it."""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from api.spool import ATTEMPTS, SPOOL_NAME, Spool, Upload
from rag.errors import IndexUnavailableError
from rag.restriction import Restriction
from rag.transcripts.readers import ReadOptions
from tests.api.access.site import OPEN_TALKS, opened_site

PROJECT = Path(__file__).resolve().parents[2]
WITHIN_S = 90
WALK = "**Ottoline Quayle:** We planted a zanthoxylum by the gate.\n\n**Bram Oke:** Which gate was it?\n"


def start(home: Path) -> tuple["subprocess.Popen[str]", str]:
    command = [sys.executable, "-m", "api.cli", "serve", "--home", str(home), "--port", "0", "--json"]
    environment = {**os.environ, "TURNWISE_READER": "off"}
    server = subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
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
    job = f"/v1/jobs/{accepted.json()['job']}"
    with httpx.Client(base_url=url) as client:
        until(lambda: client.get(job).json()["state"] == "done")
        (result,) = client.get(job).json()["results"]
        assert result["transcript_id"] == "2021-02-03-the-walk"
        assert client.get("/v1/transcripts/2021-02-03-the-walk").status_code == 200
    assert list((home / SPOOL_NAME).iterdir()) == []
    server.terminate()
    server.communicate(timeout=30)


def test_uploads_come_back_whole_in_order_and_go_when_they_are_done(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "uploads")
    options = ReadOptions(title="A — B", date=dt.date(2024, 5, 6), collection="board")
    files = (("a.txt", bytes(range(256))), ("a.txt", b""))
    restriction = Restriction(only=frozenset({"board"}))
    kept = [
        spool.keep(files, options, owner="ada", restriction=restriction),
        spool.keep([("b", b"x")], ReadOptions()),
    ]
    later = Spool(tmp_path / "uploads")
    assert list(later.take_up()) == kept
    assert later.begin(kept[0].job) == Upload(
        job=kept[0].job, documents=files, options=options, owner="ada", restriction=restriction
    )
    later.drop(kept[0].job)
    assert list(spool.take_up()) == kept[1:]


def test_an_upload_that_only_waits_is_taken_up_however_often_the_server_is_started(tmp_path: Path) -> None:
    kept = Spool(tmp_path / "uploads").keep([("a.txt", b"x")], ReadOptions())
    assert [list(Spool(tmp_path / "uploads").take_up()) for _ in range(ATTEMPTS + 3)] == [[kept]] * (ATTEMPTS + 3)


def test_an_upload_on_which_work_never_ends_is_left_aside_in_the_end(tmp_path: Path) -> None:
    kept = Spool(tmp_path / "uploads").keep([("a.txt", b"x")], ReadOptions())
    for _ in range(ATTEMPTS):
        spool = Spool(tmp_path / "uploads")
        assert list(spool.take_up()) == [kept]
        assert spool.begin(kept.job).documents == (("a.txt", b"x"),)
    assert list(Spool(tmp_path / "uploads").take_up()) == []
    assert len(list((tmp_path / "uploads").iterdir())) == 1


def test_an_upload_that_goes_or_is_damaged_while_it_waits_fails_its_job(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "uploads")
    gone, damaged = (spool.keep([("a.txt", b"x")], ReadOptions()) for _ in range(2))
    for file in (tmp_path / "uploads").iterdir():
        if gone.job in file.name:
            file.unlink()
        else:
            file.write_bytes(b"PK")
    with pytest.raises(IndexUnavailableError, match="is gone"):
        spool.begin(gone.job)
    with pytest.raises(IndexUnavailableError, match="can't be taken"):
        spool.begin(damaged.job)


def test_what_was_cut_off_while_it_was_written_was_never_accepted(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "uploads")
    kept = spool.keep([("a.txt", b"x")], ReadOptions())
    (tmp_path / "uploads" / f"{1:020d}-{'a' * 32}-0.partial").write_bytes(b"PK")
    (tmp_path / "uploads" / f"{1:020d}-{'b' * 32}-0.upload").write_bytes(b"PK")
    assert list(spool.take_up()) == [kept]


def test_what_somebody_put_among_the_uploads_is_named_and_left_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "uploads"
    kept = Spool(folder).keep([("a.txt", b"x")], ReadOptions())
    strays = ("copy of it.upload", "a-b-c.upload", ".upload", f"{1:020d}-{'c' * 32}-x.upload")
    for stray in strays:
        (folder / stray).write_bytes(b"x")
    (folder / f"{1:020d}-{'d' * 32}-0.upload").mkdir()
    with opened_site(tmp_path, OPEN_TALKS[:1]) as site:
        assert site.client.get("/v1/speakers").status_code == 200
        until(lambda: kept.job not in "".join(file.name for file in folder.iterdir()))
    assert all(stray in caplog.text for stray in strays)
    assert {file.name for file in folder.iterdir()} > set(strays)


def test_an_upload_that_can_not_be_kept_is_refused(tmp_path: Path) -> None:
    (tmp_path / "uploads").write_text("a file where the folder should be", "utf-8")
    with pytest.raises(IndexUnavailableError, match="can't be kept"):
        Spool(tmp_path / "uploads").keep([("a.txt", b"x")], ReadOptions())
