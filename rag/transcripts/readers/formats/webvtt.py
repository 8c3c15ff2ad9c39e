"""WebVTT (W3C, https://www.w3.org/TR/webvtt1/): `<v Name>` or `Name: text` in cues, notes at the head."""

import re

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from rag.transcripts.folding import fold_space
from rag.transcripts.readers.assembly import assemble
from rag.transcripts.readers.cues import Cue, inherit_speakers, label_by_prefix, stretches_of_cues
from rag.transcripts.readers.header import Header, read_pairs
from rag.transcripts.readers.lines import split_lines
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.readers.tags import without_cue_tags
from rag.transcripts.types import Attribution, Transcript

_SIGNATURE = re.compile(r"\s*WEBVTT(?:[ \t\n]|$)")
_VOICE = re.compile(r"<v(?:\.[\w.-]+)?(?:[ \t]+([^<>]*))?>")
_CUE_LINE = re.compile(
    r"[ \t]*(?:\d{1,10}:)?\d{1,2}:\d{1,2}\.\d{1,3}[ \t]*-->[ \t]*(?:\d{1,10}:)?\d{1,2}:\d{1,2}\.\d{1,3}"
)


class WebVttReader:
    """Reads WebVTT."""

    names = ("webvtt", "vtt")

    def score(self, source: SourceFile) -> float:
        """Return 1 where the file begins as WebVTT must, else 0."""
        return 1.0 if _SIGNATURE.match(source.text) else 0.0

    def read(self, source: SourceFile) -> list[Transcript]:
        """Return the one transcript of a WebVTT file.

        Raises:
            ReadError: The file doesn't begin as WebVTT must, a cue's times are broken, or there are no cues.
        """
        text = source.text.lstrip()
        skipped = source.text[: len(source.text) - len(text)].count("\n")
        try:
            parsed = webvtt.from_string(text)
        except (MalformedFileError, MalformedCaptionError, ValueError, OverflowError) as error:
            raise source.error(
                f"it is not WebVTT ({str(error)[:80]})", line=1, mend='The first line must be "WEBVTT".'
            ) from None
        cue_lines = _cue_lines(source, text, skipped)
        if len(cue_lines) != len(parsed.captions):
            raise source.error(
                f"{len(cue_lines)} lines give times but {len(parsed.captions)} cues are sound",
                line=cue_lines[0] if cue_lines else 1,
                mend="Part cues by blank lines and write times as 00:01:02.500.",
            )
        notes = [*parsed.metadata, *(line for note in parsed.header_comments for line in note.split("\n"))]
        header = read_pairs(split_lines("\n".join(notes)))
        cues = _cues(parsed, cue_lines, header)
        if not cues:
            raise source.error(
                "there are no cues in it", mend='A cue is a line "00:01.000 --> 00:04.000" and its text.'
            )
        return assemble(source, header, stretches_of_cues(cues), repair=False)


def _cue_lines(source: SourceFile, text: str, skipped: int) -> list[int]:
    """Return the numbers of the lines that give a cue's times.

    Raises:
        ReadError: A line has an arrow and no sound times; its speech would be lost silently.
    """
    found = []
    in_note = False
    for number, line in enumerate(text.split("\n"), start=1 + skipped):
        in_note = bool(line) and (in_note or line.startswith("NOTE"))
        if "-->" not in line or in_note:
            continue
        if not _CUE_LINE.match(line):
            raise source.error(
                "the times of this cue can't be read", line=number, mend="Write 00:01:02.500 --> 00:01:04.000."
            )
        found.append(number)
    return found


def _cues(parsed: webvtt.WebVTT, cue_lines: list[int], header: Header) -> list[Cue]:
    cues = []
    has_voices = False
    for caption, number in zip(parsed.captions, cue_lines, strict=True):
        start_ms, end_ms = caption.start_time.in_milliseconds(), caption.end_time.in_milliseconds()
        pieces = _VOICE.split(caption.raw_text)
        # What stands before the first voice has none; then voices and their texts alternate.
        for number_in_cue, text in enumerate(pieces[::2]):
            # A voice without a name, as Teams writes it for someone unidentified, states that it is nobody known.
            name = pieces[2 * number_in_cue - 1] if number_in_cue else None
            speaker = fold_space(without_cue_tags(name)) or None if name else None
            has_voices = has_voices or speaker is not None
            said = without_cue_tags(text)
            if said.strip():
                cues.append(
                    Cue(
                        text=said,
                        start_ms=start_ms,
                        end_ms=end_ms,
                        line=number,
                        speaker=header.canonical(speaker) if speaker else None,
                        attribution=Attribution.LABELLED if speaker else Attribution.UNKNOWN,
                        nameless=number_in_cue > 0 and speaker is None,
                    )
                )
    return inherit_speakers(cues) if has_voices else label_by_prefix(cues, header.names)


READER = WebVttReader()
