"""What a reader is told of a quote that was checked: whose words they are, and how they differ from what was asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Protocol

from rag.answering.checking.claims import Claim
from rag.answering.composition import introduce, listed, shown
from rag.answering.generation.support import Refusal
from rag.answering.types import Citation
from rag.retrieval.terms import term_set
from rag.transcripts.mentions import mentions
from rag.transcripts.names import fold, name_key

ELISION = "…"
_ELISIONS = re.compile(r"…|\.\s?\.\s?\.")
_UNSURE = ", and it may not come to the same."
_BUT = {
    Refusal.NEGATION: ", and it may say the opposite.",
    Refusal.NUMBER: ", and not every number is the same.",
    Refusal.EXTENT: ", and it says it less strongly.",
    Refusal.REASON: ", and it gives no such reason.",
}
"""What is said of the nearest that may not be taken for a claim."""
MOST_DIFFERENCES = 4
MOST_VOICES = 3
SHORT_FORMS = {"'s": "is", "'re": "are", "'ve": "have", "'ll": "will", "'m": "am", "'d": "would"}
"""Those of "not" are left as they are, so that a "not" that is missing is shown with its verb."""
_SHORT = re.compile(r"(?P<word>\w+)(?P<form>'(?:s|re|ve|ll|m|d))")
_EDGES = ".,;:!?\"“”‘’'()[]…–—-"
_A_NAME = re.compile(r"(?:(?:Dr|Mr|Mrs|Ms|Prof)\.\s+)?[A-Z][\w'’-]+(?:\s+(?:of\s+)?[A-Z][\w'’-]+){0,3}")


class Difference(Protocol):
    """Where a quote departs from what was said; one of the two is empty where words were added or left out."""

    @property
    def said(self) -> str:
        """Return the words that were said."""
        ...

    @property
    def asked(self) -> str:
        """Return the words of the quote."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changed:
    said: str
    asked: str


def whose(claim: Claim, citations: Sequence[Citation], *, near: bool) -> str:
    """Return whose words they are, where that is not what the question has; empty where it is."""
    mine = [c for c in citations if is_of(c, claim)]
    others = list(dict.fromkeys(c.speaker for c in citations if not is_of(c, claim)))
    asked = listed(claim.speakers, "or") or shown(claim.other)
    if not asked or not others:
        return f"These are {mine[0].speaker}'s words." if mine and len(claim.speakers) > 1 and not near else ""
    if None in others:
        return f"Not known to be {asked}'s words."
    names = [name for name in others if name]
    voices = [f"{name}'s" for name in names[:MOST_VOICES]] + ["others'"] * (len(names) > MOST_VOICES)
    if mine:
        return "" if near else f"Also said by {listed(names)}."
    last = fold(asked).split()[-1]
    if any(last in re.findall(r"\w+", fold(c.quote)) for c in citations):
        return f"Spoken by {listed(names)}, who names {asked}."
    which = "the nearest" if near else "these"
    if claim.speakers or (_A_NAME.fullmatch(claim.other) and not any(_is_like(claim.other, c) for c in citations)):
        return f"Not {asked}: {which} are {listed(voices)} words."
    return f"{which.capitalize()} are {listed(voices)} words."


def is_of(citation: Citation, claim: Claim) -> bool:
    """Say whether who is cited is one of those of whom it is asked."""
    return citation.speaker is not None and name_key(citation.speaker) in claim.keys


def _is_like(name: str, citation: Citation) -> bool:
    """Say whether a name may be that of who is cited, in short, or of where they are from."""
    known = name_key(" ".join(filter(None, (citation.speaker, citation.role, citation.organisation)))).split()
    return not set(name_key(name).split()).isdisjoint(known)


def differing(asked: str, sentence: str, found: Sequence[Difference]) -> str:
    """Return how what was said differs from a quote.

    Args:
        asked: The quote.
        sentence: What was said, in whole sentences.
        found: The differences at the place within them that is nearest by words. Compared with all of the sentences,
            there may be fewer: "progress" is not missing where "progress in teams" was said.
    """
    compared = None if _ELISIONS.search(asked) else _compared(asked, sentence)
    changes = found if compared is None else min(compared, found, key=_length)
    if not changes:
        return "Not word for word: the words are the same, but for short forms."
    notes = [_told(each.said, each.asked) for each in changes[:MOST_DIFFERENCES]]
    return f"Not word for word: {'; '.join(notes)}{'; and more' if len(changes) > len(notes) else ''}."


def _length(changes: Sequence[Difference]) -> int:
    return sum(len(each.said.split()) + len(each.asked.split()) for each in changes)


def _compared(asked: str, sentence: str) -> Sequence[Difference] | None:
    """Return the differences between a quote and a sentence that may begin before it and end after it.

    None where they part a short form ("that's", "that").
    """
    ours, theirs = _words(asked), _words(sentence)
    steps = SequenceMatcher(None, [word.key for word in theirs], [word.key for word in ours], autojunk=False)
    changes: list[Difference] = []
    same: list[set[int]] = [set(), set()]
    differ: list[set[int]] = [set(), set()]
    opcodes = steps.get_opcodes()
    for number, (kind, a, b, c, d) in enumerate(opcodes):
        here, put = theirs[a:b], ours[c:d]
        if kind != "equal" and number in (0, len(opcodes) - 1):
            # What the sentence has before and after the quote is no difference, but for what stands for its words.
            here = (here[max(0, len(here) - len(put)) :] if number == 0 else here[: len(put)]) if put else []
        for side, words in enumerate((here, put)):
            (same if kind == "equal" else differ)[side].update(word.number for word in words)
        if kind != "equal" and (here or put):
            changes.append(_Changed(said=_written(here), asked=_written(put)))
    return None if same[0] & differ[0] or same[1] & differ[1] else changes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    key: str
    number: int
    written: str


def _words(text: str) -> list[_Word]:
    """Return the words of a text; short forms are two that share a number."""
    found: list[_Word] = []
    for number, written in enumerate(text.split()):
        word = written.strip(_EDGES)
        key = fold(word)
        short = _SHORT.fullmatch(key)
        keys = (short["word"], SHORT_FORMS[short["form"]]) if short else (key,)
        found.extend(_Word(key=key, number=number, written=word) for key in keys if key)
    return found


def _written(words: Sequence[_Word]) -> str:
    return " ".join({word.number: word.written for word in words}.values())


def _told(said: str, asked: str) -> str:
    if said and asked and asked != ELISION:
        return f"said “{shown(said)}”, asked “{shown(asked)}”"
    if said:
        return f"“{shown(said)}” is left out"
    return "a long part is left out" if asked == ELISION else f"“{shown(asked)}” is not there"


def in_other_words(
    claim: Claim, citations: Sequence[Citation], refusal: Refusal | None, names: tuple[str, str] | None
) -> str:
    """Return what to say of what bears on a claim and was not said so.

    Args:
        claim: The claim.
        citations: What bears on it.
        refusal: What speaks against taking it for the claim in other words; None where nothing does.
        names: A name that the first has and one that the claim has instead; None without both.
    """
    if claim.asks_who and refusal is None:
        return ""
    who = citations[0].speaker if citations and citations[0].speaker else "anybody"
    but = "." if refusal is None else _BUT.get(refusal, _UNSURE)
    if names:
        but = f", and it names {names[0]}, not {names[1]}."
    return f"Not said word for word: this is the nearest that {who} says{but}"


def names_another(claim: Claim, citation: Citation) -> tuple[str, str] | None:
    """Return a name that a quote has and a claim has not, and one that the claim has instead; None without both."""
    speakers = term_set(" ".join((*claim.speakers, citation.speaker or "")))
    said, asked = (
        {" ".join(each.words): term_set(" ".join(each.words)) for each in mentions(text) if _is_a_name(each.words)}
        for text in (citation.quote, claim.words)
    )
    held, put = term_set(citation.quote), term_set(claim.words)
    others = [name for name, terms in said.items() if terms.isdisjoint(put | speakers)]
    missing = [name for name, terms in asked.items() if terms.isdisjoint(held | speakers)]
    return (others[0], missing[0]) if others and missing else None


def _is_a_name(words: Sequence[str]) -> bool:
    return not all(word.isupper() for word in words)


def nothing_so_plain(claim: Claim) -> str:
    """Return what to say where what somebody says on a matter stands for what it is asked whether they think."""
    who = listed(claim.speakers) if claim.speakers else "anybody"
    return f"I found nothing that {who} says to just this effect; the quotes come nearest to the matter."


def nothing_near(claim: Claim, own: Sequence[Citation], others: Sequence[Citation]) -> str:
    """Return the reply where nobody of whom a claim is made says anything near it.

    Args:
        claim: The claim.
        own: The nearest that they say.
        others: What somebody else says that bears on it.
    """
    who = listed(claim.speakers) if claim.speakers else "anybody"
    reply = f"I found nothing that {who} says to this effect: “{shown(claim.words)}”."
    if others and not is_of(others[0], claim):
        return f"{reply} Somebody else comes near it: {introduce(others[0])}: “{others[0].quote}”"
    return f"{reply} {_shown_as_nearest(own[0])}" if own else reply


def unsaid(words: str, nearest: Sequence[Citation]) -> str:
    """Return the reply where nobody said anything near."""
    reply = f"These words are not in the transcripts: “{shown(words)}”."
    if not nearest:
        return f"{reply} Nothing in them comes near."
    return f"{reply} {_shown_as_nearest(nearest[0])}"


def _shown_as_nearest(citation: Citation) -> str:
    return f"The nearest there is, perhaps about something else: {introduce(citation)}: “{citation.quote}”"
