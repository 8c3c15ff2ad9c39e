"""A quote as it was asked for: its words, and where it says that something is left out."""

import re
from dataclasses import dataclass

from rag.errors import InputError
from rag.quoting.words import Words, words_of

LONGEST_QUOTE = 2000
"""Characters, after trimming; as for a question in the public contract."""
_ELISION = re.compile(r"…|\.\s?\.\s?\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A quote to be checked."""

    words: Words
    elisions: frozenset[int]
    """Numbers of the words before which the quote has "…", "..." or "[...]"."""

    @property
    def text(self) -> str:
        """Return the quote."""
        return self.words.text

    @property
    def keys(self) -> list[str]:
        """Return what its words are compared by."""
        return self.words.keys

    def __len__(self) -> int:
        return len(self.words)


def read_quote(quote: str) -> Asked:
    """Return a quote's words and elisions.

    Raises:
        InputError: It is too long, or holds no word.
    """
    text = " ".join(quote.split())
    if len(text) > LONGEST_QUOTE:
        raise InputError(f"The quote has {len(text)} characters; at most {LONGEST_QUOTE:,} are checked.")
    words = words_of(text)
    if not words:
        raise InputError("The quote holds no word. Give the words as they were said, in 1 to 2,000 characters.")
    between = (text[words.spans[n - 1][1] : words.spans[n][0]] for n in range(1, len(words)))
    elisions = frozenset(n for n, gap in enumerate(between, start=1) if _ELISION.search(gap))
    return Asked(words=words, elisions=elisions)
