"""Bring a machine's folder up to a database that other machines write to, while searches go on."""

import logging
import threading
import time
from collections.abc import Callable

from index.errors import SearchEngineError
from index.records import TruthState

logger = logging.getLogger(__name__)

_SHORTEST_INTERVAL_S = 0.02
_LONGEST_PAUSE_S = 5.0
"""Between looks at a database that can't be reached."""
_REST = 2
"""How many looks are left out after there was something new: every new state costs searches what they remembered."""
_STOP_WITHIN_S = 5.0
"""To derive everything anew takes longer; it is begun again by whoever opens the folder next."""


class CatchingUp:
    """Catches up at once when it begins, and from then on in a thread, whenever the database has come further."""

    def __init__(
        self, look: Callable[[], TruthState], catch_up: Callable[[TruthState], None], *, interval_s: float
    ) -> None:
        """Look at the state of the truth every `interval_s`, and catch up with a new one."""
        self._look = look
        self._catch_up = catch_up
        self._interval_s = max(interval_s, _SHORTEST_INTERVAL_S)
        self._beginning = threading.Lock()
        self._has_begun = False
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="turnwise-catching-up", daemon=True)
        self._seen: TruthState | None = None

    def begin(self) -> None:
        """Catch up before the first search; after that, do nothing.

        Raises:
            SearchEngineError: The database can't be read, or the folder not written.
        """
        if self._has_begun:
            return
        with self._beginning:
            if not self._has_begun:
                self._step()
                self._thread.start()
                self._has_begun = True

    def stop(self) -> None:
        """End the thread; waits a while for what it is doing."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_WITHIN_S)

    def _follow(self) -> None:
        pause, failures = self._interval_s, 0
        while not self._stopped.wait(pause):
            began = time.monotonic()
            looks = 1
            try:
                if self._step():
                    looks += _REST
            except SearchEngineError as error:
                failures += 1
                if failures == 1 and not self._stopped.is_set():
                    logger.warning("searching in the state of before: %s", error)
            except Exception:
                # Without this thread, searches would answer from an old state for ever, and nobody would know.
                failures += 1
                logger.exception("searching in the state of before")
            else:
                if failures:
                    logger.warning("searching in the latest state again, after %d looks that failed", failures)
                failures = 0
            # At most half of the time goes into catching up, so that searches have the rest.
            pause = max(looks * self._interval_s, time.monotonic() - began)
            if failures:
                pause = min(_LONGEST_PAUSE_S, self._interval_s * 2.0 ** min(failures, 9))

    def _step(self) -> bool:
        state = self._look()
        if state == self._seen:
            return False
        self._catch_up(state)
        self._seen = state
        return True
