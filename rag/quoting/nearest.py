"""The places that come nearest to a quote which nobody said exactly so.

Candidates are the chunks that word search ranks first; of these, those with the most pairs of words that are
neighbours in the quote, too. All their turns are compared with the quote at once; the best are compared again as whole
turns, and together with the turn before or after, since a quote may run two people together.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from index.protocols import SearchEngine
from rag.library import Library
from rag.quoting.alignment import Alignment, align, nearest_costs
from rag.quoting.asked import Asked
from rag.quoting.scope import Scope
from rag.quoting.words import Words, keys_of, words_of
from rag.retrieval.terms import ANALYZER
from rag.storage import engine_errors
from rag.transcripts.types import Transcript

CHUNKS = 300
"""Chunks that word search gives."""
COMPARED = 40
"""Chunks whose turns are compared."""
TURNS = 8
"""Turns that are compared whole."""
_words_of = lru_cache(maxsize=64)(words_of)
"""A turn is compared alone and together with its neighbours."""
_UNWEIGHTED = 0.1
"""Weight of a word that the index has no term of, in terms' own weights (1 to 12): it breaks ties."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A turn, or several in a row, and how a quote lies on them."""

    transcript: Transcript
    turns: tuple[int, ...]
    """Those that have words of the stretch, in order."""
    words: tuple[Words, ...]
    """Of each of these turns."""
    alignment: Alignment
    """Counts words over all these turns."""
    share: float
    """Of the quote's words, rare ones weighing more, those that were said."""

    @property
    def crosses(self) -> bool:
        """Say whether the stretch begins in one turn and ends in another."""
        return self.alignment.first < len(self.words[0]) < self.alignment.end


class NearestSearch:
    """Finds the places nearest to a quote."""

    def __init__(self, *, engine: SearchEngine, library: Library) -> None:
        self._engine = engine
        self._library = library

    def find(self, asked: Asked, scope: Scope) -> list[Near]:
        """Return the nearest places, most similar first; those over two turns only if they are nearer than in one."""
        weights = self._weights(asked, scope)
        best = list(self._best_turns(asked, scope))
        places = [near for turn in best if (near := self._place(asked, turn, (0, 0), scope, weights)) is not None]
        similar = max((near.alignment.similarity for near in places), default=0.0)
        over: dict[tuple[str, tuple[int, ...]], Near] = {}
        for turn in best:
            for around in ((1, 0), (0, 1)):
                near = self._place(asked, turn, around, scope, weights)
                if near is not None and near.crosses and near.alignment.similarity > similar:
                    over[near.transcript.id, near.turns] = near
        covered = {(near.transcript.id, turn) for near in over.values() for turn in near.turns}
        return sorted(
            [*over.values(), *(near for near in places if (near.transcript.id, near.turns[0]) not in covered)],
            key=lambda near: (-near.alignment.similarity, -near.share, near.transcript.id, near.turns),
        )

    def _best_turns(self, asked: Asked, scope: Scope) -> Iterator[tuple[str, int]]:
        """Yield the turns whose stretch in a candidate chunk costs least, each with its transcript's id."""
        with engine_errors():
            ranked = [hit.id for hit in self._engine.search_text(asked.text, CHUNKS, scope.where)]
            records = self._engine.records(ranked)
        bodies = [records[record_id].body for record_id in ranked if record_id in records]
        turns: list[tuple[str, int]] = []
        texts: list[list[str]] = []
        for body in map(json.loads, _with_most_pairs(bodies, asked.keys)):
            for span in body["turns"]:
                turns.append((body["transcript_id"], span["turn"]))
                texts.append(keys_of(span["text"]))
        costs = nearest_costs(asked, texts) if texts else []
        # Stable: among equals, the order of word search.
        chosen = dict.fromkeys(turns[number] for number in sorted(range(len(turns)), key=costs.__getitem__))
        allowed = 0
        for transcript_id, turn in chosen:
            transcript = self._library.find(transcript_id)
            if transcript and turn < len(transcript.turns) and scope.holds_turn(transcript.turns[turn]):
                yield transcript_id, turn
                allowed += 1
                if allowed == TURNS:
                    return

    def _place(
        self, asked: Asked, turn: tuple[str, int], around: tuple[int, int], scope: Scope, weights: Sequence[float]
    ) -> Near | None:
        """Return how a quote lies on a turn and as many spoken ones before and after it; None if on no word."""
        transcript = self._library.find(turn[0])
        numbers = _around(transcript, turn[1], *around) if transcript else []
        if transcript is None or not all(scope.holds_turn(transcript.turns[number]) for number in numbers):
            return None
        words = [_words_of(transcript.turns[number].text) for number in numbers]
        alignment = align(asked, [key for each in words for key in each.keys])
        if alignment is None:
            return None
        return Near(
            transcript=transcript,
            turns=tuple(numbers),
            words=tuple(words),
            alignment=alignment,
            share=sum(weights[step.asked] for step in alignment.steps if step.same and step.asked is not None)
            / sum(weights),
        )

    def _weights(self, asked: Asked, scope: Scope) -> list[float]:
        """Return the weight of each word of a quote: how rare its terms are."""
        with engine_errors():
            rarity = self._engine.term_rarities(asked.text, scope.where)
        return [_UNWEIGHTED + sum(rarity.get(term, 0.0) for term in ANALYZER.terms(key)) for key in asked.keys]


def _with_most_pairs(bodies: Sequence[str], keys: Sequence[str]) -> list[str]:
    """Return the chunks (their JSON) that hold the most pairs of neighbouring words of a quote; earlier ones first."""
    pairs = {" ".join(pair) for pair in pairwise(keys)}
    held = []
    for body in bodies:
        lowered = body.lower().replace("’", "'")
        held.append(sum(pair in lowered for pair in pairs))
    return [bodies[number] for number in sorted(range(len(bodies)), key=lambda number: -held[number])[:COMPARED]]


def _around(transcript: Transcript, turn: int, before: int, after: int) -> list[int]:
    """Return the number of a turn with those of as many spoken ones before and after it; empty ones aren't counted."""
    spoken = [number for number, each in enumerate(transcript.turns) if each.text or number == turn]
    at = spoken.index(turn)
    return spoken[max(0, at - before) : at + after + 1]
