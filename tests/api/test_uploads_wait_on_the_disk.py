"""Uploads wait on the disk, not in memory, and only so many of them: beyond that one is asked to come back later."""

import gc
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from api.jobs import Report, Work
from api.schemas.jobs import JobResult
from api.spool import ENDING, Spool, SpoolFullError, Upload, upload_folder
from api.state import AppState
from rag.transcripts.readers import ReadOptions
from tests.api.access.site import OPEN_TALKS, Site, opened_site
from tests.api.served_by_workers import until

TALK = b"**Ottoline Quayle:** We planted a zanthoxylum by the gate.\n\n**Bram Oke:** Which gate was it?\n"
MOST = 2


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with opened_site(tmp_path / "home", OPEN_TALKS[:1]) as made:
        yield made


def state_of(site: Site) -> AppState:
    state: AppState = site.app.state.turnwise
    return state


@pytest.fixture
def held(site: Site) -> Iterator[threading.Event]:
    """Return what lets the work on uploads go on; until then, they wait: so many as `MOST`."""
    state = replace(state_of(site), spool=Spool(upload_folder(site.home, None), most_waiting=MOST))
    site.app.state.turnwise = state
    go_on = threading.Event()
    state.jobs.submit(until_told(go_on), sources=[])
    yield go_on
    go_on.set()


def until_told(go_on: threading.Event) -> Work:
    """Return work that keeps all other waiting."""

    def wait(_report: Report) -> list[JobResult]:
        assert go_on.wait(60)
        return []

    return wait


def sent(site: Site, number: int, **fields: str) -> httpx.Response:
    files = {"files": (f"walk-{number}.md", TALK)}
    return site.client.post("/v1/transcripts", files=files, data={"title": f"Walk {number}", **fields})


def state(site: Site, accepted: httpx.Response) -> str:
    return str(site.client.get(f"/v1/jobs/{accepted.json()['job']}").json()["state"])


def test_beyond_so_many_uploads_one_is_asked_to_come_back_later(site: Site, held: threading.Event) -> None:
    accepted = [sent(site, number) for number in range(MOST)]
    refused = sent(site, MOST)
    assert [each.status_code for each in (*accepted, refused)] == [202] * MOST + [503]
    assert int(refused.headers["Retry-After"]) >= 1
    assert "wait" in refused.json()["detail"]
    assert len(list(upload_folder(site.home, None).iterdir())) == MOST
    held.set()
    until(lambda: {state(site, each) for each in accepted} == {"done"})
    assert sent(site, MOST).status_code == 202


def test_what_waits_is_not_held_in_memory(site: Site, held: threading.Event) -> None:
    accepted = [sent(site, number) for number in range(MOST)]
    gc.collect()
    assert [each for each in gc.get_objects() if isinstance(each, Upload)] == []
    held.set()
    until(lambda: {state(site, each) for each in accepted} == {"done"})
    assert list(upload_folder(site.home, None).iterdir()) == []


def test_so_many_bytes_may_wait_and_work_on_them_makes_room(tmp_path: Path) -> None:
    spool = Spool(tmp_path, most_waiting_bytes=10)
    first = spool.keep([("a", b"12345"), ("b", b"6")], ReadOptions())
    with pytest.raises(SpoolFullError):
        spool.keep([("c", b"12345")], ReadOptions())
    assert len(list(tmp_path.iterdir())) == 1
    spool.keep([("c", b"1234")], ReadOptions())
    spool.begin(first.job)
    spool.keep([("c", b"12345")], ReadOptions())


def test_what_an_earlier_server_left_counts_but_is_never_refused(tmp_path: Path) -> None:
    for _ in range(MOST + 1):
        Spool(tmp_path).keep([("a", b"x")], ReadOptions())
    later = Spool(tmp_path, most_waiting=MOST)
    assert len(list(later.take_up())) == MOST + 1
    with pytest.raises(SpoolFullError):
        later.require_room()


def test_an_upload_that_can_never_be_read_is_not_kept_for_another_time(site: Site) -> None:
    refused = sent(site, 0, format="no such format")
    assert refused.status_code == 422
    folder = upload_folder(site.home, None)
    assert not folder.exists() or list(folder.iterdir()) == []


def test_a_server_that_stops_before_it_gets_to_an_upload_has_not_tried_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    go_on = threading.Event()
    with opened_site(home, OPEN_TALKS[:1]) as first:
        state_of(first).jobs.submit(until_told(go_on), sources=[])
        accepted = sent(first, 0)
        threading.Timer(0.2, go_on.set).start()  # stopping waits for the work that runs, and for no other
    (waiting,) = upload_folder(home, None).iterdir()
    assert waiting.name.endswith(f"{accepted.json()['job']}-0{ENDING}")
    with opened_site(home, OPEN_TALKS[:1]) as second:
        until(lambda: state(second, accepted) == "done")
        assert list(upload_folder(home, None).iterdir()) == []
