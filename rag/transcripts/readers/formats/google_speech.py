"""Google Speech-to-Text JSON, versions 1 and 2: results of alternatives with words, times such as "1.200s".

With diarisation version 1 repeats all words, with their speakers, in the last result; then only that one is read.
Speaker 0 means there that no speaker was found. The answer of a long-running operation holds the same in `response`.
"""

from collections.abc import Mapping

from rag.transcripts.readers.cues import Cue
from rag.transcripts.readers.recognised import Entry, is_list_of, listed, transcript_of_cues, whole, word_cues
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.types import Transcript

SCORE = 0.99

_SPEAKER = ("speakerTag", "speaker_tag", "speakerLabel", "speaker_label")


class GoogleSpeechReader:
    """Reads Google Speech-to-Text JSON."""

    names = ("google-speech",)

    def score(self, source: SourceFile) -> float:
        """Return nearly 1 where there is a list of results with alternatives, else 0."""
        results = _results(source)
        return SCORE if is_list_of(results, "alternatives") or is_list_of(results, "resultEndOffset") else 0.0

    def read(self, source: SourceFile) -> list[Transcript]:
        """Return the one transcript.

        Raises:
            ReadError: An entry is broken, or there is no speech.
        """
        results = [result.entries("alternatives") for result in listed(source, _results(source), "results")]
        best = [alternatives[0] for alternatives in results if alternatives]
        words = [alternative.entries("words") for alternative in best]
        before = sum(len(each) for each in words[:-1])
        if before and len(words[-1]) >= before and all(_speaks(word) for word in words[-1]):
            best, words = best[-1:], words[-1:]
        cues = [cue for alternative, each in zip(best, words, strict=True) for cue in _cues(alternative, each)]
        return transcript_of_cues(source, cues)


def _results(source: SourceFile) -> object:
    data = whole(source).data
    answer = data.get("response", data)
    return answer.get("results") if isinstance(answer, Mapping) else None


def _speaks(word: Entry) -> bool:
    return _speaker(word) is not None


def _speaker(word: Entry) -> object:
    """Return the first tag or label that a word bears; 0 is none."""
    return next((value for key in _SPEAKER if (value := word.data.get(key)) and value != "0"), None)


def _cues(alternative: Entry, words: list[Entry]) -> list[Cue]:
    if not any(_speaks(word) for word in words):
        start_ms = _times(words[0])[0] if words else None
        end_ms = _times(words[-1])[1] if words else None
        return [alternative.cue(alternative.text("transcript"), start_ms=start_ms, end_ms=end_ms, speaker=None)]
    named = [
        Entry(source=word.source, data={**word.data, "speaker": _speaker(word)}, place=word.place) for word in words
    ]
    return list(word_cues(named, _times, "word"))


def _times(word: Entry) -> tuple[int | None, int | None]:
    return (
        word.seconds_ms("startTime", "startOffset", "start_time", "start_offset"),
        word.seconds_ms("endTime", "endOffset", "end_time", "end_offset"),
    )


READER = GoogleSpeechReader()
