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
from rag.retrieval.terms import with_right_names
from rag.sentence_vectors import cosines

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
class Candidate:
    """A chunk as search ranked it, and what is known of it."""

    chunk: KnownChunk
    fused: float
    """Sum of the z-scores, by which search ranked it."""
    lexical_z: float
    dense: float
    """Cosine of question and chunk; 0 where it is not known."""


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

    def scores(self, question: Question, candidates: Sequence[Candidate]) -> list[float]:
        """Return one score a candidate."""
        ...

    def ranks(self, candidates: Sequence[Candidate]) -> bool:
        """Say whether candidates of this kind are better ordered by these scores than by search's own."""
        ...


class FeatureReranker:
    """A linear model on features that a person can read, all known from ingestion: no further model is run.

    It is fitted to conversations: written passages, which name no speakers, keep the order that search gave them.
    """

    def __init__(self, weights: Features = WEIGHTS) -> None:
        self._weights = np.array([getattr(weights, name) for name in NAMES])

    def scores(self, question: Question, candidates: Sequence[Candidate]) -> list[float]:
        """Return the weighted sum of each candidate's features."""
        scores: list[float] = (features_of(question, candidates) * self._weights).sum(axis=1).tolist()
        return scores

    def ranks(self, candidates: Sequence[Candidate]) -> bool:
        """Say whether at least half of the candidates are speech."""
        return 2 * sum(candidate.chunk.is_speech for candidate in candidates) >= len(candidates)


def features_of(question: Question, candidates: Sequence[Candidate]) -> npt.NDArray[np.float64]:
    """Return the features of candidates, shape (candidates, features), the columns as `NAMES` has them.

    Those of neighbours and conversations come from the candidates themselves.
    """
    by_conversation: defaultdict[str, list[float]] = defaultdict(list)
    for candidate in candidates:
        by_conversation[candidate.chunk.body["transcript_id"]].append(candidate.fused)
    conversations = {
        transcript_id: fmean(sorted(scores, reverse=True)[:BEST_OF_TRANSCRIPT])
        for transcript_id, scores in by_conversation.items()
    }
    near = cosines([candidate.chunk.sentences for candidate in candidates], question.vector)
    total = sum(question.rarity.values()) or 1.0
    rows = [
        (
            candidate.fused,
            candidate.lexical_z,
            candidate.dense,
            *_nearest(cosine.sentences),
            max(0.0, cosine.question or 0.0),
            _held(question, candidate.chunk) / total,
            neighbour,
            conversations[candidate.chunk.body["transcript_id"]],
            float(not question.named.isdisjoint(candidate.chunk.voices)),
            candidate.chunk.interviewer,
            candidate.chunk.questions,
        )
        for candidate, cosine, neighbour in zip(candidates, near, _neighbours(candidates), strict=True)
    ]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(NAMES))


def _nearest(sentences: Sequence[float]) -> tuple[float, float]:
    """Return the best cosine, and the mean of the best two."""
    best = sorted(sentences, reverse=True)[:2] or [0.0]
    return best[0], fmean(best)


def _held(question: Question, chunk: KnownChunk) -> float:
    said = with_right_names(chunk.said, question.instead)
    return sum(weight for term, weight in question.rarity.items() if term in said)


def _neighbours(candidates: Sequence[Candidate]) -> list[float]:
    """Return, by candidate, the better score of the candidates that begin where it ends or end where it begins."""
    order = sorted(range(len(candidates)), key=lambda n: _place(candidates[n]))
    best = [-1.0] * len(candidates)
    for one, other in pairwise(order):
        if _adjoin(candidates[one].chunk, candidates[other].chunk):
            best[one] = max(best[one], candidates[other].fused)
            best[other] = max(best[other], candidates[one].fused)
    return best


def _place(candidate: Candidate) -> tuple[str, int, int]:
    body = candidate.chunk.body
    first = body["turns"][0]
    return body["transcript_id"], first["turn"], first["start"]


def _adjoin(one: KnownChunk, other: KnownChunk) -> bool:
    last, first = one.body["turns"][-1], other.body["turns"][0]
    if one.body["transcript_id"] != other.body["transcript_id"]:
        return False
    ended, begun = last["turn"], first["turn"]
    return bool((begun == ended and first["start"] == last["end"]) or (begun == ended + 1 and first["start"] == 0))
