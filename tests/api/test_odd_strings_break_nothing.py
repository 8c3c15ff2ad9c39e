"""Odd strings in every field of every call, such as half a surrogate pair: answered or refused, never a 500."""

import json
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.api.access.site import OPEN_TALKS, Site, opened_site

HALF = "\ud800 red day?"
REASON = "not valid Unicode: half of a surrogate pair"
ODD = {
    "half": HALF,
    "other half": "red \udfff",
    "NUL": "red\x00day",
    "lone mark": "\u0301",
    "noncharacter": "\uffff",
    "joiner": "\u200d\u2066\u202e",
    "too long": "x" * 2001,
    "spaces": " \t\n\u00a0\u2003 ",
    "separators": "\x1c\x1f",
    "padded": "\x1f" * 10 + "x" * 1995,
    "empty": "",
    "path": "../../%00",
}
ANSWER = "8f14e45fceea467a9b1c1f0e2b5d3c7a"
NATIVE: Mapping[str, Any] = {"title": "T", "turns": [{"speaker": "Ann", "text": "Well."}]}


def chat(*messages: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"model": "turnwise", "messages": list(messages), **more}


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def tool(name: str, **arguments: Any) -> dict[str, Any]:
    return {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": name, "arguments": arguments},
    }


BODIES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "search query": ("/v1/search", lambda odd: {"query": odd, "mode": "lexical"}),
    "search by meaning": ("/v1/search", lambda odd: {"query": odd, "mode": "dense"}),
    "search mode": ("/v1/search", lambda odd: {"query": "x", "mode": odd}),
    "search speaker": ("/v1/search", lambda odd: {"query": "x", "filters": {"speakers": [odd]}}),
    "search transcript": ("/v1/search", lambda odd: {"query": "x", "filters": {"transcript_ids": [odd]}}),
    "search collection": ("/v1/search", lambda odd: {"query": "x", "filters": {"collections": [odd]}}),
    "search date": ("/v1/search", lambda odd: {"query": "x", "filters": {"date_from": odd}}),
    "search history": ("/v1/search", lambda odd: {"query": "why?", "history": [{"question": odd}]}),
    "search answer": ("/v1/search", lambda odd: {"query": "why?", "history": [{"question": "x", "answer": odd}]}),
    "search field": ("/v1/search", lambda odd: {"query": "x", odd: 1}),
    "ask question": ("/v1/ask", lambda odd: {"question": odd}),
    "ask stream": ("/v1/ask", lambda odd: {"question": odd, "stream": True}),
    "ask generator": ("/v1/ask", lambda odd: {"question": "x", "generator": odd}),
    "ask history": ("/v1/ask", lambda odd: {"question": "Why?", "history": [{"question": odd}]}),
    "ask answer": ("/v1/ask", lambda odd: {"question": "Why?", "history": [{"question": "Who?", "answer": odd}]}),
    "ask speaker": ("/v1/ask", lambda odd: {"question": "x", "filters": {"speakers": [odd]}}),
    "quote": ("/v1/quote", lambda odd: {"quote": odd}),
    "quote collection": ("/v1/quote", lambda odd: {"quote": "a red day", "filters": {"collections": [odd]}}),
    "chat model": ("/v1/chat/completions", lambda odd: {**chat(user("x")), "model": odd}),
    "chat question": ("/v1/chat/completions", lambda odd: chat(user(odd))),
    "chat stream": ("/v1/chat/completions", lambda odd: chat(user(odd), stream=True)),
    "chat part": ("/v1/chat/completions", lambda odd: chat(user([{"type": "text", "text": odd}]))),
    "chat part type": ("/v1/chat/completions", lambda odd: chat(user([{"type": odd, "text": "x"}]))),
    "chat role": ("/v1/chat/completions", lambda odd: chat({"role": odd, "content": "x"}, user("x"))),
    "chat earlier": ("/v1/chat/completions", lambda odd: chat(user(odd), user("Why?"))),
    "chat reply": (
        "/v1/chat/completions",
        lambda odd: chat(user("Who?"), {"role": "assistant", "content": odd}, user("Why?")),
    ),
    "chat system": ("/v1/chat/completions", lambda odd: chat({"role": "system", "content": odd}, user("x"))),
    "chat earlier stream": ("/v1/chat/completions", lambda odd: chat(user(odd), user("Why?"), stream=True)),
    "chat name": ("/v1/chat/completions", lambda odd: chat({**user("x"), "name": odd})),
    "chat user": ("/v1/chat/completions", lambda odd: chat(user("x"), user=odd)),
    "chat format": ("/v1/chat/completions", lambda odd: chat(user("x"), response_format={"type": odd})),
    "chat tool": ("/v1/chat/completions", lambda odd: chat(user("x"), tools=[odd])),
    "chat speaker": ("/v1/chat/completions", lambda odd: chat(user("x"), turnwise={"filters": {"speakers": [odd]}})),
    "chat generator": ("/v1/chat/completions", lambda odd: chat(user("x"), turnwise={"generator": odd})),
    "chat field": ("/v1/chat/completions", lambda odd: chat(user("x"), turnwise={odd: 1})),
    "feedback id": ("/v1/feedback", lambda odd: {"request_id": odd, "rating": "up"}),
    "feedback rating": ("/v1/feedback", lambda odd: {"request_id": ANSWER, "rating": odd}),
    "feedback comment": ("/v1/feedback", lambda odd: {"request_id": ANSWER, "rating": "up", "comment": odd}),
    "token": ("/v1/token", lambda odd: {"collections": [odd]}),
    "native title": ("/v1/transcripts", lambda odd: {**NATIVE, "title": odd}),
    "native id": ("/v1/transcripts", lambda odd: {**NATIVE, "id": odd}),
    "native collection": ("/v1/transcripts", lambda odd: {**NATIVE, "collection": odd}),
    "native date": ("/v1/transcripts", lambda odd: {**NATIVE, "date": odd}),
    "native url": ("/v1/transcripts", lambda odd: {**NATIVE, "url": odd}),
    "native name": ("/v1/transcripts", lambda odd: {**NATIVE, "turns": [{"speaker": odd, "text": "Well."}]}),
    "native words": ("/v1/transcripts", lambda odd: {**NATIVE, "turns": [{"speaker": "Ann", "text": odd}]}),
    "native speaker": (
        "/v1/transcripts",
        lambda odd: {**NATIVE, "speakers": [{"name": "Ann", "role": odd, "aliases": [odd]}]},
    ),
    "mcp method": ("/mcp", lambda odd: {"jsonrpc": "2.0", "id": 1, "method": odd}),
    "mcp id": ("/mcp", lambda odd: {"jsonrpc": "2.0", "id": odd, "method": "tools/list"}),
    "mcp tool": ("/mcp", tool),
    "mcp field": ("/mcp", lambda odd: tool("search", **{odd: "x"})),
    "mcp search": ("/mcp", lambda odd: tool("search", query=odd)),
    "mcp fetch": ("/mcp", lambda odd: tool("fetch", id=odd)),
    "mcp ask": ("/mcp", lambda odd: tool("ask", question=odd)),
    "mcp ask filter": ("/mcp", lambda odd: tool("ask", question="x", filters={"speakers": [odd]})),
    "mcp verify": ("/mcp", lambda odd: tool("verify_quote", quote=odd)),
}
ADDRESSES = (
    "/v1/transcripts?speaker={}",
    "/v1/transcripts?collection={}",
    "/v1/transcripts?cursor={}",
    "/v1/transcripts?date_from={}",
    "/v1/transcripts?{}=1",
    "/v1/transcripts/{}",
    "/v1/speakers?{}=1",
    "/v1/jobs/{}",
    "/v1/models/{}",
    "/v1/insights?days={}",
    "/transcripts/{}",
    "/signin?next={}",
    "/signin/callback?code={0}&state={0}&iss={0}",
    "/static/{}",
    "/docs/{}",
    "/{}",
)
HEADERS = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened_site(tmp_path_factory.mktemp("odd") / "home", OPEN_TALKS) as made:
        yield made


def post(site: Site, path: str, body: Any) -> httpx.Response:
    return site.client.post(path, content=json.dumps(body).encode("ascii"), headers=HEADERS)


def broke(response: httpx.Response) -> bool:
    """Say whether a request broke: a stream, or a tool, has its status already when it does."""
    return response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or "Something broke" in response.text


@pytest.mark.parametrize("field", BODIES)
def test_no_odd_string_in_a_body_breaks_anything(site: Site, field: str) -> None:
    path, body = BODIES[field]
    answers = {kind: post(site, path, body(odd)) for kind, odd in ODD.items()}
    assert {kind: answer.text for kind, answer in answers.items() if broke(answer)} == {}


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_no_odd_string_in_an_address_breaks_anything(site: Site, method: str, address: str) -> None:
    written = {kind: quote(odd.encode("utf-8", "surrogatepass"), safe="") for kind, odd in ODD.items()}
    answers = {kind: site.client.request(method, address.format(odd)) for kind, odd in written.items()}
    assert {kind: answer.text for kind, answer in answers.items() if broke(answer)} == {}


@pytest.mark.parametrize("field", ["title", "collection", "format", "date", "files", ""])
def test_no_odd_string_in_a_form_breaks_anything(site: Site, field: str) -> None:
    for odd in ODD.values():
        text = odd.encode("utf-8", "surrogatepass")
        file = text if field == "files" else b"a.txt"
        parts = [(b'"files"; filename="%b"' % file, b"Ann: Hello there.\n\nBob: Yes.")]
        if field != "files":
            parts.append((b'"%b"' % (field.encode() or text), text))
        body = b"".join(b"--B\r\nContent-Disposition: form-data; name=%b\r\n\r\n%b\r\n" % part for part in parts)
        headers = {"Content-Type": "multipart/form-data; boundary=B"}
        answer = site.client.post("/v1/transcripts", content=body + b"--B--\r\n", headers=headers)
        assert not broke(answer), answer.text


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    "messages",
    [
        [user(HALF)],
        [user([{"type": "text", "text": HALF}])],
        [user(HALF), user("Why?")],
        [user("Who?"), {"role": "assistant", "content": HALF}, user("Why?")],
        [{"role": "system", "content": HALF}, user("Why?")],
    ],
    ids=["question", "part", "earlier", "reply", "system"],
)
def test_half_a_surrogate_pair_in_a_chat_is_refused_in_words(site: Site, messages: list[Any], stream: bool) -> None:
    answer = post(site, "/v1/chat/completions", chat(*messages, stream=stream))
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert REASON in answer.json()["error"]["message"]
    assert answer.json()["error"]["param"].startswith("messages.")


@pytest.mark.parametrize("asked", [("/v1/search", "query"), ("/v1/ask", "question")], ids=["search", "ask"])
@pytest.mark.parametrize("member", ["question", "answer"])
def test_half_a_surrogate_pair_in_a_history_is_refused_in_words(
    site: Site, asked: tuple[str, str], member: str
) -> None:
    path, name = asked
    answer = post(site, path, {name: "Why?", "history": [{"question": "Who?", "answer": "She did.", member: HALF}]})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    (error,) = answer.json()["errors"]
    assert error == {"detail": REASON, "location": "body", "pointer": f"#/history/0/{member}"}


def test_what_a_question_in_a_chat_has_around_it_does_not_count(site: Site) -> None:
    assert post(site, "/v1/chat/completions", chat(user(ODD["padded"]))).status_code == HTTPStatus.OK
