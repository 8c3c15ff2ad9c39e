"""From timed cues to stretches of speech: one for each uninterrupted speaker."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.transcripts.folding import fold_space
from rag.transcripts.readers.bracketed import bracketed_labels
from rag.transcripts.readers.further_labels import with_further_labels
from rag.transcripts.readers.labels import accept_colon_labels, colon_labels
from rag.transcripts.readers.lines import Line, ends_sentence
from rag.transcripts.stretches import Paragraph, Stretch
from rag.transcripts.types import Attribution

PAUSE_MS = 2_000
"""Silence that parts unlabelled turns."""
SENSIBLE_LENGTH = 600
"""Characters after which an unlabelled turn ends with its sentence: some 100 words, 40 seconds of speech."""
LONGEST_UNLABELLED = 2_400
"""Characters after which it ends anywhere: captions without punctuation have no sentences."""

_MARK = re.compile(r"[.,;:!?…%)\]’”]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A piece of a caption under at most one speaker."""

    text: str
    """May hold newline characters where the caption does."""
    start_ms: int | None
    end_ms: int | None
    line: int
    """Of the caption in the source, or its number where lines are not known."""
    speaker: str | None = None
    attribution: Attribution = Attribution.UNKNOWN
    nameless: bool = False
    """Whether the source states that somebody speaks whom it doesn't name."""


def inherit_speakers(cues: Sequence[Cue]) -> list[Cue]:
    """Give cues without a voice the voice before them, as WebVTT's continuation cues have it.

    A cue that finishes the sentence before it belongs to the same labelled stretch; a new sentence is `inherited`.
    """
    inherited: list[Cue] = []
    for cue in cues:
        before = inherited[-1] if inherited else None
        if cue.speaker is None and not cue.nameless and before is not None and before.speaker is not None:
            attribution = Attribution.INHERITED if ends_sentence(before.text) else before.attribution
            cue = replace(cue, speaker=before.speaker, attribution=attribution)  # noqa: PLW2901
        inherited.append(cue)
    return inherited


def label_by_prefix(cues: Sequence[Cue], listed: frozenset[str]) -> list[Cue]:
    """Cut cues at the labels in their lines, `Name: text` or `[Name] text`; a label holds until the next."""
    lines = [(cue, re.sub(r"^(?:[-–—]|>>+)\s*", "", text.strip())) for cue in cues for text in cue.text.split("\n")]
    numbered = [Line(number=number, text=text) for number, (_, text) in enumerate(lines, start=1)]
    prose = "\n".join(line.text for line in numbered)
    possible = colon_labels(numbered)
    spoken = with_further_labels(possible, accept_colon_labels(possible, listed=listed, prose=prose))
    found = [match for match in spoken if not match.doubtful] or bracketed_labels(numbered)
    labels = {match.index: match for match in found}
    if not labels:
        return list(cues)
    labelled: list[Cue] = []
    speaker: str | None = None
    for index, (cue, text) in enumerate(lines):
        label = labels.get(index)
        speaker = label.label if label else speaker
        piece = label.text if label else text
        attribution = Attribution.LABELLED if speaker else Attribution.UNKNOWN
        labelled.append(replace(cue, text=piece, speaker=speaker, attribution=attribution))
    return labelled


def stretches_of_cues(cues: Sequence[Cue]) -> list[Stretch]:
    """Return one stretch for each run of cues with one speaker and one attribution; a cue is no paragraph.

    Where nobody is named, a stretch ends at a pause, or with a sentence once it is of sensible length.
    """
    runs: list[list[Cue]] = []
    for cue in cues:
        cue = replace(cue, text=fold_space(cue.text))  # noqa: PLW2901
        if not cue.text:
            continue
        if runs and _continues(runs[-1], cue):
            runs[-1].append(cue)
        else:
            runs.append([cue])
    return [
        Stretch(
            speaker=run[0].speaker,
            paragraphs=(Paragraph(text=_joined([cue.text for cue in run]), line=run[0].line),),
            attribution=run[0].attribution,
            start_ms=run[0].start_ms,
            end_ms=max((cue.end_ms for cue in run if cue.end_ms is not None), default=None),
        )
        for run in runs
    ]


def _continues(run: Sequence[Cue], cue: Cue) -> bool:
    before = run[-1]
    if (before.speaker, before.attribution) != (cue.speaker, cue.attribution):
        return False
    if cue.speaker is not None:
        return True
    length = sum(len(each.text) + 1 for each in run)
    full = length >= LONGEST_UNLABELLED or (length >= SENSIBLE_LENGTH and ends_sentence(before.text))
    paused = cue.start_ms is not None and before.end_ms is not None and cue.start_ms - before.end_ms >= PAUSE_MS
    return not paused and not full


def _joined(texts: Sequence[str]) -> str:
    """Return pieces as one text; a punctuation mark that is a piece of its own follows the word before it."""
    pieces: list[str] = []
    for text in texts:
        if pieces and not _MARK.fullmatch(text):
            pieces.append(" ")
        pieces.append(text)
    return "".join(pieces)
