"""What to look for, so that few chunks must be read to find a quote, and none that holds it is passed over.

A probe is the rarest word of the quote, its pivot, with the words around it. Wherever the quote was said, some chunk
holds the pivot; and unless the quote is cut there more than once, that chunk and its neighbour hold all the words
around it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.quoting.asked import Asked
from rag.quoting.words import APOSTROPHES, INVISIBLE, MINUSES

REACH = 24
"""Words on each side of the pivot whose terms a chunk must hold."""
NEIGHBOURS = 2
"""Words after the pivot that must follow it in a chunk's JSON, for as long as its text goes on."""
_SEPARATOR = r"(?:\\n|[\W_])*"
"""Between two words in the JSON of a chunk or a transcript: a paragraph's end is written as `\\n\\n`."""
_ODD = re.compile(rf"[{INVISIBLE}\u0300-\u036f\u2000-\u200a\ufb00-\ufb06\uff00-\uff5e]")
"""What makes a word look unlike its key; JSON with any of it is not judged by its looks."""


class Looks:
    """Tells by raw JSON that no text in it can hold certain words, in a twentieth of the time of reading it.

    Args:
        alternatives: Words one after the other, with a pattern of what stands before and after them.
    """

    def __init__(self, alternatives: Sequence[tuple[Sequence[str], str, str]]) -> None:
        # Lower case alone makes a word of other letters its key only as a rule.
        judged = all(word.isascii() for words, _, _ in alternatives for word in words)
        self._patterns = [
            re.compile(before + _SEPARATOR.join(_spellings(word) for word in words) + after)
            for words, before, after in alternatives
            if judged
        ]

    def may_be_in(self, json: str) -> bool:
        """Say whether a text in JSON may hold the words."""
        if not self._patterns or (not json.isascii() and _ODD.search(json)):
            return True
        lowered = json.lower()
        return any(pattern.search(lowered) for pattern in self._patterns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What to look for."""

    asked: Asked
    pivot: int
    """Number of a word of the quote."""
    word: str
    """The pivot, as the index is asked for it."""
    around: str
    """The words around the pivot and itself, as far as the index knows them."""
    looks: Looks

    def may_be_in(self, body: str) -> bool:
        """Say whether the JSON of a chunk may hold the quote, or the part of it that holds the pivot."""
        return self.looks.may_be_in(body)

    def is_in(self, said: Sequence[str], *, goes_before: bool, goes_on: bool) -> bool:
        """Say whether a stretch of a turn holds the quote, or the part with the pivot where the stretch is cut.

        Args:
            said: The keys of the stretch's words.
            goes_before: The turn begins before it.
            goes_on: The turn may go on after it.
        """
        asked = self.asked.keys
        length, most = len(asked), min(len(asked), len(said) + 1)
        if next(runs(said, asked), None) is not None:
            return True
        if goes_on and any(said[-n:] == asked[:n] for n in range(self.pivot + 1, most)):
            return True
        if goes_before and any(said[:n] == asked[-n:] for n in range(length - self.pivot, most)):
            return True
        inside = runs(asked, said) if goes_before and goes_on else ()
        return any(first <= self.pivot < first + len(said) for first in inside)


def probe_of(asked: Asked, words: Sequence[str], weights: Sequence[float]) -> Probe | None:
    """Return the probe of a quote; None if no word has a weight.

    Args:
        asked: The quote.
        words: Its words as the index is asked for them; empty where it must not be.
        weights: How rare each is.
    """
    pivot = max(range(len(words)), key=lambda number: (weights[number], -number))
    if not weights[pivot]:
        return None
    return Probe(
        asked=asked,
        pivot=pivot,
        word=words[pivot],
        around=" ".join(words[max(0, pivot - REACH) : pivot + REACH + 1]),
        looks=_looks_around(asked.keys, pivot),
    )


def runs(said: Sequence[str], asked: Sequence[str]) -> Iterator[int]:
    """Yield where the words of a quote stand in a text, one after the other."""
    if not asked:
        return
    length, last = len(asked), len(said) - len(asked)
    first = -1
    while True:
        try:
            first = said.index(asked[0], first + 1, max(last + 1, 0))
        except ValueError:
            return
        if said[first : first + length] == asked:
            yield first


def _looks_around(keys: Sequence[str], pivot: int) -> Looks:
    """Return the looks of the pivot with its neighbours, or with the text's beginning or end in their place."""
    after = ""
    for key in reversed(keys[pivot + 1 : pivot + 1 + NEIGHBOURS]):
        # The closing quotation mark of a JSON string is among the separators.
        after = f'{_SEPARATOR}(?:{_spellings(key)}{after}|(?<="))'
    if pivot == 0:
        return Looks([([keys[0]], "", after)])
    return Looks([(keys[pivot - 1 : pivot + 1], "", after), ([keys[pivot]], '"' + _SEPARATOR, after)])


def _spellings(key: str) -> str:
    """Return a pattern of the ways to write a word in JSON, in lower case."""
    pattern = ""
    for number, character in enumerate(key):
        if character == "'":
            pattern += f"[{APOSTROPHES}]"
        elif character == "-":
            pattern += f"[{MINUSES}]"
        elif character == "%":
            pattern += r"\s?%"
        elif character.isdigit() and number and key[number - 1].isdigit():
            pattern += f",?{character}"
        else:
            pattern += re.escape(character)
    return pattern
