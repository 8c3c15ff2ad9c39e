"""Other questions that these transcripts answer: asked in them, or about what somebody in them speaks of by name."""

import calendar
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from rag.answering.types import Citation
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
LEAD_IN = re.compile(
    r"^(?:(?:so|and|but|now|well|then|ok|okay|right|yeah|yes|just|finally|i mean|i suppose|i guess)\b,?\s+)+",
    re.IGNORECASE,
)
OPENER = re.compile(r"(?:what|how|why|who|where|when|which|is|are|do|does|did|can|should)\b", re.IGNORECASE)
LEANS = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those|he|him|his|she|her|you|your|yours|me|my|here|there|then|we|us|our|"
    r"the (?:other|same|second|third|last|next))\b",
    re.IGNORECASE,
)
"""What a question leans on that was said before it, or on who was in the room."""


def related_questions(question: str, passages: Sequence[Passage], citations: Sequence[Citation]) -> tuple[str, ...]:
    """Return up to three questions that differ from this one and that the passages answer.

    First those that somebody asks in them and that stand alone; then what a guest says about somebody or something that
    the guest names again and again.
    """
    cited = {(citation.transcript_id, citation.turn) for citation in citations}
    uncited = [[t for t in passage.turns if (passage.transcript_id, t.turn) not in cited] for passage in passages]
    found: list[str] = []
    for text in [*_asked(uncited), *_about_names(question, passages)]:
        if not any(_alike(text, other) for other in [question, *found]):
            found.append(text)
    return tuple(found[:MOST])


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


def _about_names(question: str, passages: Sequence[Passage]) -> Iterator[str]:
    """Yield "What does X say about Y?" for what guests name at least twice, most named first."""
    people = {name_key(t.speaker) for p in passages for t in p.turns if t.speaker}
    people |= {name_key(interviewer) for passage in passages for interviewer in passage.interviewers}
    known = {word for key in people for word in key.split()}
    named: Counter[tuple[str, str]] = Counter()
    spread: Counter[str] = Counter()
    for passage in passages:
        spread.update({" ".join(m.words) for turn in passage.turns for m in mentions(turn.text)})
        for turn in passage.turns:
            if turn.speaker is None or turn.speaker in passage.interviewers:
                continue
            for mention in mentions(turn.text):
                if _is_a_subject(mention.words) and not known & {word.casefold() for word in mention.words}:
                    named[turn.speaker, " ".join(mention.words)] += 1
    asked = term_set(question)
    for (speaker, name), times in sorted(named.items(), key=lambda item: (-item[1], item[0])):
        everywhere = spread[name] > EVERYWHERE * len(passages)
        if times >= SPOKEN_OF and not everywhere and not term_set(name) & asked:
            yield f"What does {speaker} say about {name}?"


def _is_a_subject(words: Sequence[str]) -> bool:
    """Say whether a name is more than an everyday word with a capital, or a day of the calendar."""
    return any(not is_common(word) and not is_common(word.lower()) and word not in CALENDAR for word in words)


def _alike(one: str, other: str) -> bool:
    return not term_set(one) or not term_set(other) or shared_terms(one, other) >= SAME
