"""What else may be asked: tied to the question, never a guest's own question, and always answered. All is invented."""

from typing import TYPE_CHECKING

import pytest

from rag.answering.analysis.questions import analyse
from rag.answering.composition import not_found
from rag.answering.related import related_questions
from rag.answering.things import as_spoken_of, spoken_of
from rag.answering.types import Citation
from rag.retrieval.types import Passage, PassageTurn, Scores
from rag.transcripts.types import Attribution

if TYPE_CHECKING:
    from rag.assembly import Turnwise

HOST, GUEST, OTHER = "Lena Brisk", "Odo Farthing", "Ines Calloway"
ON_THE_LADDER = [
    (HOST, "Thanks for coming. How do you share out the porters at night?"),
    (
        GUEST,
        "The Ladder Board does it with a wall chart. What could be simpler than a chart? The Ladder Board meets daily.",
    ),
]
ON_THE_QUAY = [
    (HOST, "And what about you?"),
    (OTHER, "We moved the discharge lounge to Quillon Quay. The discharge lounge has twelve chairs and a kettle."),
    (OTHER, "Quillon Quay was an old laundry. Targets were set in March. What have we learned from that winter?"),
]
ON_NEITHER = [(GUEST, "Nobody keeps a list of the keys. I asked for one twice and gave up in the end.")]


def passage(rank: int, turns: list[tuple[str, str]], title: str = "On keys") -> Passage:
    return Passage(
        rank=rank,
        score=1.0 / rank,
        scores=Scores(),
        chunk_id=f"c{rank}",
        transcript_id=f"t{rank}",
        title=title,
        date=None,
        collection="c",
        url=None,
        turns=tuple(
            PassageTurn(
                turn=n,
                start=0,
                end=len(text),
                text=text,
                speaker=speaker,
                role=None,
                organisation=None,
                attribution=Attribution.LABELLED,
                attribution_reason=None,
                start_ms=None,
                end_ms=None,
            )
            for n, (speaker, text) in enumerate(turns)
        ),
        interviewers=frozenset({HOST}),
    )


PASSAGES = [
    passage(1, ON_THE_LADDER, "On ladders"),
    passage(2, ON_THE_QUAY, "On quays"),
    *(passage(n, ON_NEITHER) for n in range(3, 9)),
]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("How much does the Ladder Board cost?", f"What does {GUEST} say about the Ladder Board?"),
        ("what does the ladder board cost", f"What does {GUEST} say about the ladder board?"),
        ("Who owned Quillon Quay?", f"What does {OTHER} say about Quillon Quay?"),
        ("How big was the discharge lounge?", f"What does {OTHER} say about the discharge lounge?"),
        ("Which discharge lounge is the warmest?", f"What does {OTHER} say about the discharge lounge?"),
        ("Why were targets abolished?", f"What does {OTHER} say about targets?"),
        ("Which magnetic targets were bent?", f"What does {OTHER} say about targets?"),
    ],
)
def test_what_a_guest_says_about_what_is_asked_comes_first(question: str, first: str) -> None:
    assert related_questions(question, PASSAGES, ())[0] == first


def test_interviewers_questions_are_offered_and_guests_own_are_not() -> None:
    offered = related_questions("Who won the regatta?", PASSAGES, ())
    assert "How do you share out the porters at night?" not in offered, "it leans on whom it is put to"
    asks = [(HOST, "Thanks. How are the porters shared out at night?"), *ON_THE_LADDER[1:]]
    offered = related_questions("Who won the regatta?", [passage(1, asks), *PASSAGES[1:]], ())
    assert offered[0] == "How are the porters shared out at night?"
    assert not any("simpler" in text or "winter" in text for text in offered)


@pytest.mark.parametrize(
    "question",
    ["How many months went by?", "What did he do first?", "Whose own way?", "What is the number?", "Who says so?"],
)
def test_words_that_say_too_little_are_not_offered(question: str) -> None:
    bare = [passage(1, [(GUEST, "For months the number of own keys grew. He did it first, with others.")])]
    assert related_questions(question, bare, ()) == ()


def test_who_has_just_been_quoted_on_a_subject_is_not_offered_on_it() -> None:
    quoted = Citation(
        n=1,
        quote="The Ladder Board meets daily.",
        speaker=GUEST,
        role=None,
        organisation=None,
        attribution=Attribution.LABELLED,
        attribution_reason=None,
        transcript_id="t1",
        turn=1,
        start=0,
        end=29,
        title="On ladders",
        date=None,
        url=None,
        start_ms=None,
        end_ms=None,
    )
    offered = related_questions("How often does the Ladder Board meet?", PASSAGES, [quoted])
    assert not any("Ladder Board" in text for text in offered)


def test_questions_about_different_things_are_offered_different_ones() -> None:
    asked = ["How much does the Ladder Board cost?", "Who owned Quillon Quay?", "How big was the discharge lounge?"]
    assert len({related_questions(question, PASSAGES, ())[0] for question in asked}) == len(asked)


def test_a_refusal_names_all_conversations_that_speak_of_a_name_and_gives_it_its_article() -> None:
    both = [*PASSAGES, passage(9, ON_THE_LADDER, "On chalk")]
    named = spoken_of("Who chairs the Ladder Board?", analyse("Who chairs the Ladder Board?", ()), both)
    assert named == ("the Ladder Board", ("On ladders", "On chalk"))
    reply = not_found("Who chairs the Ladder Board?", both, named)
    assert "The Ladder Board is spoken of in “On ladders” and “On chalk”, which may still hold" in reply


def test_a_refusal_advises_to_name_a_speaker_only_where_none_is_named_and_says_who_is_silent() -> None:
    question = "How do Ann Lee and Bo Ray differ on ladders?"
    assert "You could name a speaker" in not_found(question, PASSAGES)
    reply = not_found(question, PASSAGES, silent=("Bo Ray",), names_somebody=True)
    assert "I found nothing by Bo Ray that answers this." in reply
    assert "name a speaker" not in reply


def test_of_many_conversations_three_are_named() -> None:
    many = [passage(n, ON_THE_QUAY, f"Part {n}") for n in range(1, 9)]
    named = spoken_of("Who owns Quillon Quay?", analyse("Who owns Quillon Quay?", ()), many)
    assert named == ("Quillon Quay", ("Part 1", "Part 2", "Part 3"))


@pytest.mark.parametrize(
    ("name", "texts", "spoken"),
    [
        ("Ladder Board", ["The Ladder Board met.", "a Ladder Board", "at the Ladder Board"], "the Ladder Board"),
        ("Quillon", ["Quillon sleeps.", "the Quillon", "in Quillon"], "Quillon"),
        ("Quillon", ["nobody says it"], "Quillon"),
    ],
)
def test_a_name_has_the_article_that_most_give_it(name: str, texts: list[str], spoken: str) -> None:
    assert as_spoken_of(name, texts) == spoken


UNANSWERED = [
    "What is the capital of Mongolia?",
    "How do I change the battery in a smoke alarm?",
    "How much did the safety huddles cost in dollars?",
    "Which car park should visitors use?",
    "What does Ann Nobody say about driver diagrams?",
    "How many beds does the hospital have?",
]


def test_whatever_is_offered_is_answered(turnwise: "Turnwise") -> None:
    offered = {text for question in UNANSWERED for text in turnwise.answerer.ask(question).related_questions}
    assert len(offered) >= 3
    assert [text for text in offered if turnwise.answerer.ask(text).status != "answered"] == []
