"""Chunking, embedding and storing: many transcripts in one pass of the model, each in a transaction of its own."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.errors import DocumentChangedError
from index.protocols import SearchEngine
from rag.chunking import TOKENIZER, Chunk, Chunker
from rag.embedding import Embedder
from rag.errors import IndexUnavailableError, NotFoundError, ReadError
from rag.ingestion.faults import BREAKS
from rag.ingestion.reuse import Vectors, stored_vectors
from rag.sentence_vectors import parts_of
from rag.storage import (
    Confirmation,
    StoredTranscript,
    as_document,
    as_records,
    decode,
    engine_errors,
    fingerprint,
    reading_mark,
    text_hash,
)
from rag.transcripts.types import Speaker, Transcript

EMBEDDED_AT_ONCE = 128
"""Chunks a pass of the model: its token vectors take some 50 MB."""
TRIES = 30
"""Times that a change is made to a transcript that others change too. At each, one of them gets through: so many may
change it at once."""

Change = Callable[[StoredTranscript | None], StoredTranscript]
"""Makes what is to be stored from what is stored; called again where that was changed by somebody else meanwhile."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A transcript that may be new or changed."""

    stored: StoredTranscript
    fingerprint: str
    change: Change
    """What made it."""
    replaces: str
    """The fingerprint of what it was made from; empty where nothing was stored."""
    chunks: tuple[Chunk, ...] = ()
    """Empty before it is cut."""

    @property
    def id(self) -> str:
        """Return the transcript's id."""
        return self.stored.as_read.id


class Store:
    """Turns transcripts into documents and records of the engine.

    Args:
        engine: Where they are stored.
        embedder: Gives the vectors; not loaded as long as nothing has changed.
        max_tokens: Budget of a chunk.
        at_once: Chunks that are embedded together.
    """

    def __init__(
        self, *, engine: SearchEngine, embedder: Embedder, max_tokens: int, at_once: int = EMBEDDED_AT_ONCE
    ) -> None:
        self._engine = engine
        self._embedder = embedder
        self.at_once = at_once
        self._chunker = Chunker(
            max_tokens=max_tokens, count_pieces=embedder.count_pieces, max_pieces=embedder.max_pieces
        )
        self.pipeline = f"{embedder.name} {TOKENIZER} {max_tokens}"
        """Names all that shapes records beside the transcript."""

    def changed(self, transcript_id: str, change: Change) -> Prepared:
        """Return what a change makes of a transcript that is stored, or of none."""
        with engine_errors():
            document = self._engine.document(transcript_id)
        stored = change(decode(document.body) if document else None)
        return Prepared(
            stored=stored,
            fingerprint=fingerprint(stored, self.pipeline),
            change=change,
            replaces=document.fingerprint if document else "",
        )

    def stored(self, transcript_id: str) -> StoredTranscript | None:
        """Return what is stored under an id, or None."""
        with engine_errors():
            document = self._engine.document(transcript_id)
        return decode(document.body) if document else None

    def cut(self, prepared: Prepared) -> Prepared:
        """Cut a transcript into chunks."""
        return replace(prepared, chunks=tuple(self._chunker.chunk(prepared.stored.transcript)))

    def store(self, batch: Sequence[Prepared]) -> Mapping[str, Exception]:
        """Embed transcripts together and store each durably, in a transaction of its own.

        What another process has stored meanwhile is not embedded again, nor what the model would read as before. Where
        it has stored something else, the change is made to that.

        Returns:
            By id, what was raised over one that could not be stored.

        Raises:
            IndexUnavailableError: The index is locked or damaged, the disk is full, or others kept changing one.
        """
        try:
            for _ in range(TRIES):
                batch = self._store(batch)
                if not batch:
                    return {}
        except (ReadError, *BREAKS) as error:
            if len(batch) == 1:
                logger.warning("storing %s broke", batch[0].id, exc_info=True)
                return {batch[0].id: error}
            # One by one, to find out which it was: those before it are stored already.
            return {name: fault for prepared in batch for name, fault in self.store([prepared]).items()}
        raise IndexUnavailableError(f"{batch[0].id} is being changed by others again and again; try again later")

    def _store(self, batch: Sequence[Prepared]) -> list[Prepared]:
        """Store what can be stored; return what was changed by somebody else meanwhile, made anew from that."""
        waiting = [prepared for prepared in batch if not self._is_stored(prepared)]
        kept = [stored_vectors(self._engine, prepared.id) for prepared in waiting]
        marks = [[reading_mark(chunk) for chunk in prepared.chunks] for prepared in waiting]
        embedded = self._embed(
            [
                chunk
                for prepared, known, its_marks in zip(waiting, kept, marks, strict=True)
                for chunk, mark in zip(prepared.chunks, its_marks, strict=True)
                if mark not in known
            ]
        )
        overtaken = []
        for prepared, known, its_marks in zip(waiting, kept, marks, strict=True):
            made = [known[mark] if mark in known else next(embedded) for mark in its_marks]
            vectors = np.stack([one.whole for one in made]) if made else np.zeros((0, 1), dtype=np.float32)
            parts = [one.parts for one in made]
            records = as_records(prepared.stored.transcript, prepared.chunks, vectors, parts)
            document = replace(as_document(prepared.stored, self.pipeline), replaces=prepared.replaces)
            with engine_errors():
                try:
                    self._engine.replace(document, records)
                except DocumentChangedError:
                    overtaken.append(prepared)
        return [self.cut(self.changed(prepared.id, prepared.change)) for prepared in overtaken]

    def make_searchable(self) -> None:
        """Bring what is searched up to what is stored."""
        with engine_errors():
            self._engine.refresh()

    def _is_stored(self, prepared: Prepared) -> bool:
        with engine_errors():
            document = self._engine.document(prepared.id)
        return document is not None and document.fingerprint == prepared.fingerprint

    def _embed(self, chunks: Sequence[Chunk]) -> Iterator[Vectors]:
        passes = -(-len(chunks) // self.at_once)
        for number in range(passes):
            # Of equal size: a short last pass would keep few cores busy.
            some = chunks[len(chunks) * number // passes : len(chunks) * (number + 1) // passes]
            texts, parts = [chunk.embedded_text for chunk in some], [parts_of(chunk) for chunk in some]
            vectors, within = self._embedder.embed_with_parts(texts, parts)
            for whole, its_parts in zip(vectors, within, strict=True):
                yield Vectors(whole=whole, parts=its_parts)


def reading_of_source(transcript: Transcript, formerly: StoredTranscript | None = None) -> Change:
    """Return the change that stores a transcript as read: what the owner confirmed of the one before is carried over.

    That is the confirmations, and the speakers that only they name, for turns whose text is the same; of what was
    stored formerly, under another id, where nothing is stored under this one.
    """

    def change(before: StoredTranscript | None) -> StoredTranscript:
        before = before or formerly
        kept = tuple(
            item
            for item in (before.confirmations if before else ())
            if item.turn < len(transcript.turns) and text_hash(transcript.turns[item.turn]) == item.text_hash
        )
        named = dict.fromkeys(item.speaker for item in kept)
        missing = tuple(Speaker(name=name) for name in named if transcript.speaker(name) is None)
        as_read = replace(transcript, speakers=(*transcript.speakers, *missing))
        return StoredTranscript(as_read=as_read, confirmations=kept)

    return change


def confirmation_of(transcript_id: str, turn: int, speaker: str) -> Change:
    """Return the change that stores the owner's word on who speaks in a turn."""

    def change(before: StoredTranscript | None) -> StoredTranscript:
        if before is None:
            raise NotFoundError(f"There is no transcript {transcript_id!r}. `turnwise list` shows the ids.")
        as_read, turns = before.as_read, before.as_read.turns
        if not 0 <= turn < len(turns):
            raise NotFoundError(f"{transcript_id} has no turn {turn}: its turns are 0 to {len(turns) - 1}.")
        if as_read.speaker(speaker) is None:
            as_read = replace(as_read, speakers=(*as_read.speakers, Speaker(name=speaker)))
        kept = tuple(item for item in before.confirmations if item.turn != turn)
        confirmation = Confirmation(turn=turn, speaker=speaker, text_hash=text_hash(turns[turn]))
        return StoredTranscript(as_read=as_read, confirmations=(*kept, confirmation))

    return change
