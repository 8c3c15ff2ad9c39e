"""Every place where exactly these words were said.

The index knows which chunks may hold the words one after the other, and where a quote may begin in one chunk and end in
a later one; it passes over none, and takes a few in a thousand wrongly. So chunks are only candidates; whole turns are
compared, word by word. Where the index can't tell (thousands of candidates without the words, an index of an earlier
version), every transcript is looked at.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from index.protocols import SearchEngine
from rag.library import Library
from rag.quoting.asked import Asked
from rag.quoting.looks import Looks
from rag.quoting.scope import Scope
from rag.quoting.words import keys_of, words_of
from rag.storage import engine_errors

CANDIDATES = 8_000
"""Chunks that are read before every transcript is."""
FIRST_PAGE, PAGE = 50, 500
"""Chunks read at once: looking stops after enough places, which those of most quotes are in the first page."""


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
        with engine_errors():
            candidates = self._engine.with_phrase(" ".join(asked.keys), CANDIDATES + 1, scope.where)
        if candidates is not None:
            places = list(islice(self._in_records(candidates[:CANDIDATES], asked, scope), enough))
            if len(candidates) <= CANDIDATES or len(places) == enough:
                return places
        return list(islice(self._in_documents(asked, scope), enough))

    def _in_records(self, record_ids: Sequence[str], asked: Asked, scope: Scope) -> Iterator[Place]:
        """Yield the places in turns of which a chunk holds the quote, or its beginning at the end."""
        done: set[tuple[str, int]] = set()
        for page in _pages(record_ids):
            with engine_errors():
                records = self._engine.records(page)
            for record_id in page:
                body = json.loads(records[record_id].body) if record_id in records else {"turns": []}
                for span in body["turns"]:
                    turn = (body["transcript_id"], span["turn"])
                    # A turn that goes on in the next chunk has this one to itself.
                    goes_on = len(body["turns"]) == 1
                    if turn not in done and _begins_in(keys_of(span["text"]), asked.keys, goes_on=goes_on):
                        done.add(turn)
                        yield from self._in_turn(*turn, asked, scope)

    def _in_documents(self, asked: Asked, scope: Scope) -> Iterator[Place]:
        """Yield the places in all transcripts, in order of id."""
        looks = Looks(asked.keys)
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
        for first in _runs(words_of(transcript.turns[turn].text).keys, asked.keys):
            yield Place(transcript_id=transcript_id, turn=turn, first=first, end=first + len(asked))


def _pages(record_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    yield record_ids[:FIRST_PAGE]
    for start in range(FIRST_PAGE, len(record_ids), PAGE):
        yield record_ids[start : start + PAGE]


def _begins_in(said: Sequence[str], asked: Sequence[str], *, goes_on: bool) -> bool:
    """Say whether a quote stands in a text, or, where that may go on, begins in it."""
    if next(_runs(said, asked), None) is not None:
        return True
    return goes_on and any(said[-n:] == asked[:n] for n in range(1, min(len(asked), len(said) + 1)))


def _runs(said: Sequence[str], asked: Sequence[str]) -> Iterator[int]:
    """Yield where the words of a quote stand in a text, one after the other."""
    length, last = len(asked), len(said) - len(asked)
    first = -1
    while True:
        try:
            first = said.index(asked[0], first + 1, max(last + 1, 0))
        except ValueError:
            return
        if said[first : first + length] == asked:
            yield first
