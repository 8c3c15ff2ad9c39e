"""Pronouns and other words that stand for something said before, and what they stand for."""

import re
from dataclasses import dataclass

from rag.retrieval.followups.activities import Activity, activity_in
from rag.retrieval.followups.antecedents import gender_of_pronoun, meant
from rag.retrieval.followups.genders import Gender
from rag.retrieval.followups.memory import Memory
from rag.retrieval.followups.reading import Phrase, Reading, Role, read
from rag.retrieval.followups.tagging import Tag
from rag.retrieval.followups.things import Thing
from rag.retrieval.followups.words import BE, MEN_AND_WOMEN, OWNED, PLACEHOLDERS, is_country

POSSESSIVE = frozenset({"its", "their", "his"})
SINGULAR_THING = frozenset({"it", "it's", "its", "itself"})
PLURAL_THING = frozenset({"they", "them", "their", "theirs", "themselves"})
POINTING_AT_MANY = frozenset({"these", "those"})
POINTING = POINTING_AT_MANY | {"this", "that"}
BEFORE_ONE = (Tag.NOUN, Tag.DETERMINER, Tag.OTHER, Tag.ASK)
MOST_EDITS = 8
"""Words of a question that are resolved."""
EMPTY_BEFORE = frozenset({"take", "takes", "mean", "means", "like", "feel", "matter", "make", "makes", "cost"})
EMPTY_PREDICATES = frozenset(
    {
        "possible",
        "true",
        "likely",
        "necessary",
        "important",
        "worth",
        "common",
        "normal",
        "better",
        "best",
        "fair",
        "clear",
        "okay",
    }
)
SPEAKS = re.compile(
    r"\s+(?:say|said|think|thought|believe|mention|argue|recommend|suggest|claim|feel|advise|describe|explain)\b",
    re.IGNORECASE,
)
"""What only people do: "they" before it are those who speak in the transcripts, unless people were talked of."""
PEOPLE = re.compile(
    r"(?:[a-z]{2}(?:er|or|ist|ian|ee)|nurse|patient|person|man|woman|child|staff|team|board|chief|trust|member|family|"
    r"people|assistant|consultant|student|resident|parent|friend|colleague)$"
)
"""The last word, in the singular, of what people are called."""
_ENDS = re.compile(r"[.?!;]\s")
"""Where a sentence ends."""
VOWELS = "aeiou"
LONG_OWNER = 3
"""Words of a name that still takes a possessive ending well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """`text[start:end]` becomes `new`."""

    start: int
    end: int
    new: str
    name: str
    """What is meant."""
    gender: Gender | None = None
    """How a person is spoken of; None for what is no person."""


def edits(reading: Reading, memory: Memory) -> list[Edit]:
    """Return what to put for each word that stands for something said before, in order."""
    found: list[Edit] = []
    resolver = _Resolver(reading=reading, memory=memory)
    for n in range(len(reading.words)):
        edit = resolver.resolve(n)
        if edit is not None and (not found or edit.start >= found[-1].end):
            found.append(edit)
        if len(found) == MOST_EDITS:
            break
    return found


def applied(text: str, changes: list[Edit]) -> str:
    """Return a text with edits made."""
    for edit in reversed(changes):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


class _Resolver:
    """Finds what the words of one question stand for."""

    def __init__(self, *, reading: Reading, memory: Memory) -> None:
        self._reading = reading
        self._memory = memory
        self._by_first = {phrase.first: phrase for phrase in reading.phrases}
        self._chosen: dict[bool, Thing | None] = {}
        self._people = meant(reading, memory.people, memory.speakers)
        self._apart = frozenset(person.name for person in self._people.values())

    def resolve(self, n: int) -> Edit | None:
        """Return what to put for a word, or None where it stands for nothing said before."""
        word = self._reading.words[n]
        low = word.low
        if low in MEN_AND_WOMEN:
            return self._person(n)
        if low in SINGULAR_THING or low in PLURAL_THING:
            return self._thing_meant(n)
        if low in POINTING:
            return self._pointed(n)
        if low in ("one", "ones"):
            return self._one(n)
        if low == "there":
            return self._place(n)
        phrase = self._by_first.get(n)
        return self._definite(phrase) if phrase and phrase.determiner == "the" else None

    def _topic(self, *, plural: bool) -> Thing | None:
        if plural not in self._chosen:
            self._chosen[plural] = self._memory.topic(plural=plural, besides=self._reading, apart=self._apart)
        return self._chosen[plural]

    def _person(self, n: int) -> Edit | None:
        word, person = self._reading.words[n], self._people.get(n)
        if person is None:
            return None
        owns = word.low == "his" or (word.low == "her" and n + 1 in self._by_first)
        ending = {"he's": " is", "she's": " is", "hers": "'s"}.get(word.low, "'s" if owns else "")
        gender = gender_of_pronoun(word.low)
        return Edit(start=word.start, end=word.end, new=person.name + ending, name=person.name, gender=gender)

    def _thing_meant(self, n: int) -> Edit | None:
        word = self._reading.words[n]
        plural = word.low in PLURAL_THING
        thing = self._topic(plural=plural)
        if thing is None or _empty(self._reading, n) or _within(self._reading, n, plural=plural):
            return None
        placed = (OWNED.sub("", phrase.text) for phrase in self._reading.phrases if phrase.preposition == "in")
        if is_country(thing.bare) and any(map(is_country, placed)):
            return None
        if word.low == "they" and SPEAKS.match(self._reading.text, word.end) and not PEOPLE.search(thing.head):
            return None
        activity = self._activity(thing) if word.low == "it" else None
        if activity is not None and activity.has_object:
            return self._with_activity(activity, thing)
        name = thing.many if plural else thing.name
        following = self._by_first.get(n + 1)
        if word.low in POSSESSIVE and following and len(thing.bare.split()) > LONG_OWNER:
            return Edit(start=word.start, end=following.end, new=f"the {following.text} of {name}", name=thing.name)
        new = owner(name) if word.low in POSSESSIVE else f"{name} is" if word.low == "it's" else name
        return Edit(start=word.start, end=word.end, new=new, name=thing.name)

    def _pointed(self, n: int) -> Edit | None:
        """Resolve "this", "that", "these" and "those", alone or before a noun."""
        words, word = self._reading.words, self._reading.words[n]
        before = words[n - 1].tag if n else None
        after = words[n + 1] if n + 1 < len(words) else None
        if word.low == "that" and before in (Tag.NOUN, Tag.VERB) and (after is None or after.tag is Tag.NOUN):
            return None if after else self._alone(n)
        if after is not None and after.tag is Tag.NOUN:
            phrase = self._by_first.get(n + 1)
            return self._named_by(phrase, word.start, plural=word.low in POINTING_AT_MANY) if phrase else None
        clause = after is not None and after.tag in (Tag.PRONOUN, Tag.DETERMINER, Tag.VERB)
        relative = word.low in ("that", "those") and before in (Tag.NOUN, Tag.PRONOUN)
        if (
            relative
            or (clause and before not in (None, Tag.AUXILIARY))
            or (after is not None and after.low in ("who", "of"))
        ):
            return None
        return self._alone(n)

    def _alone(self, n: int) -> Edit | None:
        word = self._reading.words[n]
        thing = self._topic(plural=word.low in POINTING_AT_MANY)
        activity = self._activity(thing) if thing and word.low not in POINTING_AT_MANY else None
        if thing and activity:
            return self._with_activity(activity, thing)
        return Edit(start=word.start, end=word.end, new=thing.name, name=thing.name) if thing else None

    def _activity(self, thing: Thing) -> Activity | None:
        """Return what a name is asked to have done in the question before, if "it" may as well be that."""
        found = activity_in(read(self._memory.base)) if thing.proper else None
        return found if found and found.of == thing.key else None

    def _with_activity(self, activity: Activity, thing: Thing) -> Edit | None:
        """Say behind the question what was done: the pronoun is that, or who did it."""
        end = len(self._reading.text.rstrip(" ?.!…"))
        if activity.name in self._reading.text:
            return None
        return Edit(start=end, end=end, new=f" ({activity.name})", name=thing.name)

    def _named_by(self, phrase: Phrase, start: int, *, plural: bool) -> Edit | None:
        longer = self._memory.longer_name(phrase.text.split()[-1].lower())
        if longer is not None:
            return Edit(start=start, end=phrase.end, new=longer.name, name=longer.name)
        thing = self._topic(plural=plural)
        if thing is None or self._reading.text.startswith(" (", phrase.end):
            return None
        return Edit(start=phrase.end, end=phrase.end, new=f" ({thing.name})", name=thing.name)

    def _one(self, n: int) -> Edit | None:
        words, word = self._reading.words, self._reading.words[n]
        thing = self._topic(plural=word.low == "ones")
        counted = n + 1 < len(words) and (words[n + 1].tag is Tag.NOUN or words[n + 1].low == "of")
        if thing is None or counted or not n:
            return None
        if words[n - 1].tag is Tag.VERB and n + 1 == len(words) and word.low == "one" and not thing.proper:
            article = "an" if thing.one[0].lower() in VOWELS else "a"
            return Edit(start=word.start, end=word.end, new=f"{article} {thing.one}", name=thing.name)
        chosen = words[n - 1].low == "which" and any(after.low == "or" for after in words[n:])
        if words[n - 1].tag not in BEFORE_ONE or chosen:
            return None
        return Edit(
            start=word.start, end=word.end, new=thing.one if word.low == "one" else thing.several, name=thing.name
        )

    def _place(self, n: int) -> Edit | None:
        words, word = self._reading.words, self._reading.words[n]
        ends = n + 1 == len(words) or words[n + 1].tag is Tag.PREPOSITION
        place = self._topic(plural=False)
        if not n or not ends or words[n - 1].low in BE or place is None or not place.proper:
            return None
        return Edit(start=word.start, end=word.end, new=f"in {place.name}", name=place.name)

    def _definite(self, phrase: Phrase) -> Edit | None:
        """Give "the college" the whole name that it had."""
        words = self._reading.words
        after = words[phrase.last + 1].low if phrase.last + 1 < len(words) else ""
        if phrase.first != phrase.last or after == "of":
            return None
        start = words[phrase.first - 1].start
        if phrase.head in PLACEHOLDERS:
            return self._named_by(phrase, start, plural=phrase.plural)
        longer = self._memory.longer_name(phrase.text.lower())
        return Edit(start=start, end=phrase.end, new=longer.name, name=longer.name) if longer else None


def _empty(reading: Reading, n: int) -> bool:
    """Say whether "it" stands for nothing: "is it possible to", "does it take to"."""
    lows = reading.lows
    if lows[n] not in ("it", "it's"):
        return False
    after = lows[n + 1 : n + 4]
    if (n and lows[n - 1] in BE) or lows[n] == "it's" or (after and after[0] in BE):
        rest = after[1:] if after and after[0] in BE else after
        return len(rest) > 1 and rest[0] in EMPTY_PREDICATES and rest[1] in ("to", "that", "if")
    return len(after) > 1 and after[0] in EMPTY_BEFORE and "to" in after[1:]


def _within(reading: Reading, n: int, *, plural: bool) -> bool:
    """Say whether the question itself names what a pronoun stands for: "What is CBT and how does it work?"."""
    for phrase in reading.phrases:
        if phrase.last >= n:
            break
        joined = any(word.tag in (Tag.CONJUNCTION, Tag.ASK) for word in reading.words[phrase.last + 1 : n])
        own = reading.words[n].low in POSSESSIVE and phrase.role is Role.SUBJECT
        told = phrase.role is Role.TOPIC and _ENDS.search(reading.text, phrase.end, reading.words[n].start) is not None
        named = not phrase.relational or (told and phrase.last > phrase.first)
        if (joined or own or told) and named and phrase.role is not Role.PREPOSITIONAL and phrase.plural == plural:
            return True
    return False


def owner(name: str) -> str:
    """Return a name's possessive form."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"
