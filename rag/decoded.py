"""Transcripts as they were decoded lately, so that those that are asked for again aren't decoded again."""

import sys
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from rag.storage import StoredTranscript, decode
from rag.transcripts.types import Transcript

REMEMBERED = 64
"""Transcripts."""
REMEMBERED_BYTES = 64 * 1024**2
"""Of what is remembered, however few transcripts that are."""
_DECODED = 2
"""Bytes that a decoded transcript takes for each of its text as stored: 1.1 over 26 conversations (`tracemalloc`), 2.4
where turns are shortest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """A transcript that was decoded, and its text as it was stored then."""

    body: str
    stored: StoredTranscript
    transcript: Transcript

    @property
    def size(self) -> int:
        """Return about how many bytes it takes."""
        return (1 + _DECODED) * sys.getsizeof(self.body)


class DecodedTranscripts:
    """Decodes transcripts and remembers the last few, each by its whole text. Safe to use from several threads.

    Args:
        most_bytes: How much is remembered at most.
    """

    def __init__(self, *, most_bytes: int = REMEMBERED_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = Lock()
        self._kept: OrderedDict[str, _Known] = OrderedDict()
        self._bytes = 0

    def of(self, transcript_id: str, body: str) -> tuple[StoredTranscript, Transcript]:
        """Return what a body holds, and the transcript with the owner's confirmations.

        Args:
            transcript_id: Whose it is.
            body: As it is stored now; what was remembered of another body is not returned.
        """
        with self._lock:
            known = self._kept.get(transcript_id)
            if known is not None and known.body == body:
                self._kept.move_to_end(transcript_id)
                return known.stored, known.transcript
        stored = decode(body)
        known = _Known(body=body, stored=stored, transcript=stored.transcript)
        with self._lock:
            self._keep(transcript_id, known)
        return known.stored, known.transcript

    def _keep(self, transcript_id: str, known: _Known) -> None:
        before = self._kept.pop(transcript_id, None)
        self._kept[transcript_id] = known
        self._bytes += known.size - (before.size if before else 0)
        while len(self._kept) > REMEMBERED or self._bytes > self._most_bytes:
            self._bytes -= self._kept.popitem(last=False)[1].size
