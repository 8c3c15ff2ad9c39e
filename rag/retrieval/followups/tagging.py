"""What each word of a question does, by closed word classes and by where it stands; no trained tagger."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from rag.retrieval.followups.words import (
    ADVERBS,
    AUXILIARIES,
    BE,
    CONJUNCTIONS,
    DEMONSTRATIVES,
    DETERMINERS,
    DO,
    EVALUATIVE,
    HAVE,
    IMPERATIVES,
    MODALS,
    PAST_FORMS,
    PLACEHOLDERS,
    PREDICATES,
    PREPOSITIONS,
    PRONOUNS,
    QUESTION_WORDS,
    RELATIONAL,
    VERBS,
    is_plural,
    is_verb,
)
from rag.transcripts.word_set import word_set

WORD = re.compile(r"[^\W_]+(?:[.'’\-/&][^\W_]+)*\.?(?<=\.[^\W_]\.)|[^\W_]+(?:['’\-/&.][^\W_]+)*")
"""A word with its hyphens, apostrophes and inner points: "A&E", "D.C.", "16/8"."""
MOST_WORDS = 150
"""Words of a question that are read; what stands after is kept as it is."""
SENTENCE_ENDS = frozenset({".", "?", "!", ";"})
SUBJECT_PRONOUNS = frozenset({"i", "you", "we", "they", "he", "she", "it", "this", "that", "these", "those"})
DOING = frozenset({"doing", "saying", "going", "happening", "trying", "working", "getting", "making", "changing"})
"""What ends a clause that begins with "what" and still is its verb; other words in -ing are nouns there."""
FINITE = word_set(
    """became began came chose drew drove ate fell flew forgot froze gave got grew had heard held kept knew made ran
    rose sang sat saw said sent slept spoke stood stole swam taught threw told took understood went woke wore wrote"""
)
"""Past forms that are hardly ever anything but the verb of a clause."""
BEFORE_AN_OBJECT = frozenset({"the", "a", "an", "its", "their", "his", "her", "my", "our", "your"})
"""What begins an object: a noun has no other before it but a verb."""
ANYTHING = frozenset({"anything", "something", "nothing", "everything"})
"""What is said of it stands behind it: "anything special"."""
SHORTEST_PAST = 4
"""Letters: "red" and "need" are no past forms."""
PAST_ENDINGS = ("d", "n", "t", "e", "k", "w")


class Tag(Enum):
    """What a word does."""

    ASK = auto()
    AUXILIARY = auto()
    CONJUNCTION = auto()
    DETERMINER = auto()
    OTHER = auto()
    PREPOSITION = auto()
    PRONOUN = auto()
    VERB = auto()
    """A verb, or what is said of the subject: "Is it *safe*?"."""
    NOUN = auto()
    """Of a noun phrase: nouns, and adjectives before them."""


CLOSED = {
    low: tag
    for words, tag in (
        (ADVERBS, Tag.OTHER),
        (CONJUNCTIONS, Tag.CONJUNCTION),
        (PREPOSITIONS, Tag.PREPOSITION),
        (DETERMINERS | DEMONSTRATIVES, Tag.DETERMINER),
        (PRONOUNS, Tag.PRONOUN),
        (AUXILIARIES, Tag.AUXILIARY),
        (QUESTION_WORDS, Tag.ASK),
    )
    for low in words
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of a question: `text[start:end]`."""

    text: str
    low: str
    start: int
    end: int
    tag: Tag


@dataclass(slots=True, kw_only=True)
class _Clause:
    """How far a clause has been read."""

    opener: str = ""
    """Its sentence's first word."""
    auxiliary: str = ""
    """"be", "have" or "do" from the auxiliary on, until the verb."""
    subject: bool = False
    """Whether a subject has been seen."""
    before: Tag | None = None
    previous: str = ""
    joined: Tag | None = None
    """What stood before "and" or "or"."""

    def take(self, low: str, tag: Tag) -> None:
        """Go on by a word."""
        if tag is Tag.AUXILIARY:
            self.auxiliary, self.subject = _kind_of(low), self.before in (Tag.NOUN, Tag.PRONOUN)
        elif tag is Tag.ASK and low.endswith("'s"):
            self.auxiliary, self.subject = "be", False
        elif tag in (Tag.NOUN, Tag.PRONOUN):
            self.subject = True
        elif tag is Tag.VERB:
            self.auxiliary = ""
        elif tag is Tag.CONJUNCTION and low not in ("and", "or"):
            self.auxiliary, self.subject = "", False
        if tag is Tag.CONJUNCTION:
            self.joined = self.before
        self.before, self.previous = tag, low


def tagged(text: str) -> tuple[Word, ...]:
    """Return the words of a question, each with what it does."""
    found = [(m.group(), m.group().lower().replace("’", "'"), *m.span()) for m in WORD.finditer(text)][:MOST_WORDS]
    capitals = [low for word, low, *_ in found[1:] if word[0].isupper() and low != "i"]
    headline = len(capitals) > len(found[1:]) / 2 and not CLOSED.keys().isdisjoint(capitals)
    words: list[Word] = []
    clause = _Clause()
    for n, (word, low, start, end) in enumerate(found):
        opens = not words or text[words[-1].end : start].strip(" \"'“‘") in SENTENCE_ENDS
        if opens:
            clause = _Clause(opener=low)
        following = found[n + 1][1] if n + 1 < len(found) else ""
        tag = _open(low, clause, following) if opens or headline or word.islower() else Tag.NOUN
        initials = len(word) > 1 and word.isupper() and not opens
        if low in CLOSED and not initials:
            tag = CLOSED[low]
        if low in DEMONSTRATIVES and clause.auxiliary == "do" and following in VERBS - RELATIONAL - PLACEHOLDERS:
            tag = Tag.PRONOUN
        clause.take(low, tag)
        words.append(Word(text=word, low=low, start=start, end=end, tag=tag))
    return tuple(words)


def _kind_of(auxiliary: str) -> str:
    return "be" if auxiliary in BE else "have" if auxiliary in HAVE else "do" if auxiliary in DO | MODALS else ""


def _open(low: str, clause: _Clause, following: str) -> Tag:
    """Return what a word of an open class does."""
    if clause.before is None:
        verb = low in IMPERATIVES
    elif (clause.before is Tag.CONJUNCTION and clause.joined is Tag.VERB and low in PREDICATES) or (
        clause.previous in ANYTHING and low in PREDICATES | EVALUATIVE
    ):
        verb = True
    elif clause.previous in ("to", "how"):
        verb = is_verb(low) if clause.previous == "to" else low in PREDICATES
    elif clause.before is Tag.PRONOUN and clause.previous in SUBJECT_PRONOUNS:
        verb = True
    elif clause.before is Tag.ASK and clause.previous in ("who", "what", "which"):
        verb = is_verb(low) and low.endswith(("s", "ed")) and following not in AUXILIARIES
        verb = (verb and bool(following or clause.previous == "who")) or low in FINITE
    elif clause.auxiliary == "be":
        verb = _after_be(low, clause, following)
    elif clause.auxiliary:
        inside = clause.before in (Tag.DETERMINER, Tag.PREPOSITION) or clause.previous.endswith(("'s", "s'"))
        base = is_verb(low) and low.endswith(PAST_ENDINGS)
        if clause.auxiliary == "do":
            after_many = is_plural(clause.previous) and not is_plural(low)
            base = low in VERBS or following in BEFORE_AN_OBJECT or after_many
        verb = clause.subject and not inside and base
    else:
        past = low in FINITE or (low.endswith("ed") and is_verb(low))
        verb = clause.subject and clause.before in (Tag.NOUN, Tag.OTHER) and past
    return Tag.VERB if verb else Tag.NOUN


def _after_be(low: str, clause: _Clause, following: str) -> bool:
    past = low in PAST_FORMS or (low.endswith("ed") and len(low) > SHORTEST_PAST)
    going_on = low.endswith("ing")
    closed = CLOSED.get(following) in (Tag.PREPOSITION, Tag.CONJUNCTION, Tag.OTHER) or following in ("when", "where")
    ends = past or not following or closed
    if clause.before in (Tag.NOUN, Tag.PRONOUN, Tag.OTHER) and clause.subject and ends:
        return past or low in PREDICATES or (going_on and (clause.opener != "what" or low in DOING))
    if clause.before is not Tag.AUXILIARY:
        return False
    return (clause.subject and going_on) or (ends and low in PREDICATES)
