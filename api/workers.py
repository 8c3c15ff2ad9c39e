"""Several processes behind one port, sharing one index: each answers, each may write, and one that dies is replaced.

A worker has a place, counted from 0. What was accepted and not finished in a place, its next worker finishes.
"""

import logging
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from api.job_files import clear
from api.spool import ENDING, SPOOL_NAME, is_kept, upload_folder
from rag.errors import SettingsError

if TYPE_CHECKING:
    from fastapi import FastAPI

READY_WITHIN_S = 120.0
"""How long a worker may take to import everything and open the index, on a busy machine."""
HANGS_AFTER_S = 60
"""A worker that says nothing for so long is replaced."""
RATES_NAME = "rates.sqlite"
METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Read by prometheus-client when it is imported."""

log = logging.getLogger("turnwise")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerPlan:
    """What every worker is started with."""

    home: Path
    config: Path | None
    allowed_hosts: tuple[str, ...]
    rates: Path | None = None
    """Where they count callers' requests together; a file of this server alone."""


def worker_app(plan: WorkerPlan, place: int) -> "FastAPI":
    """Open the data folder and build the application, in a worker's process."""
    from api.app import build_app  # noqa: PLC0415 - the process that only watches doesn't need it
    from api.logs import configure_logs  # noqa: PLC0415
    from rag.assembly import open_turnwise  # noqa: PLC0415
    from rag.settings import load_settings  # noqa: PLC0415

    settings = load_settings(config=plan.config, home=plan.home)
    configure_logs(form=settings.log_format, level=settings.log_level)
    turnwise = open_turnwise(settings)
    return build_app(turnwise, allowed_hosts=plan.allowed_hosts, place=place, rates=plan.rates, on_stop=turnwise.close)


class Worker(Process):
    """uvicorn's process, which runs our server."""

    @property
    def server(self) -> uvicorn.Server:
        """Return the server, in the worker's own process."""
        if self._server is None:
            from api.server import Server  # noqa: PLC0415 - the process that only watches doesn't need it

            self._server = Server(self.config)
        return self._server

    def target(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve. The server is made before a thread tells of it: else each of both could make one of its own."""
        assert not self.server.started  # noqa: S101
        super().target(sockets)


class Workers(Multiprocess):
    """uvicorn's supervisor, with a place for each worker."""

    def __init__(
        self, plan: WorkerPlan, count: int, listener: socket.socket, *, announce: Callable[[], None], **options: Any
    ) -> None:
        """Plan workers; `run` starts them, and ends once the server is told to stop.

        Args:
            plan: What they are started with.
            count: How many.
            listener: Where all of them accept connections.
            announce: Called once the first of them answers.
            options: Of `uvicorn.Config`.
        """
        options |= {"factory": True, "workers": count, "timeout_worker_healthcheck": HANGS_AFTER_S}
        self._configs = [uvicorn.Config(partial(worker_app, plan, place), **options) for place in range(count)]
        self._announce = announce
        self._plan = plan
        self.failed = False
        super().__init__(self._configs[0], [listener])

    def init_processes(self) -> None:
        """Start the workers, and say so once one answers."""
        self.processes = [self._started(place) for place in range(len(self._configs))]
        if self.processes[0].wait_until_ready(READY_WITHIN_S, self.should_exit):
            self._announce()

    def keep_subprocess_alive(self) -> None:
        """Replace what died or hangs. One that can't even start ends the server: the next one couldn't either."""
        for place, process in enumerate(self.processes):
            if self.should_exit.is_set() or process.is_alive(timeout=HANGS_AFTER_S):
                continue
            process.kill()
            process.join()
            _forget_gauges(process.pid)
            if process.exitcode == STARTUP_FAILURE:
                self.failed = True
                self.should_exit.set()
                return
            self.processes[place] = self._started(place)

    def terminate_all(self) -> None:
        """Tell all workers to stop. New connections are refused at once instead of waiting for one that accepts."""
        for listener in self.sockets:
            listener.close()
        super().terminate_all()

    def restart_all(self) -> None:
        """Replace one worker after the other; a place is never held by two. Settings are read again."""
        from rag.settings import load_settings  # noqa: PLC0415

        try:
            load_settings(config=self._plan.config, home=self._plan.home)
        except SettingsError as error:
            log.warning("the workers go on as they are: %s", error)
            return
        for place, process in enumerate(self.processes):
            process.terminate()
            process.join()
            _forget_gauges(process.pid)
            self.processes[place] = self._started(place)
            if not self.processes[place].wait_until_ready(READY_WITHIN_S, self.should_exit):
                log.warning("worker %d did not start again; those after it go on as they are", place)
                return

    def handle_ttin(self) -> None:
        """Ignore it: the number of workers is given at the start."""

    def handle_ttou(self) -> None:
        """Ignore it."""

    def _started(self, place: int) -> Worker:
        process = Worker(self._configs[place], self.sockets)
        process.start()
        return process


def run_workers(plan: WorkerPlan, count: int, listener: socket.socket, **more: Any) -> bool:
    """Serve until told to stop; False if a worker could not start.

    Args:
        plan: What the workers are started with.
        count: How many.
        listener: Where they accept connections.
        more: As `Workers` takes it.
    """
    clear(plan.home)
    gather_uploads(plan.home, place=0)
    with tempfile.TemporaryDirectory(prefix="turnwise-workers-") as folder:
        os.environ[METRICS_FOLDER] = folder
        workers = Workers(replace(plan, rates=Path(folder) / RATES_NAME), count, listener, **more)
        workers.run()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return not workers.failed


def gather_uploads(home: Path, *, place: int | None) -> None:
    """Put what workers of an earlier server left where the worker of one place finds it; what else is there stays."""
    target = upload_folder(home, place)
    for file in sorted(_left(home)):
        if file.parent != target:
            target.mkdir(parents=True, exist_ok=True)
            file.rename(target / file.name)


def _left(home: Path) -> Iterable[Path]:
    folder = home / SPOOL_NAME
    return filter(is_kept, (*folder.glob(f"*{ENDING}"), *folder.glob(f"*/*{ENDING}")))


def _forget_gauges(pid: int | None) -> None:
    """Leave what a dead worker was busy with out of the metrics."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415

    if pid is not None:
        mark_process_dead(pid)  # type: ignore[no-untyped-call]
