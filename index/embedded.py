"""The search engine that runs inside the process, on a folder of the local disk."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from index.analysis import EnglishAnalyzer
from index.derivation import DEFAULT_MAX_SEGMENT_RECORDS
from index.errors import IndexDamagedError, IndexLockedError, IndexReadOnlyError
from index.evidence import Evidence
from index.integrity import Problem, find_problems
from index.lexical import BM25
from index.manifest import FORMAT
from index.notes import read_notes, write_notes
from index.parts import open_parts
from index.phrases import beginning, sharing
from index.protocols import NO_FILTER
from index.records import RecordStore
from index.restoring import restore_backup
from index.snapshot import Snapshot
from index.types import Document, DocumentSummary, Filter, Hit, Matrix, Record, StoredRecord, Vector
from index.validation import check_records, checked_limit, checked_query
from index.vectors import VectorIndex

_DEFAULT_FORMULA = BM25()


class EmbeddedEngine:
    """A `SearchEngine` on a database (the truth) with FAISS and inverted lists in a folder (derived from it).

    With SQLite, which is in the folder too, any number of processes may read it while one writes to it. Searches answer
    from the state of the last `refresh`, by whatever process; threads may search while another one refreshes.

    With PostgreSQL several machines do so, each with a folder of its own. There engines that search, also those that
    only read, soon bring their folder up to what any machine has stored, in a thread of their own.
    """

    def __init__(
        self,
        folder: Path,
        *,
        dimension: int,
        model: str,
        lock_timeout_s: float = 10.0,
        read_only: bool = False,
        database: str | None = None,
        poll_interval_s: float = 0.25,
        formula: BM25 = _DEFAULT_FORMULA,
        max_segment_records: int = DEFAULT_MAX_SEGMENT_RECORDS,
        vector_index: VectorIndex = "auto",
    ) -> None:
        """Open the index in a folder; create it there if it doesn't exist.

        Args:
            folder: The data folder.
            dimension: Length of the vectors.
            model: Label of the model that makes them; vectors of two models can't be compared.
            lock_timeout_s: How long to wait for another writer.
            read_only: Never change what is stored; the index must exist.
            database: Address of the database, as postgresql://user@host/name; None is SQLite in the folder.
            poll_interval_s: How often at most searches look whether another process refreshed; with PostgreSQL, how
                often the engine looks whether another machine wrote.
            formula: Parameters of lexical scores.
            max_segment_records: Bounds what one update or removal can cost; see `derivation`.
            vector_index: What vectors are scanned by; another one than before takes effect with the next change.

        Raises:
            IndexMissingError: `read_only`, and there is no index.
            IndexMismatchError: The index was made with another model, dimension or format.
            IndexLockedError: Another process is creating it, and went on too long.
            IndexStorageError: The database can't be reached, or its driver is not installed.
        """
        self._folder = folder
        self._dimension = dimension
        self._model = model
        self._read_only = read_only
        self._formula = formula
        self._analyzer = EnglishAnalyzer()
        parts = open_parts(
            folder,
            dimension=dimension,
            model=model,
            lock_timeout_s=lock_timeout_s,
            read_only=read_only,
            address=database,
            poll_interval_s=poll_interval_s,
            analyzer=self._analyzer,
            max_segment_records=max_segment_records,
            vector_index=vector_index,
        )
        self._database, self._store = parts.database, parts.store
        self._writer, self._deriving = parts.writer, parts.deriving
        self._follower, self._upkeep, self._catching_up = parts.follower, parts.upkeep, parts.catching_up

    @property
    def version(self) -> str:
        """Name the state that searches answer from; it changes when what can be found changes."""
        return self._current().version

    @property
    def store(self) -> RecordStore:
        """Return the truth, for what is derived from it elsewhere."""
        return self._store

    def snapshot(self) -> Snapshot:
        """Return the state that searches answer from now."""
        return self._current()

    def replace(self, document: Document, records: Sequence[Record]) -> None:
        """Store a document and its records in place of any of the same id, durably, in one transaction.

        Raises:
            DocumentChangedError: It was made from another one than the one that is stored.
            InvalidRecordError: A record breaks the rules of `Record`, or its id belongs to another document.
            IndexLockedError: Another writer kept the lock for too long.
        """
        self._check_writable()
        check_records(document, records, self._dimension)
        with self._writer.held():
            self._store.replace(document, records)

    def remove(self, document_ids: Iterable[str]) -> int:
        """Remove documents and their records beyond recovery from disk; return how many there were.

        Costs a rewrite of the database and of the segments concerned, so remove many at once rather than in a
        loop. What waited for a `refresh` can be found after it too.
        """
        self._check_writable()
        with self._writer.held():
            removed = self._store.remove(document_ids)
        if removed:
            self._upkeep.derive()
            self._upkeep.wipe()
        return removed

    def refresh(self) -> None:
        """Bring what is searched up to what is stored. Cheap when nothing changed."""
        self._check_writable()
        state = self._store.state()
        self._upkeep.catch_up(state)
        if state.wipe:
            self._upkeep.wipe()

    def rebuild(self) -> None:
        """Make everything that is derived anew from the database."""
        self._check_writable()
        self._upkeep.derive(anew=True)
        self._upkeep.wipe()

    def search_vectors(self, vector: Vector, limit: int, where: Filter = NO_FILTER) -> list[Hit]:
        """Return the records nearest to `vector` by inner product.

        Exactly, but in a large index (see `vector_index`), where some of the last may be others nearly as near.
        """
        query = checked_query(vector, self._dimension)
        return self._current().search_vectors(query, checked_limit(limit), where)

    def search_text(self, query: str, limit: int, where: Filter = NO_FILTER) -> list[Hit]:
        """Return the records that match words of `query`, by BM25."""
        terms = self._analyzer.terms(query)
        return self._current().search_words(terms, checked_limit(limit), where, self._formula)

    def evidence(
        self, limit: int, where: Filter = NO_FILTER, *, vector: Vector | None = None, query: str | None = None
    ) -> Evidence:
        """Return what is among the nearest `limit` to `vector` or the best `limit` for `query`; see `SearchEngine`."""
        wanted = None if vector is None else checked_query(vector, self._dimension)
        terms = [] if query is None else self._analyzer.terms(query)
        return self._current().evidence(wanted, terms, checked_limit(limit), where, self._formula)

    def with_all_words(self, query: str, limit: int, where: Filter = NO_FILTER) -> list[str]:
        """Return the ids of the records that contain every term of `query`, in order of id; none if it has none."""
        return self._current().with_all_words(self._analyzer.terms(query), checked_limit(limit), where)

    def with_phrase(self, phrase: str, limit: int, where: Filter = NO_FILTER) -> list[str] | None:
        """Return the ids of the records in which a phrase may begin, in order of id; see `SearchEngine`."""
        return beginning(self._current().findable(where), phrase, checked_limit(limit))

    def search_phrase(self, phrase: str, limit: int, where: Filter = NO_FILTER) -> list[Hit]:
        """Return the records that hold the most of a phrase's pairs of neighbouring words, rare pairs weighing more."""
        return sharing(self._current().findable(where), phrase, checked_limit(limit))

    def term_rarities(self, query: str, where: Filter = NO_FILTER) -> dict[str, float]:
        """Return the terms of `query`, each with its BM25 idf among the records that pass the filter."""
        return self._current().term_rarities(self._analyzer.terms(query), where)

    def term_counts(self, where: Filter = NO_FILTER) -> dict[str, int]:
        """Return every term of the records that pass the filter, with the number of those that hold it."""
        return self._current().term_counts(where)

    def value_counts(self, field: str, where: Filter = NO_FILTER) -> dict[str, int]:
        """Return every value of a field of the records that pass the filter, with the number of those that have it."""
        return self._current().value_counts(field, where)

    def vectors(self, record_ids: Sequence[str]) -> Matrix:
        """Return the stored vectors, one row an id, in that order; KeyError for an unknown id."""
        # From the mapped segments: a thousand rows of the database would take longer than the search that found them.
        found, known = self._current().vectors(record_ids)
        if not known.all():
            others = np.flatnonzero(~known)
            found[others] = self._store.vectors([record_ids[n] for n in others.tolist()], self._dimension)
        return found

    def records(self, record_ids: Sequence[str]) -> dict[str, StoredRecord]:
        """Return the records that exist among those asked for, by id."""
        return self._store.records(record_ids)

    def attachments(self, record_ids: Sequence[str]) -> dict[str, bytes]:
        """Return the attachments of the records that exist among those asked for, by id."""
        return self._store.attachments(record_ids)

    def document(self, document_id: str) -> Document | None:
        """Return one document, whole."""
        return self._store.document(document_id)

    def documents(self) -> Iterator[DocumentSummary]:
        """Iterate over all documents in order of id, without their bodies."""
        return self._store.documents()

    def document_records(self, document_id: str) -> list[StoredRecord]:
        """Return the records of one document in the order in which they were stored."""
        return self._store.document_records(document_id)

    def notes(self) -> dict[str, str]:
        """Return the small texts that are kept beside the documents, by name."""
        return read_notes(self._database)

    def write_notes(self, changes: Mapping[str, str | None]) -> None:
        """Keep notes in place of any of the same name, durably, in one transaction; None drops one."""
        self._check_writable()
        if changes:
            with self._writer.held():
                write_notes(self._database, changes)

    def counts(self) -> tuple[int, int]:
        """Return the number of documents and of records that are stored."""
        return self._store.counts()

    def backup(self, target: Path) -> None:
        """Copy the truth into one file of SQLite, consistently, while others read and write; replaces `target`."""
        self._database.copy_to(target)

    def restore(self, source: Path) -> None:
        """Put a backup in place of everything that is stored, and derive what is searched from it.

        Raises:
            BackupError: `source` isn't a sound backup of an index.
            IndexMismatchError: It was made with another model, dimension or format.
        """
        self._check_writable()
        # Whoever derives tidies up the folder, in which the backup is checked.
        with self._writer.held(), self._deriving.held():
            restore_backup(source, self._database, self._folder, model=self._model, dimension=self._dimension)
        self._upkeep.derive(anew=True)
        self._upkeep.wipe()

    def check(self) -> list[Problem]:
        """Read and check everything that is stored and derived; return what is wrong."""
        if self._catching_up is not None:
            self._catching_up.begin()
        return find_problems(self._folder, self._database, self._store)

    def close(self) -> None:
        """Release files and connections."""
        if self._catching_up is not None:
            self._catching_up.stop()
        self._follower.forget()
        self._database.close()

    def _current(self) -> Snapshot:
        if self._catching_up is not None:
            self._catching_up.begin()
        try:
            snapshot = self._follower.current()
        except IndexDamagedError:
            if self._read_only and self._catching_up is None:
                raise
            self._upkeep.catch_up(self._store.state())
            return self._follower.current()
        if snapshot.manifest.format == FORMAT or self._read_only or self._catching_up is not None:
            return snapshot
        # What an earlier version derived can be searched, but not as well; whoever holds the lock may be deriving anew.
        with suppress(IndexLockedError):
            self._upkeep.catch_up(self._store.state())
        return self._follower.current()

    def _check_writable(self) -> None:
        if self._read_only:
            raise IndexReadOnlyError(f"the index in {self._folder} was opened for reading only")
