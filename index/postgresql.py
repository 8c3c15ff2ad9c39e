"""PostgreSQL, for several machines. The only file that knows that it is PostgreSQL, with those that it imports."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from psycopg import Cursor
from sqlalchemy import ColumnElement, Connection, String, insert, literal_column, text
from sqlalchemy.exc import DBAPIError

from index.advisory import TRANSACTION_LOCK, AdvisoryLock
from index.copying import read_backup, write_backup
from index.database import T
from index.errors import IndexStorageError
from index.locking import WriterLock
from index.postgresql_connections import BinaryCursor, parsed, pool, take_results_by
from index.postgresql_errors import shown, translator
from index.records import state_properties
from index.schema import removals

logger = logging.getLogger(__name__)

_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(:number, hashtext(current_schema()))").bindparams(
    number=TRANSACTION_LOCK
)
# Of a standby, the timeline of its last checkpoint is all that can be asked for; of the primary that would be known too
# late after it took over.
_INCARNATION = """(
    SELECT format(
        '-%s-%s-%s',
        system_identifier,
        CASE WHEN pg_is_in_recovery() THEN (SELECT timeline_id FROM pg_control_checkpoint())
             ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END,
        'records'::regclass::oid
    )
    FROM pg_control_system()
)"""
_READ_ALL = (
    "SELECT count(md5(id || fingerprint || summary || body)) FROM documents",
    "SELECT count(md5(id || document_id || body || text || fields) || md5(vector) || md5(attachment)) FROM records",
    "SELECT count(seq + record_key) FROM removals",
    "SELECT count(md5(name || value)) FROM notes",
)


class PostgreSQLDatabase:
    """The truth on a server: several machines read it, one process at a time writes."""

    is_shared = True
    kept_removals = 1_000_000
    """A machine that was away for longer builds what it searches in anew: 50 MB of removals spare it that."""

    def __init__(self, address: str, *, read_only: bool, timeout_s: float) -> None:
        """Use a database; `timeout_s` is how long a statement or a writer waits for another connection's lock.

        Raises:
            IndexStorageError: The address is none.
        """
        url = parsed(address)
        self._name = shown(url)
        self._translated = translator(url)
        self._engine = pool(url, read_only=read_only, timeout_s=timeout_s)
        # Of a single statement, a transaction would only add two trips to the server.
        self._at_once = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._frozen = self._engine.execution_options(isolation_level="REPEATABLE READ")
        self._moment = threading.local()
        self._between_machines = AdvisoryLock(self._at_once, place=self._name, translated=self._translated)
        self._lock = WriterLock(self._between_machines, timeout_s=timeout_s)

    @property
    def name(self) -> str:
        """Return the address without its password."""
        return self._name

    def exists(self) -> bool:
        """Tell whether there is an index in the database."""
        query = text("SELECT to_regclass('properties') IS NOT NULL")
        return bool(self.read(lambda connection: connection.scalar(query)))

    def create(self, values: Mapping[str, str]) -> None:
        """Make the tables and store these properties: all of it or nothing.

        Raises:
            IndexStorageError: The database keeps text in another encoding than UTF-8.
        """
        from index.migrations import upgrade  # noqa: PLC0415 - Alembic is needed once

        def work(connection: Connection) -> None:
            encoding = connection.scalar(text("SHOW server_encoding"))
            if encoding != "UTF8":
                raise IndexStorageError(
                    f"{self._name} keeps text as {encoding}: make a database with ENCODING 'UTF8' TEMPLATE template0"
                )
            state_properties(connection, {**values, "format": upgrade(connection, said=None)})
            # Of record 0, which there never is: numbers may be skipped later, and this says that none was pruned.
            connection.execute(insert(removals).values(record_key=0))

        self.write(work)

    def read(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` makes of a connection; once more on another one if that is lost."""
        with self._translated():
            if (connection := getattr(self._moment, "connection", None)) is not None:
                return work(connection)
            try:
                return self._read(work)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                logger.warning("the connection to %s was lost; reading again", self._name)
                return self._read(work)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do `work` in one transaction, which is durable when this returns.

        One such transaction at a time, whatever becomes of the writer lock: rows then become visible in the order of
        their keys, which is what lets readers know by the highest key how far they have come.
        """
        with self._translated(), self._engine.begin() as connection:
            take_results_by(connection, Cursor)
            connection.execute(_ONE_BY_ONE)
            return work(connection)

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """Let all that this thread reads within a block be of the moment of its first read.

        Machines derive while others write: a document that is replaced meanwhile would else be missing for a while,
        with its old records gone and its new ones not yet known of.
        """
        with self._translated(), self._frozen.connect() as connection:
            take_results_by(connection, BinaryCursor)
            # Between two reads, thousands of records may have to be analysed.
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            self._moment.connection = connection
            try:
                yield
            finally:
                self._moment.connection = None

    def incarnation(self) -> ColumnElement[str]:
        """Return what changes when a dump is restored, a standby takes over, or the server goes back in time."""
        return literal_column(_INCARNATION, String)

    def writer_lock(self) -> WriterLock:
        """Return the lock that keeps writers of all machines apart."""
        return self._lock

    def wipe(self) -> None:
        """Let the server clear deleted rows away.

        That is all that can be done while others read: bytes of them may stay in the free space of the server's files,
        and in its log and backups, until those are reused (docs/scaling.md).
        """
        with self._translated(), self._at_once.connect() as connection:
            connection.detach()
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("VACUUM documents, records, notes")

    def copy_to(self, target: Path) -> None:
        """Copy everything into one file of SQLite, as of one moment."""
        with self._translated(), self._frozen.connect() as connection:
            write_backup(connection, target)

    def overwrite(self, source: Path) -> None:
        """Put the content of such a file in place of all that is stored, in one transaction."""

        def work(connection: Connection) -> None:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            read_backup(source, connection)

        self.write(work)

    def problems(self) -> list[str]:
        """Have the server read every byte; return what it can't."""
        found = []
        with self._translated(), self._at_once.connect() as connection:
            connection.detach()
            connection.exec_driver_sql("SET statement_timeout = 0")
            for query in _READ_ALL:
                try:
                    connection.exec_driver_sql(query).all()
                except DBAPIError as error:
                    if error.connection_invalidated:
                        raise
                    found.append(str(error.orig))
        return found

    def close(self) -> None:
        """Close all connections."""
        self._between_machines.close()
        self._engine.dispose()

    def _read(self, work: Callable[[Connection], T]) -> T:
        with self._at_once.connect() as connection:
            take_results_by(connection, BinaryCursor)
            return work(connection)
