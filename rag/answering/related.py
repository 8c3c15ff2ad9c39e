"""Other questions that these transcripts answer: asked in them, or about what somebody in them speaks of by name."""

import calendar
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

from rag.answering.types import Citation
from rag.retrieval.followups.words import is_plural
from rag.retrieval.terms import shared_terms, term_set
from rag.retrieval.types import Passage, PassageTurn
from rag.transcripts.common_words import is_common
from rag.transcripts.mentions import mentions
from rag.transcripts.names import name_key
from rag.transcripts.sentences import sentences

MOST = 3
SHORTEST, LONGEST = 5, 25
"""Words of a question that can stand alone."""
SAME = 0.5
"""Share of terms in common (Jaccard) from which two questions ask the same."""
CALENDAR = frozenset([*calendar.day_name, *calendar.month_name])
SPOKEN_OF = 2
"""Times that somebody says a name in the passages before it counts as a subject of theirs."""
EVERYWHERE = 0.4
"""Share of the passages from which a name says nothing about any of them, as the NHS in talks about it."""
ABBREVIATED = 3
"""Letters of an abbreviation that as a rule names a body of which everybody speaks."""
LEAD_IN = re.compile(
    r"^(?:(?:so|and|but|now|well|then|ok|okay|right|yeah|yes|just|finally|i mean|i suppose|i guess)\b,?\s+)+",
    re.IGNORECASE,
)
OPENER = re.compile(r"(?:what|how|why|who|where|when|which|is|are|do|does|did|can|should)\b", re.IGNORECASE)
LEANS = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those|he|him|his|she|her|you|your|yours|me|my|here|there|then|we|us|our|"
    r"the (?:other|same|second|third|last|next)|now|else|again)\b|^(?:what|how) about\b",
    re.IGNORECASE,
)
"""What a question leans on that was said before it, or on who was in the room."""
TERM = (
    r"(?P<article>an? |the )?(?P<thing>[A-Za-z][\w’'-]+(?: (?!(?:and|or|is|are|which|that|where|when)\b)[\w’'-]+){0,2})"
)
EXPLAINED = (
    re.compile(
        rf"\b(?:(?:is|was|are|were|['’]s|they|we|people|I) (?:call|called|known as)|so-called) {TERM}"
        r"(?=[,.;:]|$| (?:and|which|that|where|who|so|because|is|for|in|at|with)\b)"
    ),
    re.compile(
        rf"^(?:(?:So|And|Now|Well|But),? )?{TERM},?(?: is when| is where| stands for| is a (?:way|kind|set) of)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:(?:So|And|Now|Well|But),? )?(?P<article>an? )(?P<thing>[a-z][\w’'-]+(?: [a-z][\w’'-]+)?) (?:is|means)\b"
        r"(?! (?:not|too|also|very|more|less|just|only|what|why|how)\b)",
        re.IGNORECASE,
    ),
)
"""A term, and that it is explained."""
NO_TERMS = re.compile(
    r"^(?:it|that|this|they|these|those|there|what|which|who|he|she|we|you|i|everything|something|nothing|one|people|all)\b"
    r"|\b(?:it|that|this|them|you|me|us|him|her|thing|things|people)$",
    re.IGNORECASE,
)
PLACED = re.compile(r"\b(?:in|at|from|across|near|around|of|to)$", re.IGNORECASE)
"""Before a name of one word: it is a place or an organisation rather than somebody's first name."""


def related_questions(question: str, passages: Sequence[Passage], citations: Sequence[Citation]) -> tuple[str, ...]:
    """Return up to three questions that differ from this one and that the passages answer.

    First those that somebody asks in them and that stand alone; then what a term means that is explained in them; then
    what a guest says about somebody or something that is named again and again, first what the guest alone names.
    """
    cited = {(citation.transcript_id, citation.turn) for citation in citations}
    uncited = [[t for t in passage.turns if (passage.transcript_id, t.turn) not in cited] for passage in passages]
    found: list[str] = []
    for text in chain(_asked(uncited), _explained(question, uncited), _about_names(question, passages)):
        if not any(_alike(text, other) for other in [question, *found]):
            found.append(text)
        if len(found) == MOST:
            break
    return tuple(found)


def _asked(uncited: Sequence[Sequence[PassageTurn]]) -> Iterator[str]:
    for turns in uncited:
        for turn in turns:
            for sentence in sentences(turn.text)[-3:]:
                text = LEAD_IN.sub("", sentence.text)
                if _stands_alone(text):
                    yield text[0].upper() + text[1:]


def _stands_alone(text: str) -> bool:
    names = {word for mention in mentions(text) for word in mention.words}
    vocative = re.search(r",\s+(\w+)\s*\?$", text)
    return (
        text.endswith("?")
        and SHORTEST <= len(text.split()) <= LONGEST
        and OPENER.match(text) is not None
        and LEANS.search(text) is None
        and not (vocative and vocative.group(1) in names)
    )


def _explained(question: str, uncited: Sequence[Sequence[PassageTurn]]) -> Iterator[str]:
    """Yield "What is a …?" for terms that are explained, if they share no word with the question."""
    asked = term_set(question)
    for turns in uncited:
        for turn in turns:
            for sentence in sentences(turn.text):
                for pattern in EXPLAINED:
                    found = pattern.search(sentence.text)
                    if found and _is_a_term(found) and not term_set(found["thing"]) & asked:
                        verb = "are" if not found["article"] and is_plural(found["thing"].split()[-1].lower()) else "is"
                        yield f"What {verb} {(found['article'] or '').lower()}{_as_inside(found['thing'])}?"


def _is_a_term(found: re.Match[str]) -> bool:
    """Say whether what is explained is a term: "the morning" is none."""
    words = found["thing"].split()
    return not NO_TERMS.search(found["thing"]) and (len(words) > 1 or found["article"] is None)


def _as_inside(thing: str) -> str:
    """Return a term as it is written inside a sentence."""
    first = thing.split(maxsplit=1)[0]
    return thing[0].lower() + thing[1:] if first.istitle() and is_common(first) and thing[1:].islower() else thing


def _about_names(question: str, passages: Sequence[Passage]) -> Iterator[str]:
    """Yield "What does X say about Y?" for what guests name at least twice: first what one alone names, and places."""
    people = {name_key(t.speaker) for p in passages for t in p.turns if t.speaker}
    people |= {name_key(interviewer) for passage in passages for interviewer in passage.interviewers}
    known = {word for key in people for word in key.split()}
    named: Counter[tuple[str, str]] = Counter()
    guests: dict[str, set[str]] = {}
    placed: set[str] = set()
    spread: Counter[str] = Counter()
    for passage in passages:
        spread.update({name for turn in passage.turns for name, _ in _names_in(turn.text)})
        for turn in passage.turns:
            if turn.speaker is None or turn.speaker in passage.interviewers:
                continue
            for name, in_place in _names_in(turn.text):
                if known.isdisjoint(name.casefold().split()) and _is_a_subject(name.split()):
                    named[turn.speaker, name] += 1
                    guests.setdefault(name, set()).add(turn.speaker)
                    placed.update([name] if in_place else [])
    asked = term_set(question)
    for (speaker, name), times in sorted(
        named.items(), key=lambda each: (len(guests[each[0][1]]), each[0][1] not in placed, -each[1], each[0])
    ):
        everywhere = spread[name] > EVERYWHERE * len(passages)
        if times >= SPOKEN_OF and not everywhere and not term_set(name) & asked:
            yield f"What does {speaker} say about {name}?"


@lru_cache(maxsize=4096)
def _names_in(text: str) -> tuple[tuple[str, bool], ...]:
    """Return the names in a text, and whether each is of more than one word or stands where a place's name does."""
    return tuple(
        (
            " ".join(each.words),
            len(each.words) > 1 or PLACED.search(text[max(0, each.start - 8) : each.start].rstrip()) is not None,
        )
        for each in mentions(text)
    )


def _is_a_subject(words: Sequence[str]) -> bool:
    """Say whether a name is more than an everyday word with a capital, a short abbreviation, or a day of the week."""
    return not all(word.isupper() and len(word) <= ABBREVIATED for word in words) and any(
        not is_common(word) and not is_common(word.lower()) and word not in CALENDAR for word in words
    )


def _alike(one: str, other: str) -> bool:
    return not term_set(one) or not term_set(other) or shared_terms(one, other) >= SAME
