"""What is read of the best passages is put beside what else is known of their sentences, and orders them."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from rag.answering.analysis.questions import Kind, analyse
from rag.answering.candidates import Candidate, Evidence
from rag.answering.features import NOT_READ, Features
from rag.answering.reading import BEST, CERTAIN, read
from rag.answering.selection import score, select
from rag.mishearing.finding import NOTHING_INSTEAD
from rag.reading import Reader, Stretch, Window
from rag.retrieval.types import Passage, PassageTurn, Scores
from rag.transcripts.sentences import sentences
from rag.transcripts.types import Speaker, Transcript, Turn

QUESTION = "How tall was the sunflower?"
TALK = Transcript(
    id="allotments",
    title="A year on the allotments",
    speakers=(Speaker(name="Iphigenia Marsh"), Speaker(name="Cosmo Brandreth")),
    turns=(
        Turn(speaker="Iphigenia Marsh", text="Good evening. What grew best on your plot last year?"),
        Turn(
            speaker="Cosmo Brandreth",
            text="The beans were poor. One sunflower reached the gutter of the shed. It stood three metres high.",
        ),
        Turn(text="Somebody in the audience laughed. Then it rained."),
        Turn(speaker="Iphigenia Marsh", text="And the pumpkins?"),
        Turn(speaker="Cosmo Brandreth", text="The slugs had them all. I never planted pumpkins again."),
    ),
)
WASPS = Transcript(
    id="orchard",
    title="Two growers on wasps",
    speakers=(Speaker(name="Iphigenia Marsh"), Speaker(name="Cosmo Brandreth")),
    turns=(
        Turn(speaker="Iphigenia Marsh", text="We never put traps out for the wasps, because they eat the aphids."),
        Turn(speaker="Cosmo Brandreth", text="We mow between the rows each Friday and leave the long grass."),
    ),
)
Stretches = Sequence[tuple[int, int, int]]
"""A passage's turns, each with the first character and the one after the last."""


class Says(Reader):
    """Reads nothing: it has log-odds for what it is told to have some, and keeps what it was shown."""

    def __init__(self, log_odds: dict[str, float]) -> None:
        super().__init__()
        self.log_odds = log_odds
        self.shown: list[tuple[str, Window]] = []

    def read(self, question: str, windows: Sequence[Window]) -> list[npt.NDArray[np.float32]]:
        self.shown += [(question, window) for window in windows]
        spoken = ([s for stretch in window.stretches for s in stretch.sentences] for window in windows)
        return [np.array([self.log_odds.get(s, -9.0) for s in said], dtype=np.float32) for said in spoken]


def whole(*turns: int) -> Stretches:
    return [(turn, 0, len(TALK.turns[turn].text)) for turn in turns]


def passage(rank: int, stretches: Stretches, talk: Transcript = TALK) -> Passage:
    return Passage(
        rank=rank,
        score=1 / rank,
        scores=Scores(rerank=1 / rank),
        chunk_id=f"chunk-{rank}",
        transcript_id=talk.id,
        title=talk.title,
        date=None,
        collection="default",
        url=None,
        turns=tuple(
            PassageTurn(
                turn=turn,
                start=start,
                end=end,
                text=talk.turns[turn].text[start:end],
                speaker=talk.turns[turn].speaker,
                role=None,
                organisation=None,
                attribution=talk.turns[turn].attribution,
                attribution_reason=None,
                start_ms=None,
                end_ms=None,
            )
            for turn, start, end in stretches
        ),
    )


def evidence_of(*passages: Passage, talk: Transcript = TALK) -> Evidence:
    """Return every sentence of passages, those of the first passage as the best."""
    blank = Features(cosine=0, near=0, own=0, asked=0, passage=0, expected=0, defines=0, asker=0, named=0)
    candidates = []
    for each in passages:
        for stretch in each.turns:
            for number, sentence in enumerate(sentences(talk.turns[stretch.turn].text)):
                if stretch.start <= sentence.start < stretch.end:
                    features = replace(blank, cosine=0.9 / each.rank - 0.001 * number)
                    candidates.append(
                        Candidate(
                            passage=each,
                            transcript=talk,
                            turn=stretch.turn,
                            number=number,
                            sentence=sentence,
                            features=features,
                            score=score(features),
                        )
                    )
    return Evidence(candidates=tuple(candidates), analysis=analyse(QUESTION, ()), weights={}, instead=NOTHING_INSTEAD)


def read_with(
    reader: Reader, evidence: Evidence, *, most: int = 4, at_once: int = 4, transcript: Transcript | None = TALK
) -> tuple[Evidence, dict[str, Candidate]]:
    found = read(
        QUESTION, evidence, reader, most=most, at_once=at_once, transcript_of=lambda _: transcript, score=score
    )
    return found, {candidate.sentence.text: candidate for candidate in found.candidates}


def test_only_the_best_passages_are_read_and_what_others_hold_counts_as_not_read() -> None:
    reader = Says({"It stood three metres high.": 1.5, "The slugs had them all.": 9.0})
    found, said = read_with(reader, evidence_of(passage(1, whole(1)), passage(2, whole(4))), most=1)
    assert [question for question, _ in reader.shown] == [QUESTION]
    assert said["It stood three metres high."].features.read == 1.5 / CERTAIN
    assert said["The beans were poor."].features.read == -1.0  # surer than certain makes no difference
    assert said["The slugs had them all."].features.read == NOT_READ
    assert found.odds == pytest.approx(np.logaddexp.reduce([-9.0, -9.0, 1.5]))


@pytest.mark.parametrize(
    ("says", "passages_read"),
    [
        ({"It stood three metres high.": 0.1}, 1),
        ({"It stood three metres high.": -0.1}, 2),
        ({"It stood three metres high.": -0.1, "The beans were poor.": -2.0}, 1),  # together more likely than not
        ({"It stood three metres high.": -0.1, "The slugs had them all.": 2.0}, 2),
    ],
)
def test_the_next_passages_are_read_only_where_the_first_hardly_answer(
    says: dict[str, float], passages_read: int
) -> None:
    reader = Says(says)
    passages = (passage(1, whole(1)), passage(2, whole(4)), passage(3, whole(0)))
    found, _ = read_with(reader, evidence_of(*passages), most=2, at_once=1)
    assert len(reader.shown) == passages_read
    assert found.odds == pytest.approx(np.logaddexp.reduce([*says.values(), -9.0, -9.0][:BEST]), abs=0.001)


def test_what_was_read_is_weighed_with_the_rest_and_puts_the_sentences_in_order() -> None:
    reader = Says({"It stood three metres high.": 3.0, "One sunflower reached the gutter of the shed.": -2.0})
    before = evidence_of(passage(1, whole(1)))
    found, said = read_with(reader, before)
    assert [candidate.sentence.text for candidate in found.candidates] == [
        "It stood three metres high.",
        "One sunflower reached the gutter of the shed.",
        "The beans were poor.",
    ]
    for candidate in before.candidates:
        after = said[candidate.sentence.text]
        assert after.score == score(after.features)
        assert replace(after, features=candidate.features, score=candidate.score) == candidate
        assert replace(after.features, read=0.0) == candidate.features
    assert (found.analysis, found.weights) == (before.analysis, before.weights)


def test_a_window_holds_the_sentences_that_begin_in_the_passage_with_who_says_them() -> None:
    begins = TALK.turns[1].text.index("One sunflower")
    reader = Says({})
    read_with(reader, evidence_of(passage(1, [(1, begins - 4, len(TALK.turns[1].text)), *whole(2, 3)])))
    ((_, window),) = reader.shown
    assert window == Window(
        asked="What grew best on your plot last year?",
        stretches=(
            Stretch(
                speaker="Cosmo Brandreth",
                sentences=("One sunflower reached the gutter of the shed.", "It stood three metres high."),
            ),
            Stretch(speaker=None, sentences=("Somebody in the audience laughed.", "Then it rained.")),
            Stretch(speaker="Iphigenia Marsh", sentences=("And the pumpkins?",)),
        ),
    )


def test_many_sentences_that_each_say_little_are_no_answer() -> None:
    reader = Says({sentence.text: 1.0 for turn in TALK.turns for sentence in sentences(turn.text)})
    found, said = read_with(reader, evidence_of(passage(1, whole(1, 2, 4))))
    assert len(said) > BEST
    assert found.odds == pytest.approx(np.logaddexp.reduce([1.0] * BEST))


def test_names_are_put_right_in_what_is_read_and_nowhere_else() -> None:
    reader = Says({"One sunflower reached the eaves of the shed.": 2.0})
    found = read(
        QUESTION,
        evidence_of(passage(1, whole(1))),
        reader,
        most=1,
        at_once=1,
        transcript_of=lambda _: TALK,
        score=score,
        rightly=lambda text: text.replace("gutter", "eaves"),
    )
    assert found.candidates[0].sentence.text == "One sunflower reached the gutter of the shed."
    assert found.candidates[0].features.read == 2.0 / CERTAIN


def test_at_the_beginning_of_a_talk_nothing_was_asked() -> None:
    reader = Says({})
    read_with(reader, evidence_of(passage(1, whole(0))))
    assert reader.shown[0][1].asked == ""


def test_a_sentence_beyond_what_the_reader_reaches_counts_as_not_read_and_not_in_the_odds() -> None:
    reader = Says({"The beans were poor.": 0.5, "It stood three metres high.": math.nan})
    found, said = read_with(reader, evidence_of(passage(1, whole(1))))
    assert said["It stood three metres high."].features.read == NOT_READ
    assert found.odds == pytest.approx(np.logaddexp.reduce([0.5, -9.0]))


def test_where_nothing_could_be_read_there_are_no_odds() -> None:
    evidence = evidence_of(passage(1, whole(1)))
    every = dict.fromkeys((c.sentence.text for c in evidence.candidates), math.nan)
    assert read_with(Says(every), evidence)[0].odds is None
    assert read_with(Says({}), evidence_of())[0].odds is None
    gone, said = read_with(Says({}), evidence, transcript=None)
    assert gone.odds is None
    assert {candidate.features.read for candidate in said.values()} == {NOT_READ}


def test_a_talk_that_became_shorter_since_it_was_searched_is_read_as_far_as_it_goes() -> None:
    evidence = evidence_of(passage(1, whole(1, 2)), passage(2, whole(4)))
    shorter = replace(TALK, turns=TALK.turns[:2])
    reader = Says({"The beans were poor.": 0.5})
    found, said = read_with(reader, evidence, transcript=shorter)
    assert [len(window.stretches) for _, window in reader.shown] == [1, 0]
    assert said["The beans were poor."].features.read == pytest.approx(0.5 / CERTAIN)
    assert said["The slugs had them all."].features.read == NOT_READ
    assert found.odds == pytest.approx(np.logaddexp.reduce([0.5, -9.0, -9.0]))


def test_the_reader_itself_finds_what_was_asked_for(reader: Reader) -> None:
    evidence = evidence_of(passage(1, whole(2, 3)), passage(2, whole(4)), passage(3, whole(1)))
    found, said = read_with(reader, evidence)
    assert found.candidates[0].turn == 1
    assert said["It stood three metres high."].features.read > said["Then it rained."].features.read
    log_odds = [candidate.features.read * CERTAIN for candidate in found.candidates]
    # Those of which it is certain are cut: a few thousandths of the sum.
    assert found.odds == pytest.approx(np.logaddexp.reduce(log_odds), abs=0.05)


@pytest.mark.parametrize(
    ("best", "other", "heard"),
    [
        (0.6, -0.6, {0, 1}),
        (3.0, -0.6, {0, 1}),
        (0.6, -4.8, {0}),
        (0.6, -9.0, {0}),
        (3.0, -4.8, {0}),
        (3.0, math.nan, {0}),
    ],
)
def test_another_side_is_quoted_unless_it_speaks_of_something_else(best: float, other: float, heard: set[int]) -> None:
    one, two = (turn.text for turn in WASPS.turns)
    evidence = evidence_of(passage(1, [(0, 0, len(one)), (1, 0, len(two))], WASPS), talk=WASPS)
    found, _ = read_with(Says({one: best, two: other}), evidence, transcript=WASPS)
    assert {quote.place[1] for quote in select(found.candidates, Kind.BROAD, 6)} == heard
    assert {quote.place[1] for quote in select(evidence.candidates, Kind.BROAD, 6)} == {0, 1}  # without the reader
