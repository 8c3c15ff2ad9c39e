"""Documents, their records and the records' vectors in the database: the truth."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update

from index.database import open_database, translated
from index.errors import IndexMissingError
from index.schema import documents, properties, records, removals
from index.types import Document, DocumentSummary, Matrix, Record, StoredRecord

_PAGE = 500
"""Rows or ids a statement; SQLite allows 32,766 parameters, and short reads don't hold up a wipe."""
_VECTOR_TYPE = np.dtype("<f4")


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthState:
    """How far the truth has come; derived structures compare theirs with it."""

    history: str
    """Changes when a backup is restored: keys before and after don't mean the same records."""
    last_key: int
    last_removal: int
    oldest_removal: int
    """Earlier removals were pruned: structures that don't know of them must be built anew."""
    purge: bool
    """A removal waits to be wiped from the derived files and from the database's free space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedRecord:
    """A record with its key in the truth, as derived structures are built from it."""

    key: int
    record: Record


class RecordStore:
    """Reads and changes the truth. Safe to use from several threads; writers hold the writer lock."""

    def __init__(self, path: Path, *, read_only: bool, timeout_s: float) -> None:
        """Open the database at `path`.

        Raises:
            IndexMissingError: There is none.
        """
        if not path.exists():
            raise IndexMissingError(f"there is no index in {path.parent} yet: add a transcript first")
        self._path = path
        self._engine = open_database(path, read_only=read_only, timeout_s=timeout_s)

    @property
    def engine(self) -> Engine:
        """Return the pool of connections."""
        return self._engine

    def properties(self) -> dict[str, str]:
        """Return what the database says of itself; see `schema.properties`."""
        with translated(self._path), self._engine.connect() as connection:
            return {str(name): str(value) for name, value in connection.execute(select(properties))}

    def state(self) -> TruthState:
        """Return how far the truth has come."""
        with translated(self._path), self._engine.connect() as connection:
            said = {str(name): str(value) for name, value in connection.execute(select(properties))}
            last_key = connection.scalar(select(func.max(records.c.key)))
            first, last = connection.execute(select(func.min(removals.c.seq), func.max(removals.c.seq))).one()
        return TruthState(
            history=said["history"],
            last_key=last_key or 0,
            last_removal=last or 0,
            oldest_removal=first or 0,
            purge=said["purge"] == "1",
        )

    def counts(self) -> tuple[int, int]:
        """Return the number of documents and of records."""
        with translated(self._path), self._engine.connect() as connection:
            return (
                connection.scalar(select(func.count()).select_from(documents)) or 0,
                connection.scalar(select(func.count()).select_from(records)) or 0,
            )

    def replace(self, document: Document, replacement: Sequence[Record]) -> None:
        """Store a document and its records in place of any of the same id, in one durable transaction."""
        with translated(self._path), self._engine.begin() as connection:
            _drop(connection, document.id)
            connection.execute(
                insert(documents).values(
                    id=document.id,
                    fingerprint=document.fingerprint,
                    summary=document.summary,
                    body=document.body,
                )
            )
            if replacement:
                connection.execute(
                    insert(records), [_row(document.id, position, r) for position, r in enumerate(replacement)]
                )

    def remove(self, document_ids: Iterable[str]) -> int:
        """Delete documents with their records and note that they wait to be wiped; return how many there were."""
        with translated(self._path), self._engine.begin() as connection:
            removed = sum(_drop(connection, document_id) for document_id in sorted(set(document_ids)))
            if removed:
                connection.execute(update(properties).where(properties.c.name == "purge").values(value="1"))
        return removed

    def purged(self) -> None:
        """Note that nothing waits to be wiped any more."""
        with translated(self._path), self._engine.begin() as connection:
            connection.execute(update(properties).where(properties.c.name == "purge").values(value="0"))

    def begin_history(self, history: str) -> None:
        """Give the database a new history, and have what it holds of older removals wiped."""
        with translated(self._path), self._engine.begin() as connection:
            connection.execute(update(properties).where(properties.c.name == "history").values(value=history))
            connection.execute(update(properties).where(properties.c.name == "purge").values(value="1"))

    def removed_keys(self, after: int) -> list[int]:
        """Return the keys of records replaced or removed since a removal, in that order."""
        query = select(removals.c.record_key).where(removals.c.seq > after).order_by(removals.c.seq)
        with translated(self._path), self._engine.connect() as connection:
            return [int(key) for key in connection.scalars(query)]

    def prune_removals(self, known: int) -> None:
        """Forget removals before `known`, which stays so that the highest number isn't lost."""
        with translated(self._path), self._engine.begin() as connection:
            connection.execute(delete(removals).where(removals.c.seq < known))

    def keys(self) -> list[int]:
        """Return the keys of all records."""
        with translated(self._path), self._engine.connect() as connection:
            return list(connection.scalars(select(records.c.key)))

    def keyed_records(self, first: int, last: int) -> Iterator[KeyedRecord]:
        """Iterate over the records whose keys lie between two, both included, in order of key."""
        after = first - 1
        while True:
            query = select(*_SEARCHED).where(records.c.key > after, records.c.key <= last).order_by(records.c.key)
            with translated(self._path), self._engine.connect() as connection:
                rows = connection.execute(query.limit(_PAGE)).all()
            if not rows:
                return
            for row in rows:
                yield KeyedRecord(key=row.key, record=_record(row))
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
        by_id = {row.id: np.frombuffer(row.vector, dtype=_VECTOR_TYPE) for row in rows}
        found = np.empty((len(record_ids), dimension), dtype=np.float32)
        for place, record_id in enumerate(record_ids):
            found[place] = by_id[record_id]
        return found

    def document(self, document_id: str) -> Document | None:
        """Return one document, whole."""
        with translated(self._path), self._engine.connect() as connection:
            row = connection.execute(select(documents).where(documents.c.id == document_id)).one_or_none()
        if row is None:
            return None
        return Document(id=row.id, fingerprint=row.fingerprint, summary=row.summary, body=row.body)

    def documents(self) -> Iterator[DocumentSummary]:
        """Iterate over all documents in order of id, page by page, so that nothing is locked in between."""
        columns = select(documents.c.id, documents.c.fingerprint, documents.c.summary).order_by(documents.c.id)
        page = columns.limit(_PAGE)
        while True:
            with translated(self._path), self._engine.connect() as connection:
                rows = connection.execute(page).all()
            if not rows:
                return
            for row in rows:
                yield DocumentSummary(id=row.id, fingerprint=row.fingerprint, summary=row.summary)
            page = columns.where(documents.c.id > rows[-1].id).limit(_PAGE)

    def document_records(self, document_id: str) -> list[StoredRecord]:
        """Return the records of one document in the order in which they were stored."""
        query = select(records.c.id, records.c.body).where(records.c.document_id == document_id)
        with translated(self._path), self._engine.connect() as connection:
            rows = connection.execute(query.order_by(records.c.position)).all()
        return [StoredRecord(id=r.id, document_id=document_id, body=r.body) for r in rows]

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _by_id(self, columns: Sequence[Any], record_ids: Sequence[str]) -> list[Row[Any]]:
        found: list[Row[Any]] = []
        wanted = list(dict.fromkeys(record_ids))
        with translated(self._path), self._engine.connect() as connection:
            for start in range(0, len(wanted), _PAGE):
                page = wanted[start : start + _PAGE]
                found += connection.execute(select(*columns).where(records.c.id.in_(page))).all()
        return found


_SEARCHED = (
    *(records.c.key, records.c.id, records.c.body, records.c.text),
    *(records.c.fields, records.c.vector, records.c.date),
)
"""What derived structures are made of: all but the attachment."""


def _drop(connection: Connection, document_id: str) -> bool:
    old = select(records.c.key).where(records.c.document_id == document_id)
    connection.execute(insert(removals).from_select(["record_key"], old))
    connection.execute(delete(records).where(records.c.document_id == document_id))
    return connection.execute(delete(documents).where(documents.c.id == document_id)).rowcount > 0


def _row(document_id: str, position: int, record: Record) -> dict[str, object]:
    return {
        "id": record.id,
        "document_id": document_id,
        "position": position,
        "date": record.date,
        "body": record.body,
        "text": record.text,
        "fields": json.dumps({name: list(values) for name, values in record.fields.items()}, ensure_ascii=False),
        "vector": np.ascontiguousarray(record.vector, dtype=_VECTOR_TYPE).tobytes(),
        "attachment": record.attachment,
    }


def _record(row: Row[*tuple[Any, ...]]) -> Record:
    return Record(
        id=row.id,
        body=row.body,
        text=row.text,
        vector=np.frombuffer(row.vector, dtype=_VECTOR_TYPE),
        fields={name: tuple(values) for name, values in json.loads(row.fields).items()},
        date=row.date,
    )
