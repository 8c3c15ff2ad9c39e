"""Transcripts as they were decoded lately, so that those that are asked for again aren't decoded again."""

from threading import Lock

from rag.storage import StoredTranscript, decode
from rag.transcripts.types import Transcript

REMEMBERED = 64
"""Transcripts."""


class DecodedTranscripts:
    """Decodes transcripts and remembers the last few, each by its whole text. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[str, tuple[str, StoredTranscript, Transcript]] = {}

    def of(self, transcript_id: str, body: str) -> tuple[StoredTranscript, Transcript]:
        """Return what a body holds, and the transcript with the owner's confirmations.

        Args:
            transcript_id: Whose it is.
            body: As it is stored now; what was remembered of another body is not returned.
        """
        with self._lock:
            kept = self._kept.pop(transcript_id, None)
            if kept is not None and kept[0] == body:
                self._kept[transcript_id] = kept
                return kept[1], kept[2]
        stored = decode(body)
        transcript = stored.transcript
        with self._lock:
            self._kept[transcript_id] = (body, stored, transcript)
            while len(self._kept) > REMEMBERED:
                self._kept.pop(next(iter(self._kept)))
        return stored, transcript
