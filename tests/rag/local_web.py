"""A web server of the tests' own on this machine: answers are put in, requests can be looked at."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Respond = Callable[[BaseHTTPRequestHandler], None]


class LocalWeb(ThreadingHTTPServer):
    """Serves what is in `pages`; what isn't there is a 404. ETags are made and honoured."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, Respond] = {}
        self.seen: list[tuple[str, int]] = []
        """Path and status of each request, robots.txt aside."""
        self.headers_seen: list[dict[str, str]] = []
        self.url = f"http://127.0.0.1:{self.server_port}"

    def put(self, path: str, body: str | bytes, media_type: str = "text/html; charset=utf-8", **headers: str) -> str:
        """Serve a body at a path and return its address."""
        data = body.encode() if isinstance(body, str) else body

        def respond(request: BaseHTTPRequestHandler) -> None:
            etag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
            same = request.headers.get("If-None-Match") == etag
            request.send_response(304 if same else 200)
            request.send_header("ETag", etag)
            for name, value in headers.items():
                request.send_header(name.replace("_", "-"), value)
            if not same:
                request.send_header("Content-Type", media_type)
                request.send_header("Content-Length", str(len(data)))
            request.end_headers()
            if not same:
                request.wfile.write(data)

        self.pages[path] = respond
        return self.url + path

    def redirect(self, path: str, target: str) -> str:
        """Redirect a path and return its address."""

        def respond(request: BaseHTTPRequestHandler) -> None:
            request.send_response(302)
            request.send_header("Location", target)
            request.send_header("Content-Length", "0")
            request.end_headers()

        self.pages[path] = respond
        return self.url + path

    def fail(self, path: str, status: int) -> str:
        """Answer with an error and return the address."""

        def respond(request: BaseHTTPRequestHandler) -> None:
            request.send_error(status)

        self.pages[path] = respond
        return self.url + path

    def requests(self) -> list[tuple[str, int]]:
        """Return what was asked for since the last call, robots.txt aside."""
        seen, self.seen = self.seen, []
        return seen

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up: some tests are about that."""


class _Handler(BaseHTTPRequestHandler):
    server: LocalWeb
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.headers_seen.append(dict(self.headers))
        respond = self.server.pages.get(self.path)
        if respond is None:
            self.send_error(404)
        else:
            respond(self)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        if self.path != "/robots.txt":
            self.server.seen.append((self.path, int(code)))

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def local_web() -> Iterator[LocalWeb]:
    """Run a server for the length of a block."""
    with LocalWeb() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
