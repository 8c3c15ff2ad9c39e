"""Transcripts and the people who speak in them."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from pydantic import Field

from api.schemas.wire import EndTime, Outgoing, SourceUrl, StartTime, seconds
from rag.transcripts.types import Attribution, Speaker, Transcript

if TYPE_CHECKING:
    from rag.library import SpeakerEntry, TranscriptSummary


class SpeakerOut(Outgoing):
    """A person as one transcript presents them."""

    name: str
    role: str | None
    organisation: str | None
    aliases: tuple[str, ...]

    @classmethod
    def of(cls, speaker: Speaker) -> Self:
        """Convert one speaker."""
        return cls(
            name=speaker.name, role=speaker.role, organisation=speaker.organisation, aliases=tuple(speaker.aliases)
        )


class TranscriptSummaryOut(Outgoing):
    """A transcript without its turns."""

    id: str
    title: str
    date: dt.date | None
    collection: str
    url: SourceUrl
    speakers: tuple[SpeakerOut, ...]
    turn_count: int

    @classmethod
    def of_summary(cls, summary: "TranscriptSummary") -> Self:
        """Convert one entry of the library's listing."""
        return cls(
            id=summary.id,
            title=summary.title,
            date=None if summary.date is None else dt.date.fromisoformat(summary.date),
            collection=summary.collection,
            url=summary.url,
            speakers=tuple(SpeakerOut.of(speaker) for speaker in summary.speakers),
            turn_count=summary.turn_count,
        )


class TranscriptList(Outgoing):
    """A page of transcripts, ordered by id."""

    transcripts: tuple[TranscriptSummaryOut, ...]
    next: str | None = Field(description="Give it as `cursor` to get the next page; null on the last.")

    @classmethod
    def of(cls, summaries: "Iterable[TranscriptSummary]", *, following: str | None = None) -> Self:
        """Convert a page of the library's listing."""
        return cls(transcripts=tuple(TranscriptSummaryOut.of_summary(s) for s in summaries), next=following)


class TurnOut(Outgoing):
    """One uninterrupted stretch of speech by one speaker."""

    turn: int = Field(description="Number of the turn within its transcript, from 0.")
    speaker: str | None
    role: str | None
    attribution: Attribution = Field(description="How the speaker is known.")
    attribution_reason: str | None = Field(description="Why, where the speaker was inferred.")
    start_time: StartTime
    end_time: EndTime
    text: str = Field(description="Verbatim; paragraphs are separated by a blank line.")


class TranscriptOut(TranscriptSummaryOut):
    """A whole transcript."""

    turns: tuple[TurnOut, ...]

    @classmethod
    def of(cls, transcript: Transcript) -> Self:
        """Convert a whole transcript."""
        roles = {speaker.name: speaker.role for speaker in transcript.speakers}
        return cls(
            id=transcript.id,
            title=transcript.title,
            date=transcript.date,
            collection=transcript.collection,
            url=transcript.url,
            speakers=tuple(SpeakerOut.of(speaker) for speaker in transcript.speakers),
            turn_count=len(transcript.turns),
            turns=tuple(
                TurnOut(
                    turn=number,
                    speaker=turn.speaker,
                    role=None if turn.speaker is None else roles.get(turn.speaker),
                    attribution=turn.attribution,
                    attribution_reason=turn.attribution_reason,
                    start_time=seconds(turn.start_ms),
                    end_time=seconds(turn.end_ms),
                    text=turn.text,
                )
                for number, turn in enumerate(transcript.turns)
            ),
        )


class RoleOut(Outgoing):
    """A role that a person held, and the transcript that says so."""

    role: str | None
    organisation: str | None
    transcript_id: str


class SpeakerEntryOut(Outgoing):
    """A person across all transcripts."""

    name: str
    aliases: tuple[str, ...]
    roles: tuple[RoleOut, ...]
    turn_count: int


class SpeakerList(Outgoing):
    """Everybody who speaks in the transcripts."""

    speakers: tuple[SpeakerEntryOut, ...]

    @classmethod
    def of(cls, entries: "Iterable[SpeakerEntry]") -> Self:
        """Convert the library's list of speakers."""
        return cls(
            speakers=tuple(
                SpeakerEntryOut(
                    name=entry.name,
                    aliases=tuple(entry.aliases),
                    roles=tuple(
                        RoleOut(role=held.role, organisation=held.organisation, transcript_id=held.transcript_id)
                        for held in entry.roles
                    ),
                    turn_count=entry.turn_count,
                )
                for entry in entries
            )
        )
