"""Names of people: when two spellings are one name."""

import re
import unicodedata
from functools import lru_cache

from rag.transcripts.word_set import word_set

HONORIFICS = frozenset(
    {
        *("baroness", "capt", "captain", "cllr", "councillor", "dame", "doctor", "dr", "father", "hon", "honourable"),
        *("lady", "lord", "miss", "mr", "mrs", "ms", "mx", "prof", "professor", "rabbi", "rev", "revd", "reverend"),
        *("rt", "sir", "sister", "the"),
    }
)
PARTICLES = word_set("al af av bin da dal de del della den der di dos du e el ibn la le o of och und van vom von y zu")
"""Words of names that are written in lower case, and "of" and "and" of roles."""


def fold(text: str) -> str:
    """Return a text in lower case without accents, typographic apostrophes made plain."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """Return what two spellings of one name share: no case, accents, punctuation or honorifics.

    "Prof. Sir Chris Ham" and "chris ham" have the same key; "Chris" alone has another.
    """
    words = re.findall(r"[\w']+", fold(name))
    kept = [word for word in words if word not in HONORIFICS]
    return " ".join(kept or words)
