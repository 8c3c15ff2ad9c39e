"""A lock that PostgreSQL keeps for writers of all machines; it gives it back when their connection is gone."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

logger = logging.getLogger(__name__)

LOCK_NOT_AVAILABLE = "55P03"
"""SQLSTATE of a wait for a lock that took too long (PostgreSQL documentation, appendix A)."""
SESSION_LOCK, TRANSACTION_LOCK = 1_953_853_028, 1_953_853_029
"""First halves of the locks' numbers, made up; the second half is the schema's, so that two indexes don't meet."""

_WAIT = text("SELECT set_config('lock_timeout', :milliseconds, false), set_config('statement_timeout', '0', false)")
_LOCK = text("SELECT pg_advisory_lock(:number, hashtext(current_schema()))").bindparams(number=SESSION_LOCK)
_UNLOCK = text("SELECT pg_advisory_unlock(:number, hashtext(current_schema()))").bindparams(number=SESSION_LOCK)


class AdvisoryLock:
    """A `ProcessLock` across machines, on a connection of its own that stays open.

    If that connection is lost while the lock is held, somebody else may get it. Nothing is lost by that: every
    transaction that writes takes a second lock for its own length (`TRANSACTION_LOCK`).
    """

    def __init__(self, engine: Engine, *, place: str, translated: Callable[[], AbstractContextManager[None]]) -> None:
        """Connect when the lock is first taken.

        Args:
            engine: Its connections commit by themselves.
            place: Where the database is, fit to be shown.
            translated: Turns foreign exceptions into ours.
        """
        self._engine = engine
        self._place = place
        self._translated = translated
        self._connection: Connection | None = None
        self._depth = 0

    @property
    def place(self) -> str:
        """Return where the database is."""
        return self._place

    def acquire(self, timeout_s: float) -> bool:
        """Take the lock within a time; return whether that worked."""
        if not self._depth:
            with self._translated():
                if not self._lock(timeout_s):
                    return False
        self._depth += 1
        return True

    def release(self) -> None:
        """Give back what was taken once."""
        self._depth -= 1
        if self._depth or self._connection is None:
            return
        try:
            self._connection.execute(_UNLOCK)
        except DBAPIError as error:
            logger.warning("the connection that held the lock of %s is lost (%s)", self._place, error.orig)
            self.close()

    def close(self) -> None:
        """Close the connection; PostgreSQL then gives back the lock."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _lock(self, timeout_s: float) -> bool:
        is_new = self._connection is None
        connection = self._connection = self._connection or self._connected()
        # A timeout of 0 would mean to wait for ever.
        milliseconds = max(1, round(timeout_s * 1000))
        try:
            connection.execute(_WAIT, {"milliseconds": str(milliseconds)})
            connection.execute(_LOCK)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
                return False
            self.close()
            if error.connection_invalidated and not is_new:
                # It was lost since it was last used.
                return self._lock(timeout_s)
            raise
        return True

    def _connected(self) -> Connection:
        connection = self._engine.connect()
        connection.detach()
        return connection
