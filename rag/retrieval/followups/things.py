"""What questions talk of, and how much each way of naming a thing makes it what the conversation is about."""

import re
from dataclasses import dataclass, field

from rag.retrieval.followups.reading import SUPERLATIVE, Phrase, Reading, Role
from rag.retrieval.followups.words import PAST_FORMS, PREDICATES, RELATIONAL, is_plural, singular

ARTICLE = re.compile(r"^(?:the|a|an) ", re.IGNORECASE)
FIRST_PART = re.compile(r"( of | in | before | after )")
OWNED = re.compile(r"^(?P<owner>.+?)(?:['’]s|(?<=s)['’]) (?P<owned>.+)$")
ATTACHING = frozenset({"of", "in", "for", "on", "at", "before", "after", "between", "with", "from", "to"})
"""Prepositions after which a relational noun has what it is of."""
EXTENDING = frozenset({"of", "before", "after", "in"})
"""Prepositions that go on with a name: "discharges before noon"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Salience:
    """The weights. Chosen on the rewrites of TREC CAsT 2019, judged on others: docs/decisions/007-follow-ups.md."""

    subject: float = 1.0
    topic: float = 1.2
    object: float = 0.7
    prepositional: float = 0.5
    owner: float = 1.1
    """What a relational noun is of: "the symptoms of *anaemia*"."""
    relational: float = 0.2
    referred: float = 0.8
    """Added where a pronoun stood for it."""
    added: float = 0.3
    """Added where it was put in brackets or after "of"."""
    kept: float = 0.6
    """What is left of a salience an exchange later."""
    dropped: float = 0.3
    """What is left where the later question stood alone."""
    definite: float = 0.6
    """What "the" leaves of a thing that has no name: it may be part of another."""
    proper: float = 1.2
    """What a capital makes of it."""
    wrong_number: float = 0.4
    """What is left where a singular pronoun would stand for a plural, or the other way round."""


SALIENCE = Salience()


@dataclass(slots=True, kw_only=True)
class Thing:
    """Something that was talked of."""

    name: str
    """With its article, as in the question that named it."""
    plural: bool
    salience: float
    turn: int
    """The exchange that named it last."""
    proper: bool = False
    relational: bool = False
    bare: str = field(init=False)
    """The name without its article."""
    key: str = field(init=False)
    """What two mentions of the same thing share."""

    def __post_init__(self) -> None:
        """Work out what is asked for often."""
        self.bare = ARTICLE.sub("", self.name)
        self.key = key_of(self.name)

    @property
    def head(self) -> str:
        """Return the last word of the name's first part, in the singular."""
        return singular(FIRST_PART.split(self.bare)[0].split()[-1].lower())

    @property
    def one(self) -> str:
        """Return what one of it is called."""
        first, *rest = FIRST_PART.split(self.bare, maxsplit=1)
        *before, last = first.split()
        if before and SUPERLATIVE.search(before[0].lower()):
            before = before[1:]
        return " ".join([*before, singular(last) if last.islower() else last]) + "".join(rest)

    @property
    def several(self) -> str:
        """Return what several of it are called, without an article."""
        return self.bare if self.plural or self.bare.endswith("s") else f"{self.bare}s"

    @property
    def many(self) -> str:
        """Return what several of it are called; what "the" makes single stays as it is."""
        return self.several if not self.plural and self.name.startswith(("a ", "an ")) else self.name


def key_of(name: str) -> str:
    """Return what two mentions of the same thing share: the words, in the singular, without the article."""
    return " ".join(singular(word) for word in ARTICLE.sub("", name).lower().split())


def things_in(reading: Reading, weights: Salience, turn: int) -> list[Thing]:
    """Return the things that a question names, each with the salience that its place gives."""
    found: list[Thing] = []
    after_relational = False
    last = -1
    for n, phrase in enumerate(reading.phrases):
        if phrase.ranks or phrase.text.lower() in PREDICATES or _any_other(reading, phrase) or _only_verbs(phrase):
            continue
        thing = _thing(reading, n, weights, turn, after_relational=after_relational)
        after_relational = thing.relational
        follows, last = last == n - 1, n
        if found and follows and _joined(reading, n):
            pair = _pair(found[-1], phrase, turn)
            if " " not in found[-1].bare and " " in phrase.text:
                found[-1] = pair  # "sexual and asexual reproduction": one thing
                continue
            found.append(pair)
        found.append(thing)
    return found


def _thing(reading: Reading, n: int, weights: Salience, turn: int, *, after_relational: bool) -> Thing:
    phrase = reading.phrases[n]
    relational = phrase.relational
    owned = OWNED.match(phrase.text)
    if owned and singular(owned["owned"].split()[-1].lower()) in RELATIONAL:
        name = f"the {owned['owner']}" if phrase.determiner == "the" else owned["owner"]
        salience, relational = weights.owner, False
    else:
        name = phrase.named if relational else _extended(reading, n)
        salience = _by_place(phrase, weights)
        if after_relational and phrase.preposition in ATTACHING:
            salience = weights.owner
        elif relational:
            salience = weights.relational
    if phrase.proper:
        salience *= weights.proper
    elif phrase.determiner == "the" and not relational:
        salience *= weights.definite
    core = name.split(" of ")[0].split()[-1]
    plural = " and " in name or (is_plural(core.lower()) and not core.isupper())
    return Thing(name=name, plural=plural, proper=phrase.proper, salience=salience, turn=turn, relational=relational)


def _any_other(reading: Reading, phrase: Phrase) -> bool:
    """Say whether a phrase names nothing that "it" could be: "any other country"."""
    return phrase.determiner in ("any", "no", "every") and reading.words[phrase.first - 1].low == "other"


def _only_verbs(phrase: Phrase) -> bool:
    """Say whether a phrase without an article is made of past forms of verbs only: it was read wrongly."""
    return not phrase.determiner and all(word in PAST_FORMS for word in phrase.text.lower().split())


def _by_place(phrase: Phrase, weights: Salience) -> float:
    return {
        Role.SUBJECT: weights.subject,
        Role.TOPIC: weights.topic,
        Role.OBJECT: weights.object,
        Role.PREPOSITIONAL: weights.prepositional,
    }[phrase.role]


def _joined(reading: Reading, n: int) -> bool:
    """Say whether a phrase and the one before it are joined by "and", or share a noun: "the near and the far end"."""
    one, other = reading.phrases[n - 1], reading.phrases[n]
    between = reading.text[one.end : other.start].split()
    if between == ["and", "the"]:
        return n > 0 and one.determiner == "the" and " " not in one.text and " " in other.text
    return n > 0 and between == ["and"] and one.relational == other.relational


def _pair(one: Thing, other: Phrase, turn: int) -> Thing:
    return Thing(
        name=f"{one.name} and {other.named}",
        plural=True,
        proper=one.proper or other.proper,
        salience=one.salience,
        turn=turn,
        relational=one.relational,
    )


def _extended(reading: Reading, n: int) -> str:
    """Return a phrase's name with the "of …" or "in …" that follows it at once."""
    one = reading.phrases[n]
    if n + 1 < len(reading.phrases) and one.role is not Role.PREPOSITIONAL:
        other = reading.phrases[n + 1]
        between = " ".join(reading.text[one.end : other.start].split())
        preposition, _, article = between.partition(" ")
        if preposition.lower() in EXTENDING and other.preposition == preposition.lower() and " " not in article:
            return f"{one.named} {between} {other.text}"
    return one.named
