"""The prose of an answer: each quote introduced with who said it, in which role, and when."""

import datetime as dt
from collections.abc import Iterable, Sequence

from rag.answering.types import AnswerSentence, Citation
from rag.retrieval.types import Passage
from rag.transcripts.types import Attribution

HEADS = ("chief executive", "director", "chair", "president", "head", "professor", "minister", "secretary", "leader")
"""Roles that are held "of" an organisation; others are held "at" it."""
BLOCK_BREAK = "\n\n"


def compose(citations: Sequence[Citation]) -> tuple[str, tuple[AnswerSentence, ...]]:
    """Return the answer made of the quotes, and the place of each of its sentences in it."""
    sentences: list[AnswerSentence] = []
    answer = ""
    for citation in citations:
        text = f"{introduce(citation)}{explain(citation)}: “{citation.quote}” [{citation.n}]"
        if answer:
            answer += BLOCK_BREAK
        sentences.append(
            AnswerSentence(text=text, start=len(answer), end=len(answer) + len(text), citations=(citation.n,))
        )
        answer += text
    return answer, tuple(sentences)


def introduce(citation: Citation) -> str:
    """Return who said a quote, in which role, in which conversation, and when."""
    parts = [citation.speaker or "A speaker whom the transcript does not name"]
    office = describe_role(citation.role, citation.organisation)
    if office:
        parts.append(office)
    if citation.attribution is Attribution.INFERRED:
        parts[0] += " (speaker inferred, not labelled)"
    parts.append(f"in “{citation.title}”")
    if citation.date:
        parts.append(spell_date(citation.date))
    return ", ".join(parts)


def explain(citation: Citation) -> str:
    """Return the names in a quote that were misheard, each with its right form, in brackets before the quote."""
    pairs = (f"{citation.quote[gloss.start : gloss.end]} [{gloss.name}]" for gloss in citation.gloss)
    listed = ", ".join(dict.fromkeys(pairs))
    return f" ({listed})" if listed else ""


def describe_role(role: str | None, organisation: str | None) -> str:
    """Return a role and an organisation in words: "chief executive of …", "ward manager at …"."""
    if not role or not organisation:
        return role or organisation or ""
    if " of " in role or " at " in role:
        return f"{role}, {organisation}"
    return f"{role} {'of' if role.lower().endswith(HEADS) else 'at'} {organisation}"


def spell_date(date: dt.date) -> str:
    """Return a date as it is written in British English: 6 December 2023."""
    return f"{date.day} {date:%B %Y}"


def notice_of(citations: Iterable[Citation]) -> str | None:
    """Return what a reader should know of the speakers, or None."""
    notes = []
    for citation in citations:
        if citation.attribution is Attribution.INFERRED:
            reason = citation.attribution_reason or "The source lost the label."
            notes.append(f"The speaker of quote [{citation.n}] was inferred. {reason}")
        elif citation.attribution is Attribution.UNKNOWN:
            notes.append(f"The transcript does not say who speaks in quote [{citation.n}].")
    return " ".join(notes) or None


def not_found(question: str, passages: Sequence[Passage]) -> str:
    """Return the reply where the transcripts don't answer: what was looked for, and what was nearest."""
    reply = f"These transcripts do not answer this question. I looked for: “{question}”."
    if not passages:
        return f"{reply} Nothing in them comes near it."
    titles = list(dict.fromkeys(f"“{passage.title}”" for passage in passages[:3]))
    return f"{reply} The nearest passages are in {_listed(titles)}; they may be about something else."


def _listed(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
