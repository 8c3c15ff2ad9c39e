"""What is in the collection: transcripts and speakers."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from index.protocols import SearchEngine
from rag.decoded import REMEMBERED, DecodedTranscripts
from rag.errors import NotFoundError
from rag.receipts import Receipts
from rag.storage import StoredTranscript, engine_errors
from rag.transcripts.names import name_key
from rag.transcripts.roles import Position, split_label
from rag.transcripts.speakers import Unclear, converse, is_full, person_key, unclear_names
from rag.transcripts.types import Speaker, Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptSummary:
    """A transcript without its turns."""

    id: str
    title: str
    date: str | None
    """ISO 8601."""
    collection: str
    url: str | None
    speakers: tuple[Speaker, ...]
    turn_count: int
    turn_counts: dict[str, int]
    """Turns by speaker's name."""
    interviewers: tuple[str, ...] = ()
    """Names of those who ask the questions; empty where it is no interview."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHeld:
    """What a speaker was when one conversation took place."""

    role: str | None
    organisation: str | None
    transcript_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerEntry:
    """A person over all conversations."""

    name: str
    aliases: tuple[str, ...]
    roles: tuple[RoleHeld, ...]
    turn_count: int
    labels: frozenset[str] = frozenset()
    """Name keys of the labels under which they speak, where these tell more than the name."""
    interviews: bool = False
    """Whether they ask the questions in a conversation."""
    is_interviewed: bool = False
    """Whether they speak in a conversation in which others ask the questions."""


class Library:
    """Reads what the search engine stores as transcripts and speakers."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self._speakers: tuple[str, tuple[SpeakerEntry, ...]] | None = None
        self._decoded = DecodedTranscripts()
        self._seen: tuple[str, dict[str, Transcript | None]] = ("", {})

    def transcripts(self) -> Iterator[TranscriptSummary]:
        """Iterate over all transcripts in order of id."""
        with engine_errors():
            for document in self._engine.documents():
                yield _summary(json.loads(document.summary))

    def stored(self, transcript_id: str) -> StoredTranscript:
        """Return a transcript as it was read, and what the owner confirmed about it.

        Raises:
            NotFoundError: There is no transcript of that id.
        """
        return self._read(transcript_id)[0]

    def transcript(self, transcript_id: str) -> Transcript:
        """Return one transcript, whole.

        Raises:
            NotFoundError: There is no transcript of that id.
        """
        return self._read(transcript_id)[1]

    def find(self, transcript_id: str) -> Transcript | None:
        """Return one transcript, whole, or None; the last few are remembered as long as the index is the same."""
        with engine_errors():
            version = self._engine.version
        seen = self._seen
        if seen[0] != version:
            seen = self._seen = (version, {})
        if transcript_id not in seen[1]:
            with engine_errors():
                document = self._engine.document(transcript_id)
            if len(seen[1]) >= REMEMBERED:
                seen = self._seen = (version, {})
            seen[1][transcript_id] = self._decoded.of(transcript_id, document.body)[1] if document else None
        return seen[1][transcript_id]

    def remove(self, transcript_ids: Sequence[str]) -> None:
        """Remove transcripts beyond recovery from the data folder; none is removed where one is unknown.

        Raises:
            NotFoundError: There is no transcript of one of the ids.
        """
        with engine_errors():
            known = {document.id for document in self._engine.documents()}
            unknown = sorted(set(transcript_ids) - known)
            if unknown:
                raise NotFoundError(f"There is no transcript {', '.join(map(repr, unknown))}. Nothing was removed.")
        # The receipts first: their text must not outlive the removal, which wipes what was dropped before it.
        Receipts(self._engine).forget(transcript_ids)
        with engine_errors():
            self._engine.remove(dict.fromkeys(transcript_ids))

    def speakers(self) -> tuple[SpeakerEntry, ...]:
        """Return everybody who speaks, by name; names that differ by honorific, case or accent are one person."""
        with engine_errors():
            version = self._engine.version
        if self._speakers is None or self._speakers[0] != version:
            self._speakers = (version, tuple(self._read_speakers()))
        return self._speakers[1]

    def unclear_speakers(self) -> list[Unclear]:
        """Return the names that may be another speaker's, in this or another transcript, and are kept apart."""
        return unclear_names(entry.name for entry in self.speakers())

    def _read(self, transcript_id: str) -> tuple[StoredTranscript, Transcript]:
        with engine_errors():
            document = self._engine.document(transcript_id)
        if document is None:
            raise NotFoundError(f"There is no transcript {transcript_id!r}. `turnwise list` shows the ids.")
        return self._decoded.of(transcript_id, document.body)

    def _read_speakers(self) -> list[SpeakerEntry]:
        names: defaultdict[str, Counter[str]] = defaultdict(Counter)
        aliases: defaultdict[str, set[str]] = defaultdict(set)
        roles: defaultdict[str, list[RoleHeld]] = defaultdict(list)
        ask: set[str] = set()
        answer: set[str] = set()
        summaries = list(self.transcripts())
        with_role = self._labels_with_roles(summaries)

        def person(label: str) -> str:
            return person_key(with_role[label][0] if label in with_role else label)

        for summary in summaries:
            for name, turns in summary.turn_counts.items():
                names[person(name)][name] += turns
                if summary.interviewers:
                    (ask if name in summary.interviewers else answer).add(person(name))
            for speaker in summary.speakers:
                key = person(speaker.name)
                aliases[key].update(speaker.aliases)
                position = with_role[speaker.name][1] if speaker.name in with_role else None
                role = speaker.role or (position.role if position else None)
                organisation = speaker.organisation or (position.organisation if position else None)
                if speaker.name in summary.turn_counts and (role or organisation):
                    roles[key].append(RoleHeld(role=role, organisation=organisation, transcript_id=summary.id))
        entries = []
        for key, spelled in names.items():
            # Who is called with a role here and without one there is called without one.
            name = min(spelled, key=lambda n: (n in with_role, -spelled[n], n))
            entries.append(
                SpeakerEntry(
                    name=name,
                    aliases=tuple(sorted((aliases[key] | set(spelled)) - {name})),
                    roles=tuple(roles[key]),
                    turn_count=spelled.total(),
                    labels=frozenset() if with_role.keys().isdisjoint(spelled) else frozenset(map(name_key, spelled)),
                    interviews=key in ask,
                    is_interviewed=key in answer,
                )
            )
        return sorted(entries, key=lambda entry: (name_key(entry.name).split()[-1:], entry.name))

    def _labels_with_roles(self, summaries: Sequence[TranscriptSummary]) -> dict[str, tuple[str, Position]]:
        """Return, by label that tells a role too, the full name and the position in it.

        Where a conversation has one name with two roles, or two labels of it talk to one another, they are two
        people's: then all labels of that name stay whole.
        """
        labels = {label for summary in summaries for label in summary.turn_counts}
        parts = {label: split_label(label) for label in labels}
        found = {
            label: (name, position)
            for label, (name, position) in parts.items()
            if position is not None and is_full(name)
        }
        apart: set[str] = set()
        for summary in summaries if found else ():
            by_person: defaultdict[str, list[str]] = defaultdict(list)
            for label in summary.turn_counts:
                by_person[person_key(found[label][0] if label in found else label)].append(label)
            for key, same in by_person.items():
                if len(same) > 1 and not found.keys().isdisjoint(same) and self._are_several(same, found, summary.id):
                    apart.add(key)
        return {label: (name, position) for label, (name, position) in found.items() if person_key(name) not in apart}

    def _are_several(self, same: Sequence[str], found: Mapping[str, tuple[str, Position]], transcript_id: str) -> bool:
        """Say whether labels of one name in a conversation are several people's."""
        roles = [frozenset(name_key(found[label][1].role).split()) for label in same if label in found]
        if any(not (one <= other or other <= one) for one, other in combinations(roles, 2)):
            return True
        transcript = self.find(transcript_id)
        spoken = [turn.speaker for turn in transcript.turns if turn.speaker] if transcript else []
        return any(converse(spoken, one, other) for one, other in combinations(same, 2))


def _summary(data: dict[str, Any]) -> TranscriptSummary:
    speakers = tuple(
        Speaker(name=s["name"], role=s["role"], organisation=s["organisation"], aliases=tuple(s["aliases"]))
        for s in data["speakers"]
    )
    interviewers = tuple(data.get("interviewers", ()))  # summaries of before it was kept have none
    return TranscriptSummary(**{**data, "speakers": speakers, "interviewers": interviewers})
