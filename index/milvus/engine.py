"""The search engine of an installation that has outgrown one machine's vectors."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from index.embedded import EmbeddedEngine
from index.errors import IndexReadOnlyError, IndexStorageError, InvalidRecordError
from index.evidence import Evidence, gathered
from index.integrity import Problem
from index.milvus.collection import MilvusCollection
from index.milvus.columns import LAYOUT, MAX_VALUES, check_names
from index.milvus.completeness import Completeness
from index.milvus.connection import MilvusAddress, MilvusConnection
from index.milvus.searching import VectorSearch
from index.milvus.synchronising import NOTE_PREFIX, Synchronisation
from index.protocols import NO_FILTER
from index.snapshot import Snapshot
from index.types import Document, DocumentSummary, Filter, Hit, Matrix, Record, StoredRecord, Vector
from index.validation import checked_limit, checked_query

DEFAULT_EXACT_BELOW = 10_000
"""Records that pass a filter: fewer are searched here, exactly. Measured: decision 010."""
_WRITE_TIMEOUT_S = 60.0
"""How long one write may wait for the server, as while it replaces a lost node (13 s were seen)."""
_SURPLUS_AFTER_S = 2.0
"""A count that is too high for longer is not a deletion on its way: a writer was killed before it sent it."""


class MilvusEngine:
    """A `SearchEngine` that leaves the search by vectors to Milvus, and all else to an embedded engine.

    The embedded engine's database stays the truth, and its words, counts and listings are answered as ever: term
    statistics come from what a caller may read alone, which no server's BM25 offers. What Milvus holds is derived:
    keys, vectors, dates and the fields that filters name; never a text. A refresh brings it up and repairs it.
    """

    def __init__(
        self,
        embedded: EmbeddedEngine,
        address: MilvusAddress,
        *,
        dimension: int,
        fields: Sequence[str],
        collection: str = "turnwise",
        replicas: int = 1,
        timeout_s: float = 10.0,
        exact_below: int = DEFAULT_EXACT_BELOW,
        read_only: bool = False,
    ) -> None:
        """Put a server behind an embedded engine, which this engine closes; nothing is connected to before its use.

        Args:
            embedded: The truth, and the search by words.
            address: The server.
            dimension: Length of the vectors.
            fields: Fields of records that filters name; the server applies filters on these.
            collection: What the names of the collections on the server begin with.
            replicas: How many query nodes hold each part; with one, a lost node means refusals for half a minute.
            timeout_s: How long a search tries before it is refused.
            exact_below: A filter that lets fewer records through is searched here, exactly.
            read_only: Never write; neither here nor on the server.

        Raises:
            IndexStorageError: A package is missing.
            ValueError: A field or the collection has a name that Milvus doesn't take.
        """
        check_names(*fields, collection)
        self._embedded = embedded
        self._dimension = dimension
        self._fields = tuple(fields)
        self._prefix = collection
        self._replicas = replicas
        self._read_only = read_only
        self._connection = MilvusConnection(address)
        self._completeness = Completeness(replicas=replicas)
        self._synchronisation = Synchronisation(embedded, self._collection_of, timeout_s=_WRITE_TIMEOUT_S)
        self._search = VectorSearch(
            embedded,
            self._collection_of,
            self._completeness,
            columns=fields,
            exact_below=exact_below,
            timeout_s=timeout_s,
        )
        self._mending = threading.Lock()
        self._mended = ""

    @property
    def version(self) -> str:
        """Name the state that searches answer from; it changes when what can be found changes."""
        return self._embedded.version

    def replace(self, document: Document, records: Sequence[Record]) -> None:
        """Store a document and its records in place of any of the same id, durably; the server learns at a refresh.

        Raises:
            DocumentChangedError: It was made from another one than the one that is stored.
            InvalidRecordError: A record breaks the rules of `Record`, or has too many values of a field.
        """
        for record in records:
            if any(len(record.fields.get(name, ())) > MAX_VALUES for name in self._fields):
                raise InvalidRecordError(f"record {record.id!r} has more than {MAX_VALUES} values of one field")
        self._embedded.replace(document, records)

    def remove(self, document_ids: Iterable[str]) -> int:
        """Remove documents and their records beyond recovery here, and from what the server finds; return how many.

        The server keeps deleted keys and vectors, which hold no text, until it compacts its files. If it can't be
        reached, the documents are removed here, and it is told at the next refresh.
        """
        return self._synchronisation.around(lambda: self._embedded.remove(document_ids), ahead=False)

    def refresh(self) -> None:
        """Bring what is searched up to what is stored, here and on the server, and repair what a crash left behind.

        Raises:
            IndexStorageError: The server can't be reached, or lost what it was given. What is stored is kept.
        """
        self._check_writable()
        self._synchronisation.around(self._embedded.refresh)

    def rebuild(self) -> None:
        """Make everything that is derived anew from the database, on the server too; searches fail meanwhile."""
        self._check_writable()
        self._embedded.rebuild()
        self._synchronisation.anew()

    def search_vectors(self, vector: Vector, limit: int, where: Filter = NO_FILTER) -> list[Hit]:
        """Return the records nearest to `vector`, with their exact inner products.

        Which records come is the server's choice by its index (IVF_FLAT): nearly all of the nearest ones (recall .98
        and more: decision 010), exactly the nearest under a selective filter. All rows were searched: an answer from a
        part of them is an error.

        Raises:
            IndexStorageError: The server didn't give a whole answer in time.
        """
        query = checked_query(vector, self._dimension)
        return self._search.nearest(query, checked_limit(limit), where, mend=self._mend)

    def search_text(self, query: str, limit: int, where: Filter = NO_FILTER) -> list[Hit]:
        """Return the records that match words of `query`, by BM25; here, on every server."""
        return self._embedded.search_text(query, limit, where)

    def evidence(
        self, limit: int, where: Filter = NO_FILTER, *, vector: Vector | None = None, query: str | None = None
    ) -> Evidence:
        """Return what either search finds, with what both say of each; see `SearchEngine`."""
        return gathered(self, limit, where, vector=vector, query=query)

    def with_all_words(self, query: str, limit: int, where: Filter = NO_FILTER) -> list[str]:
        """Return the ids of the records that contain every term of `query`; see `SearchEngine`."""
        return self._embedded.with_all_words(query, limit, where)

    def with_phrase(self, phrase: str, limit: int, where: Filter = NO_FILTER) -> list[str] | None:
        """Return the ids of the records in which a phrase may begin; see `SearchEngine`."""
        return self._embedded.with_phrase(phrase, limit, where)

    def search_phrase(self, phrase: str, limit: int, where: Filter = NO_FILTER) -> list[Hit]:
        """Return the records that hold the most of a phrase's pairs of words; see `SearchEngine`."""
        return self._embedded.search_phrase(phrase, limit, where)

    def term_rarities(self, query: str, where: Filter = NO_FILTER) -> dict[str, float]:
        """Return the terms of `query`, each with its BM25 idf among the records that pass the filter."""
        return self._embedded.term_rarities(query, where)

    def term_counts(self, where: Filter = NO_FILTER) -> dict[str, int]:
        """Return every term of the records that pass the filter, with the number of those that hold it."""
        return self._embedded.term_counts(where)

    def value_counts(self, field: str, where: Filter = NO_FILTER) -> dict[str, int]:
        """Return every value of a field of the records that pass the filter, with the number of those that have it."""
        return self._embedded.value_counts(field, where)

    def vectors(self, record_ids: Sequence[str]) -> Matrix:
        """Return the stored vectors, one row an id, in that order; KeyError for an unknown id."""
        return self._embedded.vectors(record_ids)

    def records(self, record_ids: Sequence[str]) -> dict[str, StoredRecord]:
        """Return the records that exist among those asked for, by id."""
        return self._embedded.records(record_ids)

    def attachments(self, record_ids: Sequence[str]) -> dict[str, bytes]:
        """Return the attachments of the records that exist among those asked for, by id."""
        return self._embedded.attachments(record_ids)

    def document(self, document_id: str) -> Document | None:
        """Return one document, whole."""
        return self._embedded.document(document_id)

    def documents(self) -> Iterator[DocumentSummary]:
        """Iterate over all documents in order of id, without their bodies."""
        return self._embedded.documents()

    def document_records(self, document_id: str) -> list[StoredRecord]:
        """Return the records of one document in the order in which they were stored."""
        return self._embedded.document_records(document_id)

    def notes(self) -> dict[str, str]:
        """Return the small texts that are kept beside the documents, by name; this engine's own are left out."""
        return {name: text for name, text in self._embedded.notes().items() if not name.startswith(NOTE_PREFIX)}

    def write_notes(self, changes: Mapping[str, str | None]) -> None:
        """Keep notes in place of any of the same name, durably, in one transaction; None drops one."""
        self._embedded.write_notes(changes)

    def counts(self) -> tuple[int, int]:
        """Return the number of documents and of records that are stored."""
        return self._embedded.counts()

    def backup(self, target: Path) -> None:
        """Copy the truth into one file; the server's part is derived from it and needs no backup."""
        self._embedded.backup(target)

    def restore(self, source: Path) -> None:
        """Put a backup in place of everything that is stored, and load its vectors into a new collection."""
        self._check_writable()
        self._synchronisation.around(lambda: self._embedded.restore(source), ahead=False)

    def check(self) -> list[Problem]:
        """Read and check everything in the data folder; return what is wrong. The server is checked by each search."""
        return self._embedded.check()

    def close(self) -> None:
        """Release files and connections."""
        self._connection.close()
        self._embedded.close()

    def _collection_of(self, snapshot: Snapshot) -> MilvusCollection:
        return MilvusCollection(
            self._connection,
            f"{self._prefix}_{snapshot.manifest.history[:16]}_{LAYOUT}",
            dimension=self._dimension,
            fields=self._fields,
            replicas=self._replicas,
        )

    def _mend(self, snapshot: Snapshot, waited_s: float) -> bool:
        """Refresh where the server was not given all, or keeps what is dead; once for each state of the index.

        Raises:
            IndexStorageError: The server was not given all, and this engine may not write.
        """
        if self._mended == snapshot.version:
            return False
        collection = self._collection_of(snapshot)
        given = self._synchronisation.given(collection)
        behind = given is None or given < snapshot.manifest.last_key or collection.is_gone()
        if behind and self._read_only:
            raise IndexStorageError(
                f"Milvus at {self._connection.name} has not got the vectors of this index yet: "
                "`turnwise doctor --repair` stores them there"
            )
        if self._read_only or not (behind or (self._completeness.surplus and waited_s > _SURPLUS_AFTER_S)):
            return False
        with self._mending:
            if self._mended != snapshot.version:
                self.refresh()
                self._mended = snapshot.version
        return True

    def _check_writable(self) -> None:
        if self._read_only:
            raise IndexReadOnlyError("the index was opened for reading only")
