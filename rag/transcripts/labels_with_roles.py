"""Labels that tell a role too, "Ann Lee, chief nurse", and whom they and the parts of names mean: for every reader."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from rag.transcripts.names import name_key
from rag.transcripts.roles import Position, split_label
from rag.transcripts.speakers import converse, fits, same_speakers, with_aliases
from rag.transcripts.types import Speaker, Transcript


def positions_in(labels: Sequence[str | None], listed: Collection[str]) -> dict[str, tuple[str, Position]]:
    """Return, by label, the name and the position in it, for the labels that tell one.

    Args:
        labels: In the order of speech, None where nobody is named.
        listed: Names as the source's list of people has them; they stay whole.

    Labels of one name and two roles that talk to one another are two people's, and stay whole too.
    """
    spoken = [label for label in labels if label]
    found = {}
    for label in dict.fromkeys(spoken):
        name, position = split_label(label)
        if position is not None and label not in listed:
            found[label] = (name, position)
    by_name: dict[str, list[str]] = {}
    for label, (name, _) in found.items():
        by_name.setdefault(name_key(name), []).append(label)
    several = {label for same in by_name.values() for label in same if _answers_one_of(same, label, spoken)}
    return {label: parts for label, parts in found.items() if label not in several}


def with_people_joined(transcript: Transcript, stated: Collection[str]) -> Transcript:
    """Return a transcript that names its own speakers with each person under one name.

    A role is taken out of a label, and a part of a name completed, where they can only mean one person. Names as the
    list of speakers states them stay as they are, and so do spellings of one name: those are one person anyhow.

    Args:
        transcript: As it states itself.
        stated: The names in its list of speakers.
    """
    labels = [turn.speaker for turn in transcript.turns]
    free = [label for label in dict.fromkeys(labels) if label and label not in stated]
    if not free:
        return transcript
    positions = {label: parts for label, parts in positions_in(labels, stated).items() if label in free}
    names = {label: name for label, (name, _) in positions.items()}
    names |= {label: name for label in free if (name := _by_alias(label, transcript.speakers, stated)) is not None}
    parted = [names.get(label, label) if label else None for label in labels]
    whole = same_speakers(parted, stated)
    for label in free:
        name = names.get(label, label)
        other = whole.get(name)
        if other is not None and (fits(name, [other]) or other in stated):
            names[label] = other
    return _renamed(transcript, names, {names[label]: position for label, (_, position) in positions.items()})


def _answers_one_of(same: Sequence[str], label: str, spoken: Sequence[str]) -> bool:
    return any(other != label and converse(spoken, label, other) for other in same)


def _by_alias(label: str, speakers: Sequence[Speaker], stated: Collection[str]) -> str | None:
    """Return the one speaker in the list whose alias a label is."""
    meant = [speaker.name for speaker in speakers if speaker.name in stated and label in speaker.aliases]
    return meant[0] if len(meant) == 1 else None


def _renamed(transcript: Transcript, names: dict[str, str], positions: dict[str, Position]) -> Transcript:
    names = {label: name for label, name in names.items() if label != name}
    if not names:
        return transcript
    aliases: dict[str, tuple[str, ...]] = {}
    for label, name in names.items():
        aliases[name] = (*aliases.get(name, ()), label)
    speakers: dict[str, Speaker] = {}
    for speaker in transcript.speakers:
        name = names.get(speaker.name, speaker.name)
        speakers.setdefault(name, replace(speaker, name=name))
    held = (_with_position(speaker, positions.get(speaker.name)) for speaker in speakers.values())
    turns = tuple(replace(turn, speaker=names.get(turn.speaker or "", turn.speaker)) for turn in transcript.turns)
    return replace(transcript, speakers=with_aliases(held, aliases), turns=turns)


def _with_position(speaker: Speaker, position: Position | None) -> Speaker:
    if position is None or speaker.role is not None:
        return speaker
    return replace(speaker, role=position.role, organisation=speaker.organisation or position.organisation)
