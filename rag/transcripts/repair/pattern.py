"""How labels and paragraphs follow one another in one transcript: what a lost label would break."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.transcripts.stretches import Stretch
from rag.transcripts.types import Attribution

REPEATS_BEFORE, PLACES_BEFORE = 0.5, 5.0
"""Repeated labels, and places for one, that are assumed of every transcript before it is looked at."""
SEVERAL_BEFORE, MANY_BEFORE, STRETCHES_BEFORE = 2.0, 1.0, 10.0
"""Stretches of two and more paragraphs, of three and more, and stretches, that are assumed of every transcript."""
OWN_BEFORE = 5.0
"""Stretches for which a speaker is taken to be like everybody else."""

_LETTER = re.compile(r"[^\W\d_]")
_NOTE = re.compile(r"\\?[\[(][^\[\]()]*[\])](?:\s*(?:to|-|–)\s*(?=\\?[\[(]))?")
MANY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What is usual in a transcript."""

    labels: tuple[str | None, ...]
    """By stretch: the person, or None where there is no label or nobody speaks under it."""
    people: tuple[str, ...]
    """Those under whose labels something is said, in order of appearance."""
    repeats: int
    """Stretches of one paragraph after which the same label stands again: no turn can be hidden in them."""
    places: int
    """Stretches of one paragraph that any label follows."""
    several: float
    """Share of stretches with several paragraphs among those that another label follows, 0 to 1."""
    several_by_speaker: dict[str, float]
    many: float
    """Share with three and more: two turns of one paragraph each never make such a stretch."""

    @property
    def log_repeat_rate(self) -> float:
        """Return the logarithm of the share of labels that stand twice in a row without anything hidden."""
        return math.log((self.repeats + REPEATS_BEFORE) / (self.places + PLACES_BEFORE))

    def following(self, index: int) -> str | None:
        """Return the person whose label is next; None at the end, or where a break comes next."""
        return self.labels[index + 1] if index + 1 < len(self.labels) else None


def has_words(text: str) -> bool:
    """Say whether anything is said in a text: "[22:52]" and a stage note alone are no speech."""
    return _LETTER.search(_NOTE.sub("", text) if text.startswith(("[", "\\[", "(")) else text) is not None


def read_pattern(stretches: Sequence[Stretch]) -> Pattern:
    """Return the pattern of a transcript; a label under which nobody ever says a word ("Break") is no person's."""
    spoken = [any(has_words(p.text) for p in stretch.paragraphs) for stretch in stretches]
    speaking = dict.fromkeys(
        stretch.speaker for stretch, said in zip(stretches, spoken, strict=True) if said and stretch.speaker
    )
    labels = tuple(
        stretch.speaker if stretch.speaker in speaking and stretch.attribution is Attribution.LABELLED else None
        for stretch in stretches
    )
    repeats = places = 0
    counts: Counter[str] = Counter()
    several: Counter[str] = Counter()
    many = 0
    for index, label in enumerate(labels[:-1]):
        follows = labels[index + 1]
        if label is None or follows is None or not spoken[index]:
            continue
        if len(stretches[index].paragraphs) == 1:
            places += 1
            repeats += follows == label
        if follows != label:
            counts[label] += 1
            several[label] += len(stretches[index].paragraphs) > 1
            many += len(stretches[index].paragraphs) >= MANY
    share = (several.total() + SEVERAL_BEFORE) / (counts.total() + STRETCHES_BEFORE)
    return Pattern(
        labels=labels,
        people=tuple(speaking),
        repeats=repeats,
        places=places,
        several=share,
        several_by_speaker={
            name: (several[name] + share * OWN_BEFORE) / (counts[name] + OWN_BEFORE) for name in speaking
        },
        many=(many + MANY_BEFORE) / (counts.total() + STRETCHES_BEFORE),
    )
