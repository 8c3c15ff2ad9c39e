"""Adds transcripts to the index, and takes out what vanished."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from index.protocols import SearchEngine
from rag.embedding import Embedder
from rag.errors import IndexUnavailableError, InputError
from rag.ingestion.addition import Addition
from rag.ingestion.ahead import read_ahead
from rag.ingestion.behind import Behind
from rag.ingestion.holders import Holders
from rag.ingestion.owners_word import SpeakersFiles, speakers_files
from rag.ingestion.pruning import find_vanished
from rag.ingestion.reading import SourceReader
from rag.ingestion.results import IngestEvent, IngestResult, OnEvent, Outcome, ignore
from rag.ingestion.storing import EMBEDDED_AT_ONCE, Store, confirmation_of
from rag.mishearing.glossaries import Glossaries, without_glossaries
from rag.receipts import Receipt, Receipts, claimed
from rag.sources import Source, documents, find_sources, page_source
from rag.sources.files import storable
from rag.storage import engine_errors
from rag.transcripts.readers import ReadOptions
from rag.transcripts.types import Transcript


class Ingestion:
    """Adds transcripts to the index.

    Args:
        engine: Where they are stored.
        embedder: Gives the vectors; not loaded as long as nothing has changed.
        max_tokens: Budget of a chunk.
        glossaries: Keeps those that lie beside the transcripts.
        home: The data folder, whose `speakers.toml` holds for everything.
        at_once: Chunks that are embedded together; more where many machines embed.
        elsewhere: Whether other machines embed: who breaks an `add` off doesn't wait for them.
    """

    def __init__(
        self,
        *,
        engine: SearchEngine,
        embedder: Embedder,
        max_tokens: int,
        glossaries: Glossaries | None = None,
        home: Path | None = None,
        at_once: int = EMBEDDED_AT_ONCE,
        elsewhere: bool = False,
    ) -> None:
        self._engine = engine
        self._home = home
        self._glossaries = glossaries
        self._store = Store(engine=engine, embedder=embedder, max_tokens=max_tokens, at_once=at_once)
        self._receipts = Receipts(engine)
        self._elsewhere = elsewhere

    def add(
        self,
        sources: Sequence[str],
        options: ReadOptions = ReadOptions(),  # noqa: B008 - immutable
        *,
        on_event: OnEvent = ignore,
        prune: bool = False,
        dry_run: bool = False,
        allow_private: bool = False,
    ) -> list[IngestResult]:
        """Read files, folders, globs, pages and feeds, and store what is new or changed.

        A source that can't be read is reported in its result; the rest goes on. Each transcript is stored durably, in
        one piece, and then reported.

        Args:
            sources: Paths, globs and addresses.
            options: What the owner states about them.
            on_event: Is told of progress.
            prune: Whether to remove what the folders and feeds among the sources no longer hold.
            dry_run: Whether to write nothing and report what would be done.
            allow_private: Whether addresses of private networks may be fetched from.

        Raises:
            IndexUnavailableError: The index is locked or damaged, or the disk is full.
            ModelError: The model can't be loaded.
            InputError: The options name a format that no reader reads.
        """
        from rag.sources.fetching import Fetcher  # noqa: PLC0415 - asking needs none of what it loads

        faults = self._glossaries.note(sources, dry_run=dry_run) if self._glossaries else []
        sources = without_glossaries(sources)
        with Fetcher(allow_private=allow_private) as fetcher:
            found = [source for name in sources for source in find_sources(name, fetcher)]
            speakers = speakers_files(self._home, sources)
            page = partial(page_source, fetcher=fetcher)
            addition = self._add(found, options, on_event, dry_run=dry_run, speakers=speakers, page=page)
        addition.sort_results()
        addition.results.extend(
            IngestResult(source=fault.source, outcome=Outcome.FAILED, reason=fault.reason) for fault in faults
        )
        if prune:
            addition.results.extend(self._prune(addition, sources))
        return addition.results

    def add_documents(
        self,
        pairs: Sequence[tuple[str, bytes]],
        options: ReadOptions = ReadOptions(),  # noqa: B008 - immutable
        *,
        on_event: OnEvent = ignore,
    ) -> list[IngestResult]:
        """Do the same with documents that are in memory: pairs of name and content."""
        speakers = speakers_files(self._home, ())
        found = documents(pairs)
        return self._add(found, options, on_event, dry_run=False, speakers=speakers, page=None).results

    def attribute(self, transcript_id: str, turn: int, speaker: str) -> Transcript:
        """Store the owner's word on who speaks in a turn; it survives the next `add` of the same source.

        Raises:
            NotFoundError: There is no such transcript or turn.
            InputError: The name is empty, or no Unicode text.
            IndexUnavailableError: The index is locked or damaged, or others kept changing the transcript.
        """
        name = " ".join(speaker.split())
        if not name:
            raise InputError("The speaker's name is empty.")
        if storable(name) != name:
            raise InputError("The speaker's name is not Unicode text: see that the terminal sends UTF-8.")
        change = confirmation_of(transcript_id, turn, name)
        prepared = self._store.cut(self._store.changed(transcript_id, change))
        for fault in self._store.store([prepared]).values():
            raise fault
        self._store.make_searchable()
        # What somebody else has confirmed meanwhile is in it too.
        return (self._store.stored(transcript_id) or prepared.stored).transcript

    def _add(
        self,
        found: Sequence[Source],
        options: ReadOptions,
        on_event: OnEvent,
        *,
        dry_run: bool,
        speakers: SpeakersFiles,
        page: Callable[[str], Source] | None,
    ) -> Addition:
        with engine_errors():
            known = {document.id: document.fingerprint for document in self._engine.documents()}
        receipts = self._receipts.all()
        reader = SourceReader(
            options=options,
            pipeline=self._store.pipeline,
            known=known,
            receipts=dict(receipts),
            speakers=speakers,
        )
        behind = Behind()
        addition = Addition(
            store=self._store,
            known=known,
            receipts=receipts,
            holders=Holders(list(receipts.values()), known, reader, page),
            keep_receipts=self._receipts.change,
            on_event=on_event,
            total=len({source.location or id(source) for source in found}),
            dry_run=dry_run,
            behind=behind,
        )
        try:
            for reading in read_ahead(found, reader.read):
                addition.take(reading)
            addition.flush()
            self._remove_renamed(addition)
        except BaseException:
            # What was stored can be found even if the work breaks off; what broke it matters more than this.
            if not self._elsewhere:
                behind.end()
            with suppress(IndexUnavailableError):
                addition.commit()
            raise
        return addition

    def _remove_renamed(self, addition: Addition) -> None:
        """Take out what its source gives under another id now, and nothing else holds."""
        held = claimed(addition.receipts.values())
        gone = {old: where for old, where in addition.renamed.items() if addition.dry_run or old not in held}
        if not gone:
            return
        changes = {
            location: replace(receipt, former=tuple(i for i in receipt.former if i not in gone))
            for location, receipt in addition.receipts.items()
            if not gone.keys().isdisjoint(receipt.former)
        }
        results = [
            IngestResult(
                source=name,
                outcome=Outcome.REMOVED,
                transcript_id=old,
                reason=f"It is {new} now, with another title or date.",
            )
            for old, (new, name) in gone.items()
        ]
        addition.results.extend(self._take_out(addition, results, changes))

    def _prune(self, addition: Addition, sources: Sequence[str]) -> list[IngestResult]:
        pruning = find_vanished(addition.receipts, sources)
        with engine_errors():
            known = {document.id for document in self._engine.documents()}
        gone = {i: where for i, where in pruning.vanished.items() if i in known}
        results = [
            IngestResult(source=where, outcome=Outcome.REMOVED, transcript_id=i) for i, where in sorted(gone.items())
        ]
        return self._take_out(addition, results, pruning.changes)

    def _take_out(
        self, addition: Addition, results: list[IngestResult], changes: Mapping[str, Receipt | None]
    ) -> list[IngestResult]:
        """Remove the transcripts of which results say so, unless nothing is to be written, and tell of it."""
        if not addition.dry_run:
            # The receipts first: their text must not outlive the removal, which wipes what was dropped before it.
            self._receipts.change(changes)
            if results:
                with engine_errors():
                    self._engine.remove([result.transcript_id for result in results if result.transcript_id])
        for result in results:
            addition.on_event(
                IngestEvent(source=result.source, done=addition.total, total=addition.total, result=result)
            )
        return results
