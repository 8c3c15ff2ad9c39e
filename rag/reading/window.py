"""What the model reads at once: a question, and a stretch of a conversation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Pieces = Callable[[str], Sequence[int]]
"""Gives the ids of a text's word pieces, without special ones."""
CLS, SEP = 101, 102
"""BERT's special tokens: before everything, and after each part."""
MOST_OF_QUESTION = 64
"""Pieces of the question that are read."""
MOST_OF_ASKED = 40
"""Pieces of what was asked in the conversation, its last ones."""
MOST = 256
"""Pieces of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Sentences that somebody says, one after the other."""

    speaker: str | None
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of a conversation, small enough to be read at once."""

    asked: str
    """The question in the conversation that its first turn answers; empty where there is none."""
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A question and a window as the model takes them."""

    ids: list[int]
    types: list[int]
    """1 for what is said in the window, 0 for what comes before."""
    places: list[tuple[int, int]]
    """Of each sentence's pieces in `ids`, [start, end); empty for one that was cut off."""


def encode(question: Sequence[int], window: Window, pieces: Pieces) -> Encoded:
    """Return `[CLS] question [SEP] what was asked [SEP] speaker: sentences … [SEP]`, cut to what the model reads."""
    ids = [CLS, *question[:MOST_OF_QUESTION], SEP]
    if window.asked:
        ids += [*pieces(window.asked)[-MOST_OF_ASKED:], SEP]
    before = len(ids)
    places = []
    for stretch in window.stretches:
        if stretch.speaker:
            ids += pieces(f"{stretch.speaker}:")
        for sentence in stretch.sentences:
            start = len(ids)
            ids += pieces(sentence)
            places.append((min(start, MOST - 1), min(len(ids), MOST - 1)))
    ids = [*ids[: MOST - 1], SEP]
    return Encoded(ids, [int(place >= before) for place in range(len(ids))], places)
