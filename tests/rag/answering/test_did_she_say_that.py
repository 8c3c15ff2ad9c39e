"""Whether somebody said something, asked without quotation marks: what they said nearly so, or that they didn't."""

from collections.abc import Iterator

import pytest

from rag.answering.checking.reported import reported
from rag.answering.types import Answer, Status
from rag.assembly import Turnwise, open_turnwise
from rag.library import SpeakerEntry
from rag.retrieval.types import Filters
from rag.settings import load_settings

LAUNDRY = """Title: Linen on the night shift
Date: 2024-05-06

Ann Lee: Who folds the sheets after midnight? Nobody ever told me.

Bo Ek: A folded sheet is a promise to whoever wakes up next. We lost 5% of the pillowcases in the first week. It's \
the drying room that decides how the night will go. I never wanted the old presses back.

Ann Lee: I think that slow water makes clean linen, and that's all there is to it. The first town to wash with \
slow water was Port Elm.

Bo Ek: We bought the second dryer in spring. It halved the wait for theatre gowns. Some people say that robots should \
fold the towels, and I don't agree.
"""
NAMES = ("Ann Lee", "Bo Ek")
SPEAKERS = [SpeakerEntry(name=name, aliases=(), roles=(), turn_count=2) for name in NAMES]


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Turnwise]:
    folder = tmp_path_factory.mktemp("talk")
    (folder / "laundry.txt").write_text(LAUNDRY, "utf-8")
    with open_turnwise(load_settings(home=folder / ".home")) as opened:
        assert [result.outcome for result in opened.ingestion.add([str(folder)])] == ["added"]
        yield opened


def ask(talk: Turnwise, question: str, filters: Filters = Filters()) -> Answer:  # noqa: B008 - immutable
    """Ask, and hold each citation to what was said."""
    answer = talk.answerer.ask(question, filters=filters)
    for citation in answer.citations:
        turn = talk.library.transcript(citation.transcript_id).turns[citation.turn]
        assert turn.text[citation.start : citation.end] == citation.quote
        assert turn.speaker == citation.speaker
    assert (answer.status is Status.ANSWERED) == bool(answer.citations)
    return answer


def test_what_was_said_word_for_word_is_cited(talk: Turnwise) -> None:
    answer = ask(talk, "Did Bo Ek say that a folded sheet is a promise to whoever wakes up next?")
    assert [c.quote for c in answer.citations] == ["A folded sheet is a promise to whoever wakes up next."]
    assert answer.notice == "Said word for word."


def test_words_within_a_sentence_are_to_be_read_with_the_rest_of_it(talk: Turnwise) -> None:
    answer = ask(talk, "Did Bo Ek say that robots should fold the towels?")
    assert [c.quote for c in answer.citations] == [
        "Some people say that robots should fold the towels, and I don't agree."
    ]
    assert answer.notice == "Said in these words, within what is quoted: read them with the rest."


@pytest.mark.parametrize(
    ("question", "quote", "differs"),
    [
        ("Did Bo Ek say that he never wanted the old presses back?", "I never wanted the old presses back.", "“he”"),
        (
            "Is it true that Bo Ek said they lost 6% of the pillowcases in the first week?",
            "We lost 5% of the pillowcases in the first week.",
            "said “5%”, asked “6%”",
        ),
    ],
)
def test_what_was_said_nearly_so_is_cited_and_what_differs_is_told(
    talk: Turnwise, question: str, quote: str, differs: str
) -> None:
    answer = ask(talk, question)
    assert quote in answer.citations[0].quote
    assert answer.notice is not None
    assert answer.notice.startswith("Not word for word")
    assert differs in answer.notice


def test_what_was_said_in_other_words_is_cited_with_what_it_points_back_to(talk: Turnwise) -> None:
    answer = ask(talk, "Did Bo Ek say that the second dryer halved how long theatre waits for gowns?")
    assert answer.citations[0].quote == ("We bought the second dryer in spring. It halved the wait for theatre gowns.")
    assert answer.notice is not None
    assert answer.notice.startswith("Not said word for word: this is the nearest that Bo Ek says")


def test_the_opposite_is_cited_as_what_may_be_the_opposite(talk: Turnwise) -> None:
    answer = ask(talk, "Did Bo Ek claim that he always wanted to have the old presses back again?")
    assert "I never wanted the old presses back." in answer.citations[0].quote
    assert answer.notice is not None
    assert answer.notice.startswith("Not")


def test_what_somebody_else_said_is_not_theirs(talk: Turnwise) -> None:
    answer = ask(talk, "Did Bo Ek say that slow water makes clean linen?")
    assert answer.status is Status.NOT_FOUND
    assert answer.confidence < 0.6
    assert "I found nothing that Bo Ek says to this effect: “slow water makes clean linen”." in answer.answer
    assert "Somebody else comes near it: Ann Lee, in “Linen on the night shift”" in answer.answer


@pytest.mark.parametrize("who", ["Bo Ek", "anyone", "they", "any of the speakers"])
def test_what_nobody_said_is_not_found(talk: Turnwise, who: str) -> None:
    answer = ask(talk, f"Did {who} say that the hospital should buy a helicopter?")
    assert answer.status is Status.NOT_FOUND
    assert f"I found nothing that {'Bo Ek' if who == 'Bo Ek' else 'anybody'} says to this effect" in answer.answer


def test_another_name_than_was_asked_is_told(talk: Turnwise) -> None:
    answer = ask(talk, "Did Ann Lee say that of all towns Quillshire washed with slow water first?")
    assert answer.notice is not None
    assert "and it names Port Elm, not Quillshire." in answer.notice
    assert answer.confidence <= 0.6


def test_what_they_say_on_a_matter_is_not_taken_for_what_they_think(talk: Turnwise) -> None:
    answer = ask(talk, "Does Bo Ek think that theatre gowns should be washed at home by the surgeons?")
    assert answer.status is Status.NOT_FOUND or "I found nothing that Bo Ek says to just this effect" in (
        answer.notice or ""
    )


def test_anybody_may_have_said_it(talk: Turnwise) -> None:
    answer = ask(talk, "Did anyone say that slow water makes clean linen?")
    assert [c.speaker for c in answer.citations] == ["Ann Lee"]


@pytest.mark.parametrize("asked", ["Who said that", "Which speaker claimed that", "Who was it who argued that"])
def test_who_said_something_is_told_or_that_nobody_did(talk: Turnwise, asked: str) -> None:
    answer = ask(talk, f"{asked} slow water makes clean linen?")
    assert [(c.speaker, c.quote[:40]) for c in answer.citations] == [
        ("Ann Lee", "I think that slow water makes clean line")
    ]
    assert answer.notice is None
    nearly = ask(talk, f"{asked} slow water makes clean porcelain?")
    assert nearly.status is Status.NOT_FOUND or "said “linen”, asked “porcelain”" in (nearly.notice or "")
    nobody = ask(talk, f"{asked} the hospital should buy a helicopter?")
    assert nobody.status is Status.NOT_FOUND
    assert "I found nothing that anybody says to this effect" in nobody.answer


def test_filters_hold(talk: Turnwise) -> None:
    only_bo = Filters(speakers=("Bo Ek",))
    assert ask(talk, "Did anyone say that slow water makes clean linen?", only_bo).status is Status.NOT_FOUND
    assert ask(talk, "Did Ann Lee say that slow water makes clean linen?", only_bo).status is Status.NOT_FOUND
    other = ask(talk, "Did Ann Lee say that the second dryer halved how long theatre waits for gowns?", only_bo)
    assert other.status is Status.NOT_FOUND


@pytest.mark.parametrize(
    ("question", "words", "who", "opinion"),
    [
        ("Did Ann Lee say that the lids should stay on?", "the lids should stay on", ("Ann Lee",), False),
        ("So did Ann really say the lids should stay on?", "the lids should stay on", ("Ann Lee",), False),
        ("Has Bo Ek ever argued that the lids should stay on", "the lids should stay on", ("Bo Ek",), False),
        ("Is it true that Ann said lids should stay on?", "lids should stay on", ("Ann Lee",), False),
        ("Did Bo Ek say that lids in the podcast?", "", (), False),
        ("Did Bo Ek say that lids and ladles matter in this podcast?", "lids and ladles matter", ("Bo Ek",), False),
        ("Does Bo Ek think that ladles are overrated?", "ladles are overrated", ("Bo Ek",), True),
        ("Does anybody claim that ladles are overrated?", "ladles are overrated", (), False),
        ("Did Bo Ek say anything about the ladles that were lost?", "", (), False),
        ("Did Bo Ek say what is wrong with ladles?", "", (), False),
        ("Did Bo Ek say much about ladles?", "", (), False),
        ("Did Bo Ek mention ladles and soup?", "", (), False),
        ("Did Bo Ek say that ladles are overrated and why?", "", (), False),
        ("Did Cy Noor say that ladles are overrated?", "", (), False),
        ("Did the chief executive say that ladles are overrated?", "", (), False),
        ("Did Ann Lee and Bo Ek say that ladles are overrated?", "", (), False),
        ("What did Bo Ek say that was overrated?", "", (), False),
        ("Who said that ladles are overrated?", "ladles are overrated", (), False),
        ("Which speaker claimed ladles are overrated?", "ladles are overrated", (), False),
        ("Who thinks that ladles are overrated?", "", (), False),
        ("Who said so about ladles and soup?", "", (), False),
        ("Who suggested booking the trolley before it is needed?", "", (), False),
        ("Who mentioned ladles and soup?", "", (), False),
        (
            "Before it goes on a slide: did Bo Ek say that ladles are overrated?",
            "ladles are overrated",
            ("Bo Ek",),
            False,
        ),
        ("I'd like to quote Ann Lee: did she say that ladles are overrated?", "", (), False),
    ],
)
def test_what_is_asked_of_whom(question: str, words: str, who: tuple[str, ...], opinion: bool) -> None:
    claim = reported(question, SPEAKERS)
    assert (claim.words if claim else "", claim.speakers if claim else ()) == (words, who)
    assert (claim.opinion if claim else False) is opinion


def test_another_question_is_offered_where_nothing_was_said_to_that_effect(turnwise: Turnwise) -> None:
    answer = turnwise.answerer.ask("Did Maggie Thistlewood say that the hospital should be sold to a bank?")
    assert answer.status is Status.NOT_FOUND
    assert "You could ask something that these transcripts answer, such as “" in answer.answer
    assert answer.related_questions
