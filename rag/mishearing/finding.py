"""Names that were misheard, at the time of a question: found by the right form, explained beside the quote."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from index.analysis import EnglishAnalyzer
from index.protocols import NO_FILTER, SearchEngine
from index.types import Filter
from rag.mishearing.glossaries import Glossaries
from rag.mishearing.glossary import GlossaryName
from rag.mishearing.known_words import is_known
from rag.mishearing.likeness import log_odds
from rag.mishearing.matching import CERTAIN, Matcher, Target, targets_of
from rag.mishearing.sounds import letters
from rag.mishearing.vocabulary import MOST_WORDS, Vocabularies, Vocabulary
from rag.storage import engine_errors
from rag.transcripts.mentions import mentions
from rag.transcripts.names import fold

Alternatives = Mapping[str, tuple[frozenset[str], ...]]
"""By term of a question: the sets of terms each of which, where a text has it whole, stands for the term."""
NOTHING_INSTEAD: Alternatives = MappingProxyType({})
MOST_RECORDS = 1000
"""That a mishearing is looked for in; the depth of word search."""
MOST_READ = 200
"""Records that are read to see whether words that were torn apart stand together in them."""
MOST_FORMS = 4_000
"""Names of a collection among which one that only a question gives is looked for: those of the fit (`likeness`)."""
SHORTEST_ASKED = 5
"""Letters of such a name."""
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_OWNING = re.compile(r"['’]s$", re.IGNORECASE)
"""What follows the name of somebody to whom something belongs: no part of the name, unless a glossary has it so."""
_MATCHERS = 8
_EXPANDED, _ASKED = 64, 4096
"""Questions, and words of questions, of which it is remembered what stands for them."""
_ANALYZER = EnglishAnalyzer()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """A name that a question holds, and the other ways in which it is written in the transcripts."""

    asked: str
    """The words of the question, folded."""
    name: str
    """The right form."""
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RightName:
    """A misheard name at `text[start:end]`, and its right form."""

    start: int
    end: int
    name: str


class MisheardNames:
    """Finds and explains misheard names from the owner's glossaries. Safe to use from several threads.

    Args:
        engine: What is searched.
        glossaries: The owner's.
        vocabularies: What is written as a name.
    """

    def __init__(self, *, engine: SearchEngine, glossaries: Glossaries, vocabularies: Vocabularies) -> None:
        self._engine = engine
        self._glossaries = glossaries
        self._vocabularies = vocabularies
        self._targets = lru_cache(maxsize=2)(targets_of)
        self._matcher = lru_cache(maxsize=_MATCHERS)(_Matching)
        self._expanded = lru_cache(maxsize=_EXPANDED)(_expansions)

    def expansions(self, query: str, where: Filter = NO_FILTER) -> tuple[Expansion, ...]:
        """Return the names that a query holds, right or misheard, that are written in other ways as well."""
        names = self._glossaries.names()
        return self._expanded(query, self._matching(names, where)) if names else ()

    def hits_as_heard(self, query: str, where: Filter = NO_FILTER) -> dict[str, float]:
        """Return the records, by id, in which names of a query are written in other ways, with their scores.

        For each name a record scores by the best of the forms that it holds, as for one word of the query: by the mean
        of the form's words.
        """
        hits: dict[str, float] = {}
        for expansion in self.expansions(query, where):
            best: dict[str, float] = {}
            for form in expansion.forms:
                for record_id, score in self._holding(form, where):
                    best[record_id] = max(best.get(record_id, 0.0), score)
            for record_id, score in best.items():
                hits[record_id] = hits.get(record_id, 0.0) + score
        return hits

    def alternatives(self, query: str, where: Filter = NO_FILTER) -> Alternatives:
        """Return what stands for terms of a query: the terms of the other ways in which its names are written."""
        return {
            term: tuple(frozenset(_ANALYZER.terms(form)) for form in expansion.forms)
            for expansion in self.expansions(query, where)
            for term in _ANALYZER.terms(expansion.asked)
        }

    def forms_of(self, entry: GlossaryName, where: Filter = NO_FILTER) -> tuple[str, ...]:
        """Return what a name of the glossary was written as instead: as the owner says, and as can be told."""
        matching = self._matching(self._glossaries.names(), where)
        target = matching.target_of([fold(word) for word in entry.name.split()])
        return matching.forms(target) if target else entry.heard

    def gloss(self, text: str, where: Filter = NO_FILTER, *, asked: str = "") -> tuple[RightName, ...]:
        """Return the misheard names in a text, in order; none overlaps another.

        Args:
            text: What was said.
            where: What may be read.
            asked: A question; what may stand for its names counts too, though nobody says that they are right.
        """
        names = self._glossaries.names()
        told = list(self._matching(names, where).glosses(text)) if names else []
        for expansion in self.expansions(asked, where) if asked else ():
            told += _written(text, expansion.forms, expansion.name)
        found = sorted(told, key=lambda g: (g.start, -g.end))
        kept: list[RightName] = []
        for gloss in found:
            if not kept or gloss.start >= kept[-1].end:
                kept.append(gloss)
        return tuple(kept)

    def _matching(self, names: tuple[GlossaryName, ...], where: Filter) -> "_Matching":
        return self._matcher(self._targets(names), self._vocabularies.of(where))

    def _holding(self, form: str, where: Filter) -> Iterator[tuple[str, float]]:
        """Yield the records that hold a form with their scores."""
        words = form.split()
        with engine_errors():
            hits = self._engine.search_text(form, MOST_RECORDS, where)
            if len(words) == 1:
                yield from ((hit.id, hit.score) for hit in hits)
                return
            together = set(self._engine.with_all_words(form, MOST_RECORDS, where))
            near = [hit for hit in hits if hit.id in together][:MOST_READ]
            bodies = self._engine.records([hit.id for hit in near])
        pattern = _pattern(form)
        for hit in near:
            turns = json.loads(bodies[hit.id].body)["turns"] if hit.id in bodies else []
            if any(pattern.search(turn["text"]) for turn in turns):
                yield hit.id, hit.score / len(words)


def _expansions(query: str, matching: "_Matching") -> tuple[Expansion, ...]:
    asked_words = _WORD.findall(query)
    words = [fold(word) for word in asked_words]
    bare = [_OWNING.sub("", word) for word in words]
    found: dict[str, Expansion] = {}
    for first in range(len(words)):
        for last in range(first + 1, min(first + matching.longest, len(words)) + 1):
            whole, without = words[first:last], [*words[first : last - 1], bare[last - 1]]
            target = matching.target_of(whole)
            if target is None and without != whole:
                whole, target = without, matching.target_of(without)
            if target is None:
                continue
            asked = " ".join(whole)
            forms = tuple(form for form in (target.name, *matching.forms(target)) if fold(form) != asked)
            if forms:
                found.setdefault(target.name, Expansion(asked=asked, name=target.name, forms=forms))
    known = {word for expansion in found.values() for word in expansion.asked.split()}
    for number, word in enumerate(asked_words):
        beside = frozenset(bare[max(0, number - 1) : number] + bare[number + 1 : number + 2])
        name = _OWNING.sub("", word)
        if bare[number] not in known and (forms := matching.forms_of_asked(name, beside)):
            found.setdefault(name, Expansion(asked=bare[number], name=name, forms=forms))
    return tuple(found.values())


class _Matching:
    """Targets against one vocabulary."""

    def __init__(self, targets: tuple[Target, ...], vocabulary: Vocabulary) -> None:
        self._targets = targets
        self._vocabulary = vocabulary
        self._matcher = Matcher(targets, vocabulary)
        self._listed = {tuple(fold(heard).split()): target for target in targets for heard in target.heard}
        self._by_words = {tuple(letters(word) for word in target.words): target for target in targets}
        self._likely = lru_cache(maxsize=_ASKED)(self._likely_forms)
        self.longest = max([MOST_WORDS, *(len(words) for words in (*self._by_words, *self._listed))])

    def target_of(self, words: list[str]) -> Target | None:
        """Return the target that folded words of a question name, rightly or as it was misheard."""
        exact = self._by_words.get(tuple(letters(word) for word in words)) or self._listed.get(tuple(words))
        if exact is not None:
            return exact
        for form in self._vocabulary.by_letters.get("".join(letters(word) for word in words), ()):
            if len(form.text.split()) == len(words) and (owner := self._matcher.owner(form.text)):
                return owner
        return None

    def forms(self, target: Target) -> tuple[str, ...]:
        """Return how a target was misheard: as the owner says, and as can be told without asking."""
        told = (match.form for match in self._matcher.matches(target) if self._matcher.owner(match.form) == target)
        return tuple(dict.fromkeys((*target.heard, *told)))

    def forms_of_asked(self, word: str, beside: frozenset[str]) -> tuple[str, ...]:
        """Return what may have been written for a word of a question that nobody says, and that no glossary holds.

        A word that is known, or in lower case, is more likely missing than misheard, unless what was written stands
        beside the same name.

        Args:
            word: Of the question.
            beside: The words next to it, folded.
        """
        if len(word) < SHORTEST_ASKED or len(self._vocabulary.forms) > MOST_FORMS or self._vocabulary.says(word):
            return ()
        return self._likely(word, beside)

    def _likely_forms(self, word: str, beside: frozenset[str]) -> tuple[str, ...]:
        target = Target(name=word, words=(fold(word),), spellings=(word,), companions=beside, heard=())
        return tuple(
            match.form
            for match in Matcher((target,), self._vocabulary).matches(target)
            if (match.companion or not (word.islower() or is_known(word))) and self._may_stand_for(word, match.form)
        )

    def _may_stand_for(self, word: str, form: str) -> bool:
        """Say whether a form is no mishearing of a name of a glossary, or of one that a word is another spelling of."""
        owner = self._matcher.owner(form)
        return owner is None or log_odds(owner.spellings, word, forms=len(self._vocabulary.forms)) >= CERTAIN

    def glosses(self, text: str) -> Iterator[RightName]:
        """Yield the misheard names in a text; they may overlap."""
        for target in self._targets:
            yield from _written(text, target.heard, target.name)
        for mention in mentions(text):
            places = _places(text, mention.start, mention.words)
            for first in range(len(places)):
                for last in range(first + 1, min(first + MOST_WORDS, len(places)) + 1):
                    owner = self._matcher.owner(" ".join(mention.words[first:last]))
                    if owner is not None:
                        yield RightName(start=places[first][0], end=places[last - 1][1], name=owner.name)


def _written(text: str, forms: Iterable[str], name: str) -> Iterator[RightName]:
    """Yield where a text holds forms that stand for a name."""
    for form in forms:
        for found in _pattern(form).finditer(text):
            yield RightName(start=found.start(), end=found.end(), name=name)


def _places(text: str, start: int, words: tuple[str, ...]) -> list[tuple[int, int]]:
    places = []
    for word in words:
        start = text.index(word, start)
        places.append((start, start + len(word)))
        start += len(word)
    return places


@lru_cache(maxsize=1024)
def _pattern(form: str) -> "re.Pattern[str]":
    """Return what finds a form as whole words; one without capitals is found whatever the case."""
    words = r"\s+".join(re.escape(word) for word in form.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE if form == form.lower() else 0)
