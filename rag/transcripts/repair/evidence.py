"""What speaks for a lost label between two paragraphs of one stretch, as numbers that a person can read."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.transcripts.repair.conversation import PAIR, Conversation
from rag.transcripts.repair.pattern import has_words
from rag.transcripts.repair.words import (
    address,
    answers,
    asks,
    breaks_off,
    goes_on,
    open_ended,
    put_to,
    replies,
    set_off,
    states_label,
    without_time,
)

MOST_LEAN = 12.0
"""Bound of a voice's log ratio on each side: words are not independent, and long texts would outweigh all else."""
SHORT = 4
"""Words of a paragraph that is no more than a nod."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """For one place between two paragraphs. The first eight are the same for all places of a stretch."""

    always: float
    """1."""
    returns: float
    """1 where the next label is the same speaker's again."""
    returns_unusually: float
    """Where it is, how rarely a label is repeated here with nothing hidden: minus the log of the share."""
    returns_between_two: float
    """1 where it is, and only two people speak."""
    passes_between_two: float
    """1 where only two people speak, and the next label is the other's: two labels would have to be lost."""
    unusual_length: float
    """Minus the log of the share of stretches with several paragraphs."""
    unusually_many: float
    """Minus the log of the share of stretches with three and more."""
    ends: float
    """1 where no label follows."""
    follows_question: float
    answers: float
    """1 where the paragraph begins as an answer may."""
    replies: float
    """1 where it begins with a word that takes up another's."""
    answers_question: float
    """1 where a question stands before it and it begins as an answer."""
    goes_on: float
    """1 where it begins with "And", "So", "Secondly"."""
    asks: float
    """1 where it ends in a question itself."""
    nods: float
    """1 where it has at most four words."""
    interrupted: float
    """1 where the paragraph before breaks off."""
    unfinished: float
    """1 where it ends with a word, a comma or a colon."""
    goes_on_small: float
    """1 where the paragraph begins in lower case."""
    addresses: float
    """1 where it speaks to the labelled speaker by name."""
    answers_by_name: float
    """1 where it does, begins as an answer may, and either follows a question or the same label comes next."""
    put_to: float
    """1 where the paragraph before is put to another by name."""
    after: float
    """How much the words from here on are the others' rather than the speaker's."""
    before: float
    """The same of the words up to here."""
    paragraphs: float
    """Log ratio of two turns of so many paragraphs, the second another's, and one turn of all of them."""
    first: float
    """1 at the first place of several."""
    last: float
    """1 at the last place of several."""


WEIGHTS = Evidence(
    always=-5.12,
    returns=-2.53,
    returns_unusually=1.54,
    returns_between_two=-1.23,
    passes_between_two=-1.94,
    unusual_length=0.50,
    unusually_many=0.49,
    ends=0.00,
    follows_question=1.20,
    answers=0.46,
    replies=2.02,
    answers_question=0.34,
    goes_on=-1.20,
    asks=0.49,
    nods=2.78,
    interrupted=0.53,
    unfinished=-3.13,
    goes_on_small=-2.29,
    addresses=2.23,
    answers_by_name=0.33,
    put_to=0.81,
    after=0.47,
    before=-0.10,
    paragraphs=0.24,
    first=-0.27,
    last=-1.76,
)
"""A fit on half of the episodes of seven Changelog shows, judged on others: docs/decisions/005-lost-labels.md."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place where a label may be missing."""

    paragraph: int
    """Of the stretch, the first that may be another's."""
    evidence: Evidence
    addressed: str | None
    """The words that speak to the labelled speaker."""
    asked: str | None
    """The one to whom the paragraph before is put by name."""


def places_of(conversation: Conversation, index: int) -> list[Place]:
    """Return where a label may be missing in a stretch: before each paragraph that says something, but the first."""
    pattern, voices, speaker = conversation.pattern, conversation.voices, conversation.speaker(index)
    others = conversation.others(index)
    paragraphs, counted = conversation.stretches[index].paragraphs, voices.words[index]
    if speaker is None or not others or any(states_label(paragraph.text) for paragraph in paragraphs[1:]):
        return []
    following = conversation.following(index)
    returns, pair = following == speaker, conversation.is_between_two
    own = Counter(word for words in counted for word in words)
    leans = [voices.lean(words, others, speaker, own) if words else 0.0 for words in counted]
    sizes = [len(words) for words in counted]
    number = len(paragraphs)
    as_one = voices.log_paragraphs(number, [speaker], number)
    found = []
    for place in range(1, number):
        text, before = without_time(paragraphs[place].text), paragraphs[place - 1].text
        # What is listed, quoted or read out is the speaker's.
        if not has_words(paragraphs[place].text) or not any(sizes[:place]) or set_off(text):
            continue
        asked = put_to(paragraphs[place - 1], others, pattern.people)
        rest = paragraphs[place:] if returns else paragraphs[place : place + 1]
        addressed = address(rest, speaker, pattern.people)
        follows = asks(before)
        evidence = Evidence(
            always=1.0,
            returns=float(returns),
            returns_unusually=-pattern.log_repeat_rate if returns else 0.0,
            returns_between_two=float(returns and pair),
            passes_between_two=float(pair and following is not None and not returns),
            unusual_length=-math.log(pattern.several_by_speaker[speaker]),
            unusually_many=-math.log(pattern.many),
            ends=float(following is None),
            follows_question=float(follows),
            answers=float(answers(text)),
            replies=float(replies(text)),
            answers_question=float(follows and answers(text)),
            goes_on=float(goes_on(text)),
            asks=float(asks(text)),
            nods=float(sizes[place] <= SHORT),
            interrupted=float(breaks_off(before)),
            unfinished=float(open_ended(before)),
            goes_on_small=float(text[:1].islower()),
            addresses=float(addressed is not None),
            answers_by_name=float(addressed is not None and answers(text) and (follows or returns)),
            put_to=float(asked is not None),
            after=_bounded(leans[place:], sizes[place:]),
            before=_bounded(leans[:place], sizes[:place]),
            paragraphs=voices.log_paragraphs(place, [speaker], number)
            + voices.log_paragraphs(number - place, others)
            - as_one,
            first=float(place == 1 and number > PAIR),
            last=float(place == number - 1 and number > PAIR),
        )
        found.append(Place(paragraph=place, evidence=evidence, addressed=addressed, asked=asked))
    return found


def _bounded(leans: Sequence[float], sizes: Sequence[int]) -> float:
    """Return the lean of several paragraphs in standard steps: its sum by the root of the number of words."""
    size = sum(sizes)
    return max(-MOST_LEAN, min(MOST_LEAN, sum(leans) / math.sqrt(size))) if size else 0.0
