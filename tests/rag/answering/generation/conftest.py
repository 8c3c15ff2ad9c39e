"""An OpenAI-compatible server over HTTP, whose model does what its name says: well, badly, slowly or with ill will."""

import itertools
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from rag.assembly import Turnwise
    from rag.reading import Reader
    from rag.reading.window import Window

KEY = "sk-never-to-be-seen-4711"


@dataclass
class Call:
    """One request that arrived."""

    model: str
    body: dict[str, Any]
    key: str
    ended_by_client: threading.Event = field(default_factory=threading.Event)


class Respond:
    """What a scripted model can do to the connection."""

    def __init__(self, handler: BaseHTTPRequestHandler, call: Call) -> None:
        self.handler = handler
        self.call = call
        self.begun = False

    def passage(self, words: str) -> int:
        """Return the number of the passage that holds some words, as the prompt has it."""
        prompt = self.call.body["messages"][1]["content"]
        for number, text in re.findall(r'<passage number="(\d+)"(.*?)</passage>', prompt, re.DOTALL):
            if words in text:
                return int(number)
        raise AssertionError(f"no passage of the prompt holds {words!r}")

    def status(self, code: int, body: str = "{}", **headers: str) -> None:
        self.handler.send_response(code)
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.send_header("Content-Type", "application/json")
        self.handler.send_header("Content-Length", str(len(body.encode())))
        self.handler.end_headers()
        self.handler.wfile.write(body.encode())

    def raw(self, data: bytes) -> None:
        if not self.begun:
            self.handler.send_response(200)
            self.handler.send_header("Content-Type", "text/event-stream")
            self.handler.send_header("Connection", "close")
            self.handler.end_headers()
            self.handler.close_connection = True
            self.begun = True
        try:
            self.handler.wfile.write(data)
            self.handler.wfile.flush()
        except OSError:
            self.call.ended_by_client.set()
            raise

    def event(self, data: Any) -> None:
        self.raw(f"data: {json.dumps(data)}\n\n".encode())

    def token(self, text: str, finish: str | None = None) -> None:
        self.event(
            {
                "id": "c1",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": self.call.model,
                "choices": [{"index": 0, "delta": {"content": text} if text else {}, "finish_reason": finish}],
            }
        )

    def say(self, text: str, size: int = 7) -> None:
        for start in range(0, len(text), size):
            self.token(text[start : start + size])

    def done(self, reason: str = "stop") -> None:
        self.token("", reason)
        self.raw(b"data: [DONE]\n\n")


Script = Callable[[Respond], None]


class ReadsOnce:
    """A reader that remembers what it has read: reading is nine tenths of an answer, and few questions are asked."""

    def __init__(self, reader: "Reader") -> None:
        self._reader = reader
        self._read: dict[Any, Any] = {}

    def prepare(self) -> None:
        self._reader.prepare()

    def read(self, question: str, windows: "Sequence[Window]") -> Any:
        asked = (question, *windows)
        if asked not in self._read:
            self._read[asked] = self._reader.read(question, windows)
        return self._read[asked]


class ScriptedServer:
    """Serves `POST /v1/chat/completions` and nothing else, as some endpoints do."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.scripts: dict[str, Script] = {}
        self._names = itertools.count()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                call = Call(model=body["model"], body=body, key=self.headers.get("Authorization", ""))
                server.calls.append(call)
                if self.path != "/v1/chat/completions":
                    Respond(self, call).status(404)
                    return
                try:
                    server.scripts[call.model](Respond(self, call))
                except OSError:
                    call.ended_by_client.set()

            def do_GET(self) -> None:
                Respond(self, Call(model="", body={}, key="")).status(404)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)
        self._thread.start()

    def model(self, script: Script) -> str:
        """Return the name of a model that does as the script says."""
        name = f"scripted-{next(self._names)}"
        self.scripts[name] = script
        return name

    def says(self, text: str, size: int = 7) -> str:
        """Return the name of a model that always gives one reply; "{words}" is the number of the passage with them."""

        def script(respond: Respond) -> None:
            cited = re.sub(r"\{([^{}]+)\}", lambda match: f"[{respond.passage(match.group(1))}]", text)
            respond.say(cited, size)
            respond.done()

        return self.model(script)

    def calls_of(self, model: str) -> list[Call]:
        return [call for call in self.calls if call.model == model]

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@pytest.fixture(scope="session")
def llm_server() -> Iterator[ScriptedServer]:
    """Return a running server; give it models with `llm_server.says(text)`."""
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def written_over(llm_server: ScriptedServer) -> Iterator[Callable[..., Any]]:
    """Return an answerer over a collection whose answers a scripted model writes: `written_over(turnwise, "m")`.

    `reads=False` leaves out the reader, which is most of an answer's time and chooses only among quotes.
    """
    from rag.answering.answerer import Answerer  # noqa: PLC0415
    from rag.answering.generation.writer import Writer  # noqa: PLC0415
    from rag.assembly import language_model_of  # noqa: PLC0415
    from rag.settings import load_settings  # noqa: PLC0415

    opened = []
    readers: dict[int, Any] = {}

    def answerer(over: "Turnwise", model: str, *, reads: bool = True, **settings: Any) -> Answerer:
        given = {"llm_base_url": llm_server.url, "llm_model": model, "llm_api_key": KEY, **settings}
        endpoint = language_model_of(load_settings(home=Path("unused"), **given))
        assert endpoint is not None
        opened.append(endpoint)
        writer = Writer(
            generator=endpoint,
            library=over.library,
            sentence_vectors=over.retriever.sentence_vectors,
            embed=lambda texts: over.embedder.embed(texts, input_type="document"),
        )
        reader = readers.setdefault(id(over.reader), ReadsOnce(over.reader)) if reads and over.reader else None
        return Answerer(retriever=over.retriever, library=over.library, writer=writer, reader=reader, generator="llm")

    yield answerer
    for endpoint in opened:
        endpoint.close()


@pytest.fixture(scope="session")
def written_by(turnwise: "Turnwise", written_over: Callable[..., Any]) -> Callable[..., Any]:
    """Return an answerer over the project's own conversations: `written_by("model", llm_timeout_s=2)`."""
    return partial(written_over, turnwise)


def until(holds: Callable[[], bool], within_s: float) -> bool:
    """Wait until something holds, and say whether it did in time."""
    deadline = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture(scope="session")
def wait_until() -> Callable[[Callable[[], bool], float], bool]:
    return until
