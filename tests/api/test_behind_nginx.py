"""The nginx that `deploy/nginx.conf` describes passes on streams as they are made, uploads, and who asks."""

import datetime as dt
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

CONF = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"
MAIN = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/turnwise.conf;
}}
"""
UPLOAD = 3 * 1024**2


@dataclass
class Seen:
    """What arrived behind nginx."""

    go_on: threading.Event = field(default_factory=threading.Event)
    headers: dict[str, str] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


class Behind(BaseHTTPRequestHandler):
    """Streams an event, and a second one when the test says so; counts what is uploaded."""

    protocol_version = "HTTP/1.1"
    seen: Seen

    def do_POST(self) -> None:
        self.seen.paths.append(self.path)
        self.seen.headers = dict(self.headers.items())
        self.seen.sizes.append(len(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self._send(b"event: status\n\n")
        if self.path == "/v1/ask":
            assert self.seen.go_on.wait(30)
        self._send(b"event: done\n\n")
        self._send(b"")

    def do_GET(self) -> None:
        self.seen.paths.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, piece: bytes) -> None:
        self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + dt.timedelta(1)
    )
    (folder / "transcripts.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    (folder / "transcripts.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    )


@pytest.fixture(scope="module")
def seen() -> Seen:
    return Seen()


@pytest.fixture(scope="module")
def client(seen: Seen, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if nginx is None:
        pytest.skip("nginx is not installed (Debian: apt-get install nginx)")
    folder = tmp_path_factory.mktemp("nginx")
    _certificate(folder)
    behind = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Behind,), {"seen": seen}))
    behind.daemon_threads = True
    port = _free_port()
    conf = CONF.read_text("utf-8")
    for ours, here in (
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{behind.server_address[1]};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("/etc/ssl/", f"{folder}/"),
    ):
        assert ours in conf
        conf = conf.replace(ours, here)
    (folder / "turnwise.conf").write_text(conf, "utf-8")
    main = folder / "main.conf"
    main.write_text(MAIN.format(folder=folder, user="user root;" if os.geteuid() == 0 else ""), "utf-8")
    checked = subprocess.run([nginx, "-t", "-p", folder, "-c", main], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr
    threading.Thread(target=behind.serve_forever, args=(0.05,), daemon=True).start()
    with subprocess.Popen([nginx, "-p", folder, "-c", main]) as running:
        try:
            with httpx.Client(base_url=f"https://127.0.0.1:{port}", verify=False, timeout=20) as connected:
                _wait_for(port)
                yield connected
        finally:
            seen.go_on.set()
            running.terminate()
            running.wait(20)
            behind.shutdown()
            behind.server_close()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_stream_reaches_the_reader_while_it_is_made(client: httpx.Client, seen: Seen) -> None:
    headers = {"Authorization": "Bearer twk_key", "Accept-Encoding": "gzip"}
    with client.stream("POST", "/v1/ask", json={"question": "Which?"}, headers=headers) as response:
        pieces = response.iter_raw()
        assert next(pieces) == b"event: status\n\n"  # the other event is not written yet
        seen.go_on.set()
        assert b"".join(pieces) == b"event: done\n\n"
    arrived = {name.lower(): value for name, value in seen.headers.items()}
    assert arrived["authorization"] == "Bearer twk_key"
    assert arrived["host"] == "127.0.0.1"
    assert len(arrived["x-request-id"]) == 32


def test_an_upload_larger_than_nginx_takes_by_default_passes(client: httpx.Client, seen: Seen) -> None:
    assert client.post("/v1/transcripts", content=b"x" * UPLOAD).status_code == 200
    assert seen.sizes[-1] == UPLOAD


def test_metrics_stay_behind(client: httpx.Client, seen: Seen) -> None:
    assert client.get("/metrics").status_code == 403
    assert client.get("/healthz").status_code == 200
    assert "/metrics" not in seen.paths
