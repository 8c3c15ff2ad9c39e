"""Names of people: when two spellings are one name."""

import re
import unicodedata
from functools import lru_cache

HONORIFICS = frozenset(
    {
        *("baroness", "capt", "captain", "cllr", "councillor", "dame", "doctor", "dr", "father", "hon", "honourable"),
        *("lady", "lord", "miss", "mr", "mrs", "ms", "mx", "prof", "professor", "rabbi", "rev", "revd", "reverend"),
        *("rt", "sir", "sister", "the"),
    }
)


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
