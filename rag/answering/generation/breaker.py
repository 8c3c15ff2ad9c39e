"""A circuit breaker: an endpoint that keeps failing is left alone for a while.

Michael Nygard, Release It! (2007), section 5.2: closed, open after so many failures in a row, half-open after a pause,
when one call may try; its outcome closes or opens the circuit again.
"""

from collections.abc import Callable
from threading import Lock
from time import monotonic


class CircuitBreaker:
    """Counts the failures in a row of what it guards. Safe to use from several threads.

    Args:
        failures: That open the circuit.
        pause_s: How long it then stays open.
        clock: Gives seconds.
    """

    def __init__(self, *, failures: int, pause_s: float, clock: Callable[[], float] = monotonic) -> None:
        self._failures = failures
        self._pause_s = pause_s
        self._clock = clock
        self._lock = Lock()
        self._in_a_row = 0
        self._opened_at = 0.0
        self._trying_since: float | None = None

    def admits(self) -> bool:
        """Say whether a call may be made now; while half-open, only one is under way."""
        with self._lock:
            if self._in_a_row < self._failures:
                return True
            now = self._clock()
            # A trial that was never reported on (its thread died) doesn't keep the circuit open for ever.
            waiting = self._trying_since is not None and now - self._trying_since < self._pause_s
            if waiting or now - self._opened_at < self._pause_s:
                return False
            self._trying_since = now
            return True

    def succeeded(self) -> None:
        """Report that a call worked: the circuit closes."""
        with self._lock:
            self._in_a_row, self._trying_since = 0, None

    def failed(self) -> None:
        """Report that a call failed."""
        with self._lock:
            self._in_a_row += 1
            self._opened_at, self._trying_since = self._clock(), None

    def abandoned(self) -> None:
        """Report that a call ended without saying anything of the endpoint, as when the reader left."""
        with self._lock:
            self._trying_since = None
