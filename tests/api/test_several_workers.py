"""Several workers are one server: what one of them took, all of them know; one that dies takes nothing with it."""

import os
import shutil
import signal
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.job_files import ENDED, JobFiles, KnownJob
from api.jobs import Jobs
from api.schemas.jobs import JobOut
from api.spool import Spool, upload_folder
from api.workers import gather_uploads
from rag.assembly import open_turnwise
from rag.errors import NotFoundError
from rag.settings import load_settings
from rag.transcripts.readers import ReadOptions
from tests.api.served_by_workers import Server, until

PICKED_UP_WITHIN_S = 2.0
TALK = "**Wanda Okafor:** We counted the marmalade jars twice a day.\n\n**Pim Oswald:** And the lids?\n"


@pytest.fixture(scope="module")
def server(corpus_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if not Path("/proc/self/task").is_dir():
        pytest.skip("there is no /proc here: which processes are workers can't be seen")
    started = Server(shutil.copytree(corpus_home, tmp_path_factory.mktemp("workers") / "home"))
    yield started
    assert started.end() == 0, started.log.read_text("utf-8")


def test_what_one_worker_took_all_know(server: Server) -> None:
    ids = [server.post("/v1/search", {"query": "run chart", "mode": "lexical"}).json()["request_id"] for _ in range(6)]
    ratings = [server.post("/v1/feedback", {"request_id": each, "rating": "up"}).status_code for each in ids]
    assert ratings == [200] * len(ids)

    def counted() -> float:
        lines = [line for line in server.get("/metrics").text.splitlines() if 'route="/v1/feedback"' in line]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if "requests_total" in line)

    # Each is in this count, whichever worker answered and whichever is asked; it is noted once its answer is out.
    until(lambda: counted() >= len(ids), within_s=5)
    assert counted() == len(ids)


def test_a_new_version_is_picked_up_by_all_within_two_seconds(server: Server) -> None:
    files = {"files": ("jars.md", TALK)}
    accepted = httpx.post(f"{server.url}/v1/transcripts", files=files, data={"title": "Jars"}, timeout=60)
    job = f"/v1/jobs/{accepted.json()['job']}"
    until(lambda: server.get(job).json()["state"] == "done")
    assert {server.get(job).status_code for _ in range(8)} == {200}

    done = time.monotonic()

    def search(_number: int) -> tuple[float, bool]:
        """Return how long after the job the search was sent, and whether it found the new transcript."""
        sent_s = time.monotonic() - done
        query = {"query": "marmalade jars", "mode": "lexical", "top_k": 1}
        passages = server.post("/v1/search", query).json()["passages"]
        return sent_s, bool(passages) and "marmalade" in passages[0]["turns"][0]["text"]

    with ThreadPoolExecutor(6) as readers:  # together, so that both workers have to answer
        while time.monotonic() - done < PICKED_UP_WITHIN_S:
            searches = list(readers.map(search, range(6)))
            time.sleep(0.1)
        searches += readers.map(search, range(24))
    assert [sent_s for sent_s, found in searches if not found and sent_s > PICKED_UP_WITHIN_S] == []
    assert sum(found for _, found in searches) >= 24


def test_a_worker_that_is_killed_is_replaced_and_the_other_answers_meanwhile(server: Server) -> None:
    before = server.worker_pids()
    assert len(before) == 2
    os.kill(before[0], signal.SIGKILL)
    statuses = []
    for _ in range(10):
        try:
            statuses.append(server.get("/v1/speakers").status_code)
        except httpx.TransportError:
            statuses.append(0)  # it had accepted the connection when it was killed
    assert statuses.count(200) >= 8
    until(lambda: len(server.worker_pids()) == 2 and before[0] not in server.worker_pids())
    server.until_ready()


def test_what_workers_of_an_earlier_server_left_is_gathered(tmp_path: Path) -> None:
    kept = [
        Spool(upload_folder(tmp_path, place)).keep([(f"{place}.md", b"x")], ReadOptions()) for place in (3, None, 1)
    ]
    gather_uploads(tmp_path, place=0)
    assert list(Spool(upload_folder(tmp_path, 0)).take_up()) == kept
    gather_uploads(tmp_path, place=None)
    assert list(Spool(upload_folder(tmp_path, None)).take_up()) == kept


def test_what_is_no_upload_of_ours_stays_where_it_lies(tmp_path: Path) -> None:
    strange = [tmp_path / "uploads" / "3" / "notes.upload", tmp_path / "uploads" / "mine" / "draft.upload"]
    for file in strange:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")
    gather_uploads(tmp_path, place=None)
    assert all(file.exists() for file in strange)


def job_of(sources: Sequence[str], number: int = 0) -> KnownJob:
    job = JobOut(job=f"{number:032x}", state="running", done=0, total=len(sources), results=())
    return KnownJob(job=job, sources=tuple(sources), owner="ada")


def test_jobs_of_a_dead_worker_are_said_to_have_failed_and_keep_their_owner(tmp_path: Path) -> None:
    known = job_of(("walk.md", "talk.md"))
    JobFiles(tmp_path, worker=1).write(known)
    other = JobFiles(tmp_path, worker=0)
    assert other.read(known.job.job) == known
    successor = Jobs(files=JobFiles(tmp_path, worker=1))
    successor.end_lost()
    found = other.read(known.job.job) or pytest.fail("the job is gone")
    assert (found.job.state, found.owner) == ("failed", "ada")
    assert [(each.source, each.reason) for each in found.job.results] == [("walk.md", ENDED), ("talk.md", ENDED)]
    assert other.read("../" + "0" * 29) is None
    successor.close()


def test_a_dead_workers_upload_is_never_said_to_have_failed_while_it_goes_on(tmp_path: Path) -> None:
    home = tmp_path / "home"
    kept = Spool(upload_folder(home, 1)).keep([("jars.md", TALK.encode())], ReadOptions(title="Jars"), owner="ada")
    JobFiles(home, worker=1).write(job_of(("jars.md",)).changed(job=kept.job))
    JobFiles(home, worker=1).write(job_of(("a-removal",), number=7))
    other = Jobs(files=JobFiles(home, worker=0))
    seen = []

    def is_done() -> bool:
        seen.append(other.get(kept.job, caller="ada").state)
        return seen[-1] == "done"

    with open_turnwise(load_settings(home=home)) as turnwise:
        app = build_app(turnwise, place=1)
        assert not is_done()
        with TestClient(app, base_url="http://127.0.0.1"):
            until(is_done)
            (result,) = other.get(kept.job, caller="ada").results
            lost = other.get(job_of((), number=7).job.job, caller="ada")
    assert set(seen) <= {"queued", "running", "done"}
    assert (result.source, result.outcome) == ("jars.md", "added")
    assert (lost.state, lost.results[0].source) == ("failed", "a-removal")
    other.close()


def test_a_job_of_another_worker_is_shown_to_its_owner_only(tmp_path: Path) -> None:
    here, there = (Jobs(files=JobFiles(tmp_path, worker=place)) for place in (0, 1))
    job = here.submit(lambda report: [], sources=["a"], owner="ada")
    until(lambda: there.get(job.job, caller="ada").state == "done")
    for jobs in (here, there):
        with pytest.raises(NotFoundError):
            jobs.get(job.job, caller="bo")
        assert jobs.get(job.job, caller="bo", sees_all=True).job == job.job
    here.close()
    there.close()


def test_whoever_forgets_to_say_who_asks_for_a_job_sees_none() -> None:
    jobs = Jobs()
    job = jobs.submit(lambda report: [], sources=["a"])
    nobody: dict[str, Any] = {}
    with pytest.raises(TypeError):
        jobs.get(job.job, **nobody)
    with pytest.raises(NotFoundError):
        jobs.get(job.job, caller="")
    jobs.close()
