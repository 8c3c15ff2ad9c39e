"""Ray nodes of the tests' own on this machine: started as the documentation says, stopped by their process ids."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

STARTED = "Ray runtime started"
START_WITHIN_S = 120
STOP_WITHIN_S = 20
OBJECT_STORE_BYTES = 100_000_000
"""Near the least that Ray takes."""
SMALL = ["--block", "--num-cpus=1", f"--object-store-memory={OBJECT_STORE_BYTES}", "--disable-usage-stats"]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@dataclass(slots=True)
class LocalRay:
    """A cluster of nodes on this machine, each with one core; only who has the token may use it."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="tw-ray-")))  # sockets want short paths
    port: int = field(default_factory=_free_port)
    client_port: int = field(default_factory=_free_port)
    token: str = field(default_factory=lambda: secrets.token_hex(32))
    nodes: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    """The head first."""

    @property
    def inside(self) -> str:
        """Return the address for a machine of the cluster."""
        return f"127.0.0.1:{self.port}"

    @property
    def outside(self) -> str:
        """Return the address for any machine."""
        return f"ray://127.0.0.1:{self.client_port}"

    @property
    def environment(self) -> dict[str, str]:
        """Return what a process needs to be let in."""
        return {
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN": self.token,
            "RAY_USAGE_STATS_ENABLED": "0",
            # Of the head, to start a process for a client: a busy machine takes longer than the usual 30 s.
            "RAY_CLIENT_SERVER_CHECK_CHANNEL_TIMEOUT_S": str(START_WITHIN_S),
        }

    def start(self, nodes: int) -> None:
        """Start the head and further nodes, together, and wait for them all."""
        ports = [f"--port={self.port}", f"--ray-client-server-port={self.client_port}"]
        self._start("--head", "--include-dashboard=false", f"--temp-dir={self.folder}", *ports)
        _wait_for_port(self.port, self.nodes[0])
        for _ in range(nodes - 1):
            self._start(f"--address={self.inside}")
        for place in range(nodes):
            self._wait_for(place)

    def start_another(self) -> None:
        """Start one more node and wait for it."""
        self._start(f"--address={self.inside}")
        self._wait_for(len(self.nodes) - 1)

    def workers(self, place: int) -> list[int]:
        """Return the process ids of the workers on a node."""
        return [pid for pid in _session(self.nodes[place].pid) if b"ray::RayWorker" in _command(pid)]

    def kill(self, place: int) -> None:
        """End a node at once with all that runs on it, as a power cut does."""
        _kill_session(self.nodes[place])

    def kill_all(self) -> None:
        """End every node so, and leave nothing behind."""
        for place in range(len(self.nodes)):
            self.kill(place)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, *arguments: str) -> None:
        told = self._log(len(self.nodes))
        command = [
            sys.executable,
            "-m",
            "ray.scripts.scripts",
            "start",
            "--node-ip-address=127.0.0.1",
            *SMALL,
            *arguments,
        ]
        with told.open("wb") as log:
            node = subprocess.Popen(
                command, env=os.environ | self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.nodes.append(node)

    def _log(self, place: int) -> Path:
        return self.folder / f"node{place}.log"

    def _wait_for(self, place: int) -> None:
        deadline = time.monotonic() + START_WITHIN_S
        while STARTED not in (told := self._log(place).read_text("utf-8", "replace")):
            assert self.nodes[place].poll() is None, f"Ray did not start:\n{told}"
            assert time.monotonic() < deadline, f"Ray did not start in time:\n{told}"
            time.sleep(0.1)


def _wait_for_port(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)


def _session(leader: int) -> list[int]:
    """Return every process of a node: they share its session, whoever their parent is by now."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):  # it has ended
                after_name = (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
                if int(after_name[3]) == leader:  # state, parent, group, session
                    found.append(int(entry.name))
    return found


def _command(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _kill_session(leader: "subprocess.Popen[bytes]") -> None:
    for pid in _session(leader.pid):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    leader.wait(STOP_WITHIN_S)
