"""One `add`: what is read is compared with what is stored, and the new and changed is stored in batches."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rag.ingestion.behind import Behind
from rag.ingestion.faults import BREAKS, reason_of
from rag.ingestion.holders import Holders
from rag.ingestion.reading import Reading
from rag.ingestion.renaming import formerly
from rag.ingestion.results import IngestEvent, IngestResult, OnEvent, Outcome
from rag.ingestion.storing import Prepared, Store, reading_of_source
from rag.receipts import Receipt
from rag.transcripts.types import Transcript

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Waiting:
    """A source some of whose transcripts are not stored yet."""

    name: str
    receipt: Receipt | None
    former: list[str]
    """Ids that it gave before and no longer does."""
    fingerprints: dict[str, str] = field(default_factory=dict)
    left: int = 0
    failed: bool = False


@dataclass(slots=True, kw_only=True)
class Addition:
    """Takes readings in and tells what became of them.

    Args:
        store: Compares and stores.
        known: The fingerprints of what is stored, by id.
        receipts: What was read before, by location; receipts of this `add` are put in.
        holders: Tells which other file holds an id.
        keep_receipts: Writes receipts down.
        on_event: Is told of progress.
        total: Sources known so far.
        dry_run: Whether to store nothing.
        behind: Stores a batch while the next is read.
    """

    store: Store
    known: dict[str, str]
    receipts: dict[str, Receipt]
    holders: Holders
    keep_receipts: Callable[[Mapping[str, Receipt | None]], None]
    on_event: OnEvent
    total: int
    dry_run: bool
    behind: Behind
    results: list[IngestResult] = field(default_factory=list)
    renamed: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By the id of a transcript that its source gives under another one now: that one, and the source."""
    _new_receipts: dict[str, Receipt | None] = field(default_factory=dict)
    _places: dict[str, int] = field(default_factory=dict)
    """The place of each source among those taken in."""
    _done: int = 0
    _seen: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    """Which source gave an id, and the fingerprint of what it gave."""
    _batch: list[tuple[Prepared, Outcome, _Waiting]] = field(default_factory=list)
    _handed_over: list[tuple[str, IngestResult, _Waiting]] = field(default_factory=list)
    """To the store, and not told of yet: ids, and what is told if nothing is raised over them."""
    _faults: dict[str, Exception] = field(default_factory=dict)
    """What was raised over those that could not be stored, by id."""

    def take(self, reading: Reading) -> None:
        """Take in what reading one source gave; what is new or changed may wait for a fuller batch."""
        name = reading.source.name
        self._places.setdefault(name, len(self._places))
        self.on_event(IngestEvent(source=name, done=self._done, total=self.total))
        if reading.failure is not None:
            failed = IngestResult(
                source=name, outcome=Outcome.FAILED, reason=reading.failure, owners_file=reading.owners_file
            )
            self._tell(failed, finished=True)
        elif reading.episodes is not None:
            self.total += len(reading.episodes)
            self._keep(reading.receipt)
            self._finish(name)
        elif reading.unchanged is not None:
            self._keep(reading.receipt)
            for transcript_id in reading.unchanged:
                self._seen.setdefault(transcript_id, (name, self.known.get(transcript_id)))
                self._tell(IngestResult(source=name, outcome=Outcome.UNCHANGED, transcript_id=transcript_id))
            self._finish(name)
        else:
            self._take_transcripts(reading)
        if self.dry_run or self._is_full():
            if self._handed_over and self._handed_over[0][2].name != name:
                self._tell_of_stored()
            self._hand_over()

    def flush(self) -> None:
        """Store what waits, make it searchable, and only then tell of it: what was told is there after a kill."""
        self._hand_over()
        self._tell_of_stored()

    def _is_full(self) -> bool:
        return sum(len(prepared.chunks) for prepared, _, _ in self._batch) >= self.store.at_once

    def _hand_over(self) -> None:
        """Have what waits stored; what was handed over before is stored first."""
        self.behind.finish()
        batch, self._batch = self._batch, []
        self._handed_over.extend((one.id, _success(one, outcome, waiting), waiting) for one, outcome, waiting in batch)
        if batch and not self.dry_run:
            together = [prepared for prepared, _, _ in batch]
            self.behind.start(lambda: self._store(together))

    def _store(self, together: Sequence[Prepared]) -> None:
        self._faults.update(self.store.store(together))

    def _tell_of_stored(self) -> None:
        self.behind.finish()
        handed_over, self._handed_over = self._handed_over, []
        results: list[tuple[IngestResult, bool]] = []
        for transcript_id, result, waiting in handed_over:
            waiting.left -= 1
            if (fault := self._faults.pop(transcript_id, None)) is not None:
                waiting.failed = True
                result = _failure(waiting.name, fault)  # noqa: PLW2901 - told of in its place
            self._settle(waiting)
            results.append((result, not waiting.left))
        self.commit()
        for result, is_last in results:
            self._tell(result, finished=is_last)

    def sort_results(self) -> None:
        """Put the results in the order of their sources: a failure is known before what waits for a fuller batch."""
        self.results.sort(key=lambda result: self._places[result.source])

    def commit(self) -> None:
        """Make what is stored searchable, and keep the receipts for it."""
        if not self.dry_run:
            self.store.make_searchable()
            self.keep_receipts(self._new_receipts)
            self._new_receipts = {}

    def _take_transcripts(self, reading: Reading) -> None:
        waiting = _Waiting(name=reading.source.name, receipt=reading.receipt, former=self._former(reading))
        for transcript in reading.transcripts:
            if self._is_full():
                # Told of with the rest of the source: making it searchable each time would cost more than storing it.
                self._hand_over()
            compared = self._compare(transcript, waiting)
            if compared is not None:
                waiting.left += 1
                self._batch.append((*compared, waiting))
        if not waiting.left:
            self._finish(waiting.name)
            self._settle(waiting)

    def _former(self, reading: Reading) -> list[str]:
        """Return the ids of stored transcripts that a source gave before, read in the same way, and no longer does."""
        receipt = reading.receipt
        before = self.receipts.get(receipt.location) if receipt else None
        if receipt is None or before is None or before.read_as != receipt.read_as:
            return []
        given = {transcript.id for transcript in reading.transcripts}
        return [i for i in (*before.transcripts, *before.former) if i in self.known and i not in given]

    def _compare(self, transcript: Transcript, waiting: _Waiting) -> tuple[Prepared, Outcome] | None:
        """Return what has to be stored, or None: it is as it was, or can't be."""
        try:
            before = None
            if waiting.former and transcript.id not in self.known:
                before = formerly(transcript, waiting.former, self.store.stored)
            change = reading_of_source(transcript, before[1] if before else None)
            prepared = self.store.changed(transcript.id, change)
            is_known = self.known.get(transcript.id) == prepared.fingerprint
            holder, given = self._seen.get(transcript.id, (None, None))
            if given == prepared.fingerprint:
                is_known, holder = True, None
            elif holder is None and not is_known and transcript.id in self.known and waiting.receipt is not None:
                holder = self.holders.other_than(waiting.receipt, transcript.id)
            if holder is None and not (is_known or self.dry_run):
                prepared = self.store.cut(prepared)
        except BREAKS as error:
            logger.exception("cutting %s of %s broke", transcript.id, waiting.name)
            waiting.failed = True
            self._tell(_failure(waiting.name, error))
            return None
        if holder is not None:
            waiting.failed = True
            reason = f"{holder} has the same id, {transcript.id}: give one another title or date, or delete one."
            self._tell(IngestResult(source=waiting.name, outcome=Outcome.FAILED, reason=reason))
            return None
        self._seen.setdefault(transcript.id, (waiting.name, prepared.fingerprint))
        waiting.fingerprints[transcript.id] = prepared.fingerprint
        if before is not None:
            self.renamed[before[0]] = (transcript.id, waiting.name)
            waiting.former.remove(before[0])
        if is_known:
            result = IngestResult(source=waiting.name, outcome=Outcome.UNCHANGED, transcript_id=transcript.id)
            self._tell(result)
            return None
        return prepared, Outcome.REPLACED if transcript.id in self.known else Outcome.ADDED

    def _settle(self, waiting: _Waiting) -> None:
        """Write the receipt of a source all of whose transcripts are stored."""
        if waiting.receipt is not None and not waiting.left and not waiting.failed:
            self._keep(replace(waiting.receipt, transcripts=waiting.fingerprints))

    def _keep(self, receipt: Receipt | None) -> None:
        if receipt is None:
            return
        before = self.receipts.get(receipt.location)
        if before is not None:
            former = before.ever_given - set(receipt.transcripts)
            receipt = replace(receipt, former=tuple(sorted(former)))
        self._new_receipts[receipt.location] = self.receipts[receipt.location] = receipt

    def _tell(self, result: IngestResult, *, finished: bool = False) -> None:
        self.results.append(result)
        self._done += finished
        self.on_event(IngestEvent(source=result.source, done=self._done, total=self.total, result=result))

    def _finish(self, name: str) -> None:
        self._done += 1
        self.on_event(IngestEvent(source=name, done=self._done, total=self.total))


def _success(prepared: Prepared, outcome: Outcome, waiting: _Waiting) -> IngestResult:
    nobody = all(turn.speaker is None for turn in prepared.stored.transcript.turns)
    return IngestResult(source=waiting.name, outcome=outcome, transcript_id=prepared.id, names_nobody=nobody)


def _failure(name: str, error: Exception) -> IngestResult:
    return IngestResult(source=name, outcome=Outcome.FAILED, reason=reason_of(error, subject="The indexing"))
