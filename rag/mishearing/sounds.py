"""What a spelling sounds like, and how unlike two sounds are to a listener.

A spelling becomes a string with one letter a sound, by the common rules of English spelling (those of Philips' Double
Metaphone, 2000, but with the vowels kept, since names often differ in nothing else). Two such strings are compared by
an edit distance in which sounds that speech recognition confuses cost less than others: voiced and voiceless pairs,
nasals, liquids, sibilants, vowels among themselves (the confusions of Miller and Nicely, 1955,
doi:10.1121/1.1907526).
"""

import re
from functools import lru_cache

from rag.transcripts.names import fold

VOWELS = frozenset("aeiou")
_LETTERS = re.compile(r"[^a-z]+")
_UNDECOMPOSED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss"})

_RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        # Silent and odd beginnings.
        (r"^(?:kn|gn|pn)", "n"),
        (r"^wr", "r"),
        (r"^ps", "s"),
        (r"^x", "z"),
        (r"^wh(?=o)", "h"),
        (r"^mcg(?=[eiy])", "magh"),
        (r"^mc(?=[cgkq])", "ma"),
        (r"^mc", "mak"),
        # Endings of British place names.
        (r"(?:burgh|borough|boro)$", "bura"),
        (r"cester(?=s|$)", "ster"),
        (r"(?:shire|shear|sheer)$", "Ser"),
        (r"(?<=[bcdfghklmnprst])wi(?=c?k|ch)", "i"),
        # Groups of consonants. S is "sh", C is "ch", T is "th", N is "ng", R an r that many don't say.
        (r"tsch|tch", "C"),
        (r"sch(?=[aeiouy])|sh", "S"),
        (r"sch", "S"),
        (r"(?<=[aeiou])(?:ti|si|ci|ssi)(?=on|an|ous)", "S"),
        (r"(?<=[^aeiou])(?:ti|si|ci)(?=on|ous)", "S"),
        (r"ch(?=[rlt])|(?<=s)ch", "k"),
        (r"ch", "C"),
        (r"ph", "f"),
        (r"th", "T"),
        (r"(?<=[aeiou])gh(?=t|$)", ""),
        (r"gh", "g"),
        (r"wh", "w"),
        (r"rh", "r"),
        (r"[kbd]h", lambda found: found.group()[0]),
        (r"ck|cq|cc(?![eiy])", "k"),
        (r"dge|dj|dg(?=[eiy])", "j"),
        (r"(?<=[^n])g(?=[eiy])|^g(?=[eiy])", "j"),
        (r"sc(?=[eiy])|c(?=[eiy])", "s"),
        (r"qu", "kw"),
        (r"[cq]", "k"),
        (r"x", "ks"),
        (r"mb$", "m"),
        (r"ng(?![aeiou])", "N"),
        (r"n(?=k)", "N"),
        (r"w(?=r)", ""),
        (r"r(?![aeiouyr])", "R"),
        # Vowels: y and w are sounds of their own only before a vowel; h is none except before one.
        (r"y(?=[aeiou])", "Y"),
        (r"w(?=[aeiouy])", "W"),
        (r"(?<=[aeiou])w", ""),
        (r"h(?![aeiouyY])", ""),
        (r"(?<=[^aeiou])e$", ""),
        (r"ee|ea|ie|ei|ey|y", "i"),
        (r"oo|ou|ue|ui|eu|ew", "u"),
        (r"ai|ay|ae", "e"),
        (r"oa|oe|au|aw", "o"),
    )
)
_REPEATED = re.compile(r"(.)\1+")

_ALIKE = {
    frozenset(pair): cost
    for cost, pairs in (
        (0.15, "nN WV rR"),
        (0.3, "sz pb td kg fv Cj SC Ss Cz jS zS mn Tf Tt Td Ts Wv jY lr lR rW Sz mN"),
        (0.45, "kC Sk gj bv pf kt gd vW lW bm nl nd tC dj sC sj NG tk Nk Ng hk"),
        (0.5, "pt bd pk"),
    )
    for pair in pairs.split()
}
"""What it costs to hear one consonant as another; others cost 1."""
_VOWEL_FOR_VOWEL = 0.2
_WEAK = {"h": 0.25, "Y": 0.35, "W": 0.35, "r": 0.45, "R": 0.1, "t": 0.55, "d": 0.55, "n": 0.65, "N": 0.65, "l": 0.65}
"""What it costs to miss or to add a sound; others cost `_STRONG`, a vowel `_VOWEL`."""
_VOWEL = 0.35
_STRONG = 0.85
_FIRST = 0.35
"""Added where the first sounds differ: beginnings are heard best (Marslen-Wilson and Zwitserlood, 1989)."""


@lru_cache(maxsize=1 << 16)
def letters(spelling: str) -> str:
    """Return the plain letters a to z of a spelling, in lower case and without accents."""
    return _LETTERS.sub("", fold(spelling.casefold().translate(_UNDECOMPOSED)))


@lru_cache(maxsize=1 << 16)
def sounds(spelling: str) -> str:
    """Return what a spelling sounds like, one letter a sound; words that are written apart sound as one."""
    plain = letters(spelling)
    for pattern, sound in _RULES:
        plain = pattern.sub(sound, plain)
    return _REPEATED.sub(r"\1", plain)


@lru_cache(maxsize=1 << 16)
def unlikeness(one: str, other: str) -> float:
    """Return how unlike two strings of sounds are: 0 for equal ones, about 1 for ones with nothing in common."""
    if one == other:
        return 0.0
    longest = max(len(one), len(other))
    if not one or not other:
        return 1.0
    row = [0.0]
    for sound in other:
        row.append(row[-1] + _miss(sound))
    for a in one:
        above, row = row, [row[0] + _miss(a)]
        for j, b in enumerate(other):
            row.append(min(above[j + 1] + _miss(a), row[j] + _miss(b), above[j] + _substitute(a, b)))
    first = 0.0 if one[0] == other[0] else _FIRST * min(1.0, _substitute(one[0], other[0]) + 0.2)
    return (row[-1] + first) / longest


def _miss(sound: str) -> float:
    return _VOWEL if sound in VOWELS else _WEAK.get(sound, _STRONG)


def _substitute(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if one in VOWELS and other in VOWELS:
        return _VOWEL_FOR_VOWEL
    return _ALIKE.get(frozenset((one, other)), 1.0)
