"""Whisper's JSON and that of its kin: segments with times in seconds, in WhisperX with words and speakers.

Read are the JSON of openai-whisper and faster-whisper (`segments`), of WhisperX (with `speaker` and `words`), of
the transcription endpoint that copies them (`segments`, or `text` alone), of whisper.cpp (`transcription` with
`offsets` in milliseconds), of Hugging Face pipelines (`chunks` with `timestamp`), and bare lists of segments.
"""

from collections.abc import Iterator

from rag.transcripts.readers.cues import Cue
from rag.transcripts.readers.recognised import (
    Entry,
    is_list_of,
    listed,
    transcript_of_cues,
    transcript_of_text,
    whole,
    word_cues,
)
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.types import Transcript

SCORE = 0.99
SCORE_OF_TEXT_ALONE = 0.985
"""Less than any reader gives that knows a document by more than its text."""


class WhisperReader:
    """Reads Whisper's JSON."""

    names = ("whisper", "whisperx")

    def score(self, source: SourceFile) -> float:
        """Return nearly 1 where there are segments with text, else 0."""
        data = whole(source).data
        if is_list_of(data.get("segments"), "text") or is_list_of(data.get("transcription"), "text", "offsets"):
            return SCORE
        if is_list_of(data.get("chunks"), "text", "timestamp") or is_list_of(source.json, "text", "start"):
            return SCORE
        is_text = isinstance(data.get("text"), str) and not data.keys() & {"turns", "results", "utterances"}
        return SCORE_OF_TEXT_ALONE if is_text else 0.0

    def read(self, source: SourceFile) -> list[Transcript]:
        """Return the one transcript: turns by speaker, or by pause and length where nobody is named.

        Raises:
            ReadError: A segment is broken, or there is no speech.
        """
        document = whole(source)
        if isinstance(source.json, list):
            entries = listed(source, source.json, "the list")
        else:
            keys = ("segments", "transcription", "speakers", "chunks")
            entries = next((found for key in keys if (found := document.entries(key))), [])
        if not entries:
            return transcript_of_text(source, document.text("text"))
        return transcript_of_cues(source, [cue for entry in entries for cue in _cues(entry)])


def _cues(segment: Entry) -> Iterator[Cue]:
    """Yield a segment as one cue, or as one a word where several people speak in it."""
    words = segment.entries("words")
    if len({speaker for word in words if (speaker := word.speaker("speaker"))}) > 1:
        yield from word_cues(words, lambda word: (word.seconds_ms("start"), word.seconds_ms("end")), "word")
        return
    start_ms, end_ms = _times(segment)
    yield segment.cue(segment.text("text"), start_ms=start_ms, end_ms=end_ms, speaker=segment.speaker("speaker"))


def _times(segment: Entry) -> tuple[int | None, int | None]:
    offsets = segment.data.get("offsets")
    if isinstance(offsets, dict):
        inner = Entry(source=segment.source, data=offsets, place=f"{segment.place}, offsets")
        return inner.milliseconds("from"), inner.milliseconds("to")
    stamps = segment.data.get("timestamp")
    if isinstance(stamps, list):
        pair = dict(zip(("start", "end"), stamps, strict=False))
        segment = Entry(source=segment.source, data=pair, place=f"{segment.place}, timestamp")
    start_ms, end_ms = segment.seconds_ms("start"), segment.seconds_ms("end")
    length_ms = segment.seconds_ms("duration")
    if end_ms is None and start_ms is not None and length_ms is not None:
        end_ms = start_ms + length_ms
    return start_ms, end_ms


READER = WhisperReader()
