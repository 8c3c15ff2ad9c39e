"""Lost speaker labels: finding the paragraphs that are not the labelled speaker's.

On a page an answer may stand under the label of the one who asked. No single sign proves it: a label that stands twice
in a row, a paragraph that begins like an answer, a turn longer than turns are here are all everyday things. Together,
and held against what is usual in the transcript, they can leave no doubt. A paragraph is never cut.
"""

from collections.abc import Sequence
from dataclasses import replace

from rag.transcripts.repair.conversation import PAIR, Conversation
from rag.transcripts.repair.evidence import WEIGHTS, Place, places_of
from rag.transcripts.repair.partners import named_among
from rag.transcripts.repair.reasons import reason_for
from rag.transcripts.repair.softmax import probabilities
from rag.transcripts.stretches import Stretch
from rag.transcripts.types import Attribution

CERTAIN = 0.9
"""Probability from which a label is held to be lost: docs/decisions/005-lost-labels.md."""
PROBABLE = 0.5
"""The same where the words prove it: the paragraph answers, and speaks to the labelled speaker by name."""
FEW_PLACES = 10
"""Places up to which a transcript doesn't show whether its labels are repeated; there only words prove anything."""
NAMED_AMONG_SEVERAL = 0.985
"""Probability of the place from which one of several people may be named."""


def repair_labels(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Return the stretches with those split in which a label is missing.

    The second part is `inferred` where one person is meant: the only other speaker, or the one whom the evidence names
    among several. Otherwise it is `unknown`. The reason, in plain English, quotes the evidence and names the line.
    """
    conversation = Conversation.of(stretches)
    if len(conversation.pattern.people) < PAIR:
        return list(stretches)
    repaired: list[Stretch] = []
    for index, stretch in enumerate(stretches):
        place, probability = _likeliest_place(conversation, index)
        if place is None or not _is_lost(conversation, index, place, probability):
            repaired.append(stretch)
            continue
        speaker = _named(conversation, index, place, probability)
        repaired.extend(_split(stretch, place, speaker, reason_for(conversation, index, place, speaker)))
    return repaired


def _likeliest_place(conversation: Conversation, index: int) -> tuple[Place | None, float]:
    if len(conversation.stretches[index].paragraphs) <= 1:
        return None, 0.0
    places = places_of(conversation, index)
    if not places:
        return None, 0.0
    shares = probabilities([place.evidence for place in places], WEIGHTS, none=0.0)
    best = max(range(len(places)), key=lambda n: shares[n])
    return places[best], shares[best]


def _is_lost(conversation: Conversation, index: int, place: Place, probability: float) -> bool:
    # A host may open alone, under a label of his own, and then begin the conversation under it again.
    if conversation.pattern.places > FEW_PLACES and index > 0:
        return probability >= CERTAIN
    answerer = conversation.others(index)[0] if conversation.is_between_two else place.asked
    # Where the answerer's own label follows, the paragraph is more likely to belong to the labelled speaker.
    own_follows = answerer is not None and answerer == conversation.following(index)
    return bool(place.evidence.answers_by_name) and probability >= PROBABLE and not own_follows


def _named(conversation: Conversation, index: int, place: Place, probability: float) -> str | None:
    """Return who speaks from a place on, where the evidence names one person."""
    if place.asked is not None and place.evidence.answers_by_name and place.evidence.follows_question:
        return place.asked
    if conversation.is_between_two:
        return conversation.others(index)[0]
    return named_among(conversation, index, place.paragraph) if probability >= NAMED_AMONG_SEVERAL else None


def _split(stretch: Stretch, place: Place, speaker: str | None, reason: str) -> list[Stretch]:
    return [
        replace(stretch, paragraphs=stretch.paragraphs[: place.paragraph], end_ms=None),
        replace(
            stretch,
            speaker=speaker,
            paragraphs=stretch.paragraphs[place.paragraph :],
            attribution=Attribution.INFERRED if speaker else Attribution.UNKNOWN,
            attribution_reason=reason,
            start_ms=None,
        ),
    ]
