"""What is written as a name in the conversations that may be read, and how often."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from index.analysis import STOP_WORDS, EnglishAnalyzer
from index.protocols import SearchEngine
from index.types import Filter
from rag.mishearing.sounds import letters
from rag.storage import COLLECTION, MENTION, SPEAKER, engine_errors
from rag.transcripts.common_words import is_common
from rag.transcripts.names import fold

MOST_WORDS = 3
"""That one name may be torn into: "Chick Sent Me High" is beyond what can be told from chance."""
SHORTEST_FORM = 3
"""Letters."""
_REMEMBERED = 8
"""Vocabularies that are kept: one for each set of collections that somebody reads."""
ANALYZER = EnglishAnalyzer()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One word, or a few in a row, written as a name."""

    text: str
    count: int
    """Chunks that hold it."""
    companions: frozenset[str]
    """The words written beside it as part of the same name, folded."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Vocabulary:
    """The names and words of the conversations of some collections, at one version of the index."""

    runs: Mapping[tuple[str, ...], int]
    """Runs of capitalised words, with the number of chunks that hold them."""
    speakers: frozenset[str]
    """The words of all speakers' names, folded."""
    terms: Mapping[str, int]
    """The terms of word search, with the number of chunks that hold them."""

    @cached_property
    def forms(self) -> dict[str, Form]:
        """Return what could be a mishearing, by its text: no speaker, no common word, nothing with figures."""
        counts: defaultdict[str, int] = defaultdict(int)
        beside: defaultdict[str, set[str]] = defaultdict(set)
        for run, count in self.runs.items():
            for first in range(len(run)):
                for last in range(first + 1, min(first + MOST_WORDS, len(run)) + 1):
                    text = " ".join(run[first:last])
                    counts[text] += count
                    beside[text].update(map(fold, (*run[:first], *run[last:])))
        return {
            text: Form(text=text, count=count, companions=frozenset(beside[text]))
            for text, count in counts.items()
            if self._is_possible(text.split(), count)
        }

    @cached_property
    def by_letters(self) -> dict[str, tuple[Form, ...]]:
        """Return the forms by their plain letters."""
        found: defaultdict[str, tuple[Form, ...]] = defaultdict(tuple)
        for form in self.forms.values():
            found[letters(form.text)] += (form,)
        return found

    def says(self, word: str) -> bool:
        """Say whether a word is said anywhere, or is of a speaker's name, a stop word, or none to search for."""
        terms = ANALYZER.terms(word)
        return not terms or fold(word) in self.speakers or any(term in self.terms for term in terms)

    def companions(self, words: tuple[str, ...]) -> frozenset[str]:
        """Return the folded words that stand beside some words where these are written as a name."""
        if len(words) == 1:
            return self._beside.get(words[0], frozenset())
        found: set[str] = set()
        for run in self.runs:
            folded = tuple(map(fold, run))
            if set(words) < set(folded):
                found.update(set(folded) - set(words))
        return frozenset(found)

    @cached_property
    def _beside(self) -> dict[str, frozenset[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for run in self.runs:
            folded = set(map(fold, run))
            for word in folded if len(folded) > 1 else ():
                found[word] |= folded - {word}
        return {word: frozenset(beside) for word, beside in found.items()}

    def _is_possible(self, words: list[str], count: int) -> bool:
        plain = [fold(word) for word in words]
        if not all(word.replace("-", "").replace("'", "").isalpha() for word in plain) or set(plain) & STOP_WORDS:
            return False
        if all(word in self.speakers for word in plain):
            return False
        if len(words) > 1:
            return True
        word = words[0]
        # What is also written without a capital, away from names, is a word of the language spoken here.
        spread = min((self.terms.get(term, 0) for term in ANALYZER.terms(word)), default=0)
        often_lower = word[0].isupper() and spread > 2 * count + 1
        return len(plain[0]) >= SHORTEST_FORM and not word.isupper() and not is_common(word) and not often_lower


class Vocabularies:
    """Reads vocabularies from the engine and keeps them as long as the index is the same. Safe for threads."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self._version = ""
        self._kept: dict[frozenset[str] | None, Vocabulary] = {}
        self._lock = Lock()

    def of(self, where: Filter) -> Vocabulary:
        """Return the vocabulary of the collections that a filter allows, whatever else it demands."""
        collections = where.any_of.get(COLLECTION)
        with engine_errors():
            version = self._engine.version
        with self._lock:
            if version != self._version:
                self._version, self._kept = version, {}
            if collections not in self._kept:
                if len(self._kept) >= _REMEMBERED:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[collections] = self._read(collections)
            return self._kept[collections]

    def _read(self, collections: frozenset[str] | None) -> Vocabulary:
        readable = Filter() if collections is None else Filter(any_of={COLLECTION: collections})
        with engine_errors():
            runs = self._engine.value_counts(MENTION, readable)
            speakers = self._engine.value_counts(SPEAKER, readable)
            terms = self._engine.term_counts(readable)
        return Vocabulary(
            runs={tuple(run.split(" ")): count for run, count in runs.items()},
            speakers=frozenset(word for key in speakers for word in key.split()),
            terms=terms,
        )
