"""Who may not read a collection gets exactly what a server answers that never had it: to the last score and count."""

import json
from typing import Any

import pytest

from api.auth.secret import derived, load_secret
from api.auth.signed import sign
from api.routes.cursors import cursor_behind
from tests.api.access.endpoints import MCP_HEADERS, READING, mcp_call
from tests.api.access.local_issuer import LocalIssuer
from tests.api.access.site import HIDDEN_WORDS, Site, bearer

READABLE = frozenset({"default", "ward"})
HIDDEN_QUESTION = "What will project Halcyon mean for the hospital?"
SAID_IN_HIDDEN = "We announce the merger in spring"


def post(url: str, **document: Any) -> dict[str, Any]:
    return {"method": "POST", "url": url, "json": document}


def get(url: str, **params: Any) -> dict[str, Any]:
    return {"method": "GET", "url": url, "params": params}


def chat(text: str, **more: Any) -> dict[str, Any]:
    return post("/v1/chat/completions", model="turnwise", messages=[{"role": "user", "content": text}], **more)


HISTORY = [{"question": "What did Victor Stonebridge say?", "answer": None}]
REQUESTS: dict[str, dict[str, Any]] = READING | {
    "search for hidden words": post("/v1/search", query="project Halcyon merger"),
    "search by words": post("/v1/search", query="morning huddle run chart median", mode="lexical"),
    "search by meaning": post("/v1/search", query="morning huddle run chart median", mode="dense"),
    "search for shared words": post("/v1/search", query="six points below the median", top_k=50),
    "search in the hidden collection": post("/v1/search", query="huddle", filters={"collections": ["board"]}),
    "search in both": post("/v1/search", query="merger", filters={"collections": ["board", "default"]}),
    "search in a hidden transcript": post("/v1/search", query="huddle", filters={"transcript_ids": ["board-1"]}),
    "search for a hidden speaker": post("/v1/search", query="huddle", filters={"speakers": ["Victor Stonebridge"]}),
    "search for a speaker of both": post("/v1/search", query="merger", filters={"speakers": ["Ann Reed"]}),
    "search with a misspelt word": post("/v1/search", query="project Halcyom mergers"),
    "search after a hidden speaker": post("/v1/search", query="And what did he decide?", history=HISTORY),
    "ask what is hidden": post("/v1/ask", question=HIDDEN_QUESTION),
    "ask of a hidden speaker": post("/v1/ask", question="What does Victor Stonebridge think of the merger?"),
    "ask in the hidden collection": post("/v1/ask", question=HIDDEN_QUESTION, filters={"collections": ["board"]}),
    "ask in a hidden transcript": post("/v1/ask", question=HIDDEN_QUESTION, filters={"transcript_ids": ["board-2"]}),
    "ask a hidden speaker only": post("/v1/ask", question="What?", filters={"speakers": ["victor stonebridge"]}),
    "ask a follow-up": post("/v1/ask", question="When will it be announced?", history=HISTORY),
    "ask as a stream": post("/v1/ask", question=HIDDEN_QUESTION, stream=True),
    "ask what is near": post("/v1/ask", question="How many points make a shift on a run chart?"),
    "ask what there is": post("/v1/ask", question="What conversations are there?"),
    "ask who speaks": post("/v1/ask", question="Who speaks here?"),
    "ask what it is": post("/v1/ask", question="What is this?"),
    "check a hidden quote": post("/v1/quote", quote=SAID_IN_HIDDEN),
    "check nearly a hidden quote": post("/v1/quote", quote="We will announce a merger in the spring"),
    "check common words": post("/v1/quote", quote="the morning huddle"),
    "check where it is hidden": post("/v1/quote", quote=SAID_IN_HIDDEN, filters={"collections": ["board"]}),
    "check of a hidden speaker": post("/v1/quote", quote="the merger", filters={"speakers": ["Victor Stonebridge"]}),
    "list the hidden collection": get("/v1/transcripts", collection="board"),
    "list of a hidden speaker": get("/v1/transcripts", speaker="Victor Stonebridge"),
    "list from a hidden place on": get("/v1/transcripts", cursor=cursor_behind("board-2")),
    "list one by one": get("/v1/transcripts", limit=1),
    "a hidden transcript": get("/v1/transcripts/board-1"),
    "a hidden page": get("/transcripts/board-1"),
    "chat on what is hidden": chat(HIDDEN_QUESTION),
    "chat as a stream": chat(HIDDEN_QUESTION, stream=True),
    "mcp search": mcp_call("search", query="project Halcyon merger"),
    "mcp fetch": mcp_call("fetch", id="board-1"),
    "mcp fetch of a turn": mcp_call("fetch", id="board-1#turn-1"),
    "mcp ask": mcp_call("ask", question=HIDDEN_QUESTION),
    "mcp verify": mcp_call("verify_quote", quote=SAID_IN_HIDDEN),
    "mcp tools": {
        "method": "POST",
        "url": "/mcp",
        "headers": MCP_HEADERS,
        "json": {"jsonrpc": "2.0", "id": 1, "method": "tools/list"},
    },
    "feedback": post("/v1/feedback", request_id="unheard-of", rating="up"),
}
CHANGING_MEMBERS = ("request_id", "timings_ms", "id", "created", "index_version")
WAYS = ("key without groups", "person of another group", "widget", "session")


@pytest.fixture(scope="module")
def shown(site: Site, issuer: LocalIssuer) -> dict[str, dict[str, str]]:
    """Return the headers of everybody who may read all but what is hidden."""
    key = site.key(collections=READABLE)
    token = site.client.post("/v1/token", json={"collections": ["board", *READABLE]}, headers=bearer(key))
    session = sign(
        {"sub": "u", "name": "n", "groups": ["everybody"]},
        secret=derived(load_secret(site.home), "session"),
        purpose="session",
        ttl_s=600,
    )
    return {
        "key of open collections": bearer(key),
        "key without groups": bearer(site.key(groups=frozenset({"everybody"}))),
        "person of another group": bearer(issuer.token(groups=["nurses", "executive", "EXECUTIVES"])),
        "widget": bearer(token.json()["token"]),
        "session": {"Cookie": f"turnwise={session}", "Origin": "http://127.0.0.1"},
    }


def rounded(value: Any) -> Any:
    """Return a document without what differs from call to call, and with scores as far as they are told apart."""
    if isinstance(value, dict):
        return {
            name: rounded(member)
            for name, member in value.items()
            if name not in CHANGING_MEMBERS or (name == "id" and not str(member).startswith("chatcmpl"))
        }
    if isinstance(value, list):
        return [rounded(member) for member in value]
    if isinstance(value, str) and value.startswith("{") and '"passages"' in value:
        return rounded(json.loads(value))
    return round(value, 5) if isinstance(value, float) else value


def comparable(text: str) -> Any:
    try:
        return rounded(json.loads(text))
    except ValueError:
        lines = [line.removeprefix("data: ") for line in text.splitlines()]
        return [rounded(json.loads(line)) if line.startswith(("{", "[{")) else line for line in lines]


@pytest.mark.parametrize("request_name", REQUESTS)
def test_it_is_as_if_the_collection_had_never_been_there(
    site: Site, twin: Site, shown: dict[str, dict[str, str]], request_name: str
) -> None:
    request = REQUESTS[request_name]
    headers = request.get("headers", {})
    without = twin.client.request(**{**request, "headers": headers | bearer(twin.key(collections=READABLE))})
    answer = site.client.request(**{**request, "headers": headers | shown["key of open collections"]})
    assert answer.status_code == without.status_code
    assert comparable(answer.text) == comparable(without.text)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("request_name", REQUESTS)
def test_no_word_of_it_is_shown_to_who_may_not_read_it(
    site: Site, shown: dict[str, dict[str, str]], request_name: str, way: str
) -> None:
    request = REQUESTS[request_name]
    response = site.client.request(**{**request, "headers": request.get("headers", {}) | shown[way]})
    assert response.status_code in (200, 404, 422), response.text
    asked = json.dumps(request).lower()
    for word in HIDDEN_WORDS:
        # What was asked may be echoed; nothing else may be said.
        if word not in asked:
            assert word not in response.text.lower()
    assert "quillfeather" not in response.text.lower()


def test_who_may_read_it_does(site: Site, issuer: LocalIssuer) -> None:
    for headers in (
        bearer(site.key("admin")),
        bearer(site.key(collections=frozenset({"board"}))),
        bearer(site.key(groups=frozenset({"executives"}))),
        bearer(issuer.token(groups=["executives"])),
        bearer(issuer.token(groups=["owners"])),
    ):
        found = site.client.post("/v1/search", json={"query": "project Halcyon"}, headers=headers).json()
        assert found["passages"][0]["collection"] == "board"


def test_the_version_of_the_index_tells_nothing_of_what_is_hidden(site: Site, twin: Site) -> None:
    def version(at: Site, key: str) -> str:
        return str(at.client.post("/v1/search", json={"query": "x"}, headers=bearer(key)).json()["index_version"])

    mine = version(site, site.key(collections=READABLE))
    assert mine == version(twin, twin.key(collections=READABLE))
    assert mine != version(site, site.key("admin"))


def test_a_change_of_the_owners_list_holds_at_once(site: Site) -> None:
    key = bearer(site.key(groups=frozenset({"nurses"})))
    listed = site.home / "access.toml"
    before = listed.read_text("utf-8")
    try:
        listed.write_text(before.replace('["executives"]', '["executives", "nurses"]'), "utf-8")
        assert site.client.get("/v1/transcripts/board-1", headers=key).status_code == 200
        listed.write_text("collections = 3\n" + before, "utf-8")
        assert site.client.get("/v1/transcripts/board-1", headers=key).status_code == 503
    finally:
        listed.write_text(before, "utf-8")
    assert site.client.get("/v1/transcripts/board-1", headers=key).status_code == 404


def test_a_widgets_token_never_reads_more_than_its_key(site: Site) -> None:
    key = bearer(site.key(collections=frozenset({"ward"})))
    given = site.client.post("/v1/token", json={"collections": ["ward", "default", "board"]}, headers=key)
    token = bearer(given.json()["token"])
    listed = site.client.get("/v1/transcripts", headers=token).json()["transcripts"]
    assert {entry["collection"] for entry in listed} == {"ward"}
    narrower = site.client.post("/v1/token", json={"collections": ["default"]}, headers=bearer(site.key()))
    listed = site.client.get("/v1/transcripts", headers=bearer(narrower.json()["token"])).json()["transcripts"]
    assert {entry["collection"] for entry in listed} == {"default"}


def test_a_widgets_token_ends_with_its_key(site: Site) -> None:
    key = site.key()
    token = bearer(site.client.post("/v1/token", json={}, headers=bearer(key)).json()["token"])
    assert site.client.get("/v1/speakers", headers=token).status_code == 200
    site.keys.revoke(key.split("_")[1])
    assert site.client.get("/v1/speakers", headers=token).status_code == 401


@pytest.mark.parametrize("ttl_s", [59, 3601, 0, -1, "600", 600.5, None])
def test_a_widgets_token_holds_a_minute_to_an_hour(site: Site, ttl_s: Any) -> None:
    assert site.client.post("/v1/token", json={"ttl_s": ttl_s}, headers=bearer(site.key())).status_code == 422
