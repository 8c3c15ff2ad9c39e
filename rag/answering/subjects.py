"""What guests speak of in passages, so that somebody who asks what they say about it is answered.

A sentence that can be quoted and holds every term of the subject is an answer to that question.
"""

import calendar
import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.answering.quotable import is_quotable
from rag.answering.things import as_spoken_of
from rag.retrieval.followups.reading import Phrase, read
from rag.retrieval.followups.tagging import CLOSED, Tag
from rag.retrieval.followups.words import (
    EVALUATIVE,
    PLACEHOLDERS,
    PREDICATES,
    RELATIONAL,
    is_plural,
    is_verb,
    singular,
)
from rag.retrieval.terms import ANALYZER, term_set
from rag.retrieval.types import Passage
from rag.transcripts.common_words import is_common
from rag.transcripts.mentions import mentions
from rag.transcripts.names import name_key
from rag.transcripts.sentences import Sentence, sentences
from rag.transcripts.word_set import word_set

CALENDAR = frozenset([*calendar.day_name, *calendar.month_name])
AGAIN = 2
"""Sentences in which a guest says something that counts as a subject of theirs."""
NAMED = 0.5
"""Share of a name's terms that a question holds which names it."""
EVERYWHERE = 0.4
"""Share of the passages from which a name says nothing about any of them, as the NHS in talks about it."""
ABBREVIATED = 3
"""Letters of an abbreviation that as a rule names a body of which everybody speaks."""
SHORTEST = 3
"""Letters of each word of a phrase."""
_WORD = re.compile(r"[^\W\d_][\w’'-]*|[^\w\s]")
_VAGUE = RELATIONAL | PLACEHOLDERS | PREDICATES | word_set("second minute hour day week month year lot bit home")
_NO_PART = EVALUATIVE | word_set("own same last next first second third two three four five six seven eight nine ten")
_ABSTRACT = re.compile(r"(?:tion|sion|ment|ness|ity|ship|ance|ence|cy|ism|money|harm|trust|care)$")
"""The endings of nouns that need no article, and a few such nouns."""
_BEFORE_PHRASE = (Tag.DETERMINER, Tag.PREPOSITION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence of a guest."""

    speaker: str
    rank: int
    """The place of its passage."""
    found: tuple[Sentence, ...]
    """The sentences of its stretch."""
    number: int
    """Its place among them."""

    @property
    def text(self) -> str:
        """Return its words."""
        return self.found[self.number].text

    def tells_of(self, terms: tuple[str, ...]) -> bool:
        """Return whether it holds some terms in a row, and can be quoted for them."""
        held = _terms(self.text)
        in_a_row = any(held[n : n + len(terms)] == terms for n in range(len(held) - len(terms) + 1))
        return bool(terms) and in_a_row and is_quotable(self.found, self.number, frozenset(terms), asks=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Somebody or something of which a guest speaks."""

    speaker: str
    name: str

    @property
    def question(self) -> str:
        """Return what asks for it."""
        return f"What does {self.speaker} say about {self.name}?"


def said_by_guests(passages: Sequence[Passage]) -> list[Said]:
    """Return the sentences of all who are named and don't interview, in order."""
    return [
        Said(speaker=turn.speaker, rank=rank, found=found, number=number)
        for rank, passage in enumerate(passages)
        for turn in passage.turns
        if turn.speaker is not None and turn.speaker not in passage.interviewers
        for found in [tuple(sentences(turn.text))]
        for number in range(len(found))
    ]


def named_in(question: str, said: Sequence[Said], passages: Sequence[Passage]) -> Iterator[Subject]:
    """Yield what a question names, or names in part, and a guest speaks of."""
    asked = term_set(question)
    own = {" ".join(mention.words) for mention in (mentions(question) if question != question.lower() else ())}
    texts = [passage.text for passage in passages]
    found = [(_share(name, asked), speaker, name) for speaker, name, _ in _names(said, passages, own)]
    for share, speaker, name in sorted(found, key=lambda each: -each[0]):
        if share >= NAMED:
            yield Subject(speaker=speaker, name=as_spoken_of(name, texts))


def named_again(said: Sequence[Said], passages: Sequence[Passage]) -> Iterator[Subject]:
    """Yield what a guest names at least twice, of these passages rather than of all."""
    texts = [passage.text for passage in passages]
    spread = Counter(name for passage in passages for name in {name for t in passage.turns for name in _named(t.text)})
    for speaker, name, times in _names(said, passages, frozenset()):
        if times >= AGAIN and spread[name] <= EVERYWHERE * len(passages):
            yield Subject(speaker=speaker, name=as_spoken_of(name, texts))


def asked_of(question: str, said: Sequence[Said]) -> Iterator[Subject]:
    """Yield what a question is about, in its own words or the last of them, where a guest speaks of it."""
    asked = term_set(question)
    for phrase in read(question).phrases:
        head = replace(phrase, text=phrase.text.split()[-1], first=phrase.last, determiner="")
        for part in (phrase, head) if is_plural(head.text) else (phrase,):
            terms = _terms(part.text)
            telling = [each for each in said if each.tells_of(terms)] if _says_enough(part) else []
            name = _with_article(part, [each.text for each in telling])
            if name:
                most = Counter(each.speaker for each in telling)
                speaker = max(most, key=lambda each: (not asked.isdisjoint(term_set(each)), most[each], each))
                yield Subject(speaker=speaker, name=name)
                break


def phrases_again(said: Sequence[Said]) -> Iterator[Subject]:
    """Yield what a guest calls by the same two words in several sentences: "the morning huddle"."""
    articles: dict[tuple[str, str], Counter[str]] = {}
    for each in said:
        for article, phrase in sorted(set(_pairs(each.text))):
            if each.tells_of(_terms(phrase)):
                articles.setdefault((each.speaker, phrase), Counter())[article] += 1
    for (speaker, phrase), before in articles.items():
        if before.total() >= AGAIN:
            article = before.most_common(1)[0][0]
            yield Subject(speaker=speaker, name=f"{article} {phrase}".strip())


def _names(said: Sequence[Said], passages: Sequence[Passage], own: Set[str]) -> list[tuple[str, str, int]]:
    """Return each guest with what they name in a sentence that can be quoted, and how often: first what is nearest."""
    people = {name_key(t.speaker) for p in passages for t in p.turns if t.speaker}
    people |= {name_key(interviewer) for passage in passages for interviewer in passage.interviewers}
    known = {word for key in people for word in key.split()}
    found: dict[tuple[str, str], list[Said]] = {}
    guests: dict[str, set[str]] = {}
    for each in said:
        for name in _named(each.text):
            words = name.split()
            subject = _is_a_subject(words) or (name in own and name not in CALENDAR and not _is_short(words))
            if subject and known.isdisjoint(map(str.casefold, words)):
                found.setdefault((each.speaker, name), []).append(each)
                guests.setdefault(name, set()).add(each.speaker)
    ranked = (
        (min(each.rank for each in telling), len(guests[name]), -len(telling), name, speaker)
        for (speaker, name), telling in found.items()
        if any(each.tells_of(_terms(name)) for each in telling) and (name in own or not _only_owns(name, telling))
    )
    return [(speaker, name, -times) for _, _, times, name, speaker in sorted(ranked)]


@lru_cache(maxsize=4096)
def _named(text: str) -> tuple[str, ...]:
    return tuple(" ".join(each.words) for each in mentions(text))


@lru_cache(maxsize=4096)
def _terms(text: str) -> tuple[str, ...]:
    return tuple(ANALYZER.terms(text))


def _share(name: str, asked: Set[str]) -> float:
    terms = term_set(name)
    return len(terms & asked) / len(terms) if terms else 0.0


def _only_owns(name: str, telling: Sequence[Said]) -> bool:
    """Say whether a name is said only as an owner's, as that of a disease may be."""
    pattern = re.compile(rf"\b{re.escape(name)}(?P<owns>['’]s)?\b")
    return all(found["owns"] for each in telling for found in pattern.finditer(each.text))


def _is_a_subject(words: Sequence[str]) -> bool:
    """Say whether a name is more than an everyday word with a capital, a short abbreviation, or a day of the week."""
    return not _is_short(words) and any(
        not is_common(word) and not is_common(word.lower()) and word not in CALENDAR for word in words
    )


def _is_short(words: Sequence[str]) -> bool:
    return all(word.isupper() and len(word) <= ABBREVIATED for word in words)


def _says_enough(phrase: Phrase) -> bool:
    """Say whether a phrase can be asked about: no name, no rank, not "the number", "last month" or "said"."""
    words = phrase.text.lower().split()
    if phrase.proper or phrase.ranks or any(word in CLOSED or word in _NO_PART for word in words):
        return False
    if len(words) > 1:
        return not all(map(_is_vague, words))
    named = (is_plural(words[0]) and not is_verb(words[0])) or _ABSTRACT.search(words[0]) is not None
    return not _is_vague(words[0]) and (phrase.determiner == "the" or (named and not phrase.determiner))


def _with_article(phrase: Phrase, texts: Sequence[str]) -> str:
    """Return a phrase as the question has it, or where its article went into "which", as it is said; else nothing."""
    if not texts or phrase.determiner in ("the", "a", "an") or phrase.plural or " " not in phrase.text:
        return phrase.named if texts else ""
    pattern = re.compile(rf"\b(?:(the|an?) )?{re.escape(phrase.text)}\b", re.IGNORECASE)
    articles = Counter((found.group(1) or "").lower() for text in texts for found in pattern.finditer(text))
    return f"{articles.most_common(1)[0][0]} {phrase.text}".strip() if articles else ""


def _is_vague(word: str) -> bool:
    return not {word, singular(word)}.isdisjoint(_VAGUE)


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield the article of each noun phrase of two words, as far as what stands around it shows one, and the phrase."""
    words = _WORD.findall(text)
    for before, one, other, after in zip(words, words[1:], words[2:], [*words[3:], "."], strict=False):
        leads = CLOSED.get(before.lower()) in _BEFORE_PHRASE and before.lower() not in ("to", "so")
        ends = not after[0].isalnum() or after.lower() in CLOSED
        if leads and ends and _goes_with(one) and not is_verb(one) and _goes_with(other) and not _is_vague(other):
            article = before.lower() if before.lower() in ("the", "a", "an") else ""
            yield article, f"{one} {other}"


def _goes_with(word: str) -> bool:
    plain = word.isalpha() and word.islower() and len(word) >= SHORTEST
    return plain and word not in CLOSED and word not in _NO_PART and not word.endswith("ly")
