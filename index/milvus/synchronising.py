"""Bring a collection up to the truth: new vectors in before they can be found, dead ones out after.

A row's id is its record's key in the truth. A key is never used twice, and what it stands for never changes: a replaced
document gets new keys. So a write that is sent again changes nothing, a deletion can't hit what somebody else has just
stored, and a stale row is known as such by its id alone, wherever it turns up. A restored backup begins a new history,
in which keys mean other records: it gets a collection of its own, which its name says.

The order keeps one promise at all times, whoever is killed when: every record that searches may find is there. What the
count says beyond it is dead, and goes with the next refresh.
"""

import logging
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np

from index.embedded import EmbeddedEngine
from index.errors import IndexStorageError
from index.milvus.collection import MAX_HITS, Keys, MilvusCollection
from index.milvus.completeness import live_count
from index.milvus.connection import MilvusRefusedError
from index.milvus.expressions import up_to
from index.records import KeyedRecord
from index.snapshot import Snapshot

logger = logging.getLogger(__name__)
NOTE_PREFIX = "milvus "
"""Of notes in the truth, where all machines see them: up to which key a collection was given all that lives."""

_T = TypeVar("_T")
_BLOCK = 8_000
"""Keys compared at once: half of what one query gives back, which leaves room for dead ones in between."""
_NOTED_EVERY = 20_000
"""Rows after which progress is noted, so that a load that was broken off goes on from there."""
_RECOUNT_S = 0.3


class Synchronisation:
    """Keeps the collections of one truth up to it."""

    def __init__(
        self, embedded: EmbeddedEngine, collection_of: Callable[[Snapshot], MilvusCollection], *, timeout_s: float
    ) -> None:
        """Synchronise what `collection_of` returns for a state with what the embedded engine stores."""
        self._embedded = embedded
        self._collection_of = collection_of
        self._timeout_s = timeout_s

    def given(self, collection: MilvusCollection) -> int | None:
        """Return the key up to which a collection was given all that lives; None where nothing is known."""
        said = self._embedded.notes().get(NOTE_PREFIX + collection.name)
        return None if said is None else int(said)

    def around(self, change: Callable[[], _T], *, ahead: bool = True) -> _T:
        """Change what can be found, and the collection with it.

        Args:
            change: Changes the embedded engine's state.
            ahead: Whether what waits is given to the server before the change, so that no search misses it in between.

        Raises:
            IndexStorageError: The server can't be reached or doesn't hold what it was given. What is stored is kept.
        """
        before = self._embedded.snapshot()
        if ahead:
            self._give(before)
        result = change()
        after = self._embedded.snapshot()
        self._give(after)
        dead = _died(before, after)
        if len(dead):
            self._collection_of(after).delete(dead, timeout_s=self._timeout_s)
        self._verify(waiting=after.version != before.version)
        if before.manifest.history != after.manifest.history:
            self._drop(self._collection_of(before))
        return result

    def anew(self) -> None:
        """Drop the collection and load all of it again; searches fail meanwhile."""
        snapshot = self._embedded.snapshot()
        self._drop(self._collection_of(snapshot))
        self.around(self._embedded.refresh)

    def _drop(self, collection: MilvusCollection) -> None:
        self._embedded.write_notes({NOTE_PREFIX + collection.name: None})
        if collection.exists(timeout_s=self._timeout_s):
            collection.drop(timeout_s=self._timeout_s)

    def _give(self, snapshot: Snapshot) -> None:
        """Store what the truth has beyond what the collection was given."""
        collection = self._collection_of(snapshot)
        empty = collection.prepare(timeout_s=self._timeout_s)
        given = 0 if empty else self.given(collection)
        if given is None:
            # The note was lost, or its writer was killed before the first one: see what is there.
            given = self._compare(snapshot, collection)
        last = self._embedded.store.state().last_key
        if given < last:
            stored = collection.upsert(self._noting(collection, given, last), timeout_s=self._timeout_s)
            self._note(collection, last)
            logger.info("stored %d vectors in Milvus", stored)

    def _noting(self, collection: MilvusCollection, after: int, last: int) -> Iterator[KeyedRecord]:
        """Yield the records after a key, noting now and then how far it came."""
        noted = stored = after
        for number, record in enumerate(self._embedded.store.keyed_records(after + 1, last), start=1):
            yield record
            if number % _NOTED_EVERY == 0:
                # What was yielded last may wait in a batch: note what was yielded at the last note.
                if stored > noted:
                    self._note(collection, stored)
                    noted = stored
                stored = record.key

    def _note(self, collection: MilvusCollection, key: int) -> None:
        self._embedded.write_notes({NOTE_PREFIX + collection.name: str(key)})

    def _compare(self, snapshot: Snapshot, collection: MilvusCollection) -> int:
        """List the whole collection beside a state, store what is missing, delete what is dead; return the last key."""
        expected = _live_keys(snapshot, set(snapshot.segments))
        if len(expected):
            logger.warning("comparing the vectors in Milvus with the database, key by key")
        last, after = snapshot.manifest.last_key, 0
        for start in range(0, len(expected) + 1, _BLOCK):
            here = expected[start : start + _BLOCK]
            end = last if start + _BLOCK > len(expected) else int(here[-1])
            there = self._listed(collection, here, after, end)
            missing = np.setdiff1d(here, there, assume_unique=True)
            if len(missing):
                wanted = frozenset(missing.tolist())
                records = self._embedded.store.keyed_records(int(missing[0]), int(missing[-1]))
                collection.upsert((r for r in records if r.key in wanted), timeout_s=self._timeout_s)
                logger.warning("stored %d vectors that Milvus did not have", len(missing))
            after = end
        self._note(collection, last)
        return last

    def _listed(self, collection: MilvusCollection, expected: Keys, after: int, end: int) -> Keys:
        """Return the keys between two that are there, after deleting the dead among them."""
        while True:
            there = collection.keys(after, end, timeout_s=self._timeout_s)
            dead = np.setdiff1d(there, expected, assume_unique=True)
            if len(dead):
                collection.delete(dead, timeout_s=self._timeout_s)
                logger.warning("deleted %d vectors from Milvus that nothing refers to any more", len(dead))
            if len(there) < MAX_HITS:
                return np.setdiff1d(there, dead, assume_unique=True)

    def _verify(self, *, waiting: bool) -> None:
        """Count; where the count is wrong, compare and count again until it is right."""
        deadline = time.monotonic() + self._timeout_s
        compared = False
        while True:
            snapshot = self._embedded.snapshot()
            collection = self._collection_of(snapshot)
            expected, found = live_count(snapshot), -1
            try:
                which = up_to(snapshot.manifest.last_key)
                found = collection.count(which, strong=waiting, timeout_s=self._timeout_s)
            except MilvusRefusedError:
                if time.monotonic() >= deadline:
                    raise
            if found == expected:
                return
            if time.monotonic() >= deadline:
                raise IndexStorageError(
                    f"Milvus holds {found} of the {expected} vectors that it was given; what is stored is kept, "
                    "and the next `turnwise add` or `turnwise doctor --repair` stores them there again"
                )
            if waiting and not compared and found >= 0:
                self._compare(snapshot, collection)
                compared = True
            waiting = True
            time.sleep(_RECOUNT_S)


def _died(before: Snapshot, after: Snapshot) -> Keys:
    """Return the keys that could be found before and can't after; segments that are in both alike are passed over."""
    if before.manifest.history != after.manifest.history:
        return np.empty(0, dtype=np.int64)
    entries = {e.name: e.dead for e in after.manifest.segments}
    same = {e.name for e in before.manifest.segments if entries.get(e.name) == e.dead}
    was, still = (_live_keys(state, set(state.segments) - same) for state in (before, after))
    return np.setdiff1d(was, still, assume_unique=True)


def _live_keys(snapshot: Snapshot, names: set[str]) -> Keys:
    """Return the keys of the records of some segments that are not dead, ascending."""
    keys = [np.empty(0, dtype=np.int64)]
    for name in names:
        live = snapshot.live[name]
        keys.append(snapshot.segments[name].keys if live is None else snapshot.segments[name].keys[live])
    return np.sort(np.concatenate(keys))
