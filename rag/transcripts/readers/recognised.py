"""What speech recognisers write in JSON: entries with text, times and perhaps a speaker, turned into cues.

What comes from such a file may be anything; each value is looked at before it is used, and a wrong one is refused with
its place ("segments, entry 3").
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.errors import ReadError
from rag.transcripts.folding import fold_paragraphs
from rag.transcripts.readers.assembly import assemble
from rag.transcripts.readers.cues import Cue, stretches_of_cues
from rag.transcripts.readers.header import Header
from rag.transcripts.readers.numbered import machine_label
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.stretches import Paragraph, Stretch
from rag.transcripts.types import Attribution, Transcript

MS_PER_S = 1000
LONGEST_RECORDING_MS = 10_000_000 * MS_PER_S
"""About 116 days, as in the native form: a time beyond is an error of units, not a recording."""
MEND = "Export it again, or mend that entry."

_SECONDS = re.compile(r"\d{1,12}(?:\.\d{1,9})?s?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One object of a list in the JSON."""

    source: SourceFile
    data: Mapping[str, object]
    place: str
    """Where it is, for messages: "segments, entry 3"."""

    def text(self, *keys: str) -> str:
        """Return the text under the first of some keys that is there; "" where none is.

        Raises:
            ReadError: It isn't a string.
        """
        key, value = self._first(keys)
        if not isinstance(value, str | None):
            raise self.error(f'"{key}" must be a string')
        return value or ""

    def seconds_ms(self, *keys: str) -> int | None:
        """Return the milliseconds of a time in seconds: 1.2, "1.2", "1.200s" or {"seconds": 1, "nanos": 200000000}.

        Raises:
            ReadError: It is no time.
        """
        key, value = self._first(keys)
        if isinstance(value, Mapping):
            parts = Entry(source=self.source, data=value, place=f'{self.place}, "{key}"')
            return (parts.seconds_ms("seconds") or 0) + (parts.number("nanos") or 0) // 1_000_000
        if isinstance(value, str) and _SECONDS.fullmatch(value):
            value = float(value.removesuffix("s"))
        return self._milliseconds(key, value, MS_PER_S)

    def milliseconds(self, *keys: str) -> int | None:
        """Return a time in milliseconds.

        Raises:
            ReadError: It is no time.
        """
        return self._milliseconds(*self._first(keys), 1)

    def number(self, key: str) -> int | None:
        """Return a whole number.

        Raises:
            ReadError: It isn't one.
        """
        value = self.data.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise self.error(f'"{key}" must be a whole number')
        return value

    def speaker(self, *keys: str) -> str | None:
        """Return who the entry says speaks, as it is shown; None where it doesn't say."""
        return machine_label(self._first(keys)[1])

    def entries(self, key: str) -> list["Entry"]:
        """Return the objects in the list under a key; none where there is no such list.

        Raises:
            ReadError: The list holds something else.
        """
        value = self.data.get(key)
        return listed(self.source, value, f"{self.place}, {key}") if isinstance(value, list) else []

    def cue(self, text: str, *, start_ms: int | None, end_ms: int | None, speaker: str | None) -> Cue:
        """Return the cue that the entry makes."""
        return Cue(
            text=text,
            start_ms=start_ms,
            end_ms=end_ms,
            line=1,
            speaker=speaker,
            attribution=Attribution.LABELLED if speaker else Attribution.UNKNOWN,
        )

    def error(self, reason: str) -> ReadError:
        """Return the error that says what is wrong with this entry."""
        return self.source.error(f"{self.place}: {reason}", mend=MEND)

    def _first(self, keys: Sequence[str]) -> tuple[str, object]:
        return next(((key, self.data[key]) for key in keys if self.data.get(key) is not None), (keys[0], None))

    def _milliseconds(self, key: str, value: object, factor: int) -> int | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.error(f'"{key}" must be a time')
        if not 0 <= value * factor <= LONGEST_RECORDING_MS:
            raise self.error(f'"{key}" must be a time between 0 and {LONGEST_RECORDING_MS // MS_PER_S} seconds')
        return round(value * factor)


def listed(source: SourceFile, value: object, place: str) -> list[Entry]:
    """Return the objects of a JSON list; none where it is no list.

    Raises:
        ReadError: The list holds something else than objects.
    """
    entries = []
    for number, each in enumerate(value if isinstance(value, list) else [], start=1):
        if not isinstance(each, Mapping):
            raise source.error(f"{place}, entry {number}: it is not an object", mend=MEND)
        entries.append(Entry(source=source, data=each, place=f"{place}, entry {number}"))
    return entries


def whole(source: SourceFile) -> Entry:
    """Return the document itself as an entry, empty where it isn't an object."""
    return Entry(source=source, data=source.json if isinstance(source.json, Mapping) else {}, place="the document")


def is_list_of(value: object, *keys: str) -> bool:
    """Say whether a value is a list that begins with an object that has all these keys."""
    return (
        isinstance(value, list)
        and bool(value)
        and isinstance(value[0], Mapping)
        and all(key in value[0] for key in keys)
    )


def transcript_of_cues(source: SourceFile, cues: Sequence[Cue], header: Header | None = None) -> list[Transcript]:
    """Return the one transcript that cues make.

    Raises:
        ReadError: There is no speech in them.
    """
    return assemble(source, header or Header(), stretches_of_cues(cues), repair=False)


def transcript_of_text(source: SourceFile, text: str) -> list[Transcript]:
    """Return the one transcript of a text without speakers or times, a turn for each paragraph.

    Raises:
        ReadError: There is no speech in it.
    """
    paragraphs = fold_paragraphs(text).split("\n\n")
    stretches = [
        Stretch(speaker=None, paragraphs=(Paragraph(text=each, line=1),), attribution=Attribution.UNKNOWN)
        for each in paragraphs
        if each
    ]
    return assemble(source, Header(), stretches, repair=False)


def word_cues(
    words: Sequence[Entry], times: Callable[[Entry], tuple[int | None, int | None]], *keys: str
) -> Iterator[Cue]:
    """Yield a cue for each word; one without a speaker among those with has the speaker before.

    Args:
        words: The words.
        times: Gives a word's start and end in milliseconds.
        keys: Where a word's text may be, the best first.
    """
    speaker: str | None = None
    for word in words:
        speaker = word.speaker("speaker") or speaker
        start_ms, end_ms = times(word)
        yield word.cue(word.text(*keys), start_ms=start_ms, end_ms=end_ms, speaker=speaker)
