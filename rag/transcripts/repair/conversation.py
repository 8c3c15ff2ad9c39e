"""One transcript as the repair sees it: its stretches, what is usual in it, and how its people speak."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from rag.transcripts.repair.pattern import Pattern, read_pattern
from rag.transcripts.repair.voices import Voices
from rag.transcripts.stretches import Stretch

PAIR = 2
"""People of whom each can only speak to the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A transcript before its repair."""

    stretches: tuple[Stretch, ...]
    pattern: Pattern
    voices: Voices

    @classmethod
    def of(cls, stretches: Sequence[Stretch]) -> Self:
        """Read the pattern and the voices of a transcript."""
        pattern = read_pattern(stretches)
        return cls(stretches=tuple(stretches), pattern=pattern, voices=Voices(stretches, pattern.labels))

    @property
    def is_between_two(self) -> bool:
        """Say whether only two people speak."""
        return len(self.pattern.people) == PAIR

    def speaker(self, index: int) -> str | None:
        """Return the person with whom a stretch is labelled."""
        return self.pattern.labels[index]

    def following(self, index: int) -> str | None:
        """Return the person whose label is next; None at the end, or where a break comes next."""
        return self.pattern.following(index)

    def others(self, index: int) -> list[str]:
        """Return everybody but the labelled speaker of a stretch, in order of appearance."""
        return [person for person in self.pattern.people if person != self.pattern.labels[index]]
