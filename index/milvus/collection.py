"""One collection of a Milvus server: what is stored in it, and asked of it."""

import time
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from index.milvus.columns import create_columns, create_index, row_of
from index.milvus.connection import MilvusConnection, MilvusRefusedError
from index.milvus.expressions import KEY, VECTOR, between, listed
from index.records import KeyedRecord
from index.types import Vector

Keys = npt.NDArray[np.int64]

MAX_HITS = 16_384
"""What Milvus gives back at most, of hits or of rows."""
_BATCH = 500
"""Rows a request: some 1 MB of 384-dimensional vectors; the server refuses 64 MB."""
_DELETED_AT_ONCE = 5_000
_LOAD_TIMEOUT_S = 120.0
_LOOK_TIMEOUT_S = 2.0
_POLL_INTERVAL_S = 0.2


class MilvusCollection:
    """The vectors of one history of the truth, by the records' keys."""

    def __init__(
        self, connection: MilvusConnection, name: str, *, dimension: int, fields: Sequence[str], replicas: int
    ) -> None:
        """Name a collection; nothing is asked yet.

        Args:
            connection: The server.
            name: Of the collection there.
            dimension: Length of the vectors.
            fields: The fields that become columns, so that filters on them are the server's work.
            replicas: How many query nodes hold each part in memory.
        """
        self._connection = connection
        self._dimension = dimension
        self._fields = tuple(fields)
        self._replicas = replicas
        self.name = name

    def connect(self, *, timeout_s: float) -> bool:
        """Connect to the server; return whether that wasn't done before."""
        return self._connection.connect(timeout_s=timeout_s)

    def exists(self, *, timeout_s: float) -> bool:
        """Say whether the collection is there."""
        return self._connection.call(
            lambda c: bool(c.has_collection(self.name, timeout=timeout_s)), timeout_s=timeout_s
        )

    def prepare(self, *, timeout_s: float) -> bool:
        """Create the collection if it isn't there, and have it loaded; return whether it had to be created."""
        absent = not self.exists(timeout_s=timeout_s)
        if absent:
            create_columns(self._connection, self.name, self._dimension, self._fields, timeout_s=timeout_s)
            create_index(self._connection, self.name, timeout_s=timeout_s)
        try:
            self.load(timeout_s=timeout_s)
        except MilvusRefusedError as error:
            if "index" not in str(error):
                raise
            # Whoever created it was killed before it had an index.
            create_index(self._connection, self.name, timeout_s=timeout_s)
            self.load(timeout_s=timeout_s)
        return absent

    def load(self, *, timeout_s: float) -> None:
        """Have the collection loaded with as many replicas as wanted; it must be there.

        Raises:
            MilvusRefusedError: It isn't there, or there are fewer query nodes than replicas.
        """
        try:
            self._load()
        except MilvusRefusedError as error:
            if "replica" not in str(error):
                raise
            # The number of replicas can't be changed while it is loaded.
            self._connection.call(lambda c: c.release_collection(self.name, timeout=timeout_s), timeout_s=timeout_s)
            self._load()

    def load_if_released(self, *, timeout_s: float) -> bool:
        """Have the collection loaded if nothing of it is, as after a restart of the server; return whether so."""
        state = self._connection.call(lambda c: c.get_load_state(self.name, timeout=timeout_s), timeout_s=timeout_s)
        if getattr(state.get("state"), "name", "") != "NotLoad":
            return False
        self.load(timeout_s=timeout_s)
        return True

    def is_gone(self) -> bool:
        """Say whether the server answers, at once, that it has no such collection."""
        try:
            return not self.exists(timeout_s=_LOOK_TIMEOUT_S)
        except MilvusRefusedError:
            return False

    def drop(self, *, timeout_s: float) -> None:
        """Delete the collection with all that is in it."""
        self._connection.call(lambda c: c.drop_collection(self.name, timeout=timeout_s), timeout_s=timeout_s)

    def upsert(self, records: Iterable[KeyedRecord], *, timeout_s: float) -> int:
        """Store the vectors of records, durably; return how many. Doing it again changes nothing."""
        stored = 0
        stream = iter(records)
        while rows := [row_of(keyed, self._fields) for keyed in islice(stream, _BATCH)]:
            self._patiently(lambda c, rows=rows: c.upsert(self.name, rows, timeout=timeout_s), timeout_s)
            stored += len(rows)
        return stored

    def delete(self, keys: Keys, *, timeout_s: float) -> None:
        """Delete the vectors of records; keys that aren't there are none's loss."""
        for start in range(0, len(keys), _DELETED_AT_ONCE):
            which = listed(keys[start : start + _DELETED_AT_ONCE].tolist())
            self._patiently(lambda c, which=which: c.delete(self.name, filter=which, timeout=timeout_s), timeout_s)

    def count(self, which: str, *, strong: bool, timeout_s: float) -> int:
        """Count the rows of an expression that searches see now."""
        rows = self._query(which, ["count(*)"], strong=strong, timeout_s=timeout_s)
        return int(rows[0]["count(*)"])

    def keys(self, after: int, last: int, *, timeout_s: float) -> Keys:
        """Return the keys that are there between two, the second included; at most `MAX_HITS`, in order."""
        rows = self._query(between(after, last), [KEY], strong=True, timeout_s=timeout_s, limit=MAX_HITS)
        return np.array(sorted(row[KEY] for row in rows), dtype=np.int64)

    def nearest(
        self, query: Vector, limit: int, which: str, *, probes: int, strong: bool, timeout_s: float
    ) -> tuple[Keys, npt.NDArray[np.float64]]:
        """Return keys and inner products of the nearest rows, best first.

        Args:
            query: A vector.
            limit: How many, at most `MAX_HITS`.
            which: An expression that they meet; empty for all.
            probes: How many of the lists of each segment are searched, at most `LISTS`, which is all.
            strong: Wait until everything that was written before is seen.
            timeout_s: How long it may take.
        """
        found = self._connection.call(
            lambda c: c.search(
                self.name,
                data=[query],
                anns_field=VECTOR,
                limit=limit,
                filter=which,
                search_params={"metric_type": "IP", "params": {"nprobe": probes}},
                consistency_level=_consistency(strong),
                timeout=timeout_s,
            ),
            timeout_s=timeout_s,
        )[0]
        # A hit calls its key "id", or by the name of the column: servers differ.
        keys = [hit["id"] if "id" in hit else hit[KEY] for hit in found]
        return np.array(keys, dtype=np.int64), np.array([hit["distance"] for hit in found], dtype=np.float64)

    def _query(
        self, which: str, columns: list[str], *, strong: bool, timeout_s: float, limit: int | None = None
    ) -> list[dict[str, Any]]:
        bounded = {} if limit is None else {"limit": limit}
        return list(
            self._connection.call(
                lambda c: c.query(
                    self.name,
                    filter=which,
                    output_fields=columns,
                    consistency_level=_consistency(strong),
                    timeout=timeout_s,
                    **bounded,
                ),
                timeout_s=timeout_s,
            )
        )

    def _patiently(self, action: Any, timeout_s: float) -> None:
        """Write; if the server refuses, as while a node is being replaced, try again: writing twice is harmless."""
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                self._connection.call(action, timeout_s=timeout_s)
            except MilvusRefusedError:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(_POLL_INTERVAL_S)
            else:
                return

    def _load(self) -> None:
        self._connection.call(
            lambda c: c.load_collection(self.name, replica_number=self._replicas, timeout=_LOAD_TIMEOUT_S),
            timeout_s=_LOAD_TIMEOUT_S,
        )


def _consistency(strong: bool) -> str:
    # Bounded: the server answers from a state that is at most five seconds old, without waiting for its clock.
    return "Strong" if strong else "Bounded"
