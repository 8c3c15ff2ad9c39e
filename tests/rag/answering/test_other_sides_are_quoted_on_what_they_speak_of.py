"""Where several sides are to be heard, nobody is quoted on a matter that reading says they don't speak of."""

import pytest

from rag.answering.candidates import Candidate
from rag.answering.features import NOT_READ, Features
from rag.answering.questions import Kind
from rag.answering.selection import score, select
from rag.retrieval.types import Passage, PassageTurn, Scores
from rag.transcripts.sentences import sentences
from rag.transcripts.types import Speaker, Transcript, Turn

TALK = Transcript(
    id="orchard",
    title="Two growers on wasps",
    speakers=(Speaker(name="Iphigenia Marsh"), Speaker(name="Cosmo Brandreth")),
    turns=(
        Turn(speaker="Iphigenia Marsh", text="We never put traps out for the wasps, because they eat the aphids."),
        Turn(speaker="Cosmo Brandreth", text="We mow between the rows each Friday and leave the long grass."),
    ),
)
PASSAGE = Passage(
    rank=1,
    score=1.0,
    scores=Scores(rerank=1.0),
    chunk_id="chunk",
    transcript_id=TALK.id,
    title=TALK.title,
    date=None,
    collection="default",
    url=None,
    turns=tuple(
        PassageTurn(
            turn=number,
            start=0,
            end=len(turn.text),
            text=turn.text,
            speaker=turn.speaker,
            role=None,
            organisation=None,
            attribution=turn.attribution,
            attribution_reason=None,
            start_ms=None,
            end_ms=None,
        )
        for number, turn in enumerate(TALK.turns)
    ),
)


def candidate(turn: int, *, cosine: float, read: float) -> Candidate:
    features = Features(
        cosine=cosine, near=0.5, own=0, asked=0, passage=0, expected=0, defines=0, asker=0, named=0, read=read
    )
    (sentence,) = sentences(TALK.turns[turn].text)
    return Candidate(
        passage=PASSAGE,
        transcript=TALK,
        turn=turn,
        number=0,
        sentence=sentence,
        features=features,
        score=score(features),
    )


@pytest.mark.parametrize(
    ("best", "other", "heard"),
    [
        (0.5, -0.1, {0, 1}),
        (0.5, -0.6, {0}),
        (0.5, NOT_READ, {0}),
        (NOT_READ, NOT_READ, {0, 1}),  # without the reader
    ],
)
def test_another_side_is_quoted_unless_reading_says_that_it_speaks_of_something_else(
    best: float, other: float, heard: set[int]
) -> None:
    found = [candidate(0, cosine=0.7, read=best), candidate(1, cosine=0.6, read=other)]
    assert {quote.place[1] for quote in select(found, Kind.BROAD, 6)} == heard
