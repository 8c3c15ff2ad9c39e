"""What the search engine inside the process is made of, put together on a folder and a database."""

from dataclasses import dataclass
from pathlib import Path

from index.analysis import EnglishAnalyzer
from index.catching_up import CatchingUp
from index.database import Database
from index.derivation import Derivation
from index.errors import SearchEngineError
from index.following import ManifestFollower
from index.locking import WriterLock
from index.manifest import Manifest
from index.opening import checked_properties, create_if_absent, open_database
from index.records import RecordStore
from index.upkeep import Upkeep
from index.vectors import VectorIndex

_LOCK_NAME = "writer.lock"
_DERIVING_TIMEOUT_S = 3600.0
"""Where machines share a database, how long to wait for another process of this one to derive, at first all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of one engine."""

    database: Database
    """The truth."""
    store: RecordStore
    """What reads and writes it."""
    writer: WriterLock
    """Held while the database changes."""
    deriving: WriterLock
    """Held while the folder changes; the same lock where the database is in the folder."""
    follower: ManifestFollower
    """Loads what was derived."""
    upkeep: Upkeep
    """Derives, and has wiped what was removed."""
    catching_up: CatchingUp | None
    """Follows what other machines write; None where only this folder's processes do: who refreshes derives for all."""


def open_parts(
    folder: Path,
    *,
    dimension: int,
    model: str,
    lock_timeout_s: float,
    read_only: bool,
    address: str | None,
    poll_interval_s: float,
    analyzer: EnglishAnalyzer,
    max_segment_records: int,
    vector_index: VectorIndex,
) -> Parts:
    """Open the index in a folder, created there if it doesn't exist, and return what works on it.

    The arguments are those of `EmbeddedEngine`, with the database's address and what cuts texts into terms.

    Raises:
        IndexMissingError: `read_only`, and there is no index.
        IndexMismatchError: The index was made with another model, dimension or format.
        IndexLockedError: Another process is creating it, and went on too long.
        IndexStorageError: The database can't be reached, or its driver is not installed.
    """
    database = open_database(folder, address, read_only=read_only, timeout_s=lock_timeout_s)
    deriving = WriterLock(
        folder / _LOCK_NAME,
        timeout_s=max(lock_timeout_s, _DERIVING_TIMEOUT_S) if database.is_shared else lock_timeout_s,
    )
    writer = database.writer_lock() or deriving
    try:
        if not read_only:
            create_if_absent(database, folder, writer, model=model, dimension=dimension)
        store = RecordStore(database)
        said = checked_properties(database, None if read_only else writer, model=model, dimension=dimension)
    except SearchEngineError:
        database.close()
        raise
    empty = Manifest(history=said["history"], model=model, dimension=dimension)
    derivation = Derivation(
        folder, store, empty, analyzer, max_segment_records=max_segment_records, vector_index=vector_index
    )
    follower = ManifestFollower(folder, poll_interval_s=poll_interval_s)
    upkeep = Upkeep(
        folder,
        database=database,
        store=store,
        derivation=derivation,
        follower=follower,
        deriving=deriving,
        writer=writer,
        empty=empty,
    )
    catching_up = CatchingUp(store.state, upkeep.catch_up, interval_s=poll_interval_s) if database.is_shared else None
    return Parts(
        database=database,
        store=store,
        writer=writer,
        deriving=deriving,
        follower=follower,
        upkeep=upkeep,
        catching_up=catching_up,
    )
