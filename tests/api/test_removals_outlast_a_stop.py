"""A removal that was accepted is done, even if the server is told to stop while it waits, or is killed."""

import threading
import time
from collections.abc import Sequence
from pathlib import Path

from api.jobs import Jobs, Report
from api.schemas.jobs import JobResult
from api.spool import SPOOL_NAME, Spool, upload_folder
from rag.transcripts.readers import ReadOptions
from tests.api.access.site import OPEN_TALKS, opened_site

WITHIN_S = 60


class LongJob:
    """Work that takes until it is let go on."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, _report: Report) -> Sequence[JobResult]:
        self.begun.set()
        assert self.go_on.wait(WITHIN_S)
        return []


def begin_to_close(jobs: Jobs) -> threading.Thread:
    """Close in a thread, and return it once what waits has been looked through."""
    closing = threading.Thread(target=jobs.close)
    closing.start()
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        try:
            jobs.submit(lambda _report: [], sources=[])
        except RuntimeError:  # it takes no more
            return closing
    raise AssertionError("it was never closed")


def test_a_removal_that_waits_is_done_and_an_upload_is_kept_for_the_next_start(tmp_path: Path) -> None:
    with opened_site(tmp_path, OPEN_TALKS) as site:
        jobs, work = site.app.state.turnwise.jobs, LongJob()
        jobs.submit(work, sources=[])
        assert work.begun.wait(WITHIN_S)
        address = f"/v1/transcripts/{OPEN_TALKS[0]['id']}"
        removed = site.client.delete(address)
        sent = site.client.post("/v1/transcripts", files={"files": ("walk.txt", b"Ann: Where?\n\nBo: There.")})
        assert (removed.status_code, sent.status_code) == (202, 202)
        assert site.client.get(address).status_code == 200

        closing = begin_to_close(jobs)
        work.go_on.set()
        closing.join(WITHIN_S)
        assert site.client.get(f"/v1/jobs/{removed.json()['job']}").json()["state"] == "done"
        assert site.client.get(f"/v1/jobs/{sent.json()['job']}").json()["state"] == "queued"
        assert site.client.get(address).status_code == 404
        assert len(list((tmp_path / SPOOL_NAME).iterdir())) == 1


def test_a_removal_that_waits_when_the_server_is_killed_is_done_by_the_next_one(tmp_path: Path) -> None:
    address = f"/v1/transcripts/{OPEN_TALKS[0]['id']}"
    with opened_site(tmp_path, OPEN_TALKS) as site:
        jobs, work = site.app.state.turnwise.jobs, LongJob()
        jobs.submit(work, sources=[])
        assert work.begun.wait(WITHIN_S)
        removed = site.client.delete(address)
        assert removed.status_code == 202
        # What the disk holds at this moment is what a killed server leaves.
        left = {file.name: file.read_bytes() for file in (tmp_path / SPOOL_NAME).iterdir()}
        jobs._promised.clear()
        closing = begin_to_close(jobs)
        work.go_on.set()
        closing.join(WITHIN_S)
        assert site.client.get(address).status_code == 200

    for name, data in left.items():
        (tmp_path / SPOOL_NAME / name).write_bytes(data)
    with opened_site(tmp_path, ()) as site:
        job = f"/v1/jobs/{removed.json()['job']}"
        deadline = time.monotonic() + WITHIN_S
        while site.client.get(job).json()["state"] in ("queued", "running") and time.monotonic() < deadline:
            time.sleep(0.01)
        assert site.client.get(job).json()["state"] == "done"
        assert site.client.get(address).status_code == 404
        assert list((tmp_path / SPOOL_NAME).iterdir()) == []


def test_removals_and_uploads_are_taken_up_in_their_order_and_a_removal_needs_no_room(tmp_path: Path) -> None:
    spool = Spool(upload_folder(tmp_path, None), most_waiting=1)
    kept = [spool.keep_removal("first"), spool.keep([("walk.md", b"x")], ReadOptions()), spool.keep_removal("second")]
    assert list(Spool(upload_folder(tmp_path, None)).take_up()) == kept
