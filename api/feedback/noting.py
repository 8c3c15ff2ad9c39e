"""Writes down what was answered, in a thread of its own: whoever answers waits for no other worker's write.

What comes while the thread writes is written with one transaction after it.
"""

import queue
import threading
from collections.abc import Callable, Mapping, Sequence

Row = Mapping[str, object]
MOST_WAITING = 10_000
MOST_AT_ONCE = 200


class Noting:
    """Hands rows to a thread, which starts with the first. Safe to use from several threads.

    Args:
        write: Stores rows; it is called by one thread at a time, and must not raise.
    """

    def __init__(self, write: Callable[[Sequence[Row]], None]) -> None:
        self._write = write
        self._rows: queue.Queue[Row | None] = queue.Queue(MOST_WAITING)
        self._open = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, row: Row) -> None:
        """Have a row written soon; waits only where thousands wait already."""
        with self._open:
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="turnwise-noting", daemon=True)
                thread.start()
                self._thread = thread
            self._rows.put(row)

    def flush(self) -> None:
        """Wait until everything is written."""
        self._rows.join()

    def close(self) -> None:
        """Write what waits, and end the thread, be it only just starting."""
        with self._open:
            if self._thread is not None:
                self._rows.put(None)
                self._thread.join()
                self._thread = None

    def _run(self) -> None:
        while True:
            rows = [self._rows.get()]
            while len(rows) < MOST_AT_ONCE and not self._rows.empty():
                rows.append(self._rows.get())
            wanted = [row for row in rows if row is not None]
            if wanted:
                self._write(wanted)
            for _ in rows:
                self._rows.task_done()
            if len(wanted) < len(rows):
                return
