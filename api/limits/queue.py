"""How many questions are answered at the same time, and how many may wait: first come, first served."""

import asyncio
from collections.abc import Callable


class QueueFullError(Exception):
    """As many wait as may."""


class QueueTimeoutError(Exception):
    """A question waited too long for its turn."""


class QueueClosedError(Exception):
    """Nobody is let in any more."""


class QuestionQueue:
    """Lets so many in at once and so many more wait. Used on one event loop."""

    def __init__(self, *, at_once: int, waiting: int, timeout_s: float, on_change: Callable[[int, int], None]) -> None:
        """Start empty.

        Args:
            at_once: How many are let in.
            waiting: How many more may wait.
            timeout_s: How long each waits at most.
            on_change: Told how many are in and how many wait, whenever that changes.
        """
        self._places = asyncio.Semaphore(at_once)
        self._most_waiting = waiting
        self.timeout_s = timeout_s
        self._on_change = on_change
        self._waiting = self._running = 0
        self._closed = False
        self._patience: set[asyncio.Timeout] = set()

    async def enter(self) -> None:
        """Wait for a place and take it; `leave` gives it back.

        Raises:
            QueueFullError: As many wait as may.
            QueueTimeoutError: None became free in time.
            QueueClosedError: The queue was closed.
        """
        if self._closed:
            raise QueueClosedError
        if self._places.locked():
            await self._wait()
        else:
            await self._places.acquire()  # at once: there is one
        self._running += 1
        self._tell()

    def leave(self) -> None:
        """Give a place back."""
        self._running -= 1
        self._places.release()
        self._tell()

    def close(self) -> None:
        """Let nobody in any more, and send away those that wait."""
        self._closed = True
        for timeout in self._patience:
            timeout.reschedule(asyncio.get_running_loop().time())

    async def _wait(self) -> None:
        if self._waiting >= self._most_waiting:
            raise QueueFullError
        self._waiting += 1
        self._tell()
        try:
            async with asyncio.timeout(self.timeout_s) as timeout:
                self._patience.add(timeout)
                try:
                    await self._places.acquire()
                finally:
                    self._patience.discard(timeout)
        except TimeoutError as error:
            raise (QueueClosedError if self._closed else QueueTimeoutError) from error
        finally:
            self._waiting -= 1
            self._tell()

    def _tell(self) -> None:
        self._on_change(self._running, self._waiting)
