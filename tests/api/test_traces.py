"""Traces go to the endpoint that the environment names, hold no words, and without one nothing is imported."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.tracing import TracingMiddleware, open_tracing

PROJECT = Path(__file__).resolve().parents[2]
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def collector() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    received: list[tuple[str, bytes]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", received
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_request_and_its_stages_are_sent_as_one_trace(
    collector: tuple[str, list[tuple[str, bytes]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("opentelemetry.sdk", reason="OpenTelemetry's SDK is not installed (extra: otel)")
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest  # noqa: PLC0415

    url, received = collector
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
    tracing = open_tracing()
    assert tracing is not None
    app = FastAPI()

    @app.get("/v1/things/{name}")
    def thing(name: str) -> str:
        tracing.stages({"embed": 2.0, "retrieve": 3.0, "total": 6.0})
        return name

    app.add_middleware(TracingMiddleware, tracing=tracing)

    async def ask() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as client:
            answer = await client.get("/v1/things/quokka?q=wombat", headers={"traceparent": PARENT})
            assert answer.status_code == 200

    asyncio.run(ask())
    tracing.close()
    ((path, body),) = received
    assert path == "/v1/traces"
    sent = ExportTraceServiceRequest.FromString(body)
    spans = {span.name: span for scopes in sent.resource_spans[0].scope_spans for span in scopes.spans}
    assert set(spans) == {"GET /v1/things/{name}", "embed", "retrieve"}
    request = spans["GET /v1/things/{name}"]
    assert request.parent_span_id.hex() == "00f067aa0ba902b7"
    assert {span.trace_id.hex() for span in spans.values()} == {"4bf92f3577b34da6a3ce929d0e0e4736"}
    assert spans["embed"].parent_span_id == spans["retrieve"].parent_span_id == request.span_id
    assert spans["retrieve"].end_time_unix_nano - spans["retrieve"].start_time_unix_nano == 3_000_000
    assert b"quokka" not in body
    assert b"wombat" not in body


def test_without_an_endpoint_nothing_is_imported() -> None:
    script = (
        "import sys, api.tracing\nassert api.tracing.open_tracing() is None\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry.sdk')]"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
