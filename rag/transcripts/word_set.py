"""Sets of words, written as one reads them."""


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text, parted by white space."""
    return frozenset(words.split())
