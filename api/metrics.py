"""What the server measures of itself, for Prometheus.

Several workers write their values to files in one folder (PROMETHEUS_MULTIPROC_DIR, set by `turnwise serve` before this
is imported), so that whichever of them is asked answers for all.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from time import perf_counter

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Metric,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MULTIPROCESS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that prometheus-client reads; its name is not ours to choose."""
CONTENT_TYPE = CONTENT_TYPE_LATEST
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
"""Bounds of the histograms: from a look at the health to the longest wait for a language model."""
OTHER = "other"
"""The route of a request that no route takes: addresses that people make up must not become series."""

IndexState = Callable[[], tuple[str, int, int]]
"""Tells the index's version, its transcripts and its chunks."""


class Metrics:
    """Counts and times what the server does, in a registry of its own."""

    def __init__(self) -> None:
        """Start at zero."""
        self._own = CollectorRegistry()
        own = self._own
        self._requests = Counter("turnwise_requests", "Requests answered.", ("method", "route", "status"), registry=own)
        self._request_seconds = Histogram(
            "turnwise_request_seconds",
            "From a request to the end of its answer.",
            ("route",),
            buckets=SECONDS,
            registry=own,
        )
        self._stage_seconds = Histogram(
            "turnwise_stage_seconds", "What a stage of answering took.", ("stage",), buckets=SECONDS, registry=own
        )
        self._answers = Counter(
            "turnwise_answers",
            "Questions by what became of them: `not_found` is a refusal.",
            ("status", "generator"),
            registry=own,
        )
        self._turned_away = Counter(
            "turnwise_turned_away", "Requests turned away by a limit.", ("reason",), registry=own
        )
        self.running = Gauge(
            "turnwise_questions_running", "Questions being answered.", registry=own, multiprocess_mode="livesum"
        )
        self.waiting = Gauge(
            "turnwise_questions_waiting",
            "Questions waiting for their turn.",
            registry=own,
            multiprocess_mode="livesum",
        )
        self.ready = Gauge(
            "turnwise_ready",
            "Workers whose index is loaded and model warm.",
            registry=own,
            multiprocess_mode="livesum",
        )

    def answered(self, *, status: str, generator: str, timings_ms: Mapping[str, float]) -> None:
        """Count an answer and time its stages."""
        self._answers.labels(status, generator).inc()
        self.timed(timings_ms)

    def timed(self, timings_ms: Mapping[str, float]) -> None:
        """Time the stages of a search or an answer."""
        for stage, taken in timings_ms.items():
            self._stage_seconds.labels(stage).observe(taken / 1000)

    def turned_away(self, reason: str) -> None:
        """Count a request that a limit turned away."""
        self._turned_away.labels(reason).inc()

    def requested(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count and time a request."""
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def exposition(self, index: IndexState) -> bytes:
        """Return everything in Prometheus' text format."""
        shown = CollectorRegistry()
        if os.environ.get(MULTIPROCESS_FOLDER):
            MultiProcessCollector(shown)  # type: ignore[no-untyped-call]
        else:
            shown.register(_Registered(self._own))
            ProcessCollector(registry=shown)
            PlatformCollector(registry=shown)
            GCCollector(registry=shown)
        shown.register(_IndexCollector(index))
        return generate_latest(shown)


class _Registered(Collector):
    """What another registry holds."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterable[Metric]:
        return self._registry.collect()


class _IndexCollector(Collector):
    """What the index holds when it is asked: a version that is gone leaves no series behind."""

    def __init__(self, index: IndexState) -> None:
        self._index = index

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        version, transcripts, chunks = self._index()
        info = GaugeMetricFamily("turnwise_index_info", "The version of the index that is served.", labels=["version"])
        info.add_metric([version], 1)
        yield info
        yield GaugeMetricFamily("turnwise_index_transcripts", "Transcripts in the index.", value=transcripts)
        yield GaugeMetricFamily("turnwise_index_chunks", "Chunks in the index.", value=chunks)


class MetricsMiddleware:
    """Counts and times every request, by its route."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        """Wrap `app`."""
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = perf_counter(), 500

        async def send_and_look(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_look)
        finally:
            # The router notes in the scope which route took the request.
            route = getattr(scope.get("route"), "path", OTHER)
            method = scope["method"] if route != OTHER else OTHER
            self.metrics.requested(method=method, route=route, status=status, seconds=perf_counter() - started)
