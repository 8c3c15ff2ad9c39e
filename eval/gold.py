"""Gold as places in the target's own transcripts, so that judgements survive another cutting into chunks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from eval.dataset import GoldItem, Question
from eval.responses import RankedPassage, TranscriptReply
from eval.sources import Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A stretch of one turn: `[start, end)` in code points."""

    transcript_id: str
    turn: int
    start: int
    end: int
    text: str

    def shares(self, *, transcript_id: str, turn: int, start: int, end: int) -> int:
        """Return how many characters it has in common with another stretch."""
        if (transcript_id, turn) != (self.transcript_id, self.turn):
            return 0
        return max(0, min(self.end, end) - max(self.start, start))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """One gold item found in the transcripts.

    `alternatives` are the ways to be right: each place where a quote is said, or all turns of a span at once.
    """

    item: GoldItem
    transcript_ids: frozenset[str]
    alternatives: tuple[tuple[Place, ...], ...]

    @property
    def places(self) -> tuple[Place, ...]:
        """Return the places of all alternatives."""
        return tuple(place for alternative in self.alternatives for place in alternative)

    def met_by(self, passage: RankedPassage) -> bool:
        """Return whether a passage is right: it holds the whole quote, or some of the turns, or is of the source."""
        if passage.transcript_id not in self.transcript_ids:
            return False
        if self.item.quote is not None:
            return any(self._whole(place, passage) for place in self.places) or (
                not self.places and fold(self.item.quote) in fold(passage.text)
            )
        if self.item.turns is not None:
            first, last = self.item.turns
            return any(first <= stretch.turn <= last and stretch.text.strip() for stretch in passage.turns)
        return True

    @staticmethod
    def _whole(place: Place, passage: RankedPassage) -> bool:
        return any(
            place.shares(transcript_id=passage.transcript_id, turn=s.turn, start=s.start, end=s.end)
            == place.end - place.start
            for s in passage.turns
        )


def fold(text: str) -> str:
    """Return a text with each run of white space folded to one space."""
    return " ".join(text.split())


def resolve(question: Question, sources: Sources) -> tuple[tuple[Gold, ...], tuple[str, ...]]:
    """Return a question's gold as places, and what of it is not in the target's transcripts, in words."""
    found: list[Gold] = []
    missing: list[str] = []
    for item in question.gold:
        ids = sources.matching(item.source)
        transcripts = [t for t in (sources.transcript(transcript_id) for transcript_id in sorted(ids)) if t]
        alternatives = _quoted(item, transcripts) if item.quote is not None else _spanned(item, transcripts)
        if not ids:
            missing.append(f"{question.id}: no transcript matches the source {item.source!r}")
        elif not alternatives:
            what = f"the quote {item.quote!r}" if item.quote is not None else f"a turn of {item.turns}"
            missing.append(f"{question.id}: {what} is not in {', '.join(sorted(ids))}")
        found.append(Gold(item=item, transcript_ids=ids, alternatives=alternatives))
    return tuple(found), tuple(missing)


def _quoted(item: GoldItem, transcripts: Sequence[TranscriptReply]) -> tuple[tuple[Place, ...], ...]:
    """Find a quote with any white space between its words."""
    pattern = re.compile(r"\s+".join(re.escape(word) for word in (item.quote or "").split()))
    return tuple(
        (
            Place(
                transcript_id=transcript.id,
                turn=turn.turn,
                start=match.start(),
                end=match.end(),
                text=match.group(),
            ),
        )
        for transcript in transcripts
        for turn in transcript.turns
        if item.turns is None or item.turns[0] <= turn.turn <= item.turns[1]
        for match in pattern.finditer(turn.text)
    )


def _spanned(item: GoldItem, transcripts: Sequence[TranscriptReply]) -> tuple[tuple[Place, ...], ...]:
    spans = (
        tuple(
            Place(transcript_id=transcript.id, turn=turn.turn, start=0, end=len(turn.text), text=turn.text)
            for turn in transcript.turns
            if turn.text.strip() and (item.turns is None or item.turns[0] <= turn.turn <= item.turns[1])
        )
        for transcript in transcripts
    )
    return tuple(span for span in spans if span)
