"""A closer look at the best candidates."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Protocol

import numpy as np

from index.types import Vector
from rag.mishearing.finding import Alternatives
from rag.retrieval.terms import term_set, with_right_names
from rag.retrieval.types import Passage
from rag.sentence_vectors import SentenceVectors
from rag.transcripts.names import name_key

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
    """A passage as search ranked it, and what is known of it."""

    passage: Passage
    fused: float
    """Sum of the z-scores, by which search ranked it."""
    lexical_z: float
    sentences: SentenceVectors | None


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
        self._weights = tuple(getattr(weights, name) for name in NAMES)

    def scores(self, question: Question, candidates: Sequence[Candidate]) -> list[float]:
        """Return the weighted sum of each candidate's features."""
        return [
            sum(weight * getattr(found, name) for weight, name in zip(self._weights, NAMES, strict=True))
            for found in features_of(question, candidates)
        ]

    def ranks(self, candidates: Sequence[Candidate]) -> bool:
        """Say whether at least half of the candidates are speech."""
        return 2 * sum(_is_speech(candidate.passage) for candidate in candidates) >= len(candidates)


def features_of(question: Question, candidates: Sequence[Candidate]) -> list[Features]:
    """Return the features of candidates; those of neighbours and conversations come from the candidates themselves."""
    neighbours = _neighbours(candidates)
    by_conversation: defaultdict[str, list[float]] = defaultdict(list)
    for candidate in candidates:
        by_conversation[candidate.passage.transcript_id].append(candidate.fused)
    conversations = {
        transcript_id: float(np.mean(sorted(scores, reverse=True)[:BEST_OF_TRANSCRIPT]))
        for transcript_id, scores in by_conversation.items()
    }
    return [
        _features(question, candidate, neighbour, conversations[candidate.passage.transcript_id])
        for candidate, neighbour in zip(candidates, neighbours, strict=True)
    ]


def _features(question: Question, candidate: Candidate, neighbour: float, conversation: float) -> Features:
    passage, known = candidate.passage, candidate.sentences
    cosines = np.sort(known.vectors @ question.vector)[::-1] if known and known.spans else np.zeros(1)
    asked = float(known.question @ question.vector) if known and known.question is not None else 0.0
    length = sum(len(turn.text) for turn in passage.turns) or 1
    said = term_set(" ".join([passage.text, passage.title, *(turn.speaker or "" for turn in passage.turns)]))
    said = with_right_names(said, question.instead)
    total = sum(question.rarity.values()) or 1.0
    asking, stating = passage.text.count("?"), passage.text.count(".")
    return Features(
        fused=candidate.fused,
        lexical=candidate.lexical_z,
        dense=passage.scores.dense or 0.0,
        best_sentence=float(cosines[0]),
        two_sentences=float(cosines[:2].mean()),
        asked=max(0.0, asked),
        coverage=sum(weight for term, weight in question.rarity.items() if term in said) / total,
        neighbour=neighbour,
        conversation=conversation,
        named=float(any(name_key(turn.speaker or "") in question.named for turn in passage.turns)),
        interviewer=sum(len(t.text) for t in passage.turns if t.speaker in passage.interviewers) / length,
        questions=asking / max(1, asking + stating) if passage.interviewers else 0.0,
    )


def _is_speech(passage: Passage) -> bool:
    return any(turn.speaker for turn in passage.turns)


def _neighbours(candidates: Sequence[Candidate]) -> list[float]:
    """Return, by candidate, the better score of the candidates that begin where it ends or end where it begins."""
    order = sorted(range(len(candidates)), key=lambda n: _place(candidates[n]))
    best = [-1.0] * len(candidates)
    for one, other in pairwise(order):
        if _adjoin(candidates[one].passage, candidates[other].passage):
            best[one] = max(best[one], candidates[other].fused)
            best[other] = max(best[other], candidates[one].fused)
    return best


def _place(candidate: Candidate) -> tuple[str, int, int]:
    first = candidate.passage.turns[0]
    return candidate.passage.transcript_id, first.turn, first.start


def _adjoin(one: Passage, other: Passage) -> bool:
    last, first = one.turns[-1], other.turns[0]
    if one.transcript_id != other.transcript_id:
        return False
    return (first.turn == last.turn and first.start == last.end) or (first.turn == last.turn + 1 and first.start == 0)
