"""Words that are spelled as they should be: the whole words among the packaged model's word pieces.

Some 21,000 English words and well-known names, in lower case. They come with the model that is there anyway.
"""

from functools import cache

from rag.embedding import packaged_model_folder
from rag.transcripts.names import fold


@cache
def known_words() -> frozenset[str]:
    """Return the words, in lower case and without accents.

    Raises:
        ModelError: The package that carries the model is not installed.
    """
    pieces = (packaged_model_folder() / "vocab.txt").read_text("utf-8").split("\n")
    return frozenset(fold(piece) for piece in pieces if piece.isalpha() and len(piece) > 1)


def is_known(word: str) -> bool:
    """Say whether a word, whatever its case and accents, is one of them."""
    return fold(word) in known_words()
