"""A closer look at the best candidates."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from statistics import fmean
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.types import Vector
from rag.mishearing.finding import Alternatives
from rag.retrieval.known_chunks import KnownChunk
from rag.retrieval.ranked import Column
from rag.sentence_vectors import nearness

BEST_OF_TRANSCRIPT = 3
"""Candidates whose mean says how much a whole conversation is about the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is looked for."""

    text: str
    vector: Vector
    named: frozenset[str]
    """Name keys of the speakers that it names."""
    rarity: Mapping[str, float]
    """Its terms, each with its BM25 idf among the records that may be found."""
    instead: Alternatives
    """What stands for a term: names of it as they were misheard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Chunks as search ranked them, and what it says of each; all have one entry a chunk."""

    chunks: Sequence[KnownChunk]
    fused: Column
    """Sum of the z-scores, by which search ranked them."""
    lexical_z: Column
    dense: Column
    """Cosines of question and chunk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What speaks for (and against) a passage."""

    fused: float
    lexical: float
    """z-score of BM25."""
    dense: float
    """Cosine of question and passage."""
    best_sentence: float
    """Cosine of the question and the nearest sentence."""
    two_sentences: float
    """Mean cosine of the nearest two."""
    asked: float
    """Cosine of the question and the one that the passage's first turn answers."""
    coverage: float
    """Share of the question's terms, by rarity, in the passage, its title and its speakers' names."""
    neighbour: float
    """`fused` of the better of the passages just before and after; -1 where neither is a candidate."""
    conversation: float
    """Mean `fused` of the best candidates of the same conversation."""
    named: float
    """1 where a speaker whom the question names speaks in it."""
    interviewer: float
    """Share of its text that is the interviewer's."""
    questions: float
    """Share of its sentences that ask, in an interview."""


WEIGHTS = Features(
    fused=0.25,
    lexical=0.37,
    dense=0.39,
    best_sentence=3.86,
    two_sentences=6.79,
    asked=0.48,
    coverage=1.65,
    neighbour=0.28,
    conversation=0.19,
    named=2.13,
    interviewer=-2.86,
    questions=-1.74,
)
"""A listwise fit on three question sets, judged on others: docs/decisions/003-reranking.md."""
NAMES = tuple(field.name for field in fields(Features))


class Reranker(Protocol):
    """Scores the best candidates anew; higher is better."""

    def scores(self, question: Question, candidates: Candidates) -> Column:
        """Return one score a candidate."""
        ...

    def ranks(self, candidates: Candidates) -> bool:
        """Say whether candidates of this kind are better ordered by these scores than by search's own."""
        ...


class FeatureReranker:
    """A linear model on features that a person can read, all known from ingestion: no further model is run.

    It is fitted to conversations: written passages, which name no speakers, keep the order that search gave them.
    """

    def __init__(self, weights: Features = WEIGHTS) -> None:
        self._weights = np.array([getattr(weights, name) for name in NAMES])

    def scores(self, question: Question, candidates: Candidates) -> Column:
        """Return the weighted sum of each candidate's features."""
        return np.asarray((features_of(question, candidates) * self._weights).sum(axis=1))

    def ranks(self, candidates: Candidates) -> bool:
        """Say whether at least half of the candidates are speech."""
        return 2 * sum(bool(chunk.voices) for chunk in candidates.chunks) >= len(candidates.chunks)


def features_of(question: Question, candidates: Candidates) -> npt.NDArray[np.float64]:
    """Return the features of candidates, shape (candidates, features), the columns as `NAMES` has them.

    Those of neighbours and conversations come from the candidates themselves.
    """
    chunks, fused = candidates.chunks, candidates.fused.tolist()
    near = nearness([chunk.sentences for chunk in chunks], question.vector)
    columns = {
        "fused": candidates.fused,
        "lexical": candidates.lexical_z,
        "dense": candidates.dense,
        "best_sentence": near.best,
        "two_sentences": near.two,
        "asked": np.maximum(near.question, 0.0),
        "coverage": _coverage(question, chunks),
        "neighbour": _neighbours(chunks, fused),
        "conversation": _conversations(chunks, fused),
        "named": [float(not question.named.isdisjoint(chunk.voices)) for chunk in chunks],
        "interviewer": [chunk.interviewer for chunk in chunks],
        "questions": [chunk.questions for chunk in chunks],
    }
    return np.array([columns[name] for name in NAMES], dtype=np.float64).T


def _coverage(question: Question, chunks: Sequence[KnownChunk]) -> Column:
    """Return the share of the question's terms, by rarity, that each chunk holds."""
    if not question.rarity or not chunks:
        return np.zeros(len(chunks))
    weights = np.fromiter(question.rarity.values(), np.float64, len(question.rarity))
    asked = {term: place for place, term in enumerate(question.rarity)}
    held = _held(list(asked), chunks)
    for term, ways in question.instead.items():
        if term in asked:
            # A name that was misheard stands for the right one, where a chunk has all terms of it.
            for way in filter(None, ways):
                held[:, asked[term]] |= _held(sorted(way), chunks).all(axis=1)
    return np.asarray((held @ weights) / (weights.sum() or 1.0))


def _held(terms: Sequence[str], chunks: Sequence[KnownChunk]) -> npt.NDArray[np.bool_]:
    """Return which chunks hold which terms, shape (chunks, terms)."""
    held = np.zeros((len(chunks), len(terms)), dtype=np.bool_)
    said = np.concatenate([chunk.terms for chunk in chunks])
    said_by = np.repeat(np.arange(len(chunks)), [len(chunk.terms) for chunk in chunks])
    for place, term in enumerate(terms):
        held[said_by[said == hash(term)], place] = True
    return held


def _conversations(chunks: Sequence[KnownChunk], fused: Sequence[float]) -> list[float]:
    """Return, by chunk, the mean score of the best candidates of its conversation."""
    scores: defaultdict[str, list[float]] = defaultdict(list)
    for chunk, score in zip(chunks, fused, strict=True):
        scores[chunk.transcript_id].append(score)
    means = {name: fmean(sorted(found, reverse=True)[:BEST_OF_TRANSCRIPT]) for name, found in scores.items()}
    return [means[chunk.transcript_id] for chunk in chunks]


def _neighbours(chunks: Sequence[KnownChunk], fused: Sequence[float]) -> list[float]:
    """Return, by chunk, the better score of the candidates that begin where it ends or end where it begins."""
    order = sorted(range(len(chunks)), key=lambda n: (chunks[n].transcript_id, chunks[n].begins))
    best = [-1.0] * len(chunks)
    for one, other in pairwise(order):
        if _adjoin(chunks[one], chunks[other]):
            best[one] = max(best[one], fused[other])
            best[other] = max(best[other], fused[one])
    return best


def _adjoin(one: KnownChunk, other: KnownChunk) -> bool:
    if one.transcript_id != other.transcript_id:
        return False
    (ended, end), (begun, start) = one.ends, other.begins
    return (begun == ended and start == end) or (begun == ended + 1 and start == 0)
