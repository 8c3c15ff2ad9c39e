"""Every place where exactly these words were said.

The index knows which chunks hold which terms, but neither stop words nor their order, and a quote may begin in one
chunk and end in the next. So chunks are only candidates; whole turns are compared, word by word. Each look is wider:

1. Around one word of the quote, its pivot (`probes`): some hundreds of chunks that have the terms around it.
2. The same, with a limit that only the commonest words reach.
3. Every transcript, if there are no terms to look for or too many chunks have them.

What isn't found is nowhere, but for a quote of common words that chunks cut twice close to its rarest one.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from index.protocols import SearchEngine
from rag.library import Library
from rag.quoting.asked import Asked
from rag.quoting.probes import Looks, Probe, probe_of, runs
from rag.quoting.scope import Scope
from rag.quoting.words import keys_of, words_of
from rag.retrieval.terms import ANALYZER
from rag.storage import engine_errors

LOOKS = (500, 8_000)
"""Chunks that are read at the first and at the second look."""
ALONE = 100
"""Chunks with the pivot that are read whatever else they hold: then no cut can hide a quote."""
ROWS = 500
"""Chunks read at once: looking stops after enough places."""
_SAFE = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d{1,3}")
"""Words that are written in one way, so that the index has the same terms of them wherever they were said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Words `first` to before `end` of a turn."""

    transcript_id: str
    turn: int
    first: int
    end: int


class VerbatimSearch:
    """Finds the places where a quote was said."""

    def __init__(self, *, engine: SearchEngine, library: Library) -> None:
        self._engine = engine
        self._library = library

    def find(self, asked: Asked, scope: Scope, *, enough: int) -> list[Place]:
        """Return the places where a quote was said; looking stops after `enough`."""
        probe = self._probe(asked, scope)
        if probe is not None:
            found = self._in_index(probe, scope, enough)
            if found is not None:
                return found
        return list(islice(self._in_documents(asked, scope), enough))

    def _in_index(self, probe: Probe, scope: Scope, enough: int) -> list[Place] | None:
        """Return the places in chunks that the index names; None if it names too many."""
        turns: set[tuple[str, int]] = set()
        places: list[Place] = []
        read = 0
        for look in LOOKS:
            ids, complete = self._candidates(probe, scope, look)
            if complete or look != LOOKS[-1]:
                places.extend(islice(self._in_records(ids[read:], probe, scope, turns), enough - len(places)))
                read = len(ids)
            if complete or len(places) >= enough:
                return places
        return None

    def _probe(self, asked: Asked, scope: Scope) -> Probe | None:
        """Return what to look for in the index; None if it knows none of the words."""
        words = [key if _SAFE.fullmatch(key) else "" for key in asked.keys]
        with engine_errors():
            rarity = self._engine.term_rarities(" ".join(words), scope.where)
        return probe_of(asked, words, [sum(rarity.get(term, 0.0) for term in ANALYZER.terms(word)) for word in words])

    def _candidates(self, probe: Probe, scope: Scope, limit: int) -> tuple[list[str], bool]:
        """Return the chunks that may hold the pivot of the quote, and whether these are all."""
        with engine_errors():
            alone = self._engine.with_all_words(probe.word, ALONE + 1, scope.where)
            if len(alone) <= ALONE:
                return alone, True
            found = self._engine.with_all_words(probe.word, limit + 1, scope.where, around=probe.around)
        return found[:limit], len(found) <= limit

    def _in_records(
        self, record_ids: Sequence[str], probe: Probe, scope: Scope, done: set[tuple[str, int]]
    ) -> Iterator[Place]:
        """Yield the places in turns of which a chunk holds the quote, or the part with its pivot at an edge."""
        for start in range(0, len(record_ids), ROWS):
            page = record_ids[start : start + ROWS]
            with engine_errors():
                records = self._engine.records(page)
            for record_id in page:
                if record_id not in records or not probe.may_be_in(records[record_id].body):
                    continue
                body = json.loads(records[record_id].body)
                for span in body["turns"]:
                    turn = (body["transcript_id"], span["turn"])
                    # Only a chunk's last turn can go on in the next one.
                    cut = {"goes_before": span["start"] > 0, "goes_on": span is body["turns"][-1]}
                    if turn not in done and probe.is_in(keys_of(span["text"]), **cut):
                        done.add(turn)
                        yield from self._in_turn(*turn, probe.asked, scope)

    def _in_documents(self, asked: Asked, scope: Scope) -> Iterator[Place]:
        """Yield the places in all transcripts, in order of id."""
        looks = Looks([(asked.keys, "", "")])
        with engine_errors():
            for summary in self._engine.documents():
                document = self._engine.document(summary.id) if scope.holds_document(summary) else None
                if document is None or not looks.may_be_in(document.body):
                    continue
                transcript = self._library.find(summary.id)
                for turn in range(len(transcript.turns) if transcript else 0):
                    yield from self._in_turn(summary.id, turn, asked, scope)

    def _in_turn(self, transcript_id: str, turn: int, asked: Asked, scope: Scope) -> Iterator[Place]:
        transcript = self._library.find(transcript_id)
        if transcript is None or turn >= len(transcript.turns) or not scope.holds_turn(transcript.turns[turn]):
            return
        for first in runs(words_of(transcript.turns[turn].text).keys, asked.keys):
            yield Place(transcript_id=transcript_id, turn=turn, first=first, end=first + len(asked))
