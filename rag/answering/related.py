"""Other questions that these transcripts answer: put by interviewers, or about what a guest speaks of by name."""

import re
from collections.abc import Iterator, Sequence, Set
from itertools import chain, pairwise

from rag.answering.subjects import Subject, asked_of, named_again, named_in, phrases_again, said_by_guests
from rag.answering.types import Citation
from rag.retrieval.followups.words import is_plural
from rag.retrieval.terms import shared_terms, term_set
from rag.retrieval.types import Passage, PassageTurn
from rag.transcripts.common_words import is_common
from rag.transcripts.mentions import mentions
from rag.transcripts.sentences import sentences

MOST = 3
NEAREST = 4
"""Passages that are near enough to a question for another one to come from them."""
SHORTEST, LONGEST = 5, 25
"""Words of a question that can stand alone."""
SAME = 0.5
"""Share of terms in common (Jaccard) from which two questions ask the same."""
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


def related_questions(question: str, passages: Sequence[Passage], citations: Sequence[Citation]) -> tuple[str, ...]:
    """Return up to three questions that differ from this one and that the passages answer.

    First what guests say about somebody or something that the question names; then, from the nearest passages, what an
    interviewer asks that stands alone, what a term means that is explained, and what a guest says about somebody or
    something that is named again and again. Guests' own questions are none: they are rhetorical, or answered by no one.
    """
    cited = {(citation.transcript_id, citation.turn) for citation in citations}
    nearest = passages[:NEAREST]
    uncited = [[t for t in passage.turns if (passage.transcript_id, t.turn) not in cited] for passage in nearest]
    said = said_by_guests(passages)
    near = [each for each in said if each.rank < NEAREST]
    subjects = chain(named_in(question, said, passages), asked_of(question, said))
    found: list[str] = []
    for text in chain(
        (each.question for each in subjects if not _is_quoted(each, citations)),
        _asked(nearest, cited),
        _explained(question, uncited),
        (each.question for each in chain(named_again(near, passages), phrases_again(near))),
    ):
        if not any(_alike(text, other) for other in [question, *found]):
            found.append(text)
        if len(found) == MOST:
            break
    return tuple(found)


def _is_quoted(subject: Subject, citations: Sequence[Citation]) -> bool:
    """Say whether a guest has just been quoted on a subject."""
    terms = term_set(subject.name)
    return any(subject.speaker == citation.speaker and terms <= term_set(citation.quote) for citation in citations)


def _asked(passages: Sequence[Passage], cited: Set[tuple[str, int]]) -> Iterator[str]:
    """Yield what interviewers ask at the end of their turns, where somebody else goes on."""
    for passage in passages:
        for turn, reply in pairwise(passage.turns):
            asks = turn.speaker in passage.interviewers and reply.speaker != turn.speaker
            for sentence in (
                sentences(turn.text)[-2:] if asks and (passage.transcript_id, turn.turn) not in cited else ()
            ):
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


def _alike(one: str, other: str) -> bool:
    return not term_set(one) or not term_set(other) or shared_terms(one, other) >= SAME
