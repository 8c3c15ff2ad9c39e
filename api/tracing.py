"""Traces, sent by OTLP over HTTP to the endpoint that the environment names; without one, nothing is imported.

The variables are OpenTelemetry's own: OTEL_EXPORTER_OTLP_ENDPOINT or …_TRACES_ENDPOINT, OTEL_SERVICE_NAME and so on.
Spans hold no words of any question.
"""

import os
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.version import version
from rag.errors import SettingsError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
NS_PER_MS = 1_000_000
TOTAL = "total"


class Tracing:
    """Makes a span of each request, and one of each stage of answering."""

    def __init__(self, provider: "TracerProvider") -> None:
        """Send to a provider."""
        self._provider = provider
        self.tracer: Tracer = provider.get_tracer("turnwise", version())

    def stages(self, timings_ms: Mapping[str, float]) -> None:
        """Make spans of stages that have just ended, one after the other, within the request's."""
        start = time.time_ns() - int(timings_ms.get(TOTAL, 0.0) * NS_PER_MS)
        for stage, taken_ms in timings_ms.items():
            if stage != TOTAL:
                end = start + int(taken_ms * NS_PER_MS)
                self.tracer.start_span(stage, start_time=start).end(end)
                start = end

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()


def open_tracing() -> Tracing | None:
    """Return tracing to the endpoint that the environment names, or None.

    Raises:
        SettingsError: An endpoint is named, but what sends to it is not installed.
    """
    if not any(os.environ.get(name) for name in ENDPOINTS):
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as error:
        raise SettingsError(
            f"{' or '.join(ENDPOINTS)} is set, but traces need a further part: pip install 'turnwise[otel]'."
        ) from error
    name = os.environ.get("OTEL_SERVICE_NAME", "turnwise")
    provider = TracerProvider(resource=Resource.create({"service.name": name, "service.version": version()}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Tracing(provider)


class TracingMiddleware:
    """Makes a span of every request, within the trace that its `traceparent` header names (W3C Trace Context)."""

    def __init__(self, app: ASGIApp, *, tracing: Tracing) -> None:
        """Wrap `app`."""
        self.app = app
        self.tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        from opentelemetry.propagate import extract  # noqa: PLC0415 - only here if it is installed
        from opentelemetry.trace import SpanKind, StatusCode  # noqa: PLC0415

        method = scope["method"]
        carrier = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        with self.tracing.tracer.start_as_current_span(
            method, context=extract(carrier), kind=SpanKind.SERVER, attributes={"http.request.method": method}
        ) as span:

            async def send_and_look(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
                        span.set_status(StatusCode.ERROR)
                    found = dict(message["headers"]).get(b"x-request-id", b"")
                    span.set_attribute("turnwise.request_id", found.decode("latin-1"))
                await send(message)

            await self.app(scope, receive, send_and_look)
            if (route := getattr(scope.get("route"), "path", None)) is not None:
                span.update_name(f"{method} {route}")
                span.set_attribute("http.route", route)
