"""Deepgram's JSON: `results.utterances`, else paragraphs, else words of the channels; seconds, numbered speakers.

Where a recording has several channels and no speakers, the channel is the speaker: "Channel 0".
"""

from collections.abc import Iterator

from rag.transcripts.readers.cues import Cue
from rag.transcripts.readers.recognised import Entry, is_list_of, transcript_of_cues, whole, word_cues
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.types import Transcript

SCORE = 0.99


class DeepgramReader:
    """Reads Deepgram's JSON."""

    names = ("deepgram",)

    def score(self, source: SourceFile) -> float:
        """Return nearly 1 where the results hold channels, or utterances with a transcript, else 0."""
        results = whole(source).data.get("results")
        if not isinstance(results, dict):
            return 0.0
        known = is_list_of(results.get("channels"), "alternatives") or is_list_of(
            results.get("utterances"), "transcript"
        )
        return SCORE if known else 0.0

    def read(self, source: SourceFile) -> list[Transcript]:
        """Return the one transcript.

        Raises:
            ReadError: An entry is broken, or there is no speech.
        """
        data = whole(source).data.get("results")
        results = Entry(source=source, data=data if isinstance(data, dict) else {}, place="results")
        channels = results.entries("channels")
        several = len(channels) > 1
        cues = [_utterance(entry, several=several) for entry in results.entries("utterances")]
        if not cues:
            for number, channel in enumerate(channels):
                cues.extend(_channel(channel, f"Channel {number}" if several else None))
        if several:
            cues.sort(key=lambda cue: cue.start_ms or 0)
        return transcript_of_cues(source, cues)


def _utterance(entry: Entry, *, several: bool) -> Cue:
    channel = entry.number("channel")
    speaker = entry.speaker("speaker") or (f"Channel {channel}" if several and channel is not None else None)
    start_ms, end_ms = _times(entry)
    return entry.cue(entry.text("transcript"), start_ms=start_ms, end_ms=end_ms, speaker=speaker)


def _channel(channel: Entry, name: str | None) -> Iterator[Cue]:
    """Yield the cues of one channel: its sentences with their paragraph's speaker, else its words, else its text."""
    for alternative in channel.entries("alternatives")[:1]:
        data = alternative.data.get("paragraphs")
        paragraphs = Entry(
            source=alternative.source,
            data=data if isinstance(data, dict) else {},
            place=f"{alternative.place}, paragraphs",
        )
        cues = [
            sentence.cue(
                sentence.text("text"), start_ms=start_ms, end_ms=end_ms, speaker=paragraph.speaker("speaker") or name
            )
            for paragraph in paragraphs.entries("paragraphs")
            for sentence in paragraph.entries("sentences")
            for start_ms, end_ms in [_times(sentence)]
        ]
        if cues:
            yield from cues
            continue
        words = list(word_cues(alternative.entries("words"), _times, "punctuated_word", "word"))
        if not words:
            yield alternative.cue(alternative.text("transcript"), start_ms=None, end_ms=None, speaker=name)
        for cue in words:
            yield (
                cue
                if cue.speaker or not name
                else alternative.cue(cue.text, start_ms=cue.start_ms, end_ms=cue.end_ms, speaker=name)
            )


def _times(entry: Entry) -> tuple[int | None, int | None]:
    return entry.seconds_ms("start"), entry.seconds_ms("end")


READER = DeepgramReader()
