"""How the server bears 200 people who ask at once: answers, 95th percentile, memory; then with a worker killed.

    python -m benchmarks.load            (`make load`)

Two runs of three minutes on loopback, over a copy of the project's conversations, with two workers. In the second one
`turnwise add` replaces transcripts all the time, and a worker is killed (SIGKILL) in the middle: the connections that
it held are cut, everything else is answered, and no quote is wrong or torn. Ends by itself, with 1 if that doesn't
hold; whatever it started and wrote is gone then.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks.load_editions import TRANSCRIPTS, write_edition

PROJECT = Path(__file__).resolve().parents[1]
PEOPLE = Path(__file__).with_name("load_people.py")
USERS, SPAWN_RATE, MINUTES, WORKERS = 200, 20, 3.0, 2
SAMPLE_EVERY_S = 2.0
WARM_UP_S = 20.0
"""Until all people are there and each worker has answered: not part of what memory is compared over."""
MOST_GROWTH = 1.10
"""Of memory, from the first minute to the last: flat within what an allocator does."""
CUT_WITHIN_S = 10.0
"""Connections of a killed worker end with it; whatever is cut later has another cause."""
STOP_WITHIN_S = 60.0


class Memory:
    """Samples what the server's processes hold, in MB, until it is told to stop."""

    def __init__(self, server: psutil.Process) -> None:
        self._server = server
        self._stop = threading.Event()
        self._started = time.monotonic()
        self.samples: list[tuple[float, float]] = []
        """Seconds since the start, MB."""
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        self._stop.set()
        self._thread.join()

    def first_and_last_minute(self) -> tuple[float, float]:
        """Return the means of the first minute after warming up and of the last."""
        last_s = self.samples[-1][0]
        first = [mb for at, mb in self.samples if WARM_UP_S <= at < WARM_UP_S + 60] or [self.samples[0][1]]
        last = [mb for at, mb in self.samples if at >= last_s - 60]
        return statistics.fmean(first), statistics.fmean(last)

    def _sample(self) -> None:
        while not self._stop.wait(SAMPLE_EVERY_S):
            total = 0
            for process in (self._server, *self._server.children(recursive=True)):
                try:
                    total += process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.samples.append((time.monotonic() - self._started, total / 1e6))


@contextmanager
def served(home: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Serve a data folder until the end, whatever happens; give the address and the process."""
    command = [*_turnwise("serve", home), "--port", "0", "--workers", str(WORKERS), "--json"]
    with (home.parent / "server.log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        if not line:
            raise SystemExit((home.parent / "server.log").read_text("utf-8"))
        yield json.loads(line)["url"], psutil.Process(server.pid)
    finally:
        server.terminate()
        try:
            server.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


class Adding:
    """Replaces transcripts by `turnwise add`, one edition after the other, until it is told to stop."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.editions = 0
        self.failed: list[str] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(home, folder), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop after the edition that is being added."""
        self._stop.set()
        self._thread.join()

    def _run(self, home: Path, folder: Path) -> None:
        while not self._stop.is_set():
            write_edition(folder, self.editions)
            done = subprocess.run(
                [*_turnwise("add", home), str(folder)], cwd=PROJECT, capture_output=True, text=True, check=False
            )
            self.editions += 1
            if done.returncode:
                self.failed.append(done.stderr[-500:])


def kill_a_worker(server: psutil.Process) -> float:
    """Kill one worker as the kernel would, and return when."""
    worker = next(child for child in server.children() if "spawn_main" in " ".join(child.cmdline()))
    worker.kill()
    return time.time()


def run(users: int, minutes: float, *, with_trouble: bool) -> list[str]:
    """Let people ask, print what was measured, and return what did not hold."""
    with tempfile.TemporaryDirectory(prefix="turnwise-load-") as name:
        folder = Path(name)
        home, report, editions = folder / "home", folder / "report.json", folder / "editions"
        editions.mkdir()
        write_edition(editions, 0)
        added = subprocess.run(
            [*_turnwise("add", home), "corpus", str(editions)], cwd=PROJECT, capture_output=True, text=True, check=False
        )
        if added.returncode:
            raise SystemExit(added.stderr)
        with served(home) as (url, server):
            loads = [os.getloadavg()[0]]
            memory = Memory(server)
            people = _people(url, users, minutes, report, with_trouble=with_trouble)
            adding, killed_at = None, None
            try:
                if with_trouble:
                    adding = Adding(home, editions)
                    people.wait_some(minutes * 30)
                    killed_at = kill_a_worker(server)
                people.finish(minutes * 60 + 180)
            finally:
                people.end()
                memory.close()
                if adding is not None:
                    adding.close()
            loads.append(os.getloadavg()[0])
        if not report.exists():
            raise SystemExit(people.said())
        found = json.loads(report.read_text("utf-8"))
    return _told(found, memory, loads, adding=adding, killed_at=killed_at)


class _People:
    """The locust process."""

    def __init__(self, process: "subprocess.Popen[str]", log: Path) -> None:
        self._process = process
        self._log = log

    def wait_some(self, seconds: float) -> None:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return

    def finish(self, within_s: float) -> None:
        self._process.wait(within_s)

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def said(self) -> str:
        return self._log.read_text("utf-8")


def _people(url: str, users: int, minutes: float, report: Path, *, with_trouble: bool) -> _People:
    command = [
        *(sys.executable, "-m", "locust", "--headless", "--locustfile", str(PEOPLE), "--host", url),
        *("--users", str(users), "--spawn-rate", str(SPAWN_RATE), "--run-time", f"{minutes * 60:.0f}s"),
        *("--stop-timeout", "60", "--only-summary"),
    ]
    environment = {**os.environ, "TURNWISE_LOAD_REPORT": str(report), "PYTHONPATH": str(PROJECT)}
    if with_trouble:
        environment["TURNWISE_LOAD_KILLS"] = "1"
    log = report.with_name("people.log")
    with log.open("w", encoding="utf-8") as written:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=written, stderr=subprocess.STDOUT, text=True
        )
    return _People(process, log)


def _told(
    found: dict[str, Any], memory: Memory, loads: list[float], *, adding: Adding | None, killed_at: float | None
) -> list[str]:
    first, last = memory.first_and_last_minute()
    checked, wrong = found["checked"], list(found["reasons"])
    print(f"  {checked['answers']} answers, {checked['quotes']} quotes compared; failed: {found['failures']}")
    print(f"  turned away, to ask again: {found['turned_away'] or 'none'}")
    print(f"  an answer: median {found['p50_ms']:.0f} ms, p95 {found['p95_ms']:.0f} ms")
    print(f"  memory of all processes: first minute {first:.0f} MB, last {last:.0f} MB ({last / first - 1:+.1%})")
    print(f"  load average at the start {loads[0]:.1f}, at the end {loads[1]:.1f}")
    if adding is not None and killed_at is not None:
        after = [moment - killed_at for moment in found["cut_off"]]
        span = f", {min(after):.1f} to {max(after):.1f} s after the worker was killed" if after else ""
        print(f"  cut off: {len(after)}{span}")
        print(
            f"  {adding.editions} editions of {TRANSCRIPTS} transcripts added meanwhile; "
            f"{checked['of editions']} of the quotes are theirs"
        )
        wrong += adding.failed
        wrong += [f"cut off {each:.1f} s after the kill" for each in after if not 0 <= each <= CUT_WITHIN_S]
        if not checked["of editions"]:
            wrong.append("no quote of a transcript that was replaced")
    elif last > first * MOST_GROWTH:
        wrong.append(f"memory grew from {first:.0f} to {last:.0f} MB")
    return wrong


def _turnwise(command: str, home: Path) -> list[str]:
    return [sys.executable, "-m", "api.cli", command, "--home", str(home)]


def main() -> None:
    """Run both, and exit with 1 if anything did not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="of each run")
    given = parser.parse_args()
    # So that what was started is ended, too, if somebody ends this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    wrong = []
    for title, with_trouble in (("Undisturbed", False), ("While adding, one worker killed", True)):
        print(f"{title}: {given.users} people for {given.minutes:g} minutes, {WORKERS} workers", flush=True)
        wrong += run(given.users, given.minutes, with_trouble=with_trouble)
    for each in wrong:
        print(f"did not hold: {each}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
