"""Let one writer at a time change an index, across threads, processes and, where the lock reaches so far, machines."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from index.errors import IndexLockedError

_POLL_INTERVAL_S = 0.02
_SILENT_S = 1.0
"""How long a writer waits before it says that it does."""

logger = logging.getLogger(__name__)


class ProcessLock(Protocol):
    """Keeps other processes away; whoever holds it may take it again. Used by one thread at a time."""

    @property
    def place(self) -> str:
        """Say what it guards, fit to be shown."""
        ...

    def acquire(self, timeout_s: float) -> bool:
        """Take it within a time; return whether that worked."""
        ...

    def release(self) -> None:
        """Give back what was taken once."""
        ...


class FileProcessLock:
    """A lock on a file; the system drops it when its process dies."""

    def __init__(self, path: Path) -> None:
        """Use the file at `path`."""
        self._path = path
        # One lock object for all threads: `WriterLock` already lets in only one of them.
        self._lock = FileLock(path, thread_local=False)

    @property
    def place(self) -> str:
        """Return the folder of the file."""
        return str(self._path.parent)

    def acquire(self, timeout_s: float) -> bool:
        """Take the lock within a time; return whether that worked."""
        try:
            self._lock.acquire(timeout=timeout_s, poll_interval=_POLL_INTERVAL_S)
        except Timeout:
            return False
        return True

    def release(self) -> None:
        """Give back what was taken once."""
        self._lock.release()


class WriterLock:
    """A lock that a thread may take again while it holds it, and that nobody holds any more who died."""

    def __init__(self, processes: Path | ProcessLock, *, timeout_s: float) -> None:
        """Lock a file, or by what is given; wait for at most `timeout_s` before giving up."""
        self._timeout_s = timeout_s
        self._threads = threading.RLock()
        self._processes = FileProcessLock(processes) if isinstance(processes, Path) else processes

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock for the length of a block.

        Raises:
            IndexLockedError: Another writer kept it for longer than the timeout.
        """
        deadline = time.monotonic() + self._timeout_s
        if not self._threads.acquire(timeout=self._timeout_s):
            raise self._error()
        try:
            if not self._wait_for_processes(deadline):
                raise self._error()
            try:
                yield
            finally:
                self._processes.release()
        finally:
            self._threads.release()

    def _wait_for_processes(self, deadline: float) -> bool:
        left = max(0.0, deadline - time.monotonic())
        if left > _SILENT_S:
            if self._processes.acquire(_SILENT_S):
                return True
            logger.warning(
                "another process is changing the index in %s; waiting for it, at most %.0f s",
                self._processes.place,
                left,
            )
        return self._processes.acquire(max(0.0, deadline - time.monotonic()))

    def _error(self) -> IndexLockedError:
        return IndexLockedError(
            f"another process or thread is changing the index in {self._processes.place} "
            f"(waited {self._timeout_s:g} s); try again when it has finished"
        )
