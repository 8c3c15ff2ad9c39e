"""Whom the personal pronouns of a question stand for: never two of them for one person, and nobody by a guess."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from rag.library import SpeakerEntry
from rag.retrieval.followups.genders import PRONOUNS_OF_MEN, Gender, gender_of
from rag.retrieval.followups.persons import known_people, people_asked_about
from rag.retrieval.followups.reading import Reading
from rag.retrieval.followups.tagging import Tag
from rag.retrieval.followups.words import MEN_AND_WOMEN
from rag.transcripts.names import name_key

MOST_PEOPLE = 6
"""People who are remembered: those before them are hardly meant any more."""
MOST_PRONOUNS = 3
"""Persons for whom one question has pronouns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who was named or cited."""

    name: str
    gender: Gender | None
    alone: bool
    """Asked about, or the only one cited: "she" may be her without a further sign."""


Referent = tuple[Gender, bool]
"""Somebody for whom a question has pronouns: the gender, and whether it is the other of two."""


class People:
    """Those who were talked of, and how each is spoken of."""

    def __init__(self, speakers: Sequence[SpeakerEntry] = ()) -> None:
        self._spelled = {name_key(entry.name): (entry.name, *entry.aliases) for entry in speakers}
        self._met: dict[str, Person] = {}

    @property
    def latest_first(self) -> list[Person]:
        """Return them, who was named last first."""
        return list(reversed(self._met.values()))[:MOST_PEOPLE]

    def gender(self, name: str) -> Gender | None:
        """Return how somebody is spoken of, by the conversation itself or by the name."""
        met = self._met.get(name)
        return met.gender if met else gender_of(self._spelled.get(name_key(name), (name,)))

    def ask_about(self, name: str) -> None:
        """Remember somebody whom a pronoun may mean from now on before all others."""
        gender = self.gender(name)
        self._met.pop(name, None)
        self._met[name] = Person(name=name, gender=gender, alone=True)

    def cite(self, names: Sequence[str]) -> None:
        """Remember those whom one answer cites; of several, no one is the one whom "she" means."""
        if len(names) == 1:
            self.ask_about(names[0])
        for name in names:
            if name not in self._met:
                self._met[name] = Person(name=name, gender=self.gender(name), alone=False)

    def call(self, name: str, gender: Gender) -> None:
        """Remember with which pronoun somebody was meant whose name does not tell."""
        met = self._met.get(name)
        if met is not None and met.gender is None:
            self._met[name] = replace(met, gender=gender)


def gender_of_pronoun(low: str) -> Gender:
    """Return the gender of a personal pronoun."""
    return Gender.HE if low in PRONOUNS_OF_MEN else Gender.SHE


def meant(reading: Reading, people: People, speakers: Sequence[SpeakerEntry]) -> dict[int, Person]:
    """Return whom each personal pronoun of a question stands for, by word; who cannot be told is left out.

    Two pronouns of different gender are two people, and so are a subject and an object of one clause: "does she agree
    with her" (principle B of Chomsky 1981, Lectures on Government and Binding).
    """
    wanted: dict[int, Referent] = {}
    for n, word in enumerate(reading.words):
        if word.low in MEN_AND_WOMEN:
            gender = gender_of_pronoun(word.low)
            before = known_people(reading.text[: word.start], speakers)
            if not any(people.gender(name) in (None, gender) for name in before) or _of_another(reading, n):
                wanted[n] = (gender, _object_of_same(reading, n, gender))
    if not wanted:
        return {}
    named = people_asked_about(reading.text, speakers)
    free = [person for person in people.latest_first if person.name not in named]
    found = _assigned(list(dict.fromkeys(wanted.values()))[:MOST_PRONOUNS], free)
    return {n: found[referent] for n, referent in wanted.items() if referent in found}


def named_shortly(low: str, people: People) -> Person | None:
    """Return who "and him?" is: the last who is known to be spoken of so, else who "he" would be."""
    gender = gender_of_pronoun(low)
    known = next((each for each in people.latest_first if each.gender is gender), None)
    return known or _one((gender, False), people.latest_first)


def _assigned(wanted: Sequence[Referent], people: Sequence[Person]) -> dict[Referent, Person]:
    """Return a person for each referent: those named last who can only be distributed in one way."""
    found: list[tuple[Person, ...]] = []
    for most in range(len(wanted), len(people) + 1 if len(wanted) > 1 else 0):
        found = [
            chosen
            for chosen in permutations(people[:most], len(wanted))
            if all(_fits(person, referent) for person, referent in zip(chosen, wanted, strict=True))
        ]
        if found:
            break
    if len(found) == 1 or (found and len(people) == len(wanted) and people[0].alone):
        return dict(zip(wanted, found[0], strict=True))
    return next(({each: one} for each in wanted if (one := _one(each, people)) is not None), {})


def _one(referent: Referent, people: Sequence[Person]) -> Person | None:
    """Return the last who may be meant alone; of those cited together, the only one who fits, if the name tells."""
    fitting = [person for person in people if _fits(person, referent)]
    together = [person for person in fitting if not person.alone]
    told = len(together) == 1 and together[0].gender is not None
    return next((person for person in fitting if person.alone or told), None)


def _fits(person: Person, referent: Referent) -> bool:
    return person.gender in (None, referent[0])


def _of_another(reading: Reading, n: int) -> bool:
    """Say whether a pronoun behind a name in its own clause must be someone else: "disagree with her"."""
    clause = all(word.tag is not Tag.CONJUNCTION for word in reading.words[:n])
    return reading.words[n].low in ("him", "her") and clause


def _object_of_same(reading: Reading, n: int, gender: Gender) -> bool:
    """Say whether "him" or "her" has a subject of the same gender in its clause, who then is someone else."""
    subject: str = gender.value
    clause: list[str] = []
    for word in reading.words[:n]:
        clause = [] if word.tag is Tag.ASK else [*clause, word.low]
    owns = any(phrase.first == n + 1 for phrase in reading.phrases)
    return _of_another(reading, n) and not owns and subject in clause
