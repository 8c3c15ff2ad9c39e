"""What was read from where: so that the unchanged is skipped, and what vanished can be told from what was never there.

A receipt is a note beside the documents (`SearchEngine.notes`). It is written after the transcripts that it names, so
it may lag behind them and never runs ahead; where the two disagree, the source is read again.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass

from index.protocols import SearchEngine
from rag.storage import engine_errors

_PREFIX = "read from "


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was read from one file or address."""

    location: str
    """An absolute path or a URL."""
    sha256: str
    """Of the content."""
    read_as: str
    """Stands for all beside the content that shapes a transcript: the reading code, the model, the owner's options."""
    stated: str = ""
    """Stands for what a feed said of it."""
    transcripts: Mapping[str, str]
    """The fingerprint of each transcript, as stored, by its id."""
    former: tuple[str, ...] = ()
    """Ids of transcripts that it once gave and no longer does."""
    etag: str | None = None
    last_modified: str | None = None
    feed: str | None = None
    """The feed that lists it."""
    episodes: tuple[str, ...] | None = None
    """Of a feed: where the transcripts of its episodes lie."""

    @property
    def ever_given(self) -> frozenset[str]:
        """Return the ids of all transcripts that it gives or once gave."""
        return frozenset({*self.transcripts, *self.former})


class Receipts:
    """Keeps receipts in the engine's notes."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine

    def all(self) -> dict[str, Receipt]:
        """Return all receipts by location."""
        with engine_errors():
            notes = self._engine.notes()
        read = [_decode(value) for name, value in notes.items() if name.startswith(_PREFIX)]
        return {receipt.location: receipt for receipt in read}

    def change(self, changes: Mapping[str, Receipt | None]) -> None:
        """Keep receipts by location; None drops one."""
        with engine_errors():
            self._engine.write_notes({_PREFIX + where: _encode(r) if r else None for where, r in changes.items()})

    def forget(self, transcript_ids: Iterable[str]) -> None:
        """Drop every receipt that names one of these transcripts."""
        gone = set(transcript_ids)
        named = [where for where, receipt in self.all().items() if gone & receipt.ever_given]
        self.change(dict.fromkeys(named))


def is_current(receipt: Receipt, known: Mapping[str, str], *, read_as: str, receipts: Mapping[str, Receipt]) -> bool:
    """Say whether what a receipt names is stored as it says, and would be read the same way; of a feed, all episodes.

    Args:
        receipt: The receipt.
        known: The fingerprints of what is stored, by id.
        read_as: What stands for the way in which it would be read now.
        receipts: All receipts by location.
    """
    if receipt.read_as != read_as:
        return False
    if receipt.episodes is None:
        return all(known.get(i) == fingerprint for i, fingerprint in receipt.transcripts.items())
    episodes = [receipts.get(where) for where in receipt.episodes]
    return all(
        episode is not None
        and episode.episodes is None
        and is_current(episode, known, read_as=read_as, receipts=receipts)
        for episode in episodes
    )


def claimed(receipts: Iterable[Receipt]) -> Collection[str]:
    """Return the ids of all transcripts that these sources hold."""
    return {transcript_id for receipt in receipts for transcript_id in receipt.transcripts}


def _encode(receipt: Receipt) -> str:
    return json.dumps(asdict(receipt), ensure_ascii=False, separators=(",", ":"))


def _decode(value: str) -> Receipt:
    data = json.loads(value)
    episodes = data.pop("episodes")
    former = tuple(data.pop("former"))
    return Receipt(**data, former=former, episodes=None if episodes is None else tuple(episodes))
