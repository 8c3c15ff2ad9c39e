"""From a question to ranked passages."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from time import perf_counter
from typing import Any

import numpy as np

from index.protocols import SearchEngine
from index.types import Filter, StoredRecord, Vector
from rag.embedding import Embedder
from rag.errors import InputError
from rag.library import Library
from rag.mishearing.finding import NOTHING_INSTEAD, Alternatives, MisheardNames, RightName
from rag.mishearing.misspelling import Misspellings
from rag.retrieval.fusion import fuse, z_scores
from rag.retrieval.people import named
from rag.retrieval.query import as_engine_filter, standalone_query
from rag.retrieval.reranking import Candidate, Question, Reranker
from rag.retrieval.types import Exchange, Filters, Mode, Passage, PassageTurn, Scores, SearchResult
from rag.sentence_vectors import SentenceVectors, unpack
from rag.storage import engine_errors
from rag.transcripts.types import Attribution

CANDIDATES = 1000
"""How deep each kind of search goes before fusion; the spread of scores is taken over these."""
MOST_PASSAGES = 50
REMEMBERED = 512
"""Questions whose vectors are kept: answering needs the one that searching made."""
WEIGHTS = {"dense": 1.0, "lexical": 1.0}
RERANKED = 60
"""Candidates that are looked at more closely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    """What search says of a record."""

    fused: float
    lexical_z: float
    scores: Scores


class Retriever:
    """Searches by meaning, by words, or both.

    Args:
        engine: Where the chunks are.
        embedder: The model that the chunks' vectors came from.
        library: Knows the speakers that filters and questions name.
        reranker: Looks closer at the best candidates of a hybrid search.
        names: Finds names as they were misheard; without it, as they are written.
        spelling: Puts mistyped words of questions right.
    """

    def __init__(
        self,
        *,
        engine: SearchEngine,
        embedder: Embedder,
        library: Library,
        reranker: Reranker | None = None,
        names: MisheardNames | None = None,
        spelling: Misspellings | None = None,
    ) -> None:
        self._names = names
        self._spelling = spelling
        self._reranker = reranker
        self._engine = engine
        self._embedder = embedder
        self._library = library
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._embed)

    def search(
        self,
        query: str,
        *,
        history: Sequence[Exchange] = (),
        top_k: int = 10,
        filters: Filters = Filters(),  # noqa: B008 - immutable
        mode: Mode = Mode.HYBRID,
    ) -> SearchResult:
        """Return the passages that bear on a question, best first.

        Raises:
            InputError: The question is empty or too long, or `top_k` out of bounds.
            UnknownSpeakerError: A filter names a speaker who isn't there.
            IndexUnavailableError: The index is missing or damaged.
        """
        started = perf_counter()
        if not 1 <= top_k <= MOST_PASSAGES:
            raise InputError(f"top_k is {top_k}; it may be 1 to {MOST_PASSAGES}.")
        asked = standalone_query(query, history, self._library.speakers() if history else ())
        where = as_engine_filter(filters, self._library)
        standalone = self._spelling.corrected(asked.standalone, where) if self._spelling else asked.standalone
        searched = f"{asked.background} {standalone}".lstrip()
        vector = None if mode is Mode.LEXICAL else self._between(standalone, searched)
        embedded = perf_counter()
        with engine_errors():
            version = self._engine.version
            ranked, evidence = self._rank(searched, vector, where, mode)
        closer = self._reranker is not None and mode is Mode.HYBRID
        passages = self._passages(ranked[: max(top_k, RERANKED) if closer else top_k], evidence)
        retrieved = perf_counter()
        if closer and vector is not None:
            passages = self._rerank(standalone, vector, where, passages, evidence)
        finished = perf_counter()
        return SearchResult(
            query=query,
            standalone_query=standalone,
            passages=tuple(replace(passage, rank=rank) for rank, passage in enumerate(passages[:top_k], start=1)),
            index_version=version,
            instead=self._instead(standalone, where),
            timings_ms={
                "embed": (embedded - started) * 1000,
                "retrieve": (retrieved - embedded) * 1000,
                "rerank": (finished - retrieved) * 1000,
                "total": (finished - started) * 1000,
            },
        )

    def sentence_vectors(self, passages: Sequence[Passage]) -> dict[str, SentenceVectors]:
        """Return what is known of the passages' sentences, by chunk id; a chunk that is gone meanwhile is left out."""
        with engine_errors():
            attachments = self._engine.attachments([passage.chunk_id for passage in passages])
        return {chunk_id: unpack(data) for chunk_id, data in attachments.items()}

    def right_names(self, text: str, filters: Filters) -> tuple[RightName, ...]:
        """Return the misheard names in a text of what the filters let through, with their right forms."""
        return self._names.gloss(text, as_engine_filter(filters, self._library)) if self._names else ()

    def _instead(self, query: str, where: Filter) -> Alternatives:
        return self._names.alternatives(query, where) if self._names else NOTHING_INSTEAD

    def embed_query(self, query: str) -> Vector:
        """Return the vector of a question, read-only; the last few are remembered."""
        return self._remembered(query)

    def _between(self, standalone: str, searched: str) -> Vector:
        """Return the vector halfway between a question and the same with its background (007)."""
        vector = self.embed_query(standalone)
        if searched == standalone:
            return vector
        halfway = vector + self.embed_query(searched)
        return np.asarray(halfway / np.linalg.norm(halfway))

    def _embed(self, query: str) -> Vector:
        vector: Vector = self._embedder.embed([query], input_type="query")[0]
        vector.setflags(write=False)
        return vector

    def _rank(
        self, query: str, vector: Vector | None, where: Filter, mode: Mode
    ) -> tuple[list[tuple[str, float]], dict[str, _Evidence]]:
        dense = {} if vector is None else self._by_vector(vector, where)
        lexical = {} if mode is Mode.DENSE else self._by_words(query, where)
        if mode is Mode.HYBRID and vector is not None:
            dense |= self._dense_of([record_id for record_id in lexical if record_id not in dense], vector)
        ids = sorted(dense.keys() | lexical.keys())
        scores = {}
        if mode is not Mode.LEXICAL:
            scores["dense"] = np.array([dense[record_id] for record_id in ids])
        if mode is not Mode.DENSE:
            scores["lexical"] = np.array([lexical.get(record_id, 0.0) for record_id in ids])
        ranked = fuse(ids, scores, WEIGHTS) if mode is Mode.HYBRID else _plain(ids, scores[mode.value])
        lexical_z = z_scores(scores["lexical"]) if "lexical" in scores and ids else np.zeros(len(ids))
        return ranked, {
            record_id: _Evidence(
                fused=fused,
                lexical_z=z,
                scores=Scores(dense=dense.get(record_id), lexical=lexical.get(record_id)),
            )
            for (record_id, fused), z in zip(sorted(ranked), lexical_z.tolist(), strict=True)
        }

    def _passages(self, best: Sequence[tuple[str, float]], evidence: Mapping[str, _Evidence]) -> list[Passage]:
        """Return the passages of records in order of rank; one that is gone meanwhile is left out."""
        with engine_errors():
            records = self._engine.records([record_id for record_id, _ in best])
        found = [(record_id, score) for record_id, score in best if record_id in records]
        return [
            as_passage(records[record_id], rank=rank, score=score, scores=evidence[record_id].scores)
            for rank, (record_id, score) in enumerate(found, start=1)
        ]

    def _rerank(
        self,
        query: str,
        vector: Vector,
        where: Filter,
        passages: Sequence[Passage],
        evidence: Mapping[str, _Evidence],
    ) -> list[Passage]:
        if self._reranker is None or not passages:
            return list(passages)
        known = self.sentence_vectors(passages)
        question = Question(
            text=query,
            vector=vector,
            named=named(query, self._library.speakers()),
            rarity=self._engine.term_rarities(query, where),
            instead=self._instead(query, where),
        )
        candidates = [
            Candidate(
                passage=passage,
                fused=evidence[passage.chunk_id].fused,
                lexical_z=evidence[passage.chunk_id].lexical_z,
                sentences=known.get(passage.chunk_id),
            )
            for passage in passages
        ]
        scored = [
            replace(passage, scores=replace(passage.scores, rerank=score))
            for passage, score in zip(passages, self._reranker.scores(question, candidates), strict=True)
        ]
        if not self._reranker.ranks(candidates):
            return scored
        ranked = [replace(passage, score=passage.scores.rerank or 0.0) for passage in scored]
        return sorted(ranked, key=lambda passage: (-passage.score, passage.chunk_id))

    def _by_vector(self, vector: Vector, where: Filter) -> dict[str, float]:
        return {hit.id: hit.score for hit in self._engine.search_vectors(vector, CANDIDATES, where)}

    def _by_words(self, query: str, where: Filter) -> dict[str, float]:
        hits = {hit.id: hit.score for hit in self._engine.search_text(query, CANDIDATES, where)}
        return self._names.add_heard(query, hits, where) if self._names else hits

    def _dense_of(self, record_ids: Sequence[str], vector: Vector) -> dict[str, float]:
        """Return the cosines of records that word search found and vector search did not reach."""
        if not record_ids:
            return {}
        cosines = self._engine.vectors(record_ids) @ vector
        return dict(zip(record_ids, cosines.tolist(), strict=True))


def _plain(ids: Sequence[str], scores: "np.ndarray[Any, np.dtype[np.float64]]") -> list[tuple[str, float]]:
    return sorted(zip(ids, scores.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0]))


def as_passage(record: StoredRecord, *, rank: int, score: float, scores: Scores) -> Passage:
    """Return the passage that a stored record holds."""
    body: Mapping[str, Any] = json.loads(record.body)
    turns = tuple(PassageTurn(**{**turn, "attribution": Attribution(turn["attribution"])}) for turn in body["turns"])
    return Passage(
        rank=rank,
        score=score,
        scores=scores,
        chunk_id=record.id,
        transcript_id=body["transcript_id"],
        title=body["title"],
        date=dt.date.fromisoformat(body["date"]) if body["date"] else None,
        collection=body["collection"],
        url=body["url"],
        turns=turns,
        interviewers=frozenset(body.get("interviewers", ())),
    )
