"""The MCP SDK's own client over streamable HTTP: the four tools, their shapes, and what goes wrong."""

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
import pytest

from tests.api.assistants.conftest import EMOJI, EMOJI_ID, EMOJI_QUESTION

if TYPE_CHECKING:
    from mcp import Client

Made = TypeVar("Made")
TOOLS = {"search", "fetch", "ask", "verify_quote"}


def with_client(url: str, work: "Callable[[Client], Awaitable[Made]]", **more: Any) -> Made:
    """Connect, do something, and leave; in a thread of its own: Playwright keeps an event loop running in this one."""
    from mcp import Client  # noqa: PLC0415

    async def connected() -> Made:
        async with Client(f"{url}/mcp", **more) as client:
            return await work(client)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, connected()).result()


def call(url: str, tool: str, **arguments: Any) -> Any:
    return with_client(url, lambda client: client.call_tool(tool, arguments))


def given(url: str, tool: str, **arguments: Any) -> dict[str, Any]:
    """Call a tool and return its document, which comes structured and as one text."""
    result = call(url, tool, **arguments)
    assert not result.is_error, result.content
    (item,) = result.content
    assert item.type == "text"
    assert json.loads(item.text) == result.structured_content
    document: dict[str, Any] = result.structured_content
    return document


def failure(url: str, tool: str, **arguments: Any) -> str:
    result = call(url, tool, **arguments)
    assert result.is_error
    assert result.structured_content is None
    (item,) = result.content
    return str(item.text)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_tools_are_announced_in_both_eras_of_the_protocol(assistant_url: str, mode: str) -> None:
    listed = with_client(assistant_url, lambda client: client.list_tools(), mode=mode)
    assert {tool.name for tool in listed.tools} == TOOLS
    for tool in listed.tools:
        assert tool.description
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
        assert tool.output_schema is not None
    (search,) = [tool for tool in listed.tools if tool.name == "search"]
    assert search.input_schema["required"] == ["query"]
    found = with_client(assistant_url, lambda client: client.call_tool("search", {"query": "run chart"}), mode=mode)
    assert found.structured_content["results"]


def test_search_gives_what_fetch_takes(assistant_url: str) -> None:
    results = given(assistant_url, "search", query="How many points make a shift on a run chart?")["results"]
    assert 1 < len(results) <= 10
    assert len({result["id"] for result in results}) == len(results)
    for result in results:
        assert set(result) == {"id", "title", "url"}
        assert result["url"].startswith("http")
        document = given(assistant_url, "fetch", id=result["id"])
        assert set(document) == {"id", "title", "text", "url", "metadata"}
        assert document["id"] == result["id"]
        assert document["text"]
        assert document["url"].startswith("http")
        assert result["title"].startswith(document["title"])


def test_a_passage_is_fetched_verbatim_with_its_speaker(assistant_url: str) -> None:
    best = given(assistant_url, "search", query=EMOJI_QUESTION)["results"][0]
    assert best["id"].startswith(f"{EMOJI_ID}#turn-")
    document = given(assistant_url, "fetch", id=f"{EMOJI_ID}#turn-1")
    assert document["text"] == f"{EMOJI['turns'][1]['speaker']}: {EMOJI['turns'][1]['text']}"
    assert document["url"] == f"{assistant_url}/transcripts/{EMOJI_ID}#turn-1"
    assert document["metadata"]["date"] == EMOJI["date"]
    assert document["metadata"]["transcript_id"] == EMOJI_ID


def test_a_transcripts_id_fetches_the_whole(assistant_url: str) -> None:
    summaries = httpx.get(f"{assistant_url}/v1/transcripts").json()["transcripts"]

    async def all_of_them(client: "Client") -> list[Any]:
        return [(await client.call_tool("fetch", {"id": summary["id"]})).structured_content for summary in summaries]

    for summary, document in zip(summaries, with_client(assistant_url, all_of_them), strict=True):
        turns = httpx.get(f"{assistant_url}/v1/transcripts/{summary['id']}").json()["turns"]
        assert all(turn["text"] in document["text"] for turn in turns)
        assert document["url"] == summary["url"] or document["url"].startswith(f"{assistant_url}/transcripts/")
        assert all(isinstance(value, str) and value for value in document["metadata"].values())


def test_ask_answers_as_the_http_api_does(assistant_url: str) -> None:
    question = "What is a driver diagram for?"
    asked = httpx.post(f"{assistant_url}/v1/ask", json={"question": question, "max_citations": 2}, timeout=60).json()
    answer = given(assistant_url, "ask", question=question, max_citations=2)
    assert answer["status"] == "answered"
    assert answer["answer"] == asked["answer"]
    assert answer["nearest"] == []
    assert [citation["quote"] for citation in answer["citations"]] == [c["quote"] for c in asked["citations"]]
    for citation in answer["citations"]:
        assert citation["url"].startswith(f"{assistant_url}/transcripts/")
        assert citation["quote"] in given(assistant_url, "fetch", id=citation["id"])["text"]


def test_ask_says_that_there_is_no_answer_and_what_is_nearest(assistant_url: str) -> None:
    answer = given(assistant_url, "ask", question="Which volcano erupted on the night that the cathedral burned down?")
    assert answer["status"] == "not_found"
    assert answer["citations"] == []
    assert answer["nearest"]
    assert given(assistant_url, "fetch", id=answer["nearest"][0]["id"])["text"]


def test_a_quote_is_verified(assistant_url: str) -> None:
    said = given(assistant_url, "verify_quote", quote="the wardens hung ninety lanterns 🏮🏮 along the towpath")
    assert said["verdict"] == "verbatim"
    assert said["matches"][0]["speaker"] == "Zoë Ångström"
    assert said["matches"][0]["id"] == f"{EMOJI_ID}#turn-1"
    wrong = given(assistant_url, "verify_quote", quote="the wardens hung eighty lanterns along the towpath")
    assert wrong["verdict"] != "verbatim"


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("search", {}, "query: Field required"),
        ("search", {"query": " "}, "query: "),
        ("search", {"query": "x", "top_k": 3}, "top_k: there is no such field"),
        ("fetch", {"id": "no-such-conversation"}, "There is nothing of the id 'no-such-conversation'"),
        ("fetch", {"id": f"{EMOJI_ID}#turn-2"}, "it has 2, from 0"),
        ("fetch", {"id": f"{EMOJI_ID}#turn-1-0"}, "There are no turns 1 to 0"),
        ("ask", {"question": "x", "filters": {"speakers": ["Nobody"]}}, "Priya Venkataraghavan"),
        ("ask", {"question": "x", "max_citations": 99}, "max_citations: "),
        ("verify_quote", {"quote": "…"}, "no word"),
    ],
)
def test_a_tool_says_what_is_wrong_and_how_to_mend_it(
    assistant_url: str, tool: str, arguments: dict[str, Any], says: str
) -> None:
    assert says in failure(assistant_url, tool, **arguments)


def test_an_unknown_tool_is_an_error_that_names_the_tools(assistant_url: str) -> None:
    from mcp import MCPError  # noqa: PLC0415

    async def refused(client: "Client") -> str:
        with pytest.raises(MCPError) as error:
            await client.call_tool("delete_everything", {})
        return error.value.message

    assert "verify_quote" in with_client(assistant_url, refused)


@pytest.mark.parametrize("command", [["--help"], ["ask", "What can I ask?"]], ids=["help", "ask"])
def test_the_command_line_does_not_wait_for_the_protocols_library(
    turnwise_process: Callable[..., Any], corpus_home: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    home = ["--home", str(corpus_home)] if command[0] == "ask" else []
    imported = {line.rpartition("|")[2].strip() for line in turnwise_process(*command, *home).stderr.splitlines()}
    assert "typer" in imported
    assert not [name for name in imported if name.partition(".")[0] in {"mcp", "mcp_types", "openai"}]


INITIALISE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "c", "version": "1"}},
}
ACCEPT = {"Accept": "application/json, text/event-stream"}


@pytest.mark.parametrize("path", ["/mcp", "/mcp/"])
def test_both_spellings_of_the_address_answer_without_a_redirect_or_a_session(assistant_url: str, path: str) -> None:
    response = httpx.post(f"{assistant_url}{path}", json=INITIALISE, headers=ACCEPT)
    assert response.status_code == 200
    assert "mcp-session-id" not in response.headers
    assert '"protocolVersion":"2025-06-18"' in response.text.replace(" ", "")


def test_hosts_and_origins_are_checked_as_everywhere(assistant_url: str) -> None:
    def status(**headers: str) -> int:
        return httpx.post(f"{assistant_url}/mcp", json=INITIALISE, headers=ACCEPT | headers).status_code

    assert status(Host="evil.example") == 421
    assert status(Origin="https://evil.example") == 403
    assert status(Origin=assistant_url) == 200
    assert status(Host="tenant.localhost") == 200


def test_there_is_no_stream_of_the_servers_own_to_wait_for(assistant_url: str) -> None:
    for method in ("GET", "DELETE"):
        refused = httpx.request(method, f"{assistant_url}/mcp", headers=ACCEPT)
        assert refused.status_code == 405
        assert refused.headers["Allow"] == "POST"


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_client_that_leaves_ends_the_work(assistant_url: str, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    from api.mcp.schemas import FetchIn, FetchOut  # noqa: PLC0415
    from api.mcp.tools import TOOLS, Call, ToolSpec  # noqa: PLC0415

    begun, told = threading.Event(), threading.Event()

    def wait(asked: FetchIn, call: Call) -> FetchOut:
        begun.set()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if call.audience.gone():
                told.set()
                break
            time.sleep(0.02)
        return FetchOut(id=asked.id, title="", text="", url="u", metadata={})

    monkeypatch.setitem(TOOLS, "wait", ToolSpec(title="Wait", takes=FetchIn, gives=FetchOut, work=wait))

    async def leave(client: "Client") -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(client.call_tool("wait", {"id": "x"}), 1)

    with_client(assistant_url, leave, mode=mode)
    assert begun.is_set()
    assert told.wait(10)


def test_many_clients_at_once_get_what_one_gets(assistant_url: str) -> None:
    from mcp import Client  # noqa: PLC0415

    async def one(query: str) -> Any:
        async with Client(f"{assistant_url}/mcp") as client:
            return (await client.call_tool("search", {"query": query})).structured_content

    async def many() -> list[Any]:
        return await asyncio.gather(*(one(query) for query in ["run chart", "huddle"] * 6))

    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(asyncio.run, many()).result()
    assert all(found[place] == found[place % 2] for place in range(12))
    assert found[0] != found[1]
