"""Which of the forms in a collection are mishearings of a name in the glossary."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from index.analysis import STOP_WORDS
from rag.mishearing.glossary import GlossaryName
from rag.mishearing.known_words import is_known
from rag.mishearing.likeness import log_odds
from rag.mishearing.sounds import letters, sounds, unlikeness
from rag.mishearing.vocabulary import Form, Vocabulary
from rag.transcripts.common_words import is_common
from rag.transcripts.names import HONORIFICS, fold

CERTAIN = 1.9
"""Log odds from which a mishearing is taken as one without asking (odds of seven to one, by the fit; what that means in
precision is measured in docs/decisions/006-misheard-names.md)."""
COMPANION = 3.0
"""Log odds that a shared neighbour adds: "Amanda Picard" where there is an Amanda Pritchard."""
AMBIGUOUS = 0.7
"""Log odds by which one name has to be ahead of the next, or the form is left alone."""
TORN_APART = 6.0
"""Log odds of the same letters in another number of words: "Wolver Hampton"."""
_SAME_SOUND = 0.07
"""`unlikeness` up to which several known words are taken for one name: "Marley Bone", but not "North Cumbria"."""
_LEAST_SPELLING = 0.55
"""Jaro-Winkler similarity below which no form is looked at; the fitted weights can't make up for it."""
_SHORTEST_PART = 4
"""Letters of a word that can stand for a name of several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A name, or a word of one, that may have been misheard."""

    name: str
    """As it is shown: the right form."""
    words: tuple[str, ...]
    """Folded."""
    spellings: tuple[str, ...]
    """The name's own first, then those that lead to its pronunciation."""
    companions: frozenset[str]
    """The other words of the whole name, folded."""
    heard: tuple[str, ...]
    """What the owner says was written instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A form that is a mishearing of a target."""

    form: str
    log_odds: float
    companion: str | None
    """A word that stands beside both, if any."""


def targets_of(names: Iterable[GlossaryName]) -> tuple[Target, ...]:
    """Return what can be misheard of the names of a glossary: each as a whole, and the uncommon words of it."""
    found: dict[tuple[str, ...], Target] = {}
    for entry in names:
        words = entry.name.split()
        folded = tuple(map(fold, words))
        whole = Target(
            name=entry.name,
            words=folded,
            spellings=(entry.name, *entry.said),
            companions=frozenset(),
            heard=entry.heard,
        )
        found.setdefault(folded, whole)
        for word in words if len(words) > 1 else ():
            if len(word) >= _SHORTEST_PART and not is_common(word) and fold(word) not in STOP_WORDS | HONORIFICS:
                part = (fold(word),)
                others = frozenset(folded) - {*part}
                found.setdefault(part, Target(name=word, words=part, spellings=(word,), companions=others, heard=()))
    return tuple(found.values())


class Matcher:
    """Tells the mishearings of targets in one vocabulary. Remembers what it told."""

    def __init__(self, targets: Sequence[Target], vocabulary: Vocabulary) -> None:
        self._targets = targets
        self._vocabulary = vocabulary
        self._right = {letters(" ".join(target.words)) for target in targets} | {
            letters(word) for target in targets for word in target.words
        }
        self._matches: dict[tuple[str, ...], tuple[Match, ...]] = {}
        self._owners: dict[str, Target | None] = {}

    def matches(self, target: Target, *, least: float = CERTAIN) -> tuple[Match, ...]:
        """Return the mishearings of a target, the likeliest first; those of `CERTAIN` or more are remembered."""
        if least == CERTAIN and target.words in self._matches:
            return self._matches[target.words]
        texts, spelled = self._spelled
        near: set[int] = set()
        for spelling in target.spellings:
            found = process.extract(
                letters(spelling), spelled, scorer=JaroWinkler.similarity, score_cutoff=_LEAST_SPELLING, limit=None
            )
            near.update(place for _, _, place in found)
        judged = (self.judge(target, self._vocabulary.forms[texts[place]]) for place in sorted(near))
        told = tuple(
            sorted((m for m in judged if m is not None and m.log_odds >= least), key=lambda m: (-m.log_odds, m.form))
        )
        if least == CERTAIN:
            self._matches[target.words] = told
        return told

    def owner(self, form: str) -> Target | None:
        """Return the target that a form is a mishearing of; None where there is none, or two that are as likely."""
        if form not in self._owners:
            known = self._vocabulary.forms.get(form)
            near = self._spelled_like(form) if known else []
            judged = [(m.log_odds, t) for t in near if known and (m := self.judge(t, known)) is not None]
            judged.sort(key=lambda pair: -pair[0])
            certain = bool(judged) and judged[0][0] >= CERTAIN
            alone = len(judged) < 2 or judged[0][0] - judged[1][0] >= AMBIGUOUS  # noqa: PLR2004 - the best and the next
            self._owners[form] = judged[0][1] if certain and alone else None
        return self._owners[form]

    def _spelled_like(self, form: str) -> list[Target]:
        """Return the targets of which one spelling is near enough to a form's to be judged."""
        found = process.extract(
            letters(form), self._spellings[1], scorer=JaroWinkler.similarity, score_cutoff=_LEAST_SPELLING, limit=None
        )
        near = {self._spellings[0][place] for _, _, place in found}
        return [target for number, target in enumerate(self._targets) if number in near]

    @cached_property
    def _spellings(self) -> tuple[list[int], list[str]]:
        """Return the number of its target, and the letters, of every spelling."""
        pairs = [(n, letters(each)) for n, target in enumerate(self._targets) for each in target.spellings]
        return [number for number, _ in pairs], [plain for _, plain in pairs]

    def judge(self, target: Target, form: Form) -> Match | None:
        """Return how likely a form is a mishearing of a target; None where it can't be one."""
        words = form.text.split()
        plain = letters(form.text)
        if plain == letters(target.spellings[0]) and len(words) != len(target.words):
            return Match(form=form.text, log_odds=TORN_APART, companion=None)
        if plain in self._right or any(letters(word) in self._right for word in words):
            return None
        shared = (target.companions | self._beside(target)) & form.companions - STOP_WORDS - HONORIFICS
        shared = frozenset(word for word in shared if not is_common(word))
        if not shared and _is_name_of_its_own(target, words):
            return None
        odds = log_odds(target.spellings, form.text, forms=len(self._vocabulary.forms))
        if shared:
            odds += COMPANION
        return Match(form=form.text, log_odds=odds, companion=min(shared, default=None))

    @cached_property
    def _spelled(self) -> tuple[list[str], list[str]]:
        texts = sorted(self._vocabulary.forms)
        return texts, [letters(text) for text in texts]

    def _beside(self, target: Target) -> frozenset[str]:
        if target.words not in self._neighbours:
            self._neighbours[target.words] = self._vocabulary.companions(target.words)
        return self._neighbours[target.words]

    @cached_property
    def _neighbours(self) -> dict[tuple[str, ...], frozenset[str]]:
        return {}


def _is_name_of_its_own(target: Target, words: Sequence[str]) -> bool:
    """Say whether what was written is known, and more likely meant than misheard."""
    if not all(is_known(word) for word in words):
        return False
    heard = sounds(" ".join(words))
    return len(words) == 1 or all(unlikeness(sounds(said), heard) > _SAME_SOUND for said in target.spellings)
