"""Why a label is held to be lost, in plain English that quotes the evidence."""

from rag.transcripts.repair.conversation import Conversation
from rag.transcripts.repair.evidence import Place
from rag.transcripts.repair.words import without_time

OPENING_WORDS = 6
TELLING_VOICE = 2.0
"""Standard steps from which a voice is worth a word."""
RARE = 0.06
"""Share of stretches with several paragraphs up to which they are worth a word."""
FEW = 20
"""Places without a repeated label from which it is worth a word that there is none."""


def reason_for(conversation: Conversation, index: int, place: Place, speaker: str | None) -> str:
    """Return the reason for a split, with the line of the source at which the other speaker begins.

    Args:
        conversation: What is repaired.
        index: Of the stretch that is split.
        place: Where.
        speaker: Who speaks from there on; None where that isn't known.
    """
    stretch, pattern = conversation.stretches[index], conversation.pattern
    paragraph, labelled = stretch.paragraphs[place.paragraph], stretch.speaker
    parts = [_opening(without_time(paragraph.text), place, speaker, alone=conversation.is_between_two)]
    if place.addressed:
        parts.append(f"addresses {labelled}, the labelled speaker, by name (“{place.addressed}”)")
    if place.evidence.after >= TELLING_VOICE:
        parts.append(f"is in words that {speaker or 'others'} rather than {labelled} would use in this transcript")
    listed = " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
    reason = f"The label is missing in the source (line {paragraph.line}): the text {listed}."
    if pattern.following(index) == labelled:
        reason += f" The next label is {labelled} again, so somebody else spoke in between"
        unusual = pattern.repeats == 0 and pattern.places >= FEW
        reason += "; no label is repeated elsewhere without need." if unusual else "."
    elif pattern.several <= RARE:
        reason += f" Turns of several paragraphs are rare in this transcript ({pattern.several:.0%})."
    if speaker is None:
        return f"{reason} It doesn't show which of the others that was."
    if conversation.is_between_two:
        return f"{reason} Only {speaker} takes part besides."
    return reason if place.asked == speaker else f"{reason} The turns around it are an exchange with {speaker}."


def _opening(text: str, place: Place, speaker: str | None, *, alone: bool) -> str:
    quoted = f"(“{' '.join(text.split()[:OPENING_WORDS])} …”)"
    seen = place.evidence
    if seen.follows_question and place.asked and place.asked == speaker and not alone:
        return f"answers a question put to {speaker} {quoted}"
    if seen.answers_question or (seen.follows_question and seen.replies):
        return f"answers the question before it {quoted}"
    if seen.replies:
        return f"takes up what was said before it {quoted}"
    if seen.answers:
        return f"begins as an answer does {quoted}"
    if seen.follows_question:
        return f"follows a question {quoted}"
    return f"reads as another's {quoted}"
