"""Mistyped words of a question: a word that nobody said, one slip of the keyboard away from one that was said often.

The distance counts insertions, deletions, replacements and transpositions of neighbours (optimal string alignment,
Damerau 1964, doi:10.1145/363958.363994): four of five typing errors are one of these.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.analysis import EnglishAnalyzer
from index.protocols import NO_FILTER
from index.types import Filter
from rag.mishearing.glossaries import Glossaries
from rag.mishearing.known_words import is_known, known_words
from rag.mishearing.sounds import letters
from rag.mishearing.vocabulary import Vocabularies, Vocabulary
from rag.transcripts.common_words import is_common
from rag.transcripts.names import fold

SHORTEST = 4
"""Letters of a word that is looked at: shorter ones are near too many others."""
LONG = 8
"""Letters from which two slips are forgiven."""
ATTESTED = 2
"""Chunks that have to hold what a mistyped word is replaced with."""
ALIKE_FROM = 3
"""First letters in common from which one chunk is enough for a long word of the language: "evalution"."""
CLEARLY = 3
"""How many times more chunks the best of several has to be in."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ANALYZER = EnglishAnalyzer()
_SPELLINGS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spelling:
    """A word as it is written, and how many chunks hold its term."""

    text: str
    term: str
    count: int
    slips: int
    """That are forgiven: one for a name that isn't well known, since the next name is not far."""


class Misspellings:
    """Puts mistyped words of questions right. Safe to use from several threads.

    Args:
        vocabularies: What was said, where.
        glossaries: Names that are right whether they were said or not.
    """

    def __init__(self, *, vocabularies: Vocabularies, glossaries: Glossaries) -> None:
        self._vocabularies = vocabularies
        self._glossaries = glossaries
        self._spellings = lru_cache(maxsize=_SPELLINGS)(_Spellings)

    def corrected(self, text: str, where: Filter = NO_FILTER) -> str:
        """Return a question with its mistyped words replaced; what is not certain stays as it is."""
        vocabulary = self._vocabularies.of(where)
        doubtful = [found for found in _WORD.finditer(text) if _is_doubtful(found.group(), vocabulary)]
        if not doubtful:
            return text
        right = {letters(word) for name in self._glossaries.names() for word in (*name.name.split(), *name.heard)}
        corrected, end = "", 0
        for found in doubtful:
            word = found.group()
            better = None if letters(word) in right else self._spellings(vocabulary).nearest(word)
            corrected += text[end : found.start()] + (better or word)
            end = found.end()
        return corrected + text[end:]


class _Spellings:
    """The words that a mistyped one may have been meant for, by first letter and length."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._by_shape: defaultdict[tuple[str, int], list[_Spelling]] = defaultdict(list)
        names = sorted({word for run in vocabulary.runs for word in run if not word.isupper() and not is_common(word)})
        spelled: dict[str, _Spelling] = {}
        stems = sorted(map(_unstemmed, vocabulary.terms))
        for text in (*names, *sorted(vocabulary.speakers), *sorted(known_words()), *stems):
            plain = fold(text)
            term = "".join(_ANALYZER.terms(text)[:1])
            count = vocabulary.terms.get(term, 0)
            long = len(plain) >= LONG and (is_known(plain) or is_common(plain))
            if (count >= ATTESTED or (count and long)) and plain not in spelled and plain.isalpha():
                slips = 2 if long and count >= ATTESTED else 1
                spelled[plain] = _Spelling(text=text, term=term, count=count, slips=slips)
        for plain, spelling in spelled.items():
            self._by_shape[plain[0], len(plain)].append(spelling)

    def nearest(self, word: str) -> str | None:
        """Return what a word was meant for, or None where there is nothing, or no clear choice."""
        plain = fold(word)
        slips = 2 if len(plain) >= LONG else 1
        lengths = range(len(plain) - slips, len(plain) + slips + 1)
        near = [s for length in lengths for s in self._by_shape.get((plain[0], length), ())]
        near = [s for s in near if s.count >= ATTESTED or plain.startswith(fold(s.text)[:ALIKE_FROM])]
        nearest = _nearest(plain, near, slips)
        if not word[0].isupper() and not any(OSA.distance(plain, fold(s.text)) == 1 for s in nearest):
            # A name that begins otherwise is another name.
            others = [
                s
                for (first, n), known in self._by_shape.items()
                if n in lengths and first != plain[0]
                for s in known
                if s.count >= ATTESTED
            ]
            nearest = nearest if _choice(nearest) else _nearest(plain, others, 1)
        chosen = _choice(nearest)
        if chosen is None:
            return None
        return chosen.capitalize() if word[0].isupper() and chosen.islower() else chosen


def _nearest(plain: str, spellings: Sequence[_Spelling], slips: int) -> list[_Spelling]:
    """Return the spellings that are nearest, one of each term, first what is in most chunks.

    Of those equally near, one that differs only in a letter written twice, or once for twice, is nearer than others.
    """
    found = process.extract(
        plain, [fold(s.text) for s in spellings], scorer=OSA.distance, score_cutoff=slips, limit=None
    )
    distances = [(distance, _once(text) != _once(plain)) for text, distance, _ in found]
    least = min(distances, default=None)
    by_term: dict[str, _Spelling] = {}
    for (_, distance, place), far in zip(found, distances, strict=True):
        if far == least and distance <= spellings[place].slips:
            by_term.setdefault(spellings[place].term, spellings[place])
    return sorted(by_term.values(), key=lambda s: (-s.count, s.text))


def _choice(nearest: Sequence[_Spelling]) -> str | None:
    """Return the only spelling, or the one in clearly more chunks than the next; else None."""
    if not nearest or (len(nearest) > 1 and nearest[0].count < CLEARLY * nearest[1].count):
        return None
    return nearest[0].text


def _once(text: str) -> str:
    """Return a text with each letter once that stands there twice or more in a row."""
    return "".join(letter for letter, _ in groupby(text))


def _is_doubtful(word: str, vocabulary: Vocabulary) -> bool:
    if len(word) < SHORTEST:
        return False
    terms: Iterable[str] = _ANALYZER.terms(word)
    unknown = [term for term in terms if term not in vocabulary.terms]
    return bool(unknown) and not is_known(word) and not is_common(word) and not _known_stems().issuperset(unknown)


@cache
def _known_stems() -> frozenset[str]:
    """Return the terms of all known words: another form of one of them is spelt right, too."""
    return frozenset(term for word in known_words() for term in _ANALYZER.terms(word))


def _unstemmed(term: str) -> str:
    """Return a stem as a word would be written: Snowball makes a final y an i."""
    return f"{term[:-1]}y" if term.endswith("i") else term
