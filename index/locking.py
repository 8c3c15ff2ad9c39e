"""Let one writer at a time change an index, across threads and processes."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import IndexLockedError

_POLL_INTERVAL_S = 0.02
_SILENT_S = 1.0
"""How long a writer waits before it says that it does."""

logger = logging.getLogger(__name__)


class WriterLock:
    """A lock that a thread may take again while it holds it; the system drops it when its process dies."""

    def __init__(self, path: Path, *, timeout_s: float) -> None:
        """Use the file at `path`; wait for at most `timeout_s` before giving up."""
        self._path = path
        self._timeout_s = timeout_s
        self._threads = threading.RLock()
        # One lock object for all threads: the RLock above already lets in only one of them.
        self._processes = FileLock(path, thread_local=False)

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
            try:
                self._wait_for_processes(deadline)
            except Timeout as error:
                raise self._error() from error
            try:
                yield
            finally:
                self._processes.release()
        finally:
            self._threads.release()

    def _wait_for_processes(self, deadline: float) -> None:
        left = max(0.0, deadline - time.monotonic())
        if left > _SILENT_S:
            try:
                self._processes.acquire(timeout=_SILENT_S, poll_interval=_POLL_INTERVAL_S)
            except Timeout:
                logger.warning(
                    "another process is changing the index in %s; waiting for it, at most %.0f s",
                    self._path.parent,
                    left,
                )
            else:
                return
        self._processes.acquire(timeout=max(0.0, deadline - time.monotonic()), poll_interval=_POLL_INTERVAL_S)

    def _error(self) -> IndexLockedError:
        return IndexLockedError(
            f"another process or thread is changing the index in {self._path.parent} "
            f"(waited {self._timeout_s:g} s); try again when it has finished"
        )
