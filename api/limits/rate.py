"""How often a caller may ask. Without a principal, that is on loopback without authentication, as often as it likes.

The requests of the last minute are counted in one file by all workers of a server: the libraries for this share their
counts through a server of their own (Redis, Memcached) only.
"""

import logging
import math
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request

WINDOW_S = 60.0
BUSY_S = 0.5
"""How long a request waits for another worker's count, which takes a tenth of a millisecond."""
IN_MEMORY = ":memory:"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS hits (caller TEXT NOT NULL, at REAL NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS hits_of_caller ON hits (caller, at);
CREATE INDEX IF NOT EXISTS hits_at ON hits (at);
"""

log = logging.getLogger("turnwise.http")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Who asks, and how often a minute that may be."""

    caller: str
    per_minute: int


def rate_of(request: Request) -> Rate | None:
    """Return the rate that holds for a request, from the principal that authentication left in its state.

    Of the principal, `id` and `rate_per_minute` are read; without either there is no limit.
    """
    principal = getattr(request.state, "principal", None)
    per_minute = getattr(principal, "rate_per_minute", None)
    caller = getattr(principal, "id", None)
    return Rate(caller=str(caller), per_minute=per_minute) if caller is not None and per_minute else None


class RateLimit:
    """Counts each caller's requests of the last minute: never more of them pass, whichever worker they came to."""

    def __init__(self, file: Path | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Count in a file that other workers count in too, or in memory.

        Args:
            file: Ends with the server; None: there is one worker.
            clock: Seconds; all processes of a machine share this one (CLOCK_MONOTONIC), and nobody sets it.
        """
        self._clock = clock
        # One thread at a time uses it, the event loop's; which one that is, is not known here.
        self._database = sqlite3.connect(
            file or IN_MEMORY, timeout=BUSY_S, isolation_level=None, check_same_thread=False
        )
        # Survives a killed worker; a power cut ends the server, and its counts with it.
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.executescript(_SCHEMA)

    def retry_after_s(self, rate: Rate) -> int | None:
        """Count a request; return after how many seconds to ask again if it is one too many, else None."""
        try:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                wait_s = self._count(rate)
            finally:
                self._database.execute("COMMIT")
        except sqlite3.OperationalError:
            log.exception("a request was not counted against its caller's rate")
            return None
        return None if wait_s is None else max(1, math.ceil(wait_s))

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _count(self, rate: Rate) -> float | None:
        now = self._clock()
        self._database.execute("DELETE FROM hits WHERE at <= ?", (now - WINDOW_S,))
        newest_first = "SELECT at FROM hits WHERE caller = ? ORDER BY at DESC LIMIT 1 OFFSET ?"
        last = self._database.execute(newest_first, (rate.caller, rate.per_minute - 1)).fetchone()
        if last is not None:
            return float(last[0]) + WINDOW_S - now
        self._database.execute("INSERT INTO hits VALUES (?, ?)", (rate.caller, now))
        return None
