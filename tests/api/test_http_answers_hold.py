"""What the API says is so: quotes are verbatim, events add up to the answer, many at once get what one gets."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

Ask = Callable[..., dict[str, Any]]


def test_every_citation_is_verbatim_and_every_sentence_cites(
    client: httpx.Client, ask: Ask, questions: tuple[str, ...]
) -> None:
    turns_of: dict[str, list[dict[str, Any]]] = {}
    cited = 0
    for question in questions:
        answer = ask(question, max_citations=12)
        numbers = [citation["n"] for citation in answer["citations"]]
        assert numbers == list(range(1, len(numbers) + 1))
        for citation in answer["citations"]:
            cited += 1
            transcript_id = citation["transcript_id"]
            if transcript_id not in turns_of:
                turns_of[transcript_id] = client.get(f"/v1/transcripts/{transcript_id}").json()["turns"]
            turn = turns_of[transcript_id][citation["turn"]]
            assert turn["text"][citation["start"] : citation["end"]] == citation["quote"]
            assert turn["speaker"] == citation["speaker"]
            assert "\n" not in citation["quote"]
        for sentence in answer["sentences"]:
            assert sentence["citations"]
            assert set(sentence["citations"]) <= set(numbers)
    assert cited >= len(questions)


def test_every_passage_is_verbatim(client: httpx.Client) -> None:
    for passage in client.post("/v1/search", json={"query": "discharge lounge", "top_k": 10}).json()["passages"]:
        turns = client.get(f"/v1/transcripts/{passage['transcript_id']}").json()["turns"]
        for part in passage["turns"]:
            assert turns[part["turn"]]["text"][part["start"] : part["end"]] == part["text"]


def test_no_more_quotes_than_asked_for(ask: Ask, questions: tuple[str, ...]) -> None:
    assert len(ask(questions[0], max_citations=1)["citations"]) == 1


def test_a_filter_by_speaker_ignores_case_accents_and_honorifics(client: httpx.Client) -> None:
    def found(name: str) -> list[str]:
        asked = {"query": "what changed", "filters": {"speakers": [name]}}
        return [passage["chunk_id"] for passage in client.post("/v1/search", json=asked).json()["passages"]]

    exact = found("Priya Venkataraghavan")
    assert exact
    assert found("dr PRIYA  venkataraghavan") == exact
    assert found("Príya Venkatarághavan") == exact


def test_an_unknown_speaker_is_refused_with_the_known_ones(client: httpx.Client) -> None:
    asked = {"question": "What changed?", "filters": {"speakers": ["Nobody Atall"]}}
    for path, body in (("/v1/ask", asked), ("/v1/search", {"query": "x", "filters": asked["filters"]})):
        response = client.post(path, json=body)
        assert response.status_code == 422
        assert response.headers["content-type"] == "application/problem+json"
        assert "'Nobody Atall'" in response.json()["detail"]
        assert "Priya Venkataraghavan" in response.json()["detail"]
        [wrong] = response.json()["errors"]
        assert (wrong["location"], wrong["pointer"]) == ("body", "#/filters/speakers")
    listed = client.get("/v1/transcripts", params={"speaker": "Nobody Atall"})
    assert listed.status_code == 422
    assert [(each["location"], each["pointer"]) for each in listed.json()["errors"]] == [("query", "#/speaker")]


def test_filters_of_date_collection_and_transcript_hold(client: httpx.Client) -> None:
    def found(**filters: Any) -> list[dict[str, Any]]:
        passages: list[dict[str, Any]] = client.post(
            "/v1/search", json={"query": "the team", "top_k": 50, "filters": filters}
        ).json()["passages"]
        return passages

    late = found(date_from="2025-01-01", date_to="2025-12-31")
    assert late
    assert all("2025-01-01" <= passage["date"] <= "2025-12-31" for passage in late)
    only = late[0]["transcript_id"]
    assert {passage["transcript_id"] for passage in found(transcript_ids=[only])} == {only}
    assert found(collections=["no such collection"]) == []
    assert found(transcript_ids=[only], collections=["no such collection"]) == []


def read_events(text: str) -> list[tuple[str, Any]]:
    events = []
    for block in text.split("\n\n"):
        if block and not block.startswith(":"):
            name, data = re.fullmatch(r"event: (\w+)\ndata: (.*)", block).groups()  # type: ignore[union-attr]
            events.append((name, json.loads(data)))
    return events


def without_chance(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key not in ("request_id", "timings_ms")}


def test_events_add_up_to_the_answer_and_cite_before_they_quote(
    client: httpx.Client, ask: Ask, questions: tuple[str, ...]
) -> None:
    for question in (questions[0], "Which volcano erupted that night?"):
        plain = ask(question)
        response = client.post("/v1/ask", json={"question": question, "stream": True})
        assert response.headers["content-type"].startswith("text/event-stream")
        events = read_events(response.text)
        names = [name for name, _ in events]
        assert names[:2] == ["status", "passages"]
        assert names[-1] == "done"
        assert set(names[2:-1]) <= {"citation", "token"}
        assert events[0][1] == {"status": plain["status"], "standalone_question": plain["standalone_question"]}
        assert events[1][1] == plain["passages"]
        tokens = [data["text"] for name, data in events if name == "token"]
        assert "".join(tokens).encode() == plain["answer"].encode()
        assert [data for name, data in events if name == "citation"] == plain["citations"]
        assert without_chance(events[-1][1]) == without_chance(plain)
        given: set[int] = set()
        for name, data in events:
            if name == "citation":
                given.add(data["n"])
            elif name == "token":
                assert {int(n) for n in re.findall(r"\[(\d+)\]", data["text"])} <= given


def test_the_accept_header_asks_for_events_too(client: httpx.Client) -> None:
    body = {"question": "What is this about?", "filters": {"collections": ["none"]}}
    response = client.post("/v1/ask", json=body, headers={"Accept": "text/event-stream"})
    assert read_events(response.text)[-1][0] == "done"


def test_twelve_at_once_get_what_one_after_the_other_get(ask: Ask, questions: tuple[str, ...]) -> None:
    # One speaker each: an answer over few sentences is as good for this, and sooner there.
    speakers = ("Priya Venkataraghavan", "Leonie Achterberg")
    asked = [(question, speaker) for question in questions[:2] for speaker in speakers]
    twelve = asked * 3

    def ask_one(question: str, speaker: str) -> dict[str, Any]:
        return ask(question, max_citations=2, filters={"speakers": [speaker]})

    alone = {pair: without_chance(ask_one(*pair)) for pair in asked}
    with ThreadPoolExecutor(12) as many:
        together = list(many.map(lambda pair: ask_one(*pair), twelve))
    assert [without_chance(answer) for answer in together] == [alone[pair] for pair in twelve]
    assert len({answer["request_id"] for answer in together}) == 12
