"""Podcasting 2.0 transcripts in JSON (Podcast Namespace, transcripts.md): segments of a sentence, a cue or one word."""

from rag.transcripts.readers.recognised import is_list_of, listed, transcript_of_cues, whole
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.types import Transcript

SCORE = 0.99


class PodcastJsonReader:
    """Reads Podcasting 2.0 JSON; segments of one speaker become one turn, however short they are."""

    names = ("podcast-json",)

    def score(self, source: SourceFile) -> float:
        """Return nearly 1 where there are segments with a body, else 0."""
        return SCORE if is_list_of(whole(source).data.get("segments"), "body") else 0.0

    def read(self, source: SourceFile) -> list[Transcript]:
        """Return the one transcript; a segment without a speaker has none.

        Raises:
            ReadError: A segment is broken, or there is no speech.
        """
        segments = listed(source, whole(source).data.get("segments"), "segments")
        return transcript_of_cues(
            source,
            [
                segment.cue(
                    segment.text("body"),
                    start_ms=segment.seconds_ms("startTime"),
                    end_ms=segment.seconds_ms("endTime"),
                    speaker=segment.speaker("speaker"),
                )
                for segment in segments
            ],
        )


READER = PodcastJsonReader()
