"""The database of questions and feedback: a file of its own, so that the index stays what transcripts alone make it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import (
    URL,
    Column,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    create_engine,
    event,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from rag.errors import IndexUnavailableError

DATABASE_NAME = "feedback.db"
BUSY_TIMEOUT_S = 5.0
"""How long a statement waits for another worker's."""
WHOLE_ANSWER = 0
"""In the column `citation`: the feedback is on no single one. Citations count from 1."""

metadata = MetaData()

asked = Table(
    "asked",
    metadata,
    Column("request_id", String, primary_key=True),
    Column("at", Float, nullable=False),  # seconds since 1970
    Column("status", String, nullable=False),
    Column("citations", Integer, nullable=False),
    Column("question", String),
    Index("asked_at", "at"),
)
feedback = Table(
    "feedback",
    metadata,
    Column("request_id", String, nullable=False),
    Column("citation", Integer, nullable=False),
    Column("at", Float, nullable=False),
    Column("rating", String, nullable=False),
    Column("comment", String),
    Column("status", String, nullable=False),
    Column("question", String),
    PrimaryKeyConstraint("request_id", "citation"),
    Index("feedback_at", "at"),
)


def open_database(folder: Path) -> Engine:
    """Open the database in a data folder; it is made where there is none.

    Raises:
        IndexUnavailableError: It can't be opened.
    """
    path = folder / DATABASE_NAME
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": BUSY_TIMEOUT_S},
        hide_parameters=True,  # an error tells of no question
    )

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        # A question is noted before each answer goes out. NORMAL never damages the file; a power cut may lose the last
        # few notes, which is all that it costs.
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA secure_delete = ON").fetchall()  # what is erased is overwritten
        cursor.close()

    with translated(path), engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        # Workers that start together: who comes second finds it made.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        metadata.create_all(connection)
        connection.commit()
    return engine


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise a database's errors as ours.

    Raises:
        IndexUnavailableError: The database can't be read or written.
    """
    try:
        yield
    except SQLAlchemyError as error:
        reason = getattr(error, "orig", None) or error
        raise IndexUnavailableError(
            f"{path} can't be used: {reason}. It holds feedback only: move it away, and a new one is made."
        ) from error
