"""The numbers of a text, however they are written: "fifty-two per cent" is 52 %, and neither is 52 minutes."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rag.answering.cohesion import VERB
from rag.retrieval.terms import term_set

ONES = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
TENS = {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)}
ORDINALS = {
    **{word: ONES[stem] for word, stem in (("first", "one"), ("second", "two"), ("third", "three"), ("fifth", "five"))},
    **{f"{stem}th": ONES[stem] for stem in "four six seven ten eleven thirteen fourteen fifteen sixteen".split()},
    "eighth": 8,
    "ninth": 9,
    "twelfth": 12,
    "seventeenth": 17,
    "eighteenth": 18,
    "nineteenth": 19,
}
THIRD = 3
"""Up to it, ordinals alone count turns of speech, units and fractions as often as days."""
LINKING = ("and",)
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "dozen": 12}
SCALE_SIGNS = {"k": 1_000, "m": 1_000_000, "bn": 1_000_000_000}
NAMED = {
    **dict.fromkeys(("twice", "double", "doubled", "doubles", "doubling"), "twofold"),
    **dict.fromkeys(("triple", "tripled", "thrice", "treble", "trebled"), "threefold"),
    **{word: word.removesuffix("s") for word in ("half", "quarter", "quarters", "third", "thirds", "hundreds")},
    **{word: word.removesuffix("s") + "*" for word in ("thousands", "millions", "billions", "dozens")},
    **dict.fromkeys(("halve", "halved", "halves", "halving"), "half"),
}
UNITS = {
    **dict.fromkeys(("%", "percent", "percentage", "pc"), "%"),
    **dict.fromkeys(("second", "seconds", "secs"), "second"),
    **dict.fromkeys(("minute", "minutes", "min", "mins"), "minute"),
    **{unit + s: unit for unit in "hour day week month year pound dollar euro".split() for s in ("", "s")},
}
SIGNS = {"£": "pound", "$": "dollar", "€": "euro"}
LAST_CENTURIES = (19, 20)
"""What the first half of a year in two halves is: "twenty twenty-four"."""
MOST_DIGITS = 15
"""That a float holds exactly."""
TOKEN = re.compile(r"[£$€]|%|\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:[.:]\d+)*|[^\W\d_]+")
LONGEST_FRAGMENT = 3
FROM_TO = re.compile(r"\bfrom\b([^.;:]{1,40}?)\bto\b([^.;:]{1,30})", re.IGNORECASE)
_WITHOUT_UNITS = re.compile(
    r"\bper\s+cent\b|\b(?:" + "|".join(unit for unit in UNITS if unit.isalpha()) + r")\b", re.IGNORECASE
)

Number = tuple[str, str | None]
"""The value in its shortest form, and its unit where it has one that is known."""


@lru_cache(maxsize=4096)
def numbers(text: str) -> frozenset[Number]:
    """Return the numbers of a text with their units. "One" counts only with a unit, as it is a pronoun too."""
    return frozenset(numbers_in_order(text))


def numbers_in_order(text: str) -> list[Number]:
    """Return the numbers of a text with their units, in order."""
    tokens = TOKEN.findall(re.sub(r"\bper\s+cent\b", "percent", text.casefold()))
    found: list[Number] = []
    at = 0
    while at < len(tokens):
        if tokens[at] in NAMED:
            found.append((NAMED[tokens[at]], None))
        read = _read(tokens, at)
        if read is None:
            at += 1
            continue
        value, end, word = read
        unit = UNITS.get(tokens[end]) if end < len(tokens) else None
        if at and tokens[at - 1] in SIGNS:
            unit = SIGNS[tokens[at - 1]]
        if not (word and value == 1 and unit is None):
            found.append((_shown(value), unit))
        found.extend(_year(tokens, at, value, end))
        at = end
    return found


def numbers_agree(claim: str, evidence: Sequence[str]) -> bool:
    """Say whether every number of a claim stands in one of the sentences of its evidence, with its unit.

    A unit may be left out where another number of the evidence has it ("from fifty-two per cent to eighty-nine"). Of
    several sentences, the one with the number shares a term with the claim, or is only a fragment ("From fifty-two."):
    else it speaks of something else.
    """
    everything = frozenset[Number]().union(*(numbers(sentence) for sentence in evidence))
    units = {unit for _, unit in everything if unit}
    terms = term_set(_WITHOUT_UNITS.sub(" ", claim))

    def stands(value: str, unit: str | None, sentence: str) -> bool:
        found = numbers(sentence)
        there = (value, unit) in found or (unit in units and (value, None) in found)
        there = there or (unit is None and any(value == other for other, _ in found))
        words = re.findall(r"[^\W_]+", _WITHOUT_UNITS.sub(" ", sentence))
        others = term_set(" ".join(word for word in words if not numbers(word)))
        fragment = len(sentence.split()) <= LONGEST_FRAGMENT or not (others or VERB.search(sentence))
        bears = len(evidence) == 1 or fragment or bool(others & terms)
        return there and bears

    return all(
        any(stands(value, unit, sentence) for sentence in evidence) for value, unit in numbers(claim)
    ) and not _turned_round(claim, " ".join(evidence))


def _turned_round(claim: str, evidence: str) -> bool:
    """Say whether a claim goes "from … to …" where its evidence names the two the other way round."""
    said = [value for value, _ in numbers_in_order(evidence)]
    for match in FROM_TO.finditer(claim):
        first, last = ([value for value, _ in numbers_in_order(part)][:1] for part in match.groups())
        if first and last and first[0] in said and last[0] in said and said.index(first[0]) > said.index(last[0]):
            return True
    return False


def _year(tokens: list[str], at: int, value: float, end: int) -> Iterator[Number]:
    """Yield the year that a number and the next make up: "twenty twenty-four", "nineteen ninety-eight"."""
    if value in LAST_CENTURIES and tokens[at].isalpha() and (after := _read(tokens, end)) is not None:
        second, _, _ = after
        if tokens[end].isalpha() and 10 <= second <= 99:  # noqa: PLR2004 - two digits
            yield _shown(value * 100 + second), None


def _read(tokens: list[str], at: int) -> tuple[float, int, bool] | None:
    """Return the number that begins at a token, where it ends, and whether it is in words."""
    token = tokens[at] if at < len(tokens) else ""
    if token[:1].isdecimal():
        if ":" in token or token.count(".") > 1:
            return float(re.sub(r"\D", "", token)[:MOST_DIGITS]), at + 1, False
        value = float(token.replace(",", "")[:MOST_DIGITS])
        after = tokens[at + 1] if at + 1 < len(tokens) else ""
        scale = SCALES.get(after) or SCALE_SIGNS.get(after)
        return (value * scale, at + 2, False) if scale else (value, at + 1, False)
    return _read_words(tokens, at)


def _read_words(tokens: list[str], at: int) -> tuple[float, int, bool] | None:
    total, part, end = 0.0, 0.0, at
    last = ""
    while end < len(tokens):
        token = tokens[end]
        if token in TENS and last in ("", "scale"):
            part, last = part + TENS[token], "tens"
        elif token in ONES and (last in ("", "scale") or (last == "tens" and 0 < ONES[token] < 10)):  # noqa: PLR2004
            part, last = part + ONES[token], "ones"
        elif token in ORDINALS and last in ("", "tens") and (last or ORDINALS[token] > THIRD):
            part, end = part + ORDINALS[token], end + 1
            break
        elif token in SCALES and (last or end == at):
            grown = (part or 1) * SCALES[token]
            total, part = (total, grown) if SCALES[token] == SCALES["hundred"] else (total + grown, 0.0)
            last = "scale"
        elif token in LINKING and last == "scale" and end + 1 < len(tokens) and tokens[end + 1] in ONES | TENS:
            pass
        else:
            break
        end += 1
    return (total + part, end, True) if end > at else None


def _shown(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
