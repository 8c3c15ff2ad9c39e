"""Tell whether the server searches in all that it should have: it may leave out a lost node's part in silence.

Milvus 2.3 with one replica gives errors for half a minute after a query node is lost, and then, until the others have
loaded its part, answers from what is left as if that were all. A count takes the same way through the server as a
search does and misses the same rows, and how many there must be is known here. So a search counts as whole if the
count was right shortly before it began and is right again after it has ended.
"""

import threading
import time

from index.milvus.collection import MilvusCollection
from index.milvus.expressions import up_to
from index.snapshot import Snapshot

_FRESH_S = 0.5
"""How old the count before a search may be; what is lost takes seconds to load elsewhere (13 s were seen)."""
_SETTLING_S = 8.0
"""For how long after a change replicas may lag behind each other: the server's bound is 5 s."""


class Completeness:
    """Counts the rows of one state of the index. Searches that end at the same time share a count."""

    def __init__(self, *, replicas: int) -> None:
        """Expect this many replicas, any of which may answer a search."""
        self._replicas = replicas
        self._lock = threading.Lock()
        self._version = ""
        self._first_seen = 0.0
        self._right_since = float("-inf")
        self._wrong: tuple[int, int] | None = None

    @property
    def said(self) -> str:
        """Say what the last count that was not right found."""
        if self._wrong is None:
            return "it has not been counted"
        return f"it searches in {self._wrong[0]} of {self._wrong[1]} vectors"

    @property
    def surplus(self) -> bool:
        """Say whether the last count that was not right found too many: rows that are dead."""
        return self._wrong is not None and self._wrong[0] > self._wrong[1]

    def lately(self, collection: MilvusCollection, snapshot: Snapshot, *, timeout_s: float) -> bool:
        """Say whether all rows of a state were there just now."""
        return self.since(time.monotonic() - _FRESH_S, collection, snapshot, timeout_s=timeout_s)

    def since(self, moment: float, collection: MilvusCollection, snapshot: Snapshot, *, timeout_s: float) -> bool:
        """Say whether all rows of a state were there at some time after a moment (`time.monotonic`)."""
        # Who waits for another's count waits no longer than for a count of its own.
        if not self._lock.acquire(timeout=timeout_s):
            return False
        try:
            if self._version != snapshot.version:
                self._version = snapshot.version
                self._first_seen = time.monotonic()
                self._right_since = float("-inf")
            if self._right_since > moment:
                return True
            began = time.monotonic()
            if not self._is_right(collection, snapshot, timeout_s):
                return False
            self._right_since = began
            return True
        finally:
            self._lock.release()

    def strong(self) -> bool:
        """Say whether searches have to wait for what was written last: another replica may not have it yet."""
        return self._replicas > 1 and time.monotonic() - self._first_seen < _SETTLING_S

    def _is_right(self, collection: MilvusCollection, snapshot: Snapshot, timeout_s: float) -> bool:
        expected = live_count(snapshot)
        which = up_to(snapshot.manifest.last_key)
        # The first count of a state waits until the server has seen all that was written; later ones need not.
        strong = self._right_since == float("-inf") or self.strong()
        for _ in range(self._replicas):
            found = collection.count(which, strong=strong, timeout_s=timeout_s)
            if found != expected:
                self._wrong = (found, expected)
                return False
        return True


def live_count(snapshot: Snapshot) -> int:
    """Return how many records can be found in a state."""
    return sum(entry.size - len(entry.dead) for entry in snapshot.manifest.segments)
