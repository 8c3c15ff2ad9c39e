"""From a question to ranked passages."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from time import perf_counter

import numpy as np
import numpy.typing as npt

from index.evidence import Evidence
from index.protocols import SearchEngine
from index.types import Filter, Vector
from rag.embedding import Embedder
from rag.errors import InputError
from rag.library import Library
from rag.mishearing.finding import NOTHING_INSTEAD, Alternatives, MisheardNames, RightName
from rag.mishearing.misspelling import Misspellings
from rag.retrieval.core import core
from rag.retrieval.fusion import best_places, fuse, z_scores
from rag.retrieval.known_chunks import REMEMBERED_BYTES, KnownChunk, KnownChunks
from rag.retrieval.people import named, spoken_as
from rag.retrieval.query import as_engine_filter, standalone_query
from rag.retrieval.ranked import Ranked, passages_of
from rag.retrieval.reranking import Candidates, Question, Reranker
from rag.retrieval.types import Exchange, Filters, Mode, Passage, SearchResult
from rag.sentence_vectors import SentenceVectors, unpack
from rag.storage import engine_errors

CANDIDATES = 1000
"""How deep each kind of search goes before fusion; the spread of scores is taken over these."""
MOST_PASSAGES = 50
REMEMBERED = 512
"""Questions whose vectors are kept: answering needs the one that searching made."""
WEIGHTS = {"dense": 1.0, "lexical": 1.0}
RERANKED = 60
"""Candidates that are looked at more closely."""


class Retriever:
    """Searches by meaning, by words, or both.

    Args:
        engine: Where the chunks are.
        embedder: The model that the chunks' vectors came from.
        library: Knows the speakers that filters and questions name.
        reranker: Looks closer at the best candidates of a hybrid search.
        names: Finds names as they were misheard; without it, as they are written.
        spelling: Puts mistyped words of questions right.
        remembered_bytes: How much memory the chunks that were looked at may take.
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
        remembered_bytes: int = REMEMBERED_BYTES,
    ) -> None:
        self._names = names
        self._spelling = spelling
        self._reranker = reranker
        self._engine = engine
        self._embedder = embedder
        self._library = library
        self._chunks = KnownChunks(engine, most_bytes=remembered_bytes)
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
        vector = None if mode is Mode.LEXICAL else self._between(core(standalone), searched)
        embedded = perf_counter()
        closer = self._reranker is not None and mode is Mode.HYBRID
        with engine_errors():
            version = self._engine.version
            best = self._rank(searched, vector, where, mode, max(top_k, RERANKED) if closer else top_k)
        known = self._chunks.of(best.names())
        if len(known) < len(best.ids):  # One may be gone meanwhile.
            best = best.at(np.flatnonzero([name in known for name in best.names()]))
        retrieved = perf_counter()
        instead = self._names.alternatives(standalone, where) if self._names else NOTHING_INSTEAD
        if closer and vector is not None:
            best = self._rerank(self._question(standalone, vector, where, instead), best, known)
        passages = passages_of(best.at(np.arange(min(top_k, len(best.ids)))), known, mode)
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

    def right_names(self, text: str, filters: Filters, *, asked: str = "") -> tuple[RightName, ...]:
        """Return the misheard names in a text of what the filters let through, with their right forms.

        With a question, what may stand for its names counts too.
        """
        return self._names.gloss(text, as_engine_filter(filters, self._library), asked=asked) if self._names else ()

    def embed_query(self, query: str) -> Vector:
        """Return the vector of a question, read-only: where it tells more than it asks, halfway to what it asks."""
        return self._between(core(query), query)

    def in_none(self, words: str, filters: Filters) -> bool:
        """Say whether no chunk that passes the filters holds any of some words, however they are inflected."""
        where = as_engine_filter(filters, self._library)
        return not any(self._engine.with_all_words(word, 1, where) for word in words.split())

    def embed_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return a unit vector for each question, as it stands; shape (texts, dimension)."""
        return self._embedder.embed(texts, input_type="query")

    def embed_speech(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return a unit vector for each text, as of what was said; shape (texts, dimension)."""
        return self._embedder.embed(texts, input_type="document")

    def forget(self, *, chunks: bool = True) -> None:
        """Forget the questions that were asked and, if so wanted, the chunks that were looked at: for measurements."""
        self._remembered.cache_clear()
        if chunks:
            self._chunks.forget()

    def _between(self, standalone: str, searched: str) -> Vector:
        """Return the vector halfway between a question and the same with its background (007); the last are kept."""
        vector = self._remembered(standalone)
        if searched == standalone:
            return vector
        halfway = vector + self._remembered(searched)
        return np.asarray(halfway / np.linalg.norm(halfway))

    def _embed(self, query: str) -> Vector:
        vector: Vector = self._embedder.embed([query], input_type="query")[0]
        vector.setflags(write=False)
        return vector

    def _rank(self, query: str, vector: Vector | None, where: Filter, mode: Mode, limit: int) -> Ranked:
        """Return the best records by the evidence that a mode asks for."""
        worded = mode is not Mode.DENSE
        found = self._engine.evidence(CANDIDATES, where, vector=vector, query=query if worded else None)
        if worded and self._names and (heard := self._names.hits_as_heard(query, where)):
            found = self._with_heard(found, heard, vector)
        lexical_z = z_scores(found.lexical)
        total = found.lexical if mode is Mode.LEXICAL else found.dense
        if mode is Mode.HYBRID:
            total = fuse({"dense": found.dense, "lexical": found.lexical}, WEIGHTS)
        ranked = Ranked(ids=found.ids, scores=total, lexical_z=lexical_z, dense=found.dense, lexical=found.lexical)
        return ranked.at(best_places(total, found.ids, limit))

    def _question(self, query: str, vector: Vector, where: Filter, instead: Alternatives) -> Question:
        with engine_errors():
            rarity = self._engine.term_rarities(query, where)
        speakers = self._library.speakers()
        voices = spoken_as(named(query, speakers), speakers)
        return Question(text=query, vector=vector, named=voices, rarity=rarity, instead=instead)

    def _rerank(self, question: Question, ranked: Ranked, known: Mapping[str, KnownChunk]) -> Ranked:
        if self._reranker is None or not len(ranked.ids):
            return ranked
        candidates = Candidates(
            chunks=[known[name] for name in ranked.names()],
            fused=ranked.scores,
            lexical_z=ranked.lexical_z,
            dense=ranked.dense,
        )
        scores = self._reranker.scores(question, candidates)
        if not self._reranker.ranks(candidates):
            return replace(ranked, reranked=scores)
        return replace(ranked, scores=scores, reranked=scores).at(best_places(scores, ranked.ids, len(scores)))

    def _with_heard(self, found: Evidence, heard: Mapping[str, float], vector: Vector | None) -> Evidence:
        """Return evidence with what names of the question score where they were misheard."""
        names = found.ids.astype(np.str_).tolist()
        dense, lexical = (dict(zip(names, c.tolist(), strict=True)) for c in (found.dense, found.lexical))
        for record_id, score in heard.items():
            lexical[record_id] = lexical.get(record_id, 0.0) + score
        if vector is not None and (new := [record_id for record_id in heard if record_id not in dense]):
            dense |= dict(zip(new, (self._engine.vectors(new) @ vector).tolist(), strict=True))
        return Evidence.of(dense, lexical)
