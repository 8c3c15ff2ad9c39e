"""What the earlier exchanges leave behind: what was talked of, and who."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from rag.library import SpeakerEntry
from rag.retrieval.followups.antecedents import People
from rag.retrieval.followups.genders import Gender
from rag.retrieval.followups.persons import people_asked_about, people_cited
from rag.retrieval.followups.reading import Reading, read
from rag.retrieval.followups.things import SALIENCE, Salience, Thing, key_of, things_in
from rag.retrieval.followups.words import is_plural, singular
from rag.transcripts.names import name_key

SAID = re.compile(r"“[^”]*”|\"[^\"]*\"")
"""Words that a question quotes: whether they were said is asked, they are not talked of."""
_WHO_IS = re.compile(r"(?:(?:and|so|but)\b,? )?who(?:['’]s| is| was)\b", re.IGNORECASE)
_SPEAKS = re.compile(
    r"\b(?:did|does|has)\s+[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)+\s+"
    r"(?:say|said|think|believe|mention|argue|recommend|suggest|claim|feel|advise|warn)\b"
)
"""What only somebody does."""
LONGEST_NAME = 80
"""Characters; what is longer is no name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriting:
    """A question as it was understood."""

    text: str
    base: str
    """What a later question that says only what is new would be put into."""
    referred: tuple[str, ...] = ()
    """What its pronouns stand for."""
    called: tuple[tuple[str, Gender], ...] = ()
    """Those of them who are people, and how they were spoken of."""
    added: tuple[str, ...] = ()
    """What was put in brackets, after "of" or in front."""


@dataclass(slots=True, kw_only=True)
class Memory:
    """What is known when the next question comes."""

    speakers: Sequence[SpeakerEntry] = ()
    """Those whom the conversation names."""
    weights: Salience = SALIENCE
    things: dict[str, Thing] = field(default_factory=dict)
    people: People = field(init=False)
    """Who "she" may be."""
    turns: int = 0
    """Exchanges taken."""
    base: str = ""
    """The last question that was more than a word or two, as it was understood."""
    answer: str | None = None
    """The last answer."""

    def __post_init__(self) -> None:
        """Begin with nobody."""
        self.people = People(self.speakers)

    def take(self, question: Rewriting, answer: str | None) -> None:
        """Remember an exchange."""
        left = self.weights.kept if question.referred or question.added else self.weights.dropped
        for thing in self.things.values():
            thing.salience *= left
        known = {name_key(entry.name) for entry in self.speakers}
        for thing in things_in(read(SAID.sub(" ", question.text)), self.weights, self.turns):
            if name_key(thing.bare) not in known and len(thing.name) <= LONGEST_NAME:
                self._mention(thing)
        for names, more in ((question.referred, self.weights.referred), (question.added, self.weights.added)):
            for key in map(key_of, names):
                if key in self.things:
                    self.things[key].salience += more
        for name, gender in question.called:
            self.things.pop(key_of(name), None)  # "it" is no person
            self.people.call(name, gender)
        asked_about = people_asked_about(question.text, self.speakers)
        cited = people_cited(answer, self.speakers) if answer else []
        for name in asked_about:
            self.people.ask_about(name)
        self.people.cite([name for name in cited if name not in asked_about] if asked_about else cited)
        self._recall(question.text, [name for name in asked_about if cited and name not in cited])
        self.turns += 1
        self.base, self.answer = question.base, answer

    def _recall(self, question: str, asked_about: Sequence[str]) -> None:
        """Put who is asked about and only spoken of before who is quoted: "Who is Andy?", then "What does he do?"."""
        asks_who = _WHO_IS.match(question) is not None or _SPEAKS.search(question) is not None
        for name in asked_about:
            if asks_who or self.people.gender(name) is not None:
                self.people.ask_about(name)

    def _mention(self, thing: Thing) -> None:
        known = self.things.get(thing.key)
        if known is None and thing.name.startswith("the "):
            ending = f" {thing.key}"
            longer = [each for each in self.things.values() if each.turn < thing.turn and each.key.endswith(ending)]
            known = max(longer, key=lambda each: (each.salience, each.name), default=None)
        if known is None:
            self.things[thing.key] = thing
        else:
            self.things[known.key] = replace(known, salience=known.salience + thing.salience, turn=thing.turn)

    def topic(
        self, *, plural: bool | None = None, besides: Reading | None = None, apart: Collection[str] = ()
    ) -> Thing | None:
        """Return what the conversation is about.

        Args:
            plural: The number that the pronoun in its place has, if any.
            besides: A question that already names some things; those are not meant.
            apart: People whom the question means too; "it" is none of them.
        """
        named = _singulars(besides) if besides else ""
        found = [each for each in self.things.values() if f" {each.key} " not in named and each.name not in apart]
        found = [each for each in found if not each.relational] or found
        return max(found, key=lambda each: (self._fit(each, plural), each.turn, each.name), default=None)

    def _fit(self, thing: Thing, plural: bool | None) -> float:
        fits = plural is None or plural == thing.plural
        return thing.salience * (1.0 if fits else self.weights.wrong_number)

    def names_topic(self, reading: Reading) -> bool:
        """Return whether a question names one of the things that the conversation is most about."""
        named = _singulars(reading)
        most = max((each.salience for each in self.things.values()), default=0.0)
        return any(
            f" {each.key} " in named and not each.relational and each.salience >= most / 2
            for each in self.things.values()
        )

    def longer_name(self, noun: str) -> Thing | None:
        """Return the thing with a name of several words that a noun alone may stand for: "the college"."""
        head, plural = singular(noun), is_plural(noun)
        found = [
            each
            for each in self.things.values()
            if " " in each.bare and each.head == head and each.plural == plural and not each.relational
        ]
        return max(found, key=lambda each: (each.turn, each.salience, each.name), default=None)


def _singulars(reading: Reading) -> str:
    bare = (low.removesuffix("'s").removesuffix("'") for low in reading.lows)
    return f" {' '.join(map(singular, bare))} "
