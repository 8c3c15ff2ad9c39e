"""Storing behind the reader's back: one batch is embedded and stored while the next is read and cut."""

import threading
from collections.abc import Callable
from concurrent.futures import Future


class Behind:
    """Does one task at a time on a thread of its own."""

    def __init__(self) -> None:
        self._task: Future[None] | None = None

    def start(self, task: Callable[[], None]) -> None:
        """Begin a task; `finish` comes before the next.

        The thread is a daemon: who presses Ctrl-C must not wait for machines elsewhere.
        """
        self._task = Future()
        threading.Thread(target=_work, args=(task, self._task), name="turnwise-store", daemon=True).start()

    def finish(self) -> None:
        """Wait for the task, if there is one.

        Raises:
            Exception: Whatever it raised.
        """
        if self._task is not None:
            task = self._task
            task.result()
            self._task = None

    def end(self) -> None:
        """Wait for the task, whatever becomes of it: nothing is written after the index is closed."""
        task, self._task = self._task, None
        if task is not None:
            task.exception()


def _work(task: Callable[[], None], done: "Future[None]") -> None:
    try:
        task()
    except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
        done.set_exception(error)
    else:
        done.set_result(None)
