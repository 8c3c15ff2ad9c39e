"""From files to the index: read, chunk, embed, store; only what is new or changed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

import httpx

from index.protocols import SearchEngine
from rag.chunking import TOKENIZER, Chunker
from rag.embedding import Embedder
from rag.errors import InputError, NotFoundError, ReadError
from rag.sentence_vectors import parts_of
from rag.sources import Source, find_sources
from rag.storage import (
    Confirmation,
    StoredTranscript,
    as_document,
    as_records,
    decode,
    engine_errors,
    fingerprint,
    text_hash,
)
from rag.transcripts.readers import ReadOptions, read_transcripts
from rag.transcripts.types import Speaker, Transcript

REFRESH_EVERY = 2000
"""Chunks after which what was stored becomes searchable while an `add` goes on."""


class Outcome(StrEnum):
    """What became of a source, or of one transcript in it."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestResult:
    """The outcome of one transcript, or of a source that gave none."""

    source: str
    outcome: Outcome
    transcript_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestEvent:
    """Progress: `done` of `total` sources are finished, and what was last done."""

    source: str
    done: int
    total: int
    result: IngestResult | None = None


def _ignore(event: IngestEvent) -> None:
    del event


class Ingestion:
    """Adds transcripts to the index.

    Args:
        engine: Where they are stored.
        embedder: Gives the vectors; not loaded as long as nothing has changed.
        max_tokens: Budget of a chunk.
    """

    def __init__(self, *, engine: SearchEngine, embedder: Embedder, max_tokens: int) -> None:
        self._engine = engine
        self._embedder = embedder
        self._chunker = Chunker(
            max_tokens=max_tokens, count_pieces=embedder.count_pieces, max_pieces=embedder.max_pieces
        )
        self._pipeline = f"{embedder.name} {TOKENIZER} {max_tokens}"

    def add(
        self,
        sources: Sequence[str],
        options: ReadOptions = ReadOptions(),  # noqa: B008 - immutable
        *,
        on_event: Callable[[IngestEvent], None] = _ignore,
    ) -> list[IngestResult]:
        """Read files, folders, globs and addresses, and store what is new or changed.

        A source that can't be read is reported in its result; the rest goes on. Each transcript is stored durably,
        in one piece, before the next.

        Raises:
            IndexUnavailableError: The index is locked or damaged.
            ModelError: The model can't be loaded.
        """
        return self._add([found for source in sources for found in find_sources(source)], options, on_event)

    def add_documents(
        self,
        documents: Sequence[tuple[str, bytes]],
        options: ReadOptions = ReadOptions(),  # noqa: B008 - immutable
        *,
        on_event: Callable[[IngestEvent], None] = _ignore,
    ) -> list[IngestResult]:
        """Do the same with documents that are in memory: pairs of name and content."""
        return self._add([Source(name=name, load=partial(bytes, data)) for name, data in documents], options, on_event)

    def attribute(self, transcript_id: str, turn: int, speaker: str) -> Transcript:
        """Store the owner's word on who speaks in a turn; it survives the next `add` of the same source.

        Raises:
            NotFoundError: There is no such transcript or turn.
            InputError: The name is empty.
        """
        name = " ".join(speaker.split())
        if not name:
            raise InputError("The speaker's name is empty.")
        with engine_errors():
            document = self._engine.document(transcript_id)
        if document is None:
            raise NotFoundError(f"There is no transcript {transcript_id!r}. `turnwise list` shows the ids.")
        stored = decode(document.body)
        turns = stored.as_read.turns
        if not 0 <= turn < len(turns):
            raise NotFoundError(f"{transcript_id} has no turn {turn}: its turns are 0 to {len(turns) - 1}.")
        if stored.as_read.speaker(name) is None:
            known = (*stored.as_read.speakers, Speaker(name=name))
            stored = replace(stored, as_read=replace(stored.as_read, speakers=known))
        kept = tuple(item for item in stored.confirmations if item.turn != turn)
        confirmation = Confirmation(turn=turn, speaker=name, text_hash=text_hash(turns[turn]))
        stored = replace(stored, confirmations=(*kept, confirmation))
        self._store(stored)
        with engine_errors():
            self._engine.refresh()
        return stored.transcript

    def _add(
        self,
        found: Sequence[Source],
        options: ReadOptions,
        on_event: Callable[[IngestEvent], None],
    ) -> list[IngestResult]:
        results: list[IngestResult] = []
        with engine_errors():
            known = {document.id: document.fingerprint for document in self._engine.documents()}
        seen: dict[str, str] = {}
        pending = 0
        try:
            for number, source in enumerate(found):
                on_event(IngestEvent(source=source.name, done=number, total=len(found)))
                for result, chunks in self._add_source(source, options, known, seen):
                    results.append(result)
                    pending += chunks
                    on_event(IngestEvent(source=source.name, done=number + 1, total=len(found), result=result))
                if pending >= REFRESH_EVERY:
                    with engine_errors():
                        self._engine.refresh()
                    pending = 0
        finally:
            with engine_errors():
                self._engine.refresh()
        return results

    def _add_source(
        self,
        source: Source,
        options: ReadOptions,
        known: dict[str, str],
        seen: dict[str, str],
    ) -> Iterator[tuple[IngestResult, int]]:
        """Yield the result of each transcript of a source with the number of chunks that were embedded."""
        try:
            transcripts = read_transcripts(source.load(), source=source.name, options=options)
        except (ReadError, OSError, httpx.HTTPError) as error:
            reason = str(error) or type(error).__name__
            yield IngestResult(source=source.name, outcome=Outcome.FAILED, reason=reason), 0
            return
        for transcript in transcripts:
            if transcript.id in seen:
                reason = f"{seen[transcript.id]} has the same id, {transcript.id}: give one another title or date."
                yield IngestResult(source=source.name, outcome=Outcome.FAILED, reason=reason), 0
                continue
            seen[transcript.id] = source.name
            yield self._add_transcript(source.name, transcript, known)

    def _add_transcript(self, source: str, transcript: Transcript, known: dict[str, str]) -> tuple[IngestResult, int]:
        stored = StoredTranscript(as_read=transcript)
        outcome = Outcome.ADDED
        if transcript.id in known:
            with engine_errors():
                document = self._engine.document(transcript.id)
            if document is not None:
                outcome = Outcome.REPLACED
                stored = _carry_over(decode(document.body), transcript)
        if known.get(transcript.id) == fingerprint(stored, self._pipeline):
            return IngestResult(source=source, outcome=Outcome.UNCHANGED, transcript_id=transcript.id), 0
        try:
            chunks = self._store(stored)
        except InputError as error:
            return IngestResult(source=source, outcome=Outcome.FAILED, reason=str(error)), 0
        return IngestResult(source=source, outcome=outcome, transcript_id=transcript.id), chunks

    def _store(self, stored: StoredTranscript) -> int:
        transcript = stored.transcript
        chunks = self._chunker.chunk(transcript)
        texts, parts = [chunk.embedded_text for chunk in chunks], [parts_of(chunk) for chunk in chunks]
        vectors, within = self._embedder.embed_with_parts(texts, parts)
        with engine_errors():
            self._engine.replace(as_document(stored, self._pipeline), as_records(transcript, chunks, vectors, within))
        return len(chunks)


def _carry_over(before: StoredTranscript, transcript: Transcript) -> StoredTranscript:
    """Keep the owner's confirmations, and the speakers that only they name, for turns whose text is the same."""
    kept = tuple(
        item
        for item in before.confirmations
        if item.turn < len(transcript.turns) and text_hash(transcript.turns[item.turn]) == item.text_hash
    )
    named = dict.fromkeys(item.speaker for item in kept)
    missing = tuple(Speaker(name=name) for name in named if transcript.speaker(name) is None)
    return StoredTranscript(as_read=replace(transcript, speakers=(*transcript.speakers, *missing)), confirmations=kept)
