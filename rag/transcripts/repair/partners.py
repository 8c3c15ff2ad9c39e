"""Who, of several people, spoke under a lost label: what speaks for each of them, as numbers that a person can read."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

from rag.transcripts.repair.conversation import Conversation
from rag.transcripts.repair.softmax import probabilities
from rag.transcripts.repair.words import put_to

NEAR = 4
"""Labels on each side that make up the exchange in which a label was lost."""
CERTAIN_PERSON = 0.98
"""Probability from which one of several is named."""
HEARD_ONCE = 1
"""Somebody whose label stands once is not reckoned with elsewhere: a clip, a heading taken for a name."""
AROUND = 20
"""Labels on each side among which such a one is reckoned with all the same."""
NOD = 4
"""Words that anybody may say."""
OWN_VOICE = 1.0
"""Standard steps by which the words must be that person's rather than any other's."""
LEAST_WORDS = 1
STEPS_BEFORE = 0.3
"""Of one label to another, assumed of every transcript."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """For one person who may have spoken."""

    just_before: float
    """1 where the person's label stands just before the stretch."""
    just_after: float
    """1 where it stands just after the next label."""
    two_before: float
    """1 where it stands second before the stretch."""
    two_after: float
    """1 where it stands second after the next label."""
    next_itself: float
    """1 where the next label is the person's: then a second label was lost, of whoever spoke in between."""
    exchange: float
    """Share of the nearest four labels on each side that are the person's, of those not the labelled speaker's."""
    share: float
    """Share of all labels in the transcript that are the person's."""
    follows_speaker: float
    """Log of the share of the labels after the labelled speaker's that are the person's."""
    before_next: float
    """Log of the share of the labels after the person's that are the one that comes next."""
    length: float
    """Log of the share of the person's turns that are as long."""
    asked: float
    """1 where the paragraph before is put to the person by name."""
    taken_up: float
    """1 where the next turn speaks to the person by name."""
    voice: float
    """How much the words are the person's rather than the speaker's, against the same for the likeliest other."""


WEIGHTS = Presence(
    just_before=0.74,
    just_after=0.57,
    two_before=0.36,
    two_after=0.22,
    next_itself=0.96,
    exchange=0.81,
    share=1.77,
    follows_speaker=0.55,
    before_next=0.21,
    length=0.38,
    asked=3.71,
    taken_up=-0.43,
    voice=0.25,
)
"""Fitted as the weights of `Evidence` are."""
NAMES = tuple(field.name for field in fields(Presence))


def named_among(conversation: Conversation, index: int, place: int) -> str | None:
    """Return who speaks from a paragraph of a stretch on, where only one person can, or no other well could.

    The latter needs both: the turns around it, and words that are that person's.
    """
    people = candidates(conversation, index, place)
    labels = conversation.pattern.labels
    heard, around = Counter(label for label in labels if label), labels[max(0, index - AROUND) : index + AROUND]
    usual = [person for person in people if person in around or heard[person] > HEARD_ONCE]
    if len(usual) <= 1:
        return usual[0] if usual else None
    if sum(map(len, conversation.voices.words[index][place:])) <= NOD:
        return None
    seen = presences(conversation, index, place, people)
    shares = probabilities(seen, WEIGHTS)
    best = max(range(len(people)), key=lambda n: shares[n])
    return people[best] if shares[best] >= CERTAIN_PERSON and seen[best].voice >= OWN_VOICE else None


def candidates(conversation: Conversation, index: int, place: int) -> list[str]:
    """Return those who can have spoken from a paragraph of a stretch on.

    Not the labelled speaker; nor the one whose own label comes next, if there is only one paragraph: between the two,
    somebody else must have spoken.
    """
    others = conversation.others(index)
    if len(others) == 1 or len(conversation.stretches[index].paragraphs) - place > 1:
        return others
    return [person for person in others if person != conversation.following(index)]


def presences(conversation: Conversation, index: int, place: int, people: Sequence[str]) -> list[Presence]:
    """Return what speaks for each of several people."""
    pattern, voices = conversation.pattern, conversation.voices
    speaker, following = pattern.labels[index] or "", pattern.following(index)
    before = [label for label in pattern.labels[max(0, index - NEAR) : index][::-1] if label]
    after = [label for label in pattern.labels[index + 2 : index + 2 + NEAR] if label]
    near = Counter(label for label in (*before, *after) if label != speaker)
    overall = Counter(label for label in pattern.labels if label)
    steps = Counter(pair for pair in pairwise(pattern.labels) if pair[0] != pair[1])
    leaving: Counter[str | None] = Counter()
    for (left, _), number in steps.items():
        leaving[left] += number
    asked = put_to(conversation.stretches[index].paragraphs[place - 1], people, pattern.people)
    answered = _taken_up(conversation, index, people)
    own = Counter(word for words in voices.words[index] for word in words)
    said = [word for words in voices.words[index][place:] for word in words]
    root = max(LEAST_WORDS, len(said)) ** 0.5
    leans = [voices.lean(said, [person], speaker, own) / root for person in people]
    return [
        Presence(
            just_before=float(before[:1] == [person]),
            just_after=float(after[:1] == [person]),
            two_before=float(before[1:2] == [person]),
            two_after=float(after[1:2] == [person]),
            next_itself=float(person == following),
            exchange=near[person] / near.total() if near else 0.0,
            share=overall[person] / overall.total(),
            follows_speaker=_log_share(steps[speaker, person], leaving[speaker]),
            before_next=_log_share(steps[person, following], leaving[person]) if following else 0.0,
            length=voices.log_length(len(said), [person]),
            asked=float(asked == person),
            taken_up=float(answered == person),
            voice=lean - max(other for n, other in enumerate(leans) if n != number),
        )
        for number, (person, lean) in enumerate(zip(people, leans, strict=True))
    ]


def _log_share(number: int, of: int) -> float:
    return math.log((number + STEPS_BEFORE) / (of + 1.0))


def _taken_up(conversation: Conversation, index: int, people: Sequence[str]) -> str | None:
    """Return whom the first paragraph of the next turn speaks to by name."""
    following = conversation.stretches[index + 1 : index + 2]
    opening = following[0].paragraphs[:1] if following else ()
    return put_to(opening[0], people, conversation.pattern.people) if opening else None
