"""Who may write to some collections changes nothing of another, and hears nothing of it."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.access.site import HIDDEN_TALKS, OPEN_TALKS, Site, bearer, opened_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened_site(tmp_path_factory.mktemp("written") / "home", OPEN_TALKS + HIDDEN_TALKS[:1]) as made:
        yield made


def talk(transcript_id: str, collection: str) -> dict[str, Any]:
    return {
        "id": transcript_id,
        "title": "A new talk",
        "date": "2024-06-01",
        "collection": collection,
        "turns": [{"speaker": "Jo Dale", "text": "We tried a new rota for the night shift."}],
    }


def finished(site: Site, job: str, headers: dict[str, str]) -> dict[str, Any]:
    deadline = time.monotonic() + 30
    while True:
        found: dict[str, Any] = site.client.get(f"/v1/jobs/{job}", headers=headers).json()
        if found["state"] in ("done", "failed"):
            return found
        assert time.monotonic() < deadline
        time.sleep(0.02)


def upload(site: Site, document: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    accepted = site.client.post("/v1/transcripts", json=document, headers=headers)
    assert accepted.status_code == 202, accepted.text
    return finished(site, accepted.json()["job"], headers)


def test_one_adds_to_ones_own_collections(site: Site) -> None:
    headers = bearer(site.key("write", "read", collections=frozenset({"ward"})))
    assert upload(site, talk("ward-new", "ward"), headers)["state"] == "done"
    assert site.client.get("/v1/transcripts/ward-new", headers=headers).status_code == 200


def test_one_adds_nothing_to_anothers_collection(site: Site) -> None:
    headers = bearer(site.key("write", collections=frozenset({"ward"})))
    job = upload(site, talk("board-new", "board"), headers)
    assert job["state"] == "failed"
    assert "may write" in job["results"][0]["reason"]
    assert site.client.get("/v1/transcripts/board-new", headers=bearer(site.key("admin"))).status_code == 404
    refused = site.client.post(
        "/v1/transcripts",
        files={"files": ("a.txt", b"Jo: Hello there.")},
        data={"collection": "board"},
        headers=headers,
    )
    assert refused.status_code == 403


def test_one_replaces_nothing_of_anothers_collection(site: Site) -> None:
    headers = bearer(site.key("write", collections=frozenset({"ward"})))
    job = upload(site, talk("board-1", "ward"), headers)
    assert job["state"] == "failed"
    kept = site.client.get("/v1/transcripts/board-1", headers=bearer(site.key("admin"))).json()
    assert kept["collection"] == "board"
    assert "Halcyon" in kept["turns"][0]["text"]


def test_removing_what_is_hidden_is_removing_what_does_not_exist(site: Site) -> None:
    headers = bearer(site.key("write", collections=frozenset({"ward"})))
    hidden = site.client.delete("/v1/transcripts/board-1", headers=headers)
    absent = site.client.delete("/v1/transcripts/borad-1", headers=headers)
    assert hidden.status_code == absent.status_code == 404
    assert hidden.text.replace("board-1", "borad-1") == absent.text


def test_a_job_is_seen_by_who_asked_for_it_and_by_administrators(site: Site) -> None:
    headers = bearer(site.key("write", collections=frozenset({"ward"})))
    job = site.client.post("/v1/transcripts", json=talk("ward-3", "ward"), headers=headers).json()["job"]
    finished(site, job, headers)
    other = bearer(site.key("write", "read"))
    assert site.client.get(f"/v1/jobs/{job}", headers=other).status_code == 404
    unknown = site.client.get(f"/v1/jobs/{'0' * 32}", headers=other)
    assert site.client.get(f"/v1/jobs/{job}", headers=other).text == unknown.text.replace("0" * 32, job)
    assert site.client.get(f"/v1/jobs/{job}", headers=bearer(site.key("admin"))).status_code == 200
