"""The seam between the search engine and the database that holds the truth: SQLite in the folder, or PostgreSQL."""

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    # Whoever only wants a name or a constant of this file is spared SQLAlchemy.
    from sqlalchemy import ColumnElement, Connection

    from index.locking import WriterLock

DATABASE_NAME = "turnwise.db"
"""The file of SQLite in the data folder."""
TEMPORARY_SUFFIX = ".tmp"
"""Files of this suffix in the data folder are left-overs of a killed process unless the writer lock is held."""
POOL_SIZE, POOL_OVERFLOW = 8, 32
"""Connections of a process that are kept open, and those beside them that are closed after use. Together as many as a
server has threads that answer (40, AnyIO's default): none of them waits for a connection."""

T = TypeVar("T")


class Database(Protocol):
    """Where the truth is kept. Raises errors of `index.errors` only; safe to use from several threads."""

    @property
    def name(self) -> str:
        """Say where it is, fit to be shown and logged: without a password."""
        ...

    @property
    def is_shared(self) -> bool:
        """Tell whether several machines write to it: then each derives what it searches in by itself."""
        ...

    @property
    def kept_removals(self) -> int:
        """Return how many of the last removals are remembered, for machines that haven't yet heard of them."""
        ...

    def exists(self) -> bool:
        """Tell whether there is an index in it."""
        ...

    def create(self, values: Mapping[str, str]) -> None:
        """Make the tables and store these properties: all of it or nothing. Under the writer lock."""
        ...

    def read(self, work: "Callable[[Connection], T]") -> T:
        """Return what `work` makes of a connection; it must only read, and may be called again."""
        ...

    def write(self, work: "Callable[[Connection], T]") -> T:
        """Do `work` in one transaction, which is durable when this returns. Under the writer lock."""
        ...

    def one_moment(self) -> AbstractContextManager[None]:
        """Let all that this thread reads within a block be of one moment, whatever is written meanwhile.

        Where the writer lock keeps everybody from writing, whoever holds it has that anyway.
        """
        ...

    def incarnation(self) -> "ColumnElement[str]":
        """Return what changes where keys that were given out may be given out again, behind the engine's back."""
        ...

    def writer_lock(self) -> "WriterLock | None":
        """Return what keeps writers of other machines away; None where the lock of the data folder does."""
        ...

    def wipe(self) -> None:
        """Remove what is left of deleted rows, as far as that can be done while others read."""
        ...

    def copy_to(self, target: Path) -> None:
        """Copy everything into one file of SQLite, consistently, while others read and write; replaces it."""
        ...

    def overwrite(self, source: Path) -> None:
        """Put the content of such a file in place of all that is stored, in one transaction."""
        ...

    def problems(self) -> list[str]:
        """Read all of it; return what is damaged."""
        ...

    def close(self) -> None:
        """Close all connections."""
        ...


def sync_folder(folder: Path) -> None:
    """Make renames within a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
