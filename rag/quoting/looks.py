"""Does a transcript hold these words? Told by its raw JSON, in a twentieth of the time of reading it."""

import re
from collections.abc import Sequence

from rag.quoting.words import APOSTROPHES, MINUSES, lowered

_SEPARATOR = r"(?:\\n|[\W_])*"
"""Between two words in JSON: a paragraph's end is written as `\\n\\n`."""
_BEGINNING, _END = r"(?:(?<![^\W_])|(?<=\\[bfnrt]))", r"(?![^\W_])"
"""Of a word that begins and ends with a letter or digit, where the one before may be that of an escape, `\\n`."""


class Looks:
    """Tells that no text in JSON can hold certain words.

    Args:
        keys: Of the words, one after the other.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        # Words of other letters, of fractions and of powers are not in the text as they are in their keys.
        judged = all(key.isascii() for key in keys)
        before, after = _BEGINNING * keys[0][0].isalnum(), _END * keys[-1][-1].isalnum()
        self._pattern = re.compile(before + _SEPARATOR.join(map(_spellings, keys)) + after) if judged else None

    def may_be_in(self, json: str) -> bool:
        """Say whether a text in JSON may hold the words."""
        return self._pattern is None or self._pattern.search(lowered(json)) is not None


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
