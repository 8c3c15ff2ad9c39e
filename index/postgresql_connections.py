"""Connections to PostgreSQL: the address, what is set on each, and how results travel."""

from typing import Any

from psycopg import Connection as DriverConnection
from psycopg import Cursor, pq
from psycopg.rows import RowFactory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from index.database import POOL_OVERFLOW, POOL_SIZE
from index.errors import IndexStorageError

STATEMENT_TIMEOUT_S = 60
"""A statement reads a page or writes a transcript, which takes milliseconds: beyond this, something hangs."""
_DEFAULTS = {
    "connect_timeout": "10",
    "application_name": "turnwise",
    # A machine that vanished is noticed within a minute, not after two hours.
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
"""Of libpq (its documentation, 34.1.2); the address may say otherwise."""
_SESSION = {
    "statement_timeout": f"{STATEMENT_TIMEOUT_S}s",
    # The same on the server's side: a transaction or lock of a machine that vanished must not keep others waiting.
    "idle_in_transaction_session_timeout": f"{STATEMENT_TIMEOUT_S}s",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
_DURABLE = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"


class BinaryCursor(Cursor[Any]):
    """Takes results as bytes: vectors are not written out as hexadecimal digits and read back."""

    def __init__(self, connection: "DriverConnection[Any]", *, row_factory: RowFactory[Any] | None = None) -> None:
        super().__init__(connection, row_factory=row_factory or connection.row_factory)
        self.format = pq.Format.BINARY


def parsed(address: str) -> URL:
    """Read an address.

    Raises:
        IndexStorageError: It is none of PostgreSQL.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        # Not shown, and not chained: it may hold a password.
        raise IndexStorageError("the database's address is none; postgresql://user@host/database is expected") from None
    if url.drivername not in ("postgresql", "postgres"):
        raise IndexStorageError(f"{url.drivername}:// is not known; postgresql://user@host/database is expected")
    return url.set(drivername="postgresql+psycopg")


def pool(url: URL, *, read_only: bool, timeout_s: float) -> Engine:
    """Return a pool of connections; `timeout_s` is how long a statement waits for another connection's lock."""
    engine = create_engine(
        url,
        connect_args={
            **{name: value for name, value in _DEFAULTS.items() if name not in url.query},
            "client_encoding": "utf8",
        },
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_pre_ping=True,
        # What fails is logged with its statement, not with what people said.
        hide_parameters=True,
    )
    # 0 would mean to wait for ever.
    session = {**_SESSION, "lock_timeout": f"{max(1, round(timeout_s * 1000))}ms"}
    if read_only:
        session["default_transaction_read_only"] = "on"
    names = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in session.items())

    @event.listens_for(engine, "connect")
    def configure(connection: "DriverConnection[Any]", _entry: object) -> None:
        connection.autocommit = True
        connection.execute(f"SELECT {names}".encode())
        connection.execute(_DURABLE.encode())
        connection.autocommit = False

    return engine


def take_results_by(connection: Connection, kind: "type[Cursor[Any]]") -> None:
    """Let a connection of the pool use a kind of cursor from now on.

    Not all can use `BinaryCursor`: SQLAlchemy reads some of what a migration may ask of the catalogue as text only.
    """
    connection.connection.driver_connection.cursor_factory = kind  # type: ignore[union-attr]
