"""What several threads want to have embedded at the same time is embedded at once.

On two cores a question among four takes half the time of one alone (`python -m benchmarks.concurrent_embedding`): the
model's weights are read from memory once for all of them.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from rag.errors import ModelError

Rows = npt.NDArray[np.float32]
MOST_AT_ONCE = 16
"""Texts; more are no faster together, and each waits for all."""


@dataclass(slots=True, eq=False)
class _Asked:
    """What one thread wants."""

    text: str
    turn: threading.Event = field(default_factory=threading.Event)
    """Set when it has its row, or when it is up to this thread to see to what waits."""
    row: Rows | None = None
    error: Exception | None = None


class Together:
    """Gathers texts of several threads. Nobody waits for others to come: what comes during a batch is the next one.

    Args:
        embed: Returns one row a text; it is called by one thread at a time.
    """

    def __init__(self, embed: Callable[[Sequence[str]], Rows]) -> None:
        self._embed = embed
        self._lock = threading.Lock()
        self._waiting: list[_Asked] = []
        self._is_at_work = False

    def row(self, text: str) -> Rows:
        """Return the vector of a text, shape (dimension,); an error of `embed` reaches all whose batch it was.

        Raises:
            ModelError: The thread that embedded the batch was ended meanwhile, as by an interrupt.
        """
        mine = _Asked(text)
        try:
            with self._lock:
                self._waiting.append(mine)
                if not self._is_at_work:
                    self._hand_on()
            mine.turn.wait()
            if mine.row is None and mine.error is None:
                self._see_to_what_waits()
        except BaseException:
            self._leave(mine)
            raise
        if mine.error is not None:
            raise mine.error
        assert mine.row is not None  # noqa: S101 - it was the first of the batch
        return mine.row

    def _see_to_what_waits(self) -> None:
        """Embed a batch, and leave the next one to the first thread that it has no room for."""
        with self._lock:
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
        try:
            for asked, row in zip(batch, self._embed([asked.text for asked in batch]), strict=True):
                asked.row = row
        except Exception as error:  # noqa: BLE001 - each thread raises it
            for asked in batch:
                asked.error = error
        finally:
            for asked in batch:
                if asked.row is None and asked.error is None:  # What ends this thread is for no other one.
                    asked.error = ModelError(
                        "The question was not embedded: what embedded it was interrupted. Try again."
                    )
            with self._lock:
                self._hand_on()
            for asked in batch:
                asked.turn.set()

    def _hand_on(self) -> None:
        """Leave the work to the first that waits; the lock is held."""
        self._is_at_work = bool(self._waiting)
        for first in self._waiting[:1]:
            first.turn.set()

    def _leave(self, mine: _Asked) -> None:
        """Wait no more, as after an interrupt: work that was left to this thread goes to the next."""
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
                if mine.turn.is_set():
                    self._hand_on()
