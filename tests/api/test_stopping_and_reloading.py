"""A server that is told to stop finishes what it can and says so of the rest; one that is told to reload goes on."""

import asyncio
import json
import os
import re
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.auth.keys import KeyStore
from api.auth.principal import Scope
from api.limits.queue import QuestionQueue, QueueClosedError
from api.live_answer import LiveAnswer
from api.problems import RequestRefusedError
from api.state import Readiness
from api.stopping import STOP_WITHIN_S, Stopping
from api.streaming import stream_answer
from rag.assembly import open_turnwise
from rag.settings import load_settings
from tests.api.served_by_workers import Server, until

SOON = "What is a driver diagram for?"
NEVER = "Why did the pilot not spread?"
PER_MINUTE = 30
ORIGIN = "https://intranet.example.org"
IGNORED = re.compile(
    r"Exception ignored in: <async_generator object (?:AsyncResponseStream|Response\.aiter_raw).*\nTraceback.*\n"
    r"(?:[ \t].*\n)*ValueError: async generator already executing\n"
)
"""What httpx2 leaves where the collector of one thread meets a stream that another's loop is just closing; Python goes
on (`filterwarnings` in pyproject.toml)."""


class SlowModel(ThreadingHTTPServer):
    """A language model that thinks until it is let go on, and of one question for ever."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SlowReply)
        self.go_on = threading.Event()
        self.asked: list[str] = []


class SlowReply(BaseHTTPRequestHandler):
    """Comment lines while it thinks, then one word."""

    server: SlowModel

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append(body)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        while NEVER in body or not self.server.go_on.is_set():
            self.wfile.write(b": thinking\n\n")
            time.sleep(0.05)
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "slow"}
        choice = {"index": 0, "delta": {"role": "assistant", "content": "Well."}, "finish_reason": "stop"}
        self.wfile.write(f"data: {json.dumps({**chunk, 'choices': [choice]})}\n\ndata: [DONE]\n\n".encode())

    def handle(self) -> None:
        """Answer; that Turnwise leaves in the middle is part of the test."""
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture(scope="module")
def model() -> Iterator[SlowModel]:
    with SlowModel() as running:
        threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture(scope="module")
def home(corpus_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not Path("/proc/self/task").is_dir():
        pytest.skip("there is no /proc here: which processes are workers can't be seen")
    return Path(shutil.copytree(corpus_home, tmp_path_factory.mktemp("stopping") / "home"))


@pytest.fixture(scope="module")
def server(home: Path, model: SlowModel) -> Iterator[Server]:
    _, key = KeyStore(home).create("owner", scopes=frozenset({Scope.ADMIN}))
    settings = {
        "TURNWISE_LLM_BASE_URL": f"http://127.0.0.1:{model.server_address[1]}/v1",
        "TURNWISE_LLM_MODEL": "slow",
    }
    started = Server(home, settings=settings, headers={"Authorization": f"Bearer {key}"})
    yield started
    if started.process.poll() is None:
        started.end()


def test_a_callers_rate_holds_over_all_workers(server: Server, home: Path) -> None:
    _, key = KeyStore(home).create("widget", scopes=frozenset({Scope.READ}), rate_per_minute=PER_MINUTE)
    with ThreadPoolExecutor(8) as callers:
        asked = callers.map(
            lambda _: server.get("/v1/speakers", Authorization=f"Bearer {key}").status_code, range(PER_MINUTE + 12)
        )
        statuses = list(asked)
    assert (statuses.count(200), statuses.count(429)) == (PER_MINUTE, 12)


def test_settings_that_can_not_be_read_leave_the_workers_as_they_are(server: Server, home: Path) -> None:
    before = server.worker_pids()
    (home / "turnwise.toml").write_text("allowed_origins = 7\n", "utf-8")
    server.process.send_signal(signal.SIGHUP)
    until(lambda: "the workers go on as they are" in server.log.read_text("utf-8"))
    (home / "turnwise.toml").unlink()
    assert server.worker_pids() == before
    assert server.get("/v1/speakers").status_code == 200


def test_reloading_takes_new_settings_up_and_answers_meanwhile(server: Server, home: Path) -> None:
    before = server.worker_pids()
    (home / "turnwise.toml").write_text(f'allowed_origins = ["{ORIGIN}"]\n', "utf-8")
    assert "access-control-allow-origin" not in server.get("/v1/speakers", Origin=ORIGIN).headers
    server.process.send_signal(signal.SIGHUP)
    statuses = []

    def are_replaced() -> bool:
        statuses.append(server.get("/v1/speakers").status_code)
        return len(server.worker_pids()) == 2 and not set(server.worker_pids()) & set(before)

    until(are_replaced)
    assert set(statuses) == {200}
    server.until_ready()
    headers = [server.get("/v1/speakers", Origin=ORIGIN).headers for _ in range(6)]
    assert {each.get("access-control-allow-origin") for each in headers} == {ORIGIN}


def test_stopping_lets_answers_finish_and_tells_those_that_can_not(server: Server, model: SlowModel) -> None:
    begun = threading.Semaphore(0)

    def last_event(question: str) -> tuple[str, Any]:
        body = {"question": question, "stream": True, "generator": "llm"}
        with httpx.stream("POST", f"{server.url}/v1/ask", json=body, headers=server.headers, timeout=60) as response:
            assert response.status_code == 200
            pieces = []
            for piece in response.iter_text():
                if not pieces:
                    begun.release()
                pieces.append(piece)
        name, _, data = "".join(pieces).strip().rpartition("\n\n")[2].partition("\ndata: ")
        return name.removeprefix("event: "), json.loads(data)

    with ThreadPoolExecutor(2) as readers:
        soon, never = readers.submit(last_event, SOON), readers.submit(last_event, NEVER)
        for _ in range(2):
            assert begun.acquire(timeout=60)
        until(lambda: len(model.asked) == 2)
        told = time.monotonic()
        os.kill(server.process.pid, signal.SIGTERM)
        until(lambda: _is_closed(server), within_s=STOP_WITHIN_S)
        model.go_on.set()
        name, document = soon.result(60)
        assert (name, document["status"]) == ("done", "answered")
        name, document = never.result(60)
        assert (name, document["status"]) == ("error", 503)
        assert "being stopped" in document["detail"]
    assert server.process.wait(60) == 0, server.log.read_text("utf-8")
    assert time.monotonic() - told < 4 * STOP_WITHIN_S
    log = IGNORED.sub("", server.log.read_text("utf-8"))
    assert not log.partition("Traceback")[2]


def _is_closed(server: Server) -> bool:
    try:
        return server.get("/healthz").status_code == 0
    except httpx.TransportError:
        return True


def test_a_server_that_stops_is_not_ready() -> None:
    readiness = Readiness()
    readiness.succeed()
    readiness.stop()
    assert (readiness.ready, readiness.reason) == (False, "The server is being stopped.")


def test_who_still_waits_when_time_is_over_is_sent_away_and_nobody_is_let_in() -> None:
    async def run() -> None:
        stopping = Stopping()
        queue = QuestionQueue(at_once=1, waiting=4, timeout_s=60, on_change=lambda *_: None)
        stopping.when_over(queue.close)
        await queue.enter()
        waiting = [asyncio.ensure_future(queue.enter()) for _ in range(3)]
        stopping.begin(within_s=0.01)
        ended = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(each) for each in ended] == [QueueClosedError] * 3
        with pytest.raises(QueueClosedError):
            await queue.enter()

    asyncio.run(run())


def test_an_answer_for_which_there_is_no_more_time_is_an_error_with_its_reason() -> None:
    async def run() -> list[bytes]:
        stopping, live = Stopping(), LiveAnswer()
        made = asyncio.get_running_loop().create_future()
        making = asyncio.ensure_future(stopping.unless_over(made, live))
        stopping.begin(within_s=0.01)
        events = [event async for event in stream_answer(making, live=live)]
        assert live.gone()
        with pytest.raises(RequestRefusedError):
            await stopping.unless_over(asyncio.get_running_loop().create_future(), live)
        assert await stopping.unless_over(asyncio.sleep(0, "made"), live) == "made"
        return events

    (event,) = asyncio.run(run())
    assert event.startswith(b"event: error\ndata: ")
    assert json.loads(event.partition(b"data: ")[2])["status"] == 503


class BreaksWhenClosed:
    """Stands for a store whose disk is gone."""

    def close(self) -> None:
        raise OSError("The disk is gone.")


def test_stopping_closes_everything_whatever_breaks_meanwhile(tmp_path: Path) -> None:
    stopped = threading.Event()
    with open_turnwise(load_settings(home=tmp_path / "home")) as turnwise:
        app = build_app(turnwise, on_stop=stopped.set)
        broken: Any = BreaksWhenClosed()
        app.state.turnwise = replace(app.state.turnwise, feedback=broken)
        with pytest.raises(OSError, match="The disk is gone"), TestClient(app):
            pass
        assert stopped.is_set()
        with pytest.raises(RuntimeError):  # its thread has ended
            app.state.turnwise.jobs.submit(lambda _report: [], sources=[])
