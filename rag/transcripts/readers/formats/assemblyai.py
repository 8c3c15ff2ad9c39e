"""AssemblyAI's transcript JSON: utterances with speakers "A", "B", times in milliseconds.

Where speakers were not asked for there are words only; where neither is kept, the text.
"""

from rag.transcripts.readers.recognised import (
    Entry,
    is_list_of,
    transcript_of_cues,
    transcript_of_text,
    whole,
    word_cues,
)
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.types import Transcript

SCORE = 0.99

_MARKS = frozenset({"audio_url", "audio_duration", "language_code", "speech_model", "acoustic_model", "speaker_labels"})
"""Keys beside the text that only AssemblyAI writes."""


class AssemblyAiReader:
    """Reads AssemblyAI's JSON."""

    names = ("assemblyai",)

    def score(self, source: SourceFile) -> float:
        """Return nearly 1 where there are utterances with text at the top, or AssemblyAI's other keys, else 0."""
        data = whole(source).data
        if is_list_of(data.get("utterances"), "text", "start"):
            return SCORE
        return SCORE if "status" in data and data.keys() & _MARKS else 0.0

    def read(self, source: SourceFile) -> list[Transcript]:
        """Return the one transcript.

        Raises:
            ReadError: The transcription failed or wasn't finished, an utterance is broken, or there is no speech.
        """
        document = whole(source)
        status = document.data.get("status")
        if status is not None and status != "completed":
            reason = document.data.get("error")
            detail = f': "{reason[:200]}"' if isinstance(reason, str) and reason else ""
            raise source.error(f"its status is {str(status)[:40]!r}{detail}", mend="Wait for it, or run it again.")
        utterances = document.entries("utterances")
        if utterances:
            cues = [
                entry.cue(entry.text("text"), start_ms=start_ms, end_ms=end_ms, speaker=entry.speaker("speaker"))
                for entry in utterances
                for start_ms, end_ms in [_times(entry)]
            ]
            return transcript_of_cues(source, cues)
        words = document.entries("words")
        if words:
            return transcript_of_cues(source, list(word_cues(words, _times, "text")))
        return transcript_of_text(source, document.text("text"))


def _times(entry: Entry) -> tuple[int | None, int | None]:
    return entry.milliseconds("start"), entry.milliseconds("end")


READER = AssemblyAiReader()
