"""Every document that the API gives has exactly the contract's members, nulls included."""

import re
from typing import Any

import httpx
import pytest

PASSAGE = {
    "rank",
    "score",
    "scores",
    "chunk_id",
    "transcript_id",
    "title",
    "date",
    "collection",
    "url",
    "link",
    "turns",
}
PASSAGE_TURN = {
    "turn",
    "speaker",
    "role",
    "organisation",
    "attribution",
    "attribution_reason",
    "start",
    "end",
    "text",
    "start_time",
    "end_time",
}
SCORES = {"dense", "lexical", "rerank"}
TIMINGS = {"embed", "retrieve", "rerank", "total"}
SEARCH = {"query", "standalone_query", "request_id", "index_version", "timings_ms", "passages"}
ASK = {
    "question",
    "standalone_question",
    "request_id",
    "status",
    "confidence",
    "generator",
    "notice",
    "answer",
    "sentences",
    "citations",
    "passages",
    "related_questions",
    "index_version",
    "timings_ms",
}
CITATION = {
    "n",
    "quote",
    "transcript_id",
    "turn",
    "start",
    "end",
    "speaker",
    "role",
    "organisation",
    "attribution",
    "attribution_reason",
    "gloss",
    "title",
    "date",
    "url",
    "link",
    "start_time",
    "end_time",
}
SENTENCE = {"text", "start", "end", "citations"}
SUMMARY = {"id", "title", "date", "collection", "url", "speakers", "turn_count"}
SPEAKER = {"name", "role", "organisation", "aliases"}
TURN = {"turn", "speaker", "role", "attribution", "attribution_reason", "start_time", "end_time", "text"}
SPEAKER_ENTRY = {"name", "aliases", "roles", "turn_count"}
ROLE = {"role", "organisation", "transcript_id"}
ATTRIBUTIONS = {"labelled", "inherited", "inferred", "unknown"}


def assert_is_passage(passage: dict[str, Any]) -> None:
    assert set(passage) == PASSAGE
    assert set(passage["scores"]) == SCORES
    assert passage["turns"]
    for turn in passage["turns"]:
        assert set(turn) == PASSAGE_TURN
        assert turn["attribution"] in ATTRIBUTIONS
        assert turn["end"] - turn["start"] == len(turn["text"])
    assert passage["link"] == f"/transcripts/{passage['transcript_id']}#turn-{passage['turns'][0]['turn']}"


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_search_answers_with_the_contracts_document(client: httpx.Client, mode: str) -> None:
    response = client.post("/v1/search", json={"query": "  run chart rules ", "top_k": 4, "mode": mode})
    found = response.json()
    assert set(found) == SEARCH
    assert set(found["timings_ms"]) == TIMINGS
    assert found["query"] == "run chart rules"
    assert found["request_id"] == response.headers["X-Request-ID"]
    assert [passage["rank"] for passage in found["passages"]] == [1, 2, 3, 4]
    for passage in found["passages"]:
        assert_is_passage(passage)
    scores = [passage["score"] for passage in found["passages"]]
    assert scores == sorted(scores, reverse=True)


def test_a_score_that_was_not_asked_for_is_null(client: httpx.Client) -> None:
    found = client.post("/v1/search", json={"query": "run chart", "top_k": 1, "mode": "dense"}).json()
    scores = found["passages"][0]["scores"]
    assert isinstance(scores["dense"], float)
    assert scores["lexical"] is None
    assert scores["rerank"] is None


def test_ask_answers_with_the_contracts_document(client: httpx.Client) -> None:
    response = client.post("/v1/ask", json={"question": "How many points make a shift on a run chart?"})
    answer = response.json()
    assert set(answer) == ASK
    assert answer["status"] == "answered"
    assert answer["generator"] == "extractive"
    assert 0 <= answer["confidence"] <= 1
    assert answer["request_id"] == response.headers["X-Request-ID"]
    assert answer["sentences"]
    for sentence in answer["sentences"]:
        assert set(sentence) == SENTENCE
        assert answer["answer"][sentence["start"] : sentence["end"]] == sentence["text"]
    for citation in answer["citations"]:
        assert set(citation) == CITATION
        place = f"#turn-{citation['turn']}:{citation['start']}-{citation['end']}"
        assert citation["link"] == f"/transcripts/{citation['transcript_id']}{place}"
    for passage in answer["passages"]:
        assert_is_passage(passage)


def test_an_answer_that_is_not_there_has_no_sentences_and_no_citations_but_the_nearest_passages(
    client: httpx.Client,
) -> None:
    question = "Which volcano erupted on the night that the cathedral burned down?"
    answer = client.post("/v1/ask", json={"question": question}).json()
    assert set(answer) == ASK
    assert answer["status"] == "not_found"
    assert answer["answer"]
    assert answer["sentences"] == []
    assert answer["citations"] == []
    assert answer["passages"]


def test_transcripts_are_listed_and_given_with_the_contracts_members(client: httpx.Client) -> None:
    listing = client.get("/v1/transcripts").json()
    assert set(listing) == {"transcripts", "next"}
    assert listing["next"] is None
    assert len(listing["transcripts"]) >= 8
    for summary in listing["transcripts"]:
        assert set(summary) == SUMMARY
        assert summary["date"] is None or re.fullmatch(r"\d{4}-\d{2}-\d{2}", summary["date"])
        for speaker in summary["speakers"]:
            assert set(speaker) == SPEAKER
        whole = client.get(f"/v1/transcripts/{summary['id']}").json()
        assert set(whole) == SUMMARY | {"turns"}
        assert {key: whole[key] for key in SUMMARY} == summary
        assert [turn["turn"] for turn in whole["turns"]] == list(range(summary["turn_count"]))
        assert all(set(turn) == TURN for turn in whole["turns"])


def test_times_are_seconds_where_the_source_has_them_and_null_where_not(client: httpx.Client) -> None:
    seen = set()
    for summary in client.get("/v1/transcripts").json()["transcripts"]:
        for turn in client.get(f"/v1/transcripts/{summary['id']}").json()["turns"]:
            start, end = turn["start_time"], turn["end_time"]
            seen.add(type(start))
            if start is not None and end is not None:
                assert 0 <= start <= end < 4 * 3600
    assert seen == {float, type(None)}


def test_speakers_are_given_with_the_contracts_members(client: httpx.Client) -> None:
    answer = client.get("/v1/speakers").json()
    assert set(answer) == {"speakers"}
    ids = {summary["id"] for summary in client.get("/v1/transcripts").json()["transcripts"]}
    assert len(answer["speakers"]) > 10
    for entry in answer["speakers"]:
        assert set(entry) == SPEAKER_ENTRY
        assert entry["turn_count"] > 0
        for role in entry["roles"]:
            assert set(role) == ROLE
            assert role["transcript_id"] in ids


def test_health_is_plain_and_ready_once_warm(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}
    assert client.head("/healthz").status_code == 200
