"""The places that come nearest to a quote which nobody said exactly so.

Candidates are the chunks that hold the most pairs of words that are neighbours in the quote; if none of them comes
near, also those that word search ranks first. All their turns are compared with the quote at once; the best are
compared again as whole turns, and together with the turn before or after, since a quote may run two people together.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from index.protocols import SearchEngine
from rag.library import Library
from rag.quoting.alignment import Alignment, align, greatest_similarities, nearest_costs
from rag.quoting.asked import Asked
from rag.quoting.scope import Scope
from rag.quoting.words import Words, keys_of, words_of
from rag.retrieval.terms import ANALYZER
from rag.storage import engine_errors
from rag.transcripts.types import Transcript

NEAR = 0.7
"""Similarity from which a place is near: seven words of ten. Measured: benchmarks/quotes.py."""
SHARING = 60
"""Chunks with pairs of the quote's words whose turns are compared."""
RANKED = 40
"""Chunks found by words whose turns are compared, where those come nowhere near."""
TURNS = 8
"""Turns that are compared whole."""
PlacedTurn = tuple[str, int]
"""A transcript's id and the number of one of its turns."""
_keys_of = lru_cache(maxsize=64)(keys_of)
"""A turn is compared with the one before it and with the one after it."""
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
        best = [turn for turn in self._best_turns(asked, scope) if self._texts([turn], scope)]
        places = [near for turn in best if (near := self._place(asked, [turn], weights)) is not None]
        similar = max((near.alignment.similarity for near in places), default=0.0)
        pairs = [pair for pair in self._neighbouring(best) if self._texts(pair, scope)]
        keys = [[key for text in self._texts(pair, scope) for key in _keys_of(text)] for pair in pairs]
        over = [
            near
            for pair, most in zip(pairs, greatest_similarities(asked, keys) if keys else [], strict=True)
            if most > similar and (near := self._place(asked, pair, weights)) is not None
            if near.crosses and near.alignment.similarity > similar
        ]
        covered = {(near.transcript.id, turn) for near in over for turn in near.turns}
        return sorted(
            [*over, *(near for near in places if (near.transcript.id, near.turns[0]) not in covered)],
            key=lambda near: (-near.alignment.similarity, -near.share, near.transcript.id, near.turns),
        )

    def _best_turns(self, asked: Asked, scope: Scope) -> list[PlacedTurn]:
        """Return the turns whose stretch in a candidate chunk costs least, each with its transcript's id."""
        with engine_errors():
            sharing = [hit.id for hit in self._engine.search_phrase(" ".join(asked.keys), SHARING, scope.where)]
        costs = self._costs(asked, sharing, scope)
        if costs and min(costs.values()) <= (1 - NEAR) * len(asked):
            return list(costs)[:TURNS]
        with engine_errors():
            ranked = [hit.id for hit in self._engine.search_text(asked.text, RANKED, scope.where)]
        return list(dict.fromkeys([*list(costs)[: TURNS // 2], *self._costs(asked, ranked, scope)]))[:TURNS]

    def _costs(self, asked: Asked, record_ids: Sequence[str], scope: Scope) -> dict[PlacedTurn, int]:
        """Return the turns in scope that chunks have parts of, each with the cost of its stretch nearest to a quote.

        The cheapest comes first; among equals, that of the chunk that was named first.
        """
        with engine_errors():
            records = self._engine.records(record_ids)
        bodies = [json.loads(records[record_id].body) for record_id in record_ids if record_id in records]
        spans = [(body["transcript_id"], span) for body in bodies for span in body["turns"]]
        held = [(transcript_id, span) for transcript_id, span in spans if scope.holds_speaker(span["speaker"])]
        costs = nearest_costs(asked, [keys_of(span["text"]) for _, span in held]) if held else []
        turns: dict[PlacedTurn, int] = {}
        for (transcript_id, span), cost in sorted(zip(held, costs, strict=True), key=lambda each: each[1]):
            turns.setdefault((transcript_id, span["turn"]), cost)
        return turns

    def _neighbouring(self, turns: Sequence[PlacedTurn]) -> list[list[PlacedTurn]]:
        """Return each turn with the one spoken before it, and with the one after it; empty ones aren't counted."""
        pairs: dict[tuple[PlacedTurn, PlacedTurn], None] = {}
        for transcript_id, turn in turns:
            transcript = self._library.find(transcript_id)
            spoken = [n for n, each in enumerate(transcript.turns) if each.text or n == turn] if transcript else []
            at = spoken.index(turn) if spoken else 0
            for first, second in pairwise(spoken[max(0, at - 1) : at + 2]):
                pairs[(transcript_id, first), (transcript_id, second)] = None
        return [list(pair) for pair in pairs]

    def _texts(self, turns: Sequence[PlacedTurn], scope: Scope) -> list[str]:
        """Return the texts of turns of one transcript; none if one of them is not there or not in scope."""
        transcript = self._library.find(turns[0][0])
        if transcript is None or any(
            turn >= len(transcript.turns) or not scope.holds_turn(transcript.turns[turn]) for _, turn in turns
        ):
            return []
        return [transcript.turns[turn].text for _, turn in turns]

    def _place(self, asked: Asked, turns: Sequence[PlacedTurn], weights: Sequence[float]) -> Near | None:
        """Return how a quote lies on turns of one transcript; None if on no word."""
        transcript = self._library.find(turns[0][0])
        if transcript is None:
            return None
        words = [words_of(transcript.turns[turn].text) for _, turn in turns]
        alignment = align(asked, [key for each in words for key in each.keys])
        if alignment is None:
            return None
        return Near(
            transcript=transcript,
            turns=tuple(turn for _, turn in turns),
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
