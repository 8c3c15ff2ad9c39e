"""The seam between retrieval and whatever searches."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from index.evidence import Evidence
from index.types import Document, DocumentSummary, Filter, Hit, Matrix, Record, StoredRecord, Vector

NO_FILTER = Filter()


class SearchEngine(Protocol):
    """Stores documents with their records and searches the records by vector and by words."""

    @property
    def version(self) -> str:
        """Name the state that searches answer from; it changes when what can be found changes."""
        ...

    def replace(self, document: Document, records: Sequence[Record]) -> None:
        """Store a document and its records in place of any of the same id, durably, in one transaction.

        Raises:
            DocumentChangedError: It was made from another one than the one that is stored.
        """
        ...

    def remove(self, document_ids: Iterable[str]) -> int:
        """Remove documents and their records beyond recovery from disk; return how many there were."""
        ...

    def refresh(self) -> None:
        """Bring what is searched up to what is stored. Cheap when nothing changed."""
        ...

    def search_vectors(self, vector: Vector, limit: int, where: Filter = NO_FILTER) -> list[Hit]:
        """Return the records nearest to `vector` by inner product, best first.

        Exactly, or at a recall of at least .98 of any ten, whatever the filter; scores are exact.
        """
        ...

    def search_text(self, query: str, limit: int, where: Filter = NO_FILTER) -> list[Hit]:
        """Return the records that match words of `query`, by BM25."""
        ...

    def evidence(
        self, limit: int, where: Filter = NO_FILTER, *, vector: Vector | None = None, query: str | None = None
    ) -> Evidence:
        """Return the records that `search_vectors` or `search_text` finds, in columns, with what both say of each.

        Without a vector, or without a query, only what the other kind of search finds.
        """
        ...

    def with_all_words(self, query: str, limit: int, where: Filter = NO_FILTER) -> list[str]:
        """Return the ids of the records that contain every term of `query`, in order of id; none if it has none."""
        ...

    def with_phrase(self, phrase: str, limit: int, where: Filter = NO_FILTER) -> list[str] | None:
        """Return the ids of the records in which a phrase may begin, stop words and all, in order of id.

        None is missing: it may go on in the records stored after it, where each goes on with a line. Some may not hold
        it, a few in a thousand. None where nothing is known: the phrase has no word, or what is derived is of an
        earlier version and only read.
        """
        ...

    def search_phrase(self, phrase: str, limit: int, where: Filter = NO_FILTER) -> list[Hit]:
        """Return the records that hold the most of a phrase's pairs of neighbouring words, rare pairs weighing more."""
        ...

    def term_rarities(self, query: str, where: Filter = NO_FILTER) -> dict[str, float]:
        """Return the terms of `query`, each with its BM25 idf among the records that pass the filter."""
        ...

    def term_counts(self, where: Filter = NO_FILTER) -> dict[str, int]:
        """Return every term of the records that pass the filter, with the number of those that hold it."""
        ...

    def value_counts(self, field: str, where: Filter = NO_FILTER) -> dict[str, int]:
        """Return every value of a field of the records that pass the filter, with the number of those that have it."""
        ...

    def vectors(self, record_ids: Sequence[str]) -> Matrix:
        """Return the stored vectors, one row an id, in that order; KeyError for an unknown id."""
        ...

    def records(self, record_ids: Sequence[str]) -> dict[str, StoredRecord]:
        """Return the records that exist among those asked for, by id."""
        ...

    def attachments(self, record_ids: Sequence[str]) -> dict[str, bytes]:
        """Return the attachments of the records that exist among those asked for, by id."""
        ...

    def document(self, document_id: str) -> Document | None:
        """Return one document, whole."""
        ...

    def documents(self) -> Iterator[DocumentSummary]:
        """Iterate over all documents in order of id, without their bodies."""
        ...

    def document_records(self, document_id: str) -> list[StoredRecord]:
        """Return the records of one document in the order in which they were stored."""
        ...

    def notes(self) -> dict[str, str]:
        """Return the small texts that are kept beside the documents, by name."""
        ...

    def write_notes(self, changes: Mapping[str, str | None]) -> None:
        """Keep notes in place of any of the same name, durably, in one transaction; None drops one."""
        ...

    def close(self) -> None:
        """Release files and connections."""
        ...
