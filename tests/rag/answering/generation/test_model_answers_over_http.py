"""Over HTTP: sentences go out while the model still writes, and a client that leaves ends the model's work."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

PLAIN = "How many doses were on time when they counted?"
HELD_BACK = "What share of doses was on time when they counted?"
SILENT = "What share of the doses was on time?"
ENDLESS = "What per cent of the doses were on time over the six weeks?"
TRUE = "Maggie Thistlewood said that over six weeks 52 per cent of doses were on time. "
ALSO_TRUE = "The standard is put so: “a dose is on time if it's given within thirty minutes either side of the time”. "
THIRD = "Kofi Brathwaite said it didn't surprise him. "


class Gate:
    """Holds the model back until the test has seen what went out before."""

    def __init__(self) -> None:
        self.opened = threading.Event()


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate()


@pytest.fixture(scope="module")
def model(llm_server: Any, gate: Gate) -> str:
    def script(respond: Any) -> None:
        question = respond.call.body["messages"][-1]["content"].rpartition("Question: ")[2]
        if question == SILENT:
            while True:
                time.sleep(0.05)
                respond.raw(b": thinking\n\n")
        respond.say(TRUE + ALSO_TRUE)
        if question == HELD_BACK:
            respond.say("And so it goes on. ")
            assert gate.opened.wait(30)
        while question == ENDLESS:
            time.sleep(0.05)
            respond.token("and ")
        respond.done()

    name: str = llm_server.model(script)
    return name


@pytest.fixture(scope="module")
def client(llm_server: Any, model: str, corpus_home: Path) -> Iterator[httpx.Client]:
    """Return a client of a real server, in this process, that writes with the scripted model by default."""
    import uvicorn  # noqa: PLC0415

    from api.app import build_app  # noqa: PLC0415
    from rag.assembly import open_turnwise  # noqa: PLC0415
    from rag.settings import load_settings  # noqa: PLC0415

    settings = load_settings(
        home=corpus_home, reader="off", generator="llm", llm_base_url=llm_server.url, llm_model=model
    )
    with open_turnwise(settings, read_only=True) as turnwise:
        server = uvicorn.Server(uvicorn.Config(build_app(turnwise), port=0, log_level="warning"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        deadline = time.monotonic() + 60
        while not server.started:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as connected:
            yield connected
        server.should_exit = True
        thread.join(30)


def events(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def test_events_add_up_to_the_answer_and_cite_before_they_quote(client: httpx.Client) -> None:
    plain = client.post("/v1/ask", json={"question": PLAIN}).json()
    assert plain["generator"] == "llm"
    with client.stream("POST", "/v1/ask", json={"question": PLAIN, "stream": True}) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        found = list(events(response.iter_lines()))
    names = [name for name, _ in found]
    assert names[:2] == ["status", "passages"]
    assert names[-1] == "done"
    assert set(names[2:-1]) == {"citation", "token"}
    assert found[0][1] == {"status": "answered", "standalone_question": plain["standalone_question"]}
    assert found[1][1] == plain["passages"] == found[-1][1]["passages"]
    tokens = [data["text"] for name, data in found if name == "token"]
    assert "".join(tokens).encode() == plain["answer"].encode()
    assert [data for name, data in found if name == "citation"] == plain["citations"]
    for key in ("answer", "sentences", "citations", "generator", "notice", "related_questions"):
        assert found[-1][1][key] == plain[key]
    known: set[int] = set()
    for name, data in found:
        if name == "citation":
            known.add(data["n"])
        elif name == "token":
            assert {int(n) for n in re.findall(r"\[(\d+)\]", data["text"])} <= known


def test_sentences_go_out_while_the_model_still_writes(client: httpx.Client, gate: Gate) -> None:
    with client.stream("POST", "/v1/ask", json={"question": HELD_BACK, "stream": True}) as response:
        heard = ""
        for name, data in events(response.iter_lines()):
            if name == "token":
                heard += data["text"]
            if "[2]" in heard and not gate.opened.is_set():
                gate.opened.set()  # only now may the model end
            if name == "done":
                assert data["answer"] == heard
                assert data["generator"] == "llm"
    assert gate.opened.is_set()


@pytest.mark.parametrize("question", [SILENT, ENDLESS])
@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_leaves_ends_the_call_upstream(
    *,
    client: httpx.Client,
    llm_server: Any,
    model: str,
    wait_until: Callable[..., bool],
    question: str,
    stream: bool,
) -> None:
    before = len(llm_server.calls_of(model))
    if stream:
        with client.stream("POST", "/v1/ask", json={"question": question, "stream": True}) as response:
            going_on = events(response.iter_lines())
            assert next(going_on)[0] == "status"
            assert wait_until(lambda: len(llm_server.calls_of(model)) > before, 20)
    else:
        with pytest.raises(httpx.ReadTimeout):
            client.post("/v1/ask", json={"question": question}, timeout=2)
        assert wait_until(lambda: len(llm_server.calls_of(model)) > before, 20)
    assert wait_until(llm_server.calls_of(model)[before].ended_by_client.is_set, 5)


def test_a_request_may_ask_for_quotes_alone(client: httpx.Client, llm_server: Any, model: str) -> None:
    before = len(llm_server.calls_of(model))
    asked = {"question": PLAIN, "generator": "extractive"}
    assert client.post("/v1/ask", json=asked).json()["generator"] == "extractive"
    assert len(llm_server.calls_of(model)) == before


def test_doctor_calls_the_model_only_when_asked_and_shows_no_key(
    llm_server: Any, model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.cli.checks import run_checks  # noqa: PLC0415
    from rag.settings import load_settings  # noqa: PLC0415

    key = "sk-never-to-be-seen-4711"
    settings = load_settings(home=tmp_path, llm_base_url=llm_server.url, llm_model=model, llm_api_key=key)
    assert key not in repr(settings)
    before = len(llm_server.calls_of(model))

    def found(**options: bool) -> Any:
        return next(check for check in run_checks(settings, **options) if check.name == "language model")

    quiet = found()
    assert quiet.ok
    assert "not called" in quiet.detail
    assert len(llm_server.calls_of(model)) == before
    called = found(ask_model=True)
    assert called.ok, called.detail
    assert "replied in" in called.detail
    assert len(llm_server.calls_of(model)) == before + 1
    assert key not in quiet.detail + called.detail
    broken = load_settings(
        home=tmp_path, llm_base_url=llm_server.url, llm_model=llm_server.model(lambda r: r.status(401))
    )
    [refused] = [check for check in run_checks(broken, ask_model=True) if check.name == "language model"]
    assert not refused.ok
    assert "refuses the key" in refused.detail
