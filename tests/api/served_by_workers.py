"""A server of two workers in processes of their own, asked over a new connection each time, so that either answers.

They have no reader, which is most of an answer's time.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

PROJECT = Path(__file__).resolve().parents[2]
PLAIN = False
"""No certificates: of each call, reading those that are trusted would take a twentieth of a second's work."""


class Server:
    """Two workers over a data folder."""

    def __init__(
        self, home: Path, *, settings: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        """Start them and wait until both are ready.

        Args:
            home: The data folder.
            settings: Variables of the environment.
            headers: Sent with every request.
        """
        command = [sys.executable, "-m", "api.cli", "serve", "--workers", "2", "--home", str(home), "--port", "0"]
        self.log = home.parent / "server.log"
        self.headers = dict(headers or {})
        with self.log.open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [*command, "--json"],
                cwd=PROJECT,
                env={**os.environ, "TURNWISE_READER": "off", **(settings or {})},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.log.read_text("utf-8")
        self.url = json.loads(line)["url"]
        self.until_ready()

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", headers={**self.headers, **headers}, timeout=60, verify=PLAIN)

    def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return httpx.post(f"{self.url}{path}", json=body, headers={**self.headers, **headers}, timeout=60, verify=PLAIN)

    def until_ready(self) -> None:
        until(lambda: self.get("/readyz").status_code == 200 and "turnwise_ready 2.0" in self.get("/metrics").text)

    def worker_pids(self) -> list[int]:
        """Return the processes that accept connections: multiprocessing's resource tracker is none of them."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii").split()
        lines = {int(pid): _command_line(pid) for pid in children}
        return [pid for pid, line in lines.items() if b"spawn_main" in line]

    def end(self) -> int:
        """Tell it to stop, and return with what code it did."""
        self.process.terminate()
        code = self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


def _command_line(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:  # it ended just now
        return b""


def until(holds: Callable[[], bool], within_s: float = 120) -> float:
    """Wait until something holds; return how many seconds that took."""
    started = time.monotonic()
    while not holds():
        assert time.monotonic() - started < within_s
        time.sleep(0.05)
    return time.monotonic() - started
