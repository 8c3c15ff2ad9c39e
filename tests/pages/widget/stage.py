"""A foreign site with widgets on it, and a server that answers as a test tells it: each on a port of its own."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from api.streaming import encode_event, words
from api.widget_script import widget_script

HOST_SCRIPT = """
window.heard = [];
for (const what of ["open", "close", "question", "answer", "error", "citation"]) {
  document.addEventListener(`turnwise-${what}`, (event) => {
    window.heard.push({ what, from: event.target.id, composed: event.composed, detail: event.detail });
  });
}
document.addEventListener("securitypolicyviolation", (event) => {
  window.heard.push({ what: "violation", from: event.violatedDirective });
});
"""


class Server:
    """An HTTP server on a free port of this machine; it can be stopped and come back on the same port."""

    def __init__(self) -> None:
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def respond(self, request: "_Handler") -> None:
        raise NotImplementedError


class _Handler(BaseHTTPRequestHandler):
    owner: Server

    def do_GET(self) -> None:
        self.owner.respond(self)

    def do_POST(self) -> None:
        self.owner.respond(self)

    def do_OPTIONS(self) -> None:
        self.owner.respond(self)

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""

    def send(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


class ForeignSite(Server):
    """The pages of a host, under as strict a policy as there is, and its address for tokens."""

    def __init__(self) -> None:
        self.html = ""
        self.css = ""
        self.api = ""
        self.token: Callable[[], dict[str, Any] | None] = lambda: None
        self.tokens_given = 0
        super().__init__()

    def respond(self, request: _Handler) -> None:
        path = request.path.partition("?")[0]
        if path == "/token":
            self.tokens_given += 1
            token = self.token()
            request.send(200 if token else 403, "application/json", json.dumps(token or {}).encode())
        elif path == "/favicon.ico":
            request.send(204, "image/svg+xml", b"")
        elif path == "/host.css":
            request.send(200, "text/css", self.css.encode())
        elif path == "/host.js":
            request.send(200, "text/javascript", HOST_SCRIPT.encode())
        else:
            policy = (
                f"default-src 'none'; script-src 'self' {self.api}; style-src 'self'; img-src 'self'; "
                f"connect-src 'self' {self.api}; base-uri 'none'; form-action 'none'; "
                "require-trusted-types-for 'script'; trusted-types 'none'"
            )
            page = (
                '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>A host page</title>'
                '<meta name="viewport" content="width=device-width, initial-scale=1">'
                '<link rel="stylesheet" href="/host.css">'
                f'<script src="/host.js"></script><script src="{self.api}/widget.js" defer></script></head>'
                f"<body><main><h1>Our intranet</h1>{self.html}</main></body></html>"
            )
            request.send(200, "text/html; charset=utf-8", page.encode(), Content_Security_Policy=policy)


@dataclass
class Asked:
    """One call of `/v1/ask`."""

    body: dict[str, Any]
    authorization: str | None
    accept: str | None


@dataclass
class Reply:
    """What the scripted server does with one call."""

    answer: dict[str, Any] | None = None
    status: int = 200
    problem: dict[str, Any] | None = None
    breaks_after: int | None = None
    """Events after which the connection breaks off."""
    pause_s: float = 0.0
    """Between events."""
    headers: dict[str, str] = field(default_factory=dict)


class ScriptedServer(Server):
    """Serves the real widget, and answers questions with the replies it was given, the last one for good."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.asked: list[Asked] = []
        super().__init__()

    def respond(self, request: _Handler) -> None:
        if request.path == "/widget.js":
            request.send(200, "text/javascript", widget_script()[0].encode())
            return
        allow = {
            "Access_Control_Allow_Origin": request.headers.get("Origin", ""),
            "Access_Control_Allow_Headers": "authorization, content-type",
            "Access_Control_Expose_Headers": "x-request-id, retry-after",
        }
        if request.command == "OPTIONS":
            request.send(204, "text/plain", b"", **allow)
            return
        body = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
        self.asked.append(Asked(body, request.headers.get("Authorization"), request.headers.get("Accept")))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        allow |= {name.replace("-", "_"): value for name, value in reply.headers.items()}
        if reply.answer is None:
            request.send(reply.status, "application/problem+json", json.dumps(reply.problem).encode(), **allow)
            return
        request.send_response(200)
        request.send_header("Content-Type", "text/event-stream")
        for name, value in allow.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        with suppress(ConnectionError):  # the visitor may stop it, or leave
            for number, event in enumerate(events(reply.answer | {"question": body["question"]})):
                if number == reply.breaks_after:
                    return
                request.wfile.write(event)
                time.sleep(reply.pause_s)


def events(answer: dict[str, Any]) -> Iterator[bytes]:
    """Yield an answer's events: its citations all before its words, which the contract allows."""
    yield encode_event("status", {"status": answer["status"], "standalone_question": answer["question"]})
    yield encode_event("passages", answer["passages"])
    for citation in answer["citations"]:
        yield encode_event("citation", citation)
    for word in words(answer["answer"]):
        yield encode_event("token", {"text": word})
    yield encode_event("done", answer)


def an_answer(
    *quotes: str, speaker: str | None = "Ada Quill", title: str = "Tea at four", **more: Any
) -> dict[str, Any]:
    """Return an answer in which one person says these quotes, in one turn."""
    lead = f"{speaker or 'Speaker not known'}, ward sister, in “{title}”, 2 May 2024"
    text = " ".join(quotes)
    person = {"speaker": speaker, "role": "ward sister", "organisation": None}
    known = {"attribution": more.pop("attribution", "labelled"), "attribution_reason": more.pop("reason", None)}
    place = {"transcript_id": "tea", "title": title, "date": "2024-05-02", "url": more.pop("url", None)}
    citations = [
        {"n": n, "quote": quote, "gloss": []}
        | {"turn": 3, "start": (start := text.index(quote)), "end": start + len(quote)}
        | person | known | place
        | {"link": f"/transcripts/tea#turn-3:{start}-{start + len(quote)}", "start_time": 75.0, "end_time": None}
        for n, quote in enumerate(quotes, start=1)
    ]  # fmt: skip
    turn = {"turn": 3, "start": 0, "end": len(text), "text": text} | person | known
    return {
        "status": "answered",
        "notice": None,
        "answer": "\n\n".join(f"{lead}: “{quote}” [{n}]" for n, quote in enumerate(quotes, start=1)),
        "citations": citations,
        "passages": [place | {"link": "/transcripts/tea#turn-3", "turns": [turn]}],
        "related_questions": [],
    } | more


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Stop a server at the end."""
    yield server
    server.stop()
