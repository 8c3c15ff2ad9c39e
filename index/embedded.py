"""The search engine that runs inside the process, on a folder of the local disk."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from index.analysis import EnglishAnalyzer
from index.database import DATABASE_NAME, copy_database, create_database, wipe_free_space
from index.derivation import DEFAULT_MAX_SEGMENT_RECORDS, Derivation
from index.errors import IndexDamagedError, IndexReadOnlyError, IndexStorageError, SearchEngineError
from index.following import ManifestFollower
from index.integrity import Problem, find_problems
from index.lexical import BM25
from index.locking import WriterLock
from index.manifest import Manifest, write_manifest
from index.notes import read_notes, write_notes
from index.protocols import NO_FILTER
from index.records import RecordStore
from index.restoring import check_properties, restore_backup
from index.schema import FORMAT
from index.snapshot import Snapshot
from index.types import Document, DocumentSummary, Filter, Hit, Matrix, Record, StoredRecord, Vector
from index.validation import check_records, checked_limit, checked_query

_LOCK_NAME = "writer.lock"
_DEFAULT_FORMULA = BM25()


class EmbeddedEngine:
    """A `SearchEngine` on SQLite (the truth) with FAISS and inverted lists (derived from it).

    Any number of processes may read a folder while one writes to it. Searches answer from the state of the last
    `refresh`, by whatever process; threads may search while another one refreshes.
    """

    def __init__(
        self,
        folder: Path,
        *,
        dimension: int,
        model: str,
        lock_timeout_s: float = 10.0,
        read_only: bool = False,
        poll_interval_s: float = 0.25,
        formula: BM25 = _DEFAULT_FORMULA,
        max_segment_records: int = DEFAULT_MAX_SEGMENT_RECORDS,
    ) -> None:
        """Open the index in a folder; create it there if it doesn't exist.

        Args:
            folder: The data folder.
            dimension: Length of the vectors.
            model: Label of the model that makes them; vectors of two models can't be compared.
            lock_timeout_s: How long to wait for another writer.
            read_only: Never write; the index must exist.
            poll_interval_s: How often at most searches look whether another process refreshed.
            formula: Parameters of lexical scores.
            max_segment_records: Bounds what one update or removal can cost; see `derivation`.

        Raises:
            IndexMissingError: `read_only`, and there is no index.
            IndexMismatchError: The index was made with another model, dimension or format.
            IndexLockedError: Another process is creating it, and went on too long.
        """
        self._folder = folder
        self._database = folder / DATABASE_NAME
        self._dimension = dimension
        self._model = model
        self._read_only = read_only
        self._formula = formula
        self._analyzer = EnglishAnalyzer()
        self._writer = WriterLock(folder / _LOCK_NAME, timeout_s=lock_timeout_s)
        if not read_only:
            self._create_if_absent()
        self._store = RecordStore(self._database, read_only=read_only, timeout_s=lock_timeout_s)
        try:
            said = self._store.properties()
            check_properties(said, self._database, model=model, dimension=dimension)
        except SearchEngineError:
            self._store.close()
            raise
        empty = Manifest(history=said["history"], model=model, dimension=dimension)
        self._derivation = Derivation(folder, self._store, empty, self._analyzer, max_segment_records)
        self._follower = ManifestFollower(folder, poll_interval_s=poll_interval_s)

    @property
    def version(self) -> str:
        """Name the state that searches answer from; it changes when what can be found changes."""
        return self._current().version

    def replace(self, document: Document, records: Sequence[Record]) -> None:
        """Store a document and its records in place of any of the same id, durably, in one transaction.

        Raises:
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
                self._bring_up_to_date()
        return removed

    def refresh(self) -> None:
        """Bring what is searched up to what is stored. Cheap when nothing changed."""
        self._check_writable()
        if self._is_behind():
            with self._writer.held():
                if self._is_behind():
                    self._bring_up_to_date()

    def rebuild(self) -> None:
        """Make everything that is derived anew from the database."""
        self._check_writable()
        with self._writer.held():
            self._bring_up_to_date(anew=True)

    def search_vectors(self, vector: Vector, limit: int, where: Filter = NO_FILTER) -> list[Hit]:
        """Return the records nearest to `vector` by inner product, exactly."""
        query = checked_query(vector, self._dimension)
        return self._current().search_vectors(query, checked_limit(limit), where)

    def search_text(self, query: str, limit: int, where: Filter = NO_FILTER) -> list[Hit]:
        """Return the records that match words of `query`, by BM25."""
        terms = self._analyzer.terms(query)
        return self._current().search_words(terms, checked_limit(limit), where, self._formula)

    def with_all_words(self, query: str, limit: int, where: Filter = NO_FILTER, *, around: str = "") -> list[str]:
        """Return the ids of the records that contain every term of `query`, in order of id; none if it has none.

        Each also contains every term of `around`, alone or together with the record before or the one after it:
        neighbours as they were stored, as a rule of the same document.
        """
        terms, near = self._analyzer.terms(query), self._analyzer.terms(around)
        return self._current().with_all_words(terms, checked_limit(limit), where, near)

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
        return self._store.vectors(record_ids, self._dimension)

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
        return read_notes(self._store.engine, self._database)

    def write_notes(self, changes: Mapping[str, str | None]) -> None:
        """Keep notes in place of any of the same name, durably, in one transaction; None drops one."""
        self._check_writable()
        if changes:
            with self._writer.held():
                write_notes(self._store.engine, self._database, changes)

    def counts(self) -> tuple[int, int]:
        """Return the number of documents and of records that are stored."""
        return self._store.counts()

    def backup(self, target: Path) -> None:
        """Copy the truth into one file, consistently, while others read and write; replaces `target`."""
        copy_database(self._database, target)

    def restore(self, source: Path) -> None:
        """Put a backup in place of everything that is stored, and derive what is searched from it.

        Raises:
            IndexDamagedError: `source` isn't a sound backup of an index.
            IndexMismatchError: It was made with another model, dimension or format.
        """
        self._check_writable()
        with self._writer.held():
            restore_backup(source, self._database, model=self._model, dimension=self._dimension)
            self._bring_up_to_date(anew=True)

    def check(self) -> list[Problem]:
        """Read and check everything in the data folder; return what is wrong."""
        return find_problems(self._folder, self._database, self._store)

    def close(self) -> None:
        """Release files and connections."""
        self._follower.forget()
        self._store.close()

    def _create_if_absent(self) -> None:
        if self._database.exists():
            return
        try:
            self._create()
        except OSError as error:
            raise IndexStorageError(f"the index in {self._folder} can't be made: {error.strerror or error}") from error

    def _create(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._writer.held():
            if self._database.exists():
                return
            history = uuid.uuid4().hex
            # Before the database: where there is a database, a missing manifest means a damaged index.
            write_manifest(self._folder, Manifest(history=history, model=self._model, dimension=self._dimension))
            values = {"format": FORMAT, "model": self._model, "dimension": str(self._dimension)}
            create_database(self._database, {**values, "history": history, "purge": "0"})

    def _is_behind(self) -> bool:
        """Tell whether what is derived lags behind or is damaged; otherwise search in its latest state."""
        if self._derivation.is_behind(self._store.state()):
            return True
        try:
            self._follower.load_if_new()
        except IndexDamagedError:
            return True
        return False

    def _bring_up_to_date(self, *, anew: bool = False) -> None:
        """Derive, wipe what was removed, and search in the new state; under the writer lock."""
        purge = self._store.state().purge
        try:
            segments = self._derivation.update(self._follower.segments, anew=anew)
        except OSError as error:
            raise IndexStorageError(f"the index in {self._folder} can't be written: {error}") from error
        if purge:
            wipe_free_space(self._store.engine, self._database)
            self._store.purged()
        self._follower.load_if_new(segments)

    def _current(self) -> Snapshot:
        try:
            return self._follower.current()
        except IndexDamagedError:
            if self._read_only:
                raise
        self.refresh()
        return self._follower.current()

    def _check_writable(self) -> None:
        if self._read_only:
            raise IndexReadOnlyError(f"the index in {self._folder} was opened for reading only")
