"""The owner's word on the people: names, aliases, and roles by date. It goes before everything that was read."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.transcripts.names import fold, name_key
from rag.transcripts.roles import split_label
from rag.transcripts.speakers import is_full
from rag.transcripts.types import Speaker, Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedRole:
    """What somebody was from one day to another, both included."""

    role: str | None
    organisation: str | None
    first_day: dt.date | None
    last_day: dt.date | None

    def holds(self, date: dt.date | None) -> bool:
        """Say whether it was held on a day; on an unknown day only a role without days is."""
        if date is None:
            return self.first_day is None and self.last_day is None
        return (self.first_day is None or self.first_day <= date) and (self.last_day is None or date <= self.last_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedSpeaker:
    """A person as the owner states them."""

    name: str
    aliases: tuple[str, ...] = ()
    roles: tuple[StatedRole, ...] = ()

    def is_called(self, label: str) -> bool:
        """Say whether a label is this person's name, whatever its honorifics, or one of the aliases as written."""
        return name_key(label) == name_key(self.name) or as_written(label) in map(as_written, self.aliases)

    def is_called_with_a_role(self, label: str) -> bool:
        """Say whether a label is this person's full name where a name or alias tells a role too: "Bo Ek, chair".

        Readers take the roles out of labels.
        """
        told = [parts[0] for name in (self.name, *self.aliases) if (parts := split_label(name))[1] is not None]
        return any(is_full(name) and name_key(name) == name_key(label) for name in told)


def with_owners_word(transcript: Transcript, stated: Sequence[StatedSpeaker]) -> Transcript:
    """Return a transcript with the names, aliases and roles that the owner stated; no word of it changes."""
    labels = dict.fromkeys(
        [*(s.name for s in transcript.speakers), *(t.speaker for t in transcript.turns if t.speaker)]
    )
    meant = {label: person for label in sorted(filter(None, labels)) if (person := _find(label, stated)) is not None}
    if not meant:
        return transcript
    speakers: dict[str, Speaker] = {}
    for speaker in transcript.speakers:
        person = meant.get(speaker.name)
        named = replace(speaker, name=person.name) if person else speaker
        before = speakers.get(named.name)
        aliases = (*(before.aliases if before else ()), *speaker.aliases, speaker.name)
        aliases = (*aliases, *person.aliases) if person else aliases
        base = before or named
        if before is not None and before.role is None:
            base = replace(before, role=named.role, organisation=named.organisation)
        kept = tuple(dict.fromkeys(alias for alias in aliases if alias != named.name))
        speakers[named.name] = _with_role(replace(base, aliases=kept), person, transcript.date)
    turns = tuple(
        replace(turn, speaker=meant[turn.speaker].name) if turn.speaker in meant else turn for turn in transcript.turns
    )
    return replace(transcript, speakers=tuple(speakers.values()), turns=turns)


def _find(label: str, stated: Sequence[StatedSpeaker]) -> StatedSpeaker | None:
    called = next((person for person in stated if person.is_called(label)), None)
    if called is not None:
        return called
    with_role = [person for person in stated if person.is_called_with_a_role(label)]
    return with_role[0] if len({person.name for person in with_role}) == 1 else None


def _with_role(speaker: Speaker, person: StatedSpeaker | None, date: dt.date | None) -> Speaker:
    held = next((role for role in person.roles if role.holds(date)), None) if person else None
    return replace(speaker, role=held.role, organisation=held.organisation) if held else speaker


def as_written(label: str) -> str:
    """Return what two ways to write one alias share: no case, accents or punctuation; titles count."""
    return " ".join(re.findall(r"[\w']+", fold(label)))
