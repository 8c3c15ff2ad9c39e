"""The prose of an answer: each quote introduced with who said it, in which role, and when."""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence

from rag.answering.related import related_questions
from rag.answering.types import AnswerSentence, Citation
from rag.retrieval.types import Passage
from rag.transcripts.names import name_key
from rag.transcripts.types import Attribution

HEADS = ("chief executive", "director", "chair", "president", "head", "professor", "minister", "secretary", "leader")
"""Roles that are held "of" an organisation; others are held "at" it."""
BLOCK_BREAK = "\n\n"
LONGEST_SHOWN = 300
"""Characters of a question that a reply repeats."""
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")
"""Unicode categories: control, format, surrogate, private, unassigned."""
JOINERS = "\u200c\u200d"
"""They join and part the letters of Persian and of the languages of India, and the parts of an emoji."""
MARKS = ("Mn", "Me")
"""Unicode categories: marks above, below and around a letter."""
MOST_NAMESAKES = 5
"""People who are listed where a name may be any of theirs."""
MOST_HEAPED = 3
"""Marks on one letter; no living language writes more."""
NOTHING_FITS = (
    "No conversation fits what it was narrowed to (speakers, dates, collections), so nothing was searched: widen it."
)


def compose(citations: Sequence[Citation]) -> tuple[str, tuple[AnswerSentence, ...]]:
    """Return the answer made of the quotes, and the place of each of its sentences in it."""
    sentences: list[AnswerSentence] = []
    answer = ""
    before: Citation | None = None
    for citation in citations:
        text = f"{introduce(citation, before)}{explain(citation)}: “{citation.quote}” [{citation.n}]"
        before = citation
        if answer:
            answer += BLOCK_BREAK
        sentences.append(
            AnswerSentence(text=text, start=len(answer), end=len(answer) + len(text), citations=(citation.n,))
        )
        answer += text
    return answer, tuple(sentences)


def introduce(citation: Citation, before: Citation | None = None) -> str:
    """Return who said a quote, in which role, in which conversation, and when; once for quotes that follow each other.

    What the quote before has just been introduced with is not said again, but for the name.
    """
    same_place = before is not None and before.transcript_id == citation.transcript_id
    same_voice = same_place and before is not None and before.speaker == citation.speaker
    parts = [citation.speaker or "A speaker whom the transcript does not name"]
    office = describe_role(citation.role, citation.organisation)
    if office and not same_voice:
        parts.append(office)
    if citation.attribution is Attribution.INFERRED:
        parts[0] += " (speaker inferred, not labelled)"
    parts.append("in the same conversation" if same_place else f"in “{citation.title}”")
    if citation.date and not same_place:
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


def notice_of(citations: Iterable[Citation], silent: Sequence[str] = ()) -> str | None:
    """Return what a reader should know of the speakers, or None.

    Args:
        citations: Those of the answer.
        silent: Who was asked about too, and of whom nothing was found.
    """
    known = list(citations)
    inferred = [each.n for each in known if each.attribution is Attribution.INFERRED]
    unknown = [each.n for each in known if each.attribution is Attribution.UNKNOWN]
    notes = []
    if inferred:
        notes.append(f"The speaker of {_numbered(inferred)} was inferred, not labelled; the reason is with its source.")
    if unknown:
        notes.append(f"The transcript does not say who speaks in {_numbered(unknown)}.")
    if silent:
        notes.append(f"I found nothing by {listed(silent)} that answers this.")
    return " ".join(notes) or None


def who_may_be_meant(name: str, people: Sequence[str]) -> str:
    """Return what to say of a name of which nothing tells whose it is.

    Args:
        name: As it was asked.
        people: The names of those whom it fits; where it is one, they aren't known by the title in it.
    """
    if len(people) == 1:
        return f"I took “{shown(name)}” for {people[0]}, whom these transcripts don't call so."
    plain = [person for person in people if name_key(person) != name_key(name)]
    names = plain[:MOST_NAMESAKES]
    if len(plain) > MOST_NAMESAKES:
        names = [*names, f"{len(plain) - MOST_NAMESAKES} more"]
    if len(plain) < len(people):
        names = [*names, "somebody who is called nothing more"]
    return f"“{shown(name)}” may be {listed(names, 'or')}: ask with the full name if you mean one of them."


def _numbered(numbers: Sequence[int]) -> str:
    return f"quote{'s' if len(numbers) > 1 else ''} {listed([f'[{n}]' for n in numbers])}"


def not_found(
    question: str,
    passages: Sequence[Passage],
    spoken_of: tuple[str, Sequence[str]] | None = None,
    *,
    silent: Sequence[str] = (),
    in_none: str = "",
    names_somebody: bool = False,
    unclear: str | None = None,
    narrowed: bool = False,
) -> str:
    """Return the reply where no answer was found: what was looked for, and what was nearest.

    Args:
        question: What was looked for.
        passages: What was found, best first.
        spoken_of: A name in the question that is said in some of the passages, and the titles of their conversations.
        silent: Speakers who are compared with others, and of whom nothing on it was found.
        in_none: Words of the question that none of the transcripts holds.
        names_somebody: The question names a speaker: that need not be advised.
        unclear: What is to be said of names that several people have.
        narrowed: The question was put to some speakers, dates or conversations only.
    """
    sought = shown(question)
    reply = "These transcripts do not answer this question. "
    if spoken_of is not None:
        reply = "I found no answer to this question in these transcripts. "
        name = shown(spoken_of[0])
        where = listed([f"“{title}”" for title in spoken_of[1]])
        reply += f"{name[:1].upper()}{name[1:]} is spoken of in {where}, which may still hold what you need. "
    reply += f"I looked for: “{sought}”." if sought else "There are no words in it that I could look for."
    if in_none and passages:
        words, are = ("words", "are") if " " in in_none else ("word", "is")
        where = "not in what you narrowed the question to" if narrowed else "in none of these transcripts"
        reply += f" The {words} “{shown(in_none)}” {are} {where}."
    if silent:
        reply += f" I found nothing by {listed(silent)} that answers this."
    if unclear:
        reply += f" {unclear}"
    if not passages:
        return f"{reply} {NOTHING_FITS if narrowed else 'Nothing in them comes near it.'}"
    titles = list(dict.fromkeys(f"“{passage.title}”" for passage in passages[:3]))
    nearest = f"The nearest passages are in {listed(titles)}; they may be about something else."
    other = next(iter(related_questions(question, passages, ())), None)
    advice = f"ask something that they answer, such as “{other}”" if other else "try other words"
    advice = advice if names_somebody else f"name a speaker or a conversation, or {advice}"
    return f"{reply} {nearest} You could {advice}."


def shown(question: str) -> str:
    """Return a question as it is safe to show: cut to one line's length, without what moves or hides text around it.

    Control characters, marks that turn the direction of writing, and accents heaped on one letter are left out (Unicode
    Technical Report 36, Security Considerations).
    """
    kept: list[str] = []
    heaped = 0
    for character in " ".join(question.split()):
        category = unicodedata.category(character)
        heaped = heaped + 1 if category in MARKS else 0
        if heaped > MOST_HEAPED or (category in UNSEEN and character not in JOINERS):
            continue
        kept.append(character)
    text = "".join(kept).strip()
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN].rstrip()}…"


def listed(items: Sequence[str], joined: str = "and") -> str:
    """Return a list in words; empty for none."""
    return f"{', '.join(items[:-1])} {joined} {items[-1]}" if len(items) > 1 else "".join(items)
