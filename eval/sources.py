"""Which transcripts the `source` of a gold item names, and what is said in them."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from eval.responses import ListedTranscript, TranscriptReply, read_reply
from rag.transcripts.identity import transcript_id as slug_of

if TYPE_CHECKING:
    from eval.target.protocol import Target


class Sources:
    """The transcripts of a target; each is fetched once.

    A source matches, in this order, an id, a title's slug, a file name stem, the beginning of a title's slug. The first
    kind that matches decides, so that an id is never taken for the beginning of another's title. Where a source begins
    several titles, all of them are right.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._listed = [read_reply(ListedTranscript, document) for document in target.transcripts()]
        self._ids = frozenset(entry.id for entry in self._listed)
        self._slugs = {entry.id: slug_of(entry.title, None) for entry in self._listed}
        self._stems: dict[str, str] | None = None
        self._matches: dict[str, frozenset[str]] = {}
        self._transcripts: dict[str, TranscriptReply | None] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._listed)

    def matching(self, source: str) -> frozenset[str]:
        """Return the ids of the transcripts that a source names."""
        if source not in self._matches:
            self._matches[source] = self._match(source)
        return self._matches[source]

    def transcript(self, transcript_id: str) -> TranscriptReply | None:
        """Return a transcript, or None where the target has none of that id."""
        with self._lock:
            if transcript_id not in self._transcripts:
                document = self._target.transcript(transcript_id)
                self._transcripts[transcript_id] = read_reply(TranscriptReply, document) if document else None
            return self._transcripts[transcript_id]

    def _match(self, source: str) -> frozenset[str]:
        if source in self._ids:
            return frozenset({source})
        slug = slug_of(source, None)
        titled = frozenset(transcript_id for transcript_id, own in self._slugs.items() if own == slug)
        begun = frozenset(transcript_id for transcript_id, own in self._slugs.items() if own.startswith(slug))
        return frozenset({slug} & self._ids) or titled or self._by_stem(source) or begun

    def _by_stem(self, source: str) -> frozenset[str]:
        if self._stems is None:
            self._stems = self._target.file_stems()
        return frozenset(transcript_id for transcript_id, stem in self._stems.items() if stem == source)
