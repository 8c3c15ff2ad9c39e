"""A search engine that has only the collections that somebody may read; what it has not does not exist for them.

Whatever is built over it (library, retrieval, answers, quote checks) sees no other transcript, name, word or count: a
filter on the collection goes into every search, so that also term statistics come from what may be read.
"""

import hashlib
import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from index.evidence import Evidence
from index.protocols import NO_FILTER, SearchEngine
from index.types import Document, DocumentSummary, Filter, Hit, Matrix, Record, StoredRecord, Vector
from rag.errors import AccessError
from rag.storage import COLLECTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """Which collections somebody may read; without arguments, all."""

    only: frozenset[str] | None = None
    """None but these."""
    never: frozenset[str] = field(default_factory=frozenset)
    """None of these."""

    def permits(self, collection: str) -> bool:
        """Say whether a collection may be read."""
        return (self.only is None or collection in self.only) and collection not in self.never

    def narrowed_to(self, collections: Iterable[str]) -> "Restriction":
        """Return what is left of it for somebody who gets only these collections."""
        wanted = frozenset(collections)
        return replace(self, only=wanted if self.only is None else wanted & self.only)


EVERYTHING = Restriction()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Readable:
    """What may be read of one state of the index."""

    base_version: str
    version: str
    collections: frozenset[str]
    documents: Mapping[str, str]
    """Collection by transcript's id."""


class RestrictedEngine:
    """A search engine without the collections that a restriction withholds. Safe for threads.

    Ids of records come from searches, so that vectors and attachments need no look at the restriction of their own.

    Args:
        engine: The whole index.
        restriction: What may be read of it.
    """

    def __init__(self, engine: SearchEngine, restriction: Restriction) -> None:
        self._engine = engine
        self._restriction = restriction
        self._lock = threading.Lock()
        self._state: _Readable | None = None

    @property
    def version(self) -> str:
        """Name the state of what may be read: it does not tell that something else has changed."""
        return self._readable().version

    def replace(self, document: Document, records: Sequence[Record]) -> None:
        """Store a document in a collection that may be read, not in place of one that may not.

        Raises:
            AccessError: It is of another collection, or there is one of its id in another.
        """
        collection = json.loads(document.summary)["collection"]
        if not self._restriction.permits(collection):
            raise AccessError(f"The collection {collection!r} is not one that you may write to.")
        if document.id not in self._readable().documents and self._engine.document(document.id) is not None:
            raise AccessError(f"The id {document.id!r} can't be used: give the transcript another id, title or date.")
        self._engine.replace(document, records)

    def remove(self, document_ids: Iterable[str]) -> int:
        """Remove documents that may be read; others are as good as absent."""
        documents = self._readable().documents
        return self._engine.remove([document_id for document_id in document_ids if document_id in documents])

    def refresh(self) -> None:
        """Bring what is searched up to what is stored."""
        self._engine.refresh()

    def search_vectors(self, vector: Vector, limit: int, where: Filter = NO_FILTER) -> list[Hit]:
        """Return the nearest records that may be read."""
        return self._engine.search_vectors(vector, limit, self._within(where))

    def search_text(self, query: str, limit: int, where: Filter = NO_FILTER) -> list[Hit]:
        """Return the records that match and may be read, by their own statistics."""
        return self._engine.search_text(query, limit, self._within(where))

    def evidence(
        self, limit: int, where: Filter = NO_FILTER, *, vector: Vector | None = None, query: str | None = None
    ) -> Evidence:
        """Return what either search finds of the records that may be read."""
        return self._engine.evidence(limit, self._within(where), vector=vector, query=query)

    def with_all_words(self, query: str, limit: int, where: Filter = NO_FILTER) -> list[str]:
        """Return the ids of the records that contain every term and may be read."""
        return self._engine.with_all_words(query, limit, self._within(where))

    def with_phrase(self, phrase: str, limit: int, where: Filter = NO_FILTER) -> list[str] | None:
        """Return the ids of the records in which a phrase may begin and that may be read."""
        return self._engine.with_phrase(phrase, limit, self._within(where))

    def search_phrase(self, phrase: str, limit: int, where: Filter = NO_FILTER) -> list[Hit]:
        """Return the records that hold the most of a phrase's pairs of words and may be read."""
        return self._engine.search_phrase(phrase, limit, self._within(where))

    def term_rarities(self, query: str, where: Filter = NO_FILTER) -> dict[str, float]:
        """Return how rare terms are among the records that may be read."""
        return self._engine.term_rarities(query, self._within(where))

    def term_counts(self, where: Filter = NO_FILTER) -> dict[str, int]:
        """Return the terms of the records that may be read."""
        return self._engine.term_counts(self._within(where))

    def value_counts(self, field: str, where: Filter = NO_FILTER) -> dict[str, int]:
        """Return the values of a field of the records that may be read."""
        return self._engine.value_counts(field, self._within(where))

    def vectors(self, record_ids: Sequence[str]) -> Matrix:
        """Return the stored vectors of records that a search found."""
        return self._engine.vectors(record_ids)

    def records(self, record_ids: Sequence[str]) -> dict[str, StoredRecord]:
        """Return the records that exist and may be read."""
        documents = self._readable().documents
        found = self._engine.records(record_ids)
        return {name: record for name, record in found.items() if record.document_id in documents}

    def attachments(self, record_ids: Sequence[str]) -> dict[str, bytes]:
        """Return the attachments of records that a search found."""
        return self._engine.attachments(record_ids)

    def document(self, document_id: str) -> Document | None:
        """Return a document that may be read; for another no more is done than for one that does not exist."""
        if document_id not in self._readable().documents:
            return None
        document = self._engine.document(document_id)
        # It may have been moved to another collection this moment.
        moved = document is not None and not self._restriction.permits(json.loads(document.summary)["collection"])
        return None if moved else document

    def documents(self) -> Iterator[DocumentSummary]:
        """Iterate over the documents that may be read."""
        for summary in self._engine.documents():
            if self._restriction.permits(json.loads(summary.summary)["collection"]):
                yield summary

    def document_records(self, document_id: str) -> list[StoredRecord]:
        """Return the records of a document that may be read."""
        return self._engine.document_records(document_id) if document_id in self._readable().documents else []

    def notes(self) -> dict[str, str]:
        """Return the owner's notes: glossaries are the whole index's, and show only on words that may be read."""
        return self._engine.notes()

    def write_notes(self, changes: Mapping[str, str | None]) -> None:
        """Keep the owner's notes."""
        self._engine.write_notes(changes)

    def close(self) -> None:
        """Do nothing: whoever opened the whole index closes it."""

    def _within(self, where: Filter) -> Filter:
        readable = self._readable().collections
        asked = where.any_of.get(COLLECTION)
        return replace(where, any_of={**where.any_of, COLLECTION: readable if asked is None else asked & readable})

    def _readable(self) -> _Readable:
        base_version = self._engine.version
        state = self._state
        if state is None or state.base_version != base_version:
            with self._lock:
                state = self._state
                if state is None or state.base_version != base_version:
                    state = self._state = self._read(base_version)
        return state

    def _read(self, base_version: str) -> _Readable:
        documents: dict[str, str] = {}
        digest = hashlib.sha256()
        for summary in self.documents():
            documents[summary.id] = json.loads(summary.summary)["collection"]
            digest.update(f"{summary.id}\0{summary.fingerprint}\0".encode())
        return _Readable(
            base_version=base_version,
            version=digest.hexdigest()[:16],
            collections=frozenset(documents.values()),
            documents=documents,
        )
