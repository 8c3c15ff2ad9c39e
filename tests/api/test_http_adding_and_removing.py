"""Listing pages, filters of the listing, and transcripts that come and go over HTTP."""

import time
from typing import Any

import httpx
import pytest

MARK = "zanthoxylum"
"""A word that none of the conversations has."""
NATIVE: dict[str, Any] = {
    "id": "garden-meeting",
    "title": "Garden meeting",
    "date": "2021-02-03",
    "collection": "garden",
    "speakers": [{"name": "Ottoline Quayle", "role": "gardener"}],
    "turns": [
        {"speaker": "Ottoline Quayle", "text": f"We planted a {MARK} by the gate.", "start_time": 1.5, "end_time": 4},
        {"speaker": None, "text": ""},
    ],
}


def finished(client: httpx.Client, accepted: httpx.Response) -> dict[str, Any]:
    assert accepted.status_code == 202, accepted.text
    assert set(accepted.json()) == {"job"}
    deadline = time.monotonic() + 60
    while (job := client.get(f"/v1/jobs/{accepted.json()['job']}").json())["state"] in ("queued", "running"):
        assert time.monotonic() < deadline, job
        time.sleep(0.05)
    assert set(job) == {"job", "state", "done", "total", "results"}
    assert job["done"] == job["total"] == len(job["results"])
    return dict(job)


def found(client: httpx.Client) -> list[dict[str, Any]]:
    passages = client.post("/v1/search", json={"query": MARK, "mode": "lexical"}).json()["passages"]
    return list(passages)


def test_pages_of_the_listing_add_up_to_the_whole(client: httpx.Client) -> None:
    whole = [summary["id"] for summary in client.get("/v1/transcripts").json()["transcripts"]]
    paged, cursor = [], None
    for _ in range(len(whole)):
        page = client.get("/v1/transcripts", params={"limit": 3} | ({"cursor": cursor} if cursor else {})).json()
        assert 1 <= len(page["transcripts"]) <= 3
        paged += [summary["id"] for summary in page["transcripts"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert paged == whole == sorted(whole)


def test_the_next_page_is_there_though_the_last_transcript_of_the_page_before_is_gone(client: httpx.Client) -> None:
    first = "0-garden-meeting"
    finished(client, client.post("/v1/transcripts", json={**NATIVE, "id": first}))
    whole = [summary["id"] for summary in client.get("/v1/transcripts").json()["transcripts"]]
    page = client.get("/v1/transcripts", params={"limit": 1}).json()
    assert [summary["id"] for summary in page["transcripts"]] == whole[:1] == [first]
    finished(client, client.delete(f"/v1/transcripts/{first}"))
    following = client.get("/v1/transcripts", params={"cursor": page["next"]}).json()
    assert [summary["id"] for summary in following["transcripts"]] == whole[1:] != []


def test_the_listing_is_filtered_by_speaker_and_date(client: httpx.Client) -> None:
    summaries = client.get("/v1/transcripts").json()["transcripts"]

    def listed(**params: Any) -> list[str]:
        answer = client.get("/v1/transcripts", params=params).json()
        return [summary["id"] for summary in answer["transcripts"]]

    name = "Priya Venkataraghavan"
    with_her = [s["id"] for s in summaries if any(name == speaker["name"] for speaker in s["speakers"])]
    assert listed(speaker="DR Priya Venkataraghavan") == with_her
    in_2025 = [s["id"] for s in summaries if (s["date"] or "").startswith("2025")]
    assert listed(date_from="2025-01-01", date_to="2025-12-31") == in_2025
    assert listed(speaker=name, date_from="2025-01-01") == [
        i for i in with_her if i in {s["id"] for s in summaries if (s["date"] or "") >= "2025-01-01"}
    ]
    assert listed(collection="no such collection") == []
    assert in_2025
    assert with_her


def test_a_native_document_is_added_found_unchanged_the_second_time_and_removed_for_good(
    client: httpx.Client,
) -> None:
    assert found(client) == []
    added = finished(client, client.post("/v1/transcripts", json=NATIVE))
    assert added["state"] == "done"
    assert added["results"] == [
        {"source": "request body.json", "outcome": "added", "transcript_id": "garden-meeting", "reason": None}
    ]
    (passage,) = found(client)
    assert passage["transcript_id"] == "garden-meeting"
    assert passage["collection"] == "garden"
    assert passage["turns"][0]["start_time"] == 1.5
    turns = client.get("/v1/transcripts/garden-meeting").json()["turns"]
    assert [(turn["speaker"], turn["text"]) for turn in turns][1] == (None, "")

    again = finished(client, client.post("/v1/transcripts", json=NATIVE))
    assert again["results"][0]["outcome"] == "unchanged"

    removed = finished(client, client.delete("/v1/transcripts/garden-meeting"))
    assert removed["results"] == [
        {"source": "garden-meeting", "outcome": "removed", "transcript_id": "garden-meeting", "reason": None}
    ]
    assert found(client) == []
    assert client.get("/v1/transcripts/garden-meeting").status_code == 404
    assert client.delete("/v1/transcripts/garden-meeting").status_code == 404


def test_uploaded_files_are_read_as_files_and_each_failure_has_its_reason(client: httpx.Client) -> None:
    files = [
        ("files", ("../../walk.txt", f"Ottoline Quayle: A {MARK}, at last.\n\nBram Oke: Where?\n".encode())),
        ("files", ("noise.bin", bytes(range(256)))),
    ]
    sent = client.post("/v1/transcripts", files=files, data={"collection": "garden", "title": "Walk"})
    job = finished(client, sent)
    outcomes = {result["source"]: result for result in job["results"]}
    assert set(outcomes) == {"walk.txt", "noise.bin"}
    assert outcomes["noise.bin"]["outcome"] == "failed"
    assert outcomes["noise.bin"]["reason"]
    added = outcomes["walk.txt"]
    assert added["outcome"] == "added"
    assert [passage["title"] for passage in found(client)] == ["Walk"]
    finished(client, client.delete(f"/v1/transcripts/{added['transcript_id']}"))
    assert found(client) == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {"title": "No turns"}}, 422),
        ({"json": []}, 422),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 422),
        ({"content": b"Ann: hello", "headers": {"Content-Type": "text/plain"}}, 415),
        ({"data": {"collection": "x"}, "files": [("other", ("a.txt", b"Ann: hello"))]}, 422),
        ({"data": {"colour": "x"}, "files": [("files", ("a.txt", b"Ann: hello"))]}, 422),
        ({"data": {"format": "betamax"}, "files": [("files", ("a.txt", b"Ann: hello"))]}, 422),
        ({"data": {"date": "soon"}, "files": [("files", ("a.txt", b"Ann: hello"))]}, 422),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400),
    ],
)
def test_an_upload_that_can_not_be_meant_is_refused_at_once(
    client: httpx.Client, sent: dict[str, Any], status: int
) -> None:
    response = client.post("/v1/transcripts", **sent)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=["another", "opaque", "fetch"],
)
def test_a_page_of_another_origin_changes_nothing(client: httpx.Client, headers: dict[str, str]) -> None:
    known = client.get("/v1/transcripts").json()["transcripts"][0]["id"]
    assert client.delete(f"/v1/transcripts/{known}", headers=headers).status_code == 403
    assert client.post("/v1/transcripts", json=NATIVE, headers=headers).status_code == 403
    assert client.get(f"/v1/transcripts/{known}").status_code == 200
