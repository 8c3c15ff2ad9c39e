"""From a question to ranked passages."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from time import perf_counter

import numpy as np

from index.protocols import SearchEngine
from index.types import Filter, Vector
from rag.embedding import Embedder
from rag.errors import InputError
from rag.library import Library
from rag.mishearing.finding import NOTHING_INSTEAD, Alternatives, MisheardNames, RightName
from rag.mishearing.misspelling import Misspellings
from rag.retrieval.fusion import fuse, z_scores
from rag.retrieval.known_chunks import KnownChunk, KnownChunks
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
class _Found:
    """A record, and what search says of it."""

    id: str
    score: float
    """What it is ranked by."""
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
        self._chunks = KnownChunks(engine)
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
        closer = self._reranker is not None and mode is Mode.HYBRID
        with engine_errors():
            version = self._engine.version
            best = self._rank(searched, vector, where, mode, max(top_k, RERANKED) if closer else top_k)
        known = self._chunks.of([found.id for found in best])
        ranked: Sequence[_Found] = [found for found in best if found.id in known]  # One may be gone meanwhile.
        retrieved = perf_counter()
        instead = self._names.alternatives(standalone, where) if self._names else NOTHING_INSTEAD
        if closer and vector is not None:
            ranked = self._rerank(self._question(standalone, vector, where, instead), ranked, known)
        passages = tuple(
            as_passage(known[found.id], rank=rank, score=found.score, scores=found.scores)
            for rank, found in enumerate(ranked[:top_k], start=1)
        )
        finished = perf_counter()
        return SearchResult(
            query=query,
            standalone_query=standalone,
            passages=passages,
            index_version=version,
            instead=instead,
            timings_ms={
                "embed": (embedded - started) * 1000,
                "retrieve": (retrieved - embedded) * 1000,
                "rerank": (finished - retrieved) * 1000,
                "total": (finished - started) * 1000,
            },
        )

    def sentence_vectors(self, passages: Sequence[Passage]) -> dict[str, SentenceVectors]:
        """Return what is known of the passages' sentences, by chunk id; a chunk that is gone meanwhile is left out."""
        known = self._chunks.of([passage.chunk_id for passage in passages])
        return {chunk_id: unpack(chunk.sentences) for chunk_id, chunk in known.items() if chunk.sentences}

    def right_names(self, text: str, filters: Filters) -> tuple[RightName, ...]:
        """Return the misheard names in a text of what the filters let through, with their right forms."""
        return self._names.gloss(text, as_engine_filter(filters, self._library)) if self._names else ()

    def embed_query(self, query: str) -> Vector:
        """Return the vector of a question, read-only; the last few are remembered."""
        return self._remembered(query)

    def forget(self, *, chunks: bool = True) -> None:
        """Forget the questions that were asked and, if so wanted, the chunks that were looked at: for measurements."""
        self._remembered.cache_clear()
        if chunks:
            self._chunks.forget()

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

    def _rank(self, query: str, vector: Vector | None, where: Filter, mode: Mode, limit: int) -> list[_Found]:
        """Return the best records by the evidence that a mode asks for."""
        dense = {} if vector is None else dict(self._engine.search_vectors(vector, CANDIDATES, where))
        lexical = {} if mode is Mode.DENSE else self._by_words(query, where)
        if mode is Mode.HYBRID and vector is not None:
            dense |= self._dense_of([record_id for record_id in lexical if record_id not in dense], vector)
        ids = sorted(dense.keys() | lexical.keys())
        evidence = {}
        if mode is not Mode.LEXICAL:
            evidence["dense"] = np.fromiter(map(dense.__getitem__, ids), np.float64, len(ids))
        if mode is not Mode.DENSE:
            evidence["lexical"] = np.array([lexical.get(record_id, 0.0) for record_id in ids])
        total = fuse(evidence, WEIGHTS) if mode is Mode.HYBRID else evidence[mode.value]
        lexical_z = z_scores(evidence["lexical"]) if "lexical" in evidence else np.zeros(len(ids))
        # Stable, and the ids are in order: ties break by id.
        best = np.argsort(-total, kind="stable")[:limit].tolist()
        return [
            _Found(
                id=ids[place],
                score=float(total[place]),
                lexical_z=float(lexical_z[place]),
                scores=Scores(dense=dense.get(ids[place]), lexical=lexical.get(ids[place])),
            )
            for place in best
        ]

    def _question(self, query: str, vector: Vector, where: Filter, instead: Alternatives) -> Question:
        with engine_errors():
            rarity = self._engine.term_rarities(query, where)
        speakers = named(query, self._library.speakers())
        return Question(text=query, vector=vector, named=speakers, rarity=rarity, instead=instead)

    def _rerank(
        self, question: Question, ranked: Sequence[_Found], known: Mapping[str, KnownChunk]
    ) -> Sequence[_Found]:
        if self._reranker is None or not ranked:
            return ranked
        candidates = [
            Candidate(
                chunk=known[found.id],
                fused=found.score,
                lexical_z=found.lexical_z,
                dense=found.scores.dense or 0.0,
            )
            for found in ranked
        ]
        ranks = self._reranker.ranks(candidates)
        scored = [
            replace(
                found,
                score=score if ranks else found.score,
                scores=Scores(dense=found.scores.dense, lexical=found.scores.lexical, rerank=score),
            )
            for found, score in zip(ranked, self._reranker.scores(question, candidates), strict=True)
        ]
        return sorted(scored, key=lambda found: (-found.score, found.id)) if ranks else scored

    def _by_words(self, query: str, where: Filter) -> dict[str, float]:
        hits = dict(self._engine.search_text(query, CANDIDATES, where))
        return self._names.add_heard(query, hits, where) if self._names else hits

    def _dense_of(self, record_ids: Sequence[str], vector: Vector) -> dict[str, float]:
        """Return the cosines of records that word search found and vector search did not reach."""
        if not record_ids:
            return {}
        cosines = self._engine.vectors(record_ids) @ vector
        return dict(zip(record_ids, cosines.tolist(), strict=True))


def as_passage(chunk: KnownChunk, *, rank: int, score: float, scores: Scores) -> Passage:
    """Return the passage that a stored chunk is."""
    body = chunk.body
    turns = tuple(PassageTurn(**{**turn, "attribution": Attribution(turn["attribution"])}) for turn in body["turns"])
    return Passage(
        rank=rank,
        score=score,
        scores=scores,
        chunk_id=chunk.id,
        transcript_id=body["transcript_id"],
        title=body["title"],
        date=dt.date.fromisoformat(body["date"]) if body["date"] else None,
        collection=body["collection"],
        url=body["url"],
        turns=turns,
        interviewers=frozenset(body.get("interviewers", ())),
    )
