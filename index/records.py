"""Documents, their records and the records' vectors in the database: the truth."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, Select, delete, func, insert, select

from index.database import Database
from index.errors import DocumentChangedError, IndexDamagedError, IndexMissingError
from index.rows import SEARCHED, VECTOR_TYPE, record_of, row_of
from index.schema import documents, properties, records, removals
from index.types import Document, DocumentSummary, Matrix, Record, StoredRecord

_PAGE = 500
"""Rows or ids a statement; SQLite allows 32,766 parameters, and short reads don't hold up a wipe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthState:
    """How far the truth has come; derived structures compare theirs with it."""

    history: str
    """Changes when a backup is restored: keys before and after don't mean the same records."""
    last_key: int
    last_removal: int
    oldest_removal: int
    """Earlier removals were pruned: structures that don't know of them must be built anew."""
    erase: int
    """Up to this one, removals must leave no trace in the derived files."""
    wipe: bool
    """Deleted rows wait to be wiped from the database's free space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedRecord:
    """A record with its key in the truth, as derived structures are built from it."""

    key: int
    record: Record


class RecordStore:
    """Reads and changes the truth. Safe to use from several threads; writers hold the writer lock."""

    def __init__(self, database: Database) -> None:
        """Use a database.

        Raises:
            IndexMissingError: There is no index in it.
        """
        if not database.exists():
            raise IndexMissingError(f"there is no index in {database.name} yet: add a transcript first")
        self._database = database

    def properties(self) -> dict[str, str]:
        """Return what the database says of itself; see `schema.properties`."""
        query = select(properties.c.name, properties.c.value)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return {str(row.name): str(row.value) for row in rows}

    def state(self) -> TruthState:
        """Return how far the truth has come.

        Raises:
            IndexDamagedError: The database doesn't say.
        """
        # One statement, so that all of it is of one moment.
        query = select(
            *(properties.c.name, properties.c.value, self._database.incarnation()),
            select(func.max(records.c.key)).scalar_subquery(),
            select(func.min(removals.c.seq)).scalar_subquery(),
            select(func.max(removals.c.seq)).scalar_subquery(),
        )
        rows = self._database.read(lambda connection: connection.execute(query).all())
        said = {name: value for name, value, *_ in rows}
        if "history" not in said or "purge" not in said:
            raise IndexDamagedError(f"{self._database.name} is not an index of Turnwise: it lacks a history")
        _, _, incarnation, last_key, oldest, last = rows[0]
        wipe = said["purge"] == "1"
        return TruthState(
            history=_history(said["history"], incarnation),
            last_key=last_key or 0,
            last_removal=last or 0,
            oldest_removal=oldest or 0,
            # Before there was `erase`, whatever waited to be wiped was to be erased too.
            erase=int(said.get("erase", (last or 0) if wipe else 0)),
            wipe=wipe,
        )

    def counts(self) -> tuple[int, int]:
        """Return the number of documents and of records."""
        query = select(*(select(func.count()).select_from(table).scalar_subquery() for table in (documents, records)))
        found = self._database.read(lambda connection: connection.execute(query).one())
        return int(found[0]), int(found[1])

    def replace(self, document: Document, replacement: Sequence[Record]) -> None:
        """Store a document and its records in place of any of the same id, in one durable transaction.

        Raises:
            DocumentChangedError: It was made from another one than the one that is stored.
        """
        rows = [row_of(document.id, position, record) for position, record in enumerate(replacement)]

        def work(connection: Connection) -> None:
            if document.replaces is not None:
                _check_replaced(connection, document.id, document.replaces)
            _drop(connection, document.id)
            connection.execute(
                insert(documents).values(
                    id=document.id,
                    fingerprint=document.fingerprint,
                    summary=document.summary,
                    body=document.body,
                )
            )
            if rows:
                connection.execute(insert(records), rows)
            self._keep_last_removals(connection)

        self._database.write(work)

    def remove(self, document_ids: Iterable[str]) -> int:
        """Delete documents with their records and note that they wait to be wiped; return how many there were."""
        wanted = sorted(set(document_ids))

        def work(connection: Connection) -> int:
            removed = sum(_drop(connection, document_id) for document_id in wanted)
            if removed:
                last = connection.scalar(select(func.max(removals.c.seq)))
                state_properties(connection, {"purge": "1", "erase": str(last or 0)})
                self._keep_last_removals(connection)
            return removed

        return self._database.write(work)

    def wiped(self) -> None:
        """Note that nothing waits to be wiped any more."""
        self._database.write(lambda connection: state_properties(connection, {"purge": "0"}))

    def begin_history(self, history: str) -> None:
        """Give the database a new history, and have what it holds of older removals wiped."""
        self._database.write(lambda connection: state_properties(connection, {"history": history, "purge": "1"}))

    def removed_keys(self, after: int) -> list[int]:
        """Return the keys of records replaced or removed since a removal, in that order."""
        query = select(removals.c.record_key).where(removals.c.seq > after).order_by(removals.c.seq)
        return self._database.read(lambda connection: [int(key) for key in connection.scalars(query)])

    def prune_removals(self, known: int) -> None:
        """Forget removals before `known`, which stays so that the highest number isn't lost.

        Of a database that machines share the last ones are kept, by those who write: others may not know of them.
        """
        if not self._database.kept_removals:
            self._database.write(lambda connection: _forget_removals(connection, before=known))

    def keys(self) -> list[int]:
        """Return the keys of all records."""
        return self._database.read(lambda connection: list(connection.scalars(select(records.c.key))))

    def keyed_records(self, first: int, last: int) -> Iterator[KeyedRecord]:
        """Iterate over the records whose keys lie between two, both included, in order of key."""
        after = first - 1
        while True:
            query = select(*SEARCHED).where(records.c.key > after, records.c.key <= last).order_by(records.c.key)
            rows = self._fetched(query.limit(_PAGE))
            if not rows:
                return
            for row in rows:
                yield KeyedRecord(key=row.key, record=record_of(row))
            after = rows[-1].key

    def records(self, record_ids: Sequence[str]) -> dict[str, StoredRecord]:
        """Return the records that exist among those asked for, by id."""
        rows = self._by_id((records.c.id, records.c.document_id, records.c.body), record_ids)
        return {r.id: StoredRecord(id=r.id, document_id=r.document_id, body=r.body) for r in rows}

    def attachments(self, record_ids: Sequence[str]) -> dict[str, bytes]:
        """Return the attachments of the records that exist among those asked for, by id."""
        return {row.id: row.attachment for row in self._by_id((records.c.id, records.c.attachment), record_ids)}

    def vectors(self, record_ids: Sequence[str], dimension: int) -> Matrix:
        """Return the stored vectors, one row an id, in that order; KeyError for an unknown id."""
        rows = self._by_id((records.c.id, records.c.vector), record_ids)
        by_id = {row.id: np.frombuffer(row.vector, dtype=VECTOR_TYPE) for row in rows}
        found = np.empty((len(record_ids), dimension), dtype=np.float32)
        for place, record_id in enumerate(record_ids):
            found[place] = by_id[record_id]
        return found

    def document(self, document_id: str) -> Document | None:
        """Return one document, whole."""
        rows = self._fetched(select(documents).where(documents.c.id == document_id))
        if not rows:
            return None
        (row,) = rows
        return Document(id=row.id, fingerprint=row.fingerprint, summary=row.summary, body=row.body)

    def documents(self) -> Iterator[DocumentSummary]:
        """Iterate over all documents in order of id, page by page, so that nothing is locked in between."""
        columns = select(documents.c.id, documents.c.fingerprint, documents.c.summary).order_by(documents.c.id)
        page = columns.limit(_PAGE)
        while True:
            rows = self._fetched(page)
            if not rows:
                return
            for row in rows:
                yield DocumentSummary(id=row.id, fingerprint=row.fingerprint, summary=row.summary)
            page = columns.where(documents.c.id > rows[-1].id).limit(_PAGE)

    def document_records(self, document_id: str) -> list[StoredRecord]:
        """Return the records of one document in the order in which they were stored."""
        query = select(records.c.id, records.c.body).where(records.c.document_id == document_id)
        rows = self._fetched(query.order_by(records.c.position))
        return [StoredRecord(id=r.id, document_id=document_id, body=r.body) for r in rows]

    def _keep_last_removals(self, connection: Connection) -> None:
        if kept := self._database.kept_removals:
            last = connection.scalar(select(func.max(removals.c.seq))) or 0
            _forget_removals(connection, before=last - kept)

    def _by_id(self, columns: Sequence[Any], record_ids: Sequence[str]) -> list[Row[Any]]:
        wanted = list(dict.fromkeys(record_ids))
        pages = [wanted[start : start + _PAGE] for start in range(0, len(wanted), _PAGE)]
        return [row for page in pages for row in self._fetched(select(*columns).where(records.c.id.in_(page)))]

    def _fetched(self, query: Select[Any]) -> Sequence[Row[Any]]:
        return self._database.read(lambda connection: connection.execute(query).all())


def state_properties(connection: Connection, said: Mapping[str, str]) -> None:
    """Store what the database says of itself, in place of what it said by these names."""
    connection.execute(delete(properties).where(properties.c.name.in_(said)))
    connection.execute(insert(properties), [{"name": name, "value": value} for name, value in said.items()])


def _history(said: str, incarnation: str) -> str:
    """Return one name for both, of which any part differs where either does; the first where there is no second."""
    return hashlib.sha256(f"{said}{incarnation}".encode()).hexdigest()[: len(said)] if incarnation else said


def _forget_removals(connection: Connection, *, before: int) -> None:
    connection.execute(delete(removals).where(removals.c.seq < before))


def _check_replaced(connection: Connection, document_id: str, expected: str) -> None:
    stored = connection.scalar(select(documents.c.fingerprint).where(documents.c.id == document_id)) or ""
    if stored != expected:
        raise DocumentChangedError(f"{document_id} was changed by somebody else meanwhile; try again")


def _drop(connection: Connection, document_id: str) -> bool:
    old = select(records.c.key).where(records.c.document_id == document_id)
    connection.execute(insert(removals).from_select(["record_key"], old))
    connection.execute(delete(records).where(records.c.document_id == document_id))
    return connection.execute(delete(documents).where(documents.c.id == document_id)).rowcount > 0
