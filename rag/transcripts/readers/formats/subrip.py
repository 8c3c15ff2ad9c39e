"""SRT (SubRip): numbered, timed cues, `Name: text` where the speaker changes."""

import datetime as dt
import re

import srt

from rag.transcripts.folding import fold_space
from rag.transcripts.readers.assembly import assemble
from rag.transcripts.readers.cues import Cue, label_by_prefix, stretches_of_cues
from rag.transcripts.readers.header import Header
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.readers.tags import without_cue_tags
from rag.transcripts.types import Transcript

SCORE = 0.95

_TIMES = re.compile(r"^[ \t]*\d{1,10}:\d{1,4}:\d{1,4}(?:[,.:]\d{1,6})?[ \t]*-->", re.MULTILINE)
_LONG_NUMBER = re.compile(r"\d{41}")
_BLANK_RUN = re.compile(r"\n{3,}")
_MILLISECOND = dt.timedelta(milliseconds=1)


class SubRipReader:
    """Reads SRT."""

    names = ("srt", "subrip")

    def score(self, source: SourceFile) -> float:
        """Return nearly 1 where a line gives the times of a cue as SRT does, else 0."""
        return SCORE if _TIMES.search(source.text) else 0.0

    def read(self, source: SourceFile) -> list[Transcript]:
        """Return the one transcript of an SRT file.

        Raises:
            ReadError: A cue is broken, or there are no cues.
        """
        mend = "A cue is a number, a line 00:01:02,500 --> 00:01:04,000, its text and a blank line."
        long_number = _LONG_NUMBER.search(source.text)
        if long_number:
            # The library's pattern takes quadratic time over them.
            line = source.text.count("\n", 0, long_number.start()) + 1
            raise source.error("a number of more than 40 digits is in it", line=line, mend=mend)
        # Runs of white space cost it quadratic time too, and mean nothing.
        folded = "\n".join(fold_space(line) for line in source.text.split("\n"))
        text = _BLANK_RUN.sub("\n\n", folded.strip())
        cues: list[Cue] = []
        try:
            for subtitle in srt.parse(text):
                cues.append(
                    Cue(
                        text=without_cue_tags(subtitle.content),
                        start_ms=subtitle.start // _MILLISECOND,
                        end_ms=subtitle.end // _MILLISECOND,
                        line=len(cues) + 1,
                    )
                )
        except srt.SRTParseError as error:
            place = _line_of(source.text, text[: error.expected_start])
            raise source.error(f"cue {len(cues) + 1} can't be read", line=place, mend=mend) from None
        except (ValueError, OverflowError):
            raise source.error(f"the times of cue {len(cues) + 1} can't be read", mend=mend) from None
        if not cues:
            raise source.error("there are no cues in it", mend=mend)
        return assemble(source, Header(), stretches_of_cues(label_by_prefix(cues, frozenset())), repair=False)


def _line_of(text: str, read: str) -> int:
    """Return the number of the line where what was not read begins; blank lines don't count, for they were folded."""
    lines_read = sum(1 for line in read.split("\n") if line.strip())
    numbers = [number for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    return numbers[min(lines_read, len(numbers) - 1)]


READER = SubRipReader()
