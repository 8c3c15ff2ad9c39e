"""Speech as a reader finds it, before it becomes turns: paragraphs under a label, with their lines in the source."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rag.transcripts.folding import PARAGRAPH_BREAK
from rag.transcripts.types import Attribution, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph of speech, white space folded."""

    text: str
    line: int
    """Where it begins in the source, counted from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Paragraphs that the source gives to one speaker."""

    speaker: str | None
    paragraphs: tuple[Paragraph, ...]
    attribution: Attribution = Attribution.LABELLED
    attribution_reason: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None

    @property
    def text(self) -> str:
        """Return the text of the turn that this stretch becomes."""
        return PARAGRAPH_BREAK.join(paragraph.text for paragraph in self.paragraphs)


def join_stretches(stretches: Iterable[Stretch]) -> tuple[Turn, ...]:
    """Return turns: neighbouring labelled stretches of one speaker become one, empty ones are left out.

    The turn starts with its first stretch and ends with its last one that has an end.
    """
    groups: list[list[Stretch]] = []
    for stretch in stretches:
        if not stretch.paragraphs:
            continue
        if groups and _continues(groups[-1][-1], stretch):
            groups[-1].append(stretch)
        else:
            groups.append([stretch])
    joined = [
        replace(
            group[0],
            paragraphs=tuple(paragraph for stretch in group for paragraph in stretch.paragraphs),
            end_ms=next((stretch.end_ms for stretch in reversed(group) if stretch.end_ms is not None), None),
        )
        for group in groups
    ]
    return tuple(
        Turn(
            text=stretch.text,
            speaker=stretch.speaker,
            attribution=stretch.attribution,
            attribution_reason=stretch.attribution_reason,
            start_ms=stretch.start_ms,
            end_ms=stretch.end_ms,
        )
        for stretch in joined
    )


def _continues(before: Stretch, stretch: Stretch) -> bool:
    return before.speaker == stretch.speaker and before.attribution is stretch.attribution is Attribution.LABELLED
