"""How likely it is that what was written is what somebody heard for a name.

A logistic model on what a person would look at: how unlike the two sound, against how much there is to hear; how alike
they are spelled; whether what was written is a word or name in its own right. The weights were fitted on one half of
`benchmarks/misheard_pairs.tsv` among the capitalised words of two sets of meetings, and judged on the other half
and on others: docs/decisions/006-misheard-names.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from rapidfuzz.distance import JaroWinkler

from rag.mishearing.known_words import is_known
from rag.mishearing.sounds import VOWELS, letters, sounds, unlikeness

VOWEL_WEIGHT = 0.4
"""What a vowel tells against a consonant: speech recognition gets vowels wrong far more often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What speaks for and against a written form being a mishearing of a name."""

    length: float
    """Sounds of the two, on average, a vowel counting `VOWEL_WEIGHT`."""
    cost: float
    """Of hearing the one for the other (`sounds.unlikeness`, not divided by the length)."""
    spelling: float
    """Jaro-Winkler similarity of the letters (Winkler, 1990)."""
    known_word: float
    """1 if the form is one word, and that a known word or name."""
    known_words: float
    """1 if it is several, and all of them are known."""


WEIGHTS = Features(length=1.30, cost=-4.96, spelling=3.20, known_word=-1.86, known_words=-1.11)
BIAS = -5.04
FORMS_FITTED = 4_000
"""Capitalised forms among which a mishearing was to be told in the fit. Among fewer, the odds are better."""
FEWEST_FORMS = 400
"""Below it the odds don't improve further: a short transcript isn't proof that a name is in it."""


def features(spellings: Sequence[str], form: str) -> Features:
    """Return the features of a form and of the spelling of a name that it is nearest to in sound."""
    heard = sounds(form)
    cost, nearest = min(((_cost(sounds(spelling), heard), spelling) for spelling in spellings), key=_by_length)
    words = form.split()
    known = float(all(is_known(word) for word in words))
    return Features(
        length=(_length(sounds(nearest)) + _length(heard)) / 2,
        cost=cost,
        spelling=max(JaroWinkler.similarity(letters(one), letters(form)) for one in {nearest, spellings[0]}),
        known_word=known if len(words) == 1 else 0.0,
        known_words=known if len(words) > 1 else 0.0,
    )


def log_odds(spellings: Sequence[str], form: str, *, forms: int) -> float:
    """Return the log odds of a form being a mishearing of a name, told among so many forms."""
    found = features(spellings, form)
    likeness = BIAS + sum(getattr(WEIGHTS, name) * getattr(found, name) for name in Features.__slots__)
    return float(likeness + log(FORMS_FITTED / max(FEWEST_FORMS, forms)))


def _cost(one: str, other: str) -> float:
    return unlikeness(one, other) * max(len(one), len(other))


def _by_length(pair: tuple[float, str]) -> tuple[float, str]:
    return pair[0] / max(1, len(sounds(pair[1]))), pair[1]


@lru_cache(maxsize=1 << 16)
def _length(heard: str) -> float:
    return sum(VOWEL_WEIGHT if sound in VOWELS else 1.0 for sound in heard)
