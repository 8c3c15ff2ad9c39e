"""The search engine written out as plainly as possible: what every other one must agree with."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np

from index.adjacency import codes_of
from index.analysis import EnglishAnalyzer
from index.errors import DocumentChangedError
from index.evidence import Evidence
from index.protocols import NO_FILTER
from index.types import Document, DocumentSummary, Filter, Hit, Matrix, Record, StoredRecord, Vector

K1 = 1.2
B = 0.75


class NaiveEngine:
    """Keeps everything in dictionaries and looks at every record for every search."""

    def __init__(self) -> None:
        self._stored: dict[str, tuple[Document, tuple[Record, ...]]] = {}
        self._searched: dict[str, Record] = {}
        self._next: dict[str, Record | None] = {}
        self._terms = EnglishAnalyzer().terms
        self._notes: dict[str, str] = {}

    @property
    def version(self) -> str:
        return str(hash(tuple(sorted((r.id, r.text) for r in self._searched.values()))))

    def replace(self, document: Document, records: Sequence[Record]) -> None:
        before = self._stored.get(document.id)
        if document.replaces not in (None, before[0].fingerprint if before else ""):
            raise DocumentChangedError(document.id)
        self._stored[document.id] = (document, tuple(records))

    def remove(self, document_ids: Iterable[str]) -> int:
        there = [i for i in set(document_ids) if self._stored.pop(i, None)]
        if there:
            self.refresh()
        return len(there)

    def refresh(self) -> None:
        self._searched = {r.id: r for _, records in self._stored.values() for r in records}
        self._next = {
            r.id: after for _, records in self._stored.values() for r, after in pairwise([*records, None]) if r
        }

    def search_vectors(self, vector: Vector, limit: int, where: Filter = NO_FILTER) -> list[Hit]:
        return best([Hit(id=r.id, score=float(np.dot(r.vector, vector))) for r in self._passing(where)], limit)

    def search_text(self, query: str, limit: int, where: Filter = NO_FILTER) -> list[Hit]:
        counted = {r.id: Counter(self._terms(r.text)) for r in self._passing(where)}
        words = sum(c.total() for c in counted.values())
        scores: Counter[str] = Counter()
        for term in set(self._terms(query)):
            containing = [i for i, c in counted.items() if c[term]]
            weight = math.log(1 + (len(counted) - len(containing) + 0.5) / (len(containing) + 0.5))
            for i in containing:
                relative_length = counted[i].total() / (words / len(counted))
                scores[i] += weight * counted[i][term] / (counted[i][term] + K1 * (1 - B + B * relative_length))
        return best([Hit(id=i, score=s) for i, s in scores.items()], limit)

    def evidence(
        self, limit: int, where: Filter = NO_FILTER, *, vector: Vector | None = None, query: str | None = None
    ) -> Evidence:
        near = [] if vector is None else self.search_vectors(vector, limit, where)
        matching = {} if query is None else dict(self.search_text(query, limit, where))
        found = {hit.id for hit in near} | matching.keys()
        dense = {r.id: 0.0 if vector is None else float(np.dot(r.vector, vector)) for r in self._passing(where)}
        return Evidence.of({i: dense[i] for i in found}, matching)

    def with_all_words(self, query: str, limit: int, where: Filter = NO_FILTER) -> list[str]:
        wanted = set(self._terms(query))
        return sorted(r.id for r in self._passing(where) if wanted and wanted <= set(self._terms(r.text)))[:limit]

    def with_phrase(self, phrase: str, limit: int, where: Filter = NO_FILTER) -> list[str] | None:
        wanted = codes_of(phrase)
        if not wanted:
            return None
        return sorted(r.id for r in self._passing(where) if self._holds(r, wanted, begins=False))[:limit]

    def _holds(self, record: Record | None, wanted: list[int], *, begins: bool) -> bool:
        """Say whether a record and those after it hold words, if need be from the beginning of a line."""
        if record is None:
            return False
        lines = [codes_of(line) for line in record.text.split("\n")]
        said = [word for line in lines for word in line]
        starts = [sum(map(len, lines[:n])) for n in range(len(lines))] if begins else range(len(said))
        return any(
            said[start : start + len(wanted)] == wanted
            or (
                said[start:] == wanted[: len(said) - start]
                and start < len(said)
                and self._holds(self._next[record.id], wanted[len(said) - start :], begins=True)
            )
            for start in starts
        )

    def search_phrase(self, phrase: str, limit: int, where: Filter = NO_FILTER) -> list[Hit]:
        held = {r.id: set(pairwise(codes_of(r.text))) for r in self._passing(where)}
        scores: Counter[str] = Counter()
        for pair in set(pairwise(codes_of(phrase))):
            holders = [i for i, pairs in held.items() if pair in pairs]
            for i in holders:
                scores[i] += 1 + 0.01 * math.log(1 + (len(held) - len(holders) + 0.5) / (len(holders) + 0.5))
        return best([Hit(id=i, score=s) for i, s in scores.items()], limit)

    def term_rarities(self, query: str, where: Filter = NO_FILTER) -> dict[str, float]:
        passing = [set(self._terms(r.text)) for r in self._passing(where)]
        found = {term: sum(term in terms for terms in passing) for term in self._terms(query)}
        return {term: math.log(1 + (len(passing) - df + 0.5) / (df + 0.5)) for term, df in found.items()}

    def term_counts(self, where: Filter = NO_FILTER) -> dict[str, int]:
        return dict(Counter(term for r in self._passing(where) for term in set(self._terms(r.text))))

    def value_counts(self, field: str, where: Filter = NO_FILTER) -> dict[str, int]:
        return dict(Counter(value for r in self._passing(where) for value in set(r.fields.get(field, ()))))

    def vectors(self, record_ids: Sequence[str]) -> Matrix:
        by_id = {r.id: r.vector for _, records in self._stored.values() for r in records}
        return np.array([by_id[i] for i in record_ids], dtype=np.float32)

    def records(self, record_ids: Sequence[str]) -> dict[str, StoredRecord]:
        return {r.id: r for d in self._stored for r in self.document_records(d) if r.id in record_ids}

    def attachments(self, record_ids: Sequence[str]) -> dict[str, bytes]:
        stored = (record for _, records in self._stored.values() for record in records)
        return {record.id: record.attachment for record in stored if record.id in record_ids}

    def document(self, document_id: str) -> Document | None:
        return self._stored[document_id][0] if document_id in self._stored else None

    def documents(self) -> Iterator[DocumentSummary]:
        for i in sorted(self._stored):
            document = self._stored[i][0]
            yield DocumentSummary(id=i, fingerprint=document.fingerprint, summary=document.summary)

    def document_records(self, document_id: str) -> list[StoredRecord]:
        records = self._stored[document_id][1] if document_id in self._stored else ()
        return [StoredRecord(id=r.id, document_id=document_id, body=r.body) for r in records]

    def notes(self) -> dict[str, str]:
        return dict(self._notes)

    def write_notes(self, changes: Mapping[str, str | None]) -> None:
        kept = {**self._notes, **changes}
        self._notes = {name: value for name, value in kept.items() if value is not None}

    def close(self) -> None:
        pass

    def _passing(self, where: Filter) -> list[Record]:
        return [r for r in self._searched.values() if passes(r, where)]


def passes(record: Record, where: Filter) -> bool:
    fields = all(set(record.fields.get(name, ())) & values for name, values in where.any_of.items())
    if where.date_from is None and where.date_to is None:
        return fields
    late_enough = record.date is not None and (where.date_from is None or record.date >= where.date_from)
    early_enough = record.date is not None and (where.date_to is None or record.date <= where.date_to)
    return fields and late_enough and early_enough


def best(hits: list[Hit], limit: int) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-hit.score, hit.id))[:limit]
