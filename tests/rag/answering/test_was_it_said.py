"""Whether, by whom and where words were said: the check of a quote answers, over conversations made up for it."""

import datetime as dt
from collections.abc import Iterator

import pytest

from rag.answering.checking.claims import claim_of
from rag.answering.checking.said import WITHOUT_A_MODEL
from rag.answering.types import Answer, Status
from rag.assembly import Turnwise, open_turnwise
from rag.errors import UnknownSpeakerError
from rag.library import SpeakerEntry
from rag.retrieval.types import Exchange, Filters
from rag.settings import load_settings

LAUNDRY = """Title: Linen on the night shift
Date: 2024-05-06

Ann Lee: Who folds the sheets after midnight? Nobody ever told me.

Bo Ek: A folded sheet is a promise to whoever wakes up next. We lost 5% of the pillowcases in the first week. It's \
the drying room that decides how the night will go.

Ann Lee: And the porters? What did they make of it?

Bo Ek: Well, Greta Holm once said to me that a trolley with three wheels is a polite refusal. I laughed for a week.

Ann Lee: I think that slow water makes clean linen, and that's all there is to it.
"""
KITCHEN = """Title: Soup for six hundred
Date: 2025-01-20

Cy Noor: How do you keep soup for six hundred people warm?

Dia Marr: Slow water makes clean linen, as they say downstairs, and slow fire makes good soup. Nobody measures the \
ladles any more. The lids should not be lifted before the bell rings on the upper floor.
"""
NAMES = ("Ann Lee", "Bo Ek", "Dr Cy Noor")
SPEAKERS = [SpeakerEntry(name=name, aliases=(), roles=(), turn_count=3) for name in NAMES]
PROMISE = "a folded sheet is a promise to whoever wakes up next"
WHOLE = "A folded sheet is a promise to whoever wakes up next."


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Turnwise]:
    folder = tmp_path_factory.mktemp("talks")
    (folder / "laundry.txt").write_text(LAUNDRY, "utf-8")
    (folder / "kitchen.txt").write_text(KITCHEN, "utf-8")
    with open_turnwise(load_settings(home=folder / ".home")) as opened:
        assert all(result.outcome == "added" for result in opened.ingestion.add([str(folder)]))
        yield opened


def ask(talks: Turnwise, question: str, **more: object) -> Answer:
    """Ask, and hold the answer to what every answer is held to."""
    answer = talks.answerer.ask(question, **more)  # type: ignore[arg-type]
    for citation in answer.citations:
        turn = talks.library.transcript(citation.transcript_id).turns[citation.turn]
        assert turn.text[citation.start : citation.end] == citation.quote
        assert turn.speaker == citation.speaker
        assert any(
            passage.transcript_id == citation.transcript_id and citation.quote in passage.text
            for passage in answer.passages
        )
    assert [c.n for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert (answer.status is Status.ANSWERED) == bool(answer.sentences) == bool(answer.citations)
    assert all(sentence.citations for sentence in answer.sentences)
    if answer.sentences:
        assert "\n\n".join(sentence.text for sentence in answer.sentences) == answer.answer
    return answer


def cited(answer: Answer) -> list[tuple[str | None, str]]:
    return [(citation.speaker, citation.quote) for citation in answer.citations]


@pytest.mark.parametrize(
    "question",
    [
        f'Did Bo Ek say "{PROMISE}"?',
        f"Did Bo Ek really say “{PROMISE}”?",
        f"Who said ‘{PROMISE}’?",
        f"who said '{PROMISE}'",
        f'Did anyone say "{PROMISE}" in these conversations?',
        f'Is it true that Bo Ek said "{PROMISE}"?',
        f'Was it Bo Ek who said: "{PROMISE.upper()}"?',
        f'Where does it say "{PROMISE}"?',
        f'"{PROMISE}" - who said that?',
    ],
)
def test_what_was_said_word_for_word_is_cited_as_a_whole_sentence(talks: Turnwise, question: str) -> None:
    answer = ask(talks, question)
    assert cited(answer) == [("Bo Ek", WHOLE)]
    assert answer.notice == "Said word for word."
    assert answer.confidence == pytest.approx(0.99)
    assert answer.answer == f"Bo Ek, in “Linen on the night shift”, 6 May 2024: “{WHOLE}” [1]"


@pytest.mark.parametrize("who", ["Ann Lee", "Dia Marr", "Winston Churchill"])
def test_whose_words_they_are_is_said_where_it_is_somebody_else(talks: Turnwise, who: str) -> None:
    answer = ask(talks, f'Did {who} say "{PROMISE}"?')
    assert cited(answer) == [("Bo Ek", WHOLE)]
    assert answer.notice == f"Not {who}: these are Bo Ek's words."


@pytest.mark.parametrize("who", ["the laundry manager", "Bo", "Mr Bo"])
def test_a_role_or_a_part_of_a_name_may_be_that_of_who_said_it(talks: Turnwise, who: str) -> None:
    assert ask(talks, f'Did {who} say "{PROMISE}"?').notice == "These are Bo Ek's words."


def test_who_is_told_of_may_have_said_it(talks: Turnwise) -> None:
    answer = ask(talks, 'Did Greta Holm say "a trolley with three wheels is a polite refusal"?')
    assert answer.notice == "Spoken by Bo Ek, who names Greta Holm."


@pytest.mark.parametrize("who", ["Bo Ek", "anyone", "Winston Churchill"])
def test_what_nobody_said_is_not_found_and_the_words_are_named(talks: Turnwise, who: str) -> None:
    answer = ask(talks, f'Did {who} say "a purple giraffe sang about algebra yesterday"?')
    assert answer.status is Status.NOT_FOUND
    assert "These words are not in the transcripts: “a purple giraffe sang about algebra yesterday”." in answer.answer
    assert answer.confidence < 0.1


def test_the_nearest_is_named_where_nothing_near_was_said(talks: Turnwise) -> None:
    answer = ask(talks, 'Did Bo Ek say "a torn sheet promises nothing to whoever leaves"?')
    assert answer.status is Status.NOT_FOUND
    assert f"Bo Ek, in “Linen on the night shift”, 6 May 2024: “{WHOLE}”" in answer.answer
    assert WHOLE in answer.passages[0].text


@pytest.mark.parametrize(
    ("asked", "differs"),
    [
        ("We lost 6% of the pillowcases in the first week", "said “5%”, asked “6%”"),
        ("We lost 5% of the pillowcases in the very first week", "“very” is not there"),
        ("The lids should be lifted before the bell rings", "“not” is left out"),
        ("It is the drying room that decides how the night will go", "the words are the same, but for short forms"),
        ("Well, Greta said to me that a trolley with three wheels is a polite refusal", "“Holm once” is left out"),
    ],
)
def test_what_differs_is_told(talks: Turnwise, asked: str, differs: str) -> None:
    answer = ask(talks, f'Who said "{asked}"?')
    assert len(answer.citations) == 1
    assert answer.notice == f"Not word for word: {differs}."
    assert 0.7 <= answer.confidence < 0.99


def test_somebody_else_may_have_come_near(talks: Turnwise) -> None:
    answer = ask(talks, 'Did Ann Lee say "we lost 6% of the pillowcases in the first week"?')
    assert answer.notice == "Not Ann Lee: the nearest are Bo Ek's words. Not word for word: said “5%”, asked “6%”."


def test_all_who_said_it_are_cited_who_is_asked_about_first(talks: Turnwise) -> None:
    everybody = ask(talks, 'Who said "slow water makes clean linen"?')
    assert [citation.speaker for citation in everybody.citations] == ["Ann Lee", "Dia Marr"]
    answer = ask(talks, 'Did Dia Marr say "slow water makes clean linen"?')
    assert [citation.speaker for citation in answer.citations] == ["Dia Marr", "Ann Lee"]
    assert answer.notice == "Said word for word. Also said by Ann Lee."
    one = ask(talks, 'Who said "slow water makes clean linen"?', max_citations=1)
    assert len(one.citations) == 1
    assert one.notice == "Said word for word. Said in 2 places; 1 are shown."


def test_who_came_near_is_cited_beside_who_said_it(talks: Turnwise) -> None:
    answer = ask(talks, 'Did Dia Marr say "that slow water makes clean linen"?')
    assert {citation.speaker for citation in answer.citations} == {"Ann Lee", "Dia Marr"}
    assert answer.notice is not None
    assert answer.notice.startswith("Ann Lee said it word for word; Dia Marr did not. Not word for word: ")


def test_filters_hold(talks: Turnwise) -> None:
    question = 'Who said "slow water makes clean linen"?'
    for filters in (Filters(speakers=("Dia Marr",)), Filters(date_from=dt.date(2025, 1, 1))):
        assert [citation.speaker for citation in ask(talks, question, filters=filters).citations] == ["Dia Marr"]
    elsewhere = Filters(date_from=dt.date(2025, 1, 1))
    assert ask(talks, f'Did Bo Ek say "{PROMISE}"?', filters=elsewhere).status is Status.NOT_FOUND
    with pytest.raises(UnknownSpeakerError):
        ask(talks, question, filters=Filters(speakers=("Winston Churchill",)))


def test_after_other_questions_the_quote_is_that_of_this_one(talks: Turnwise) -> None:
    history = [Exchange(question="What did Bo Ek say about pillowcases?")]
    assert cited(ask(talks, f'Did he say "{PROMISE}"?', history=history)) == [("Bo Ek", WHOLE)]


def test_a_language_model_is_not_asked_and_the_notice_says_so(talks: Turnwise) -> None:
    answer = ask(talks, f'Did Ann Lee say "{PROMISE}"?', generator="llm")
    assert answer.generator == "extractive"
    assert answer.notice == f"Not Ann Lee: these are Bo Ek's words. {WITHOUT_A_MODEL}"


@pytest.mark.parametrize(
    "question",
    [
        "What does Bo Ek mean by 'a polite refusal'?",
        'What does Bo Ek mean by "a promise to whoever wakes up next"?',
        'What is the "slow water and clean linen" rule?',
        'Why did Bo Ek say "a folded sheet is a promise"?',
        'Who said "slow water makes clean linen" and why does it matter?',
        'Did Bo Ek say why "a folded sheet is a promise" matters?',
        'Did Bo Ek say "polite refusal"?',
        "Did Bo Ek say that a folded sheet is a promise?",
        'Did Ann Lee say "a folded sheet is a promise" or "slow water makes clean linen"?',
        "Did Ann Lee say 'a folded sheet is a promise' or 'slow water makes clean linen'?",
        "Did Ann Lee's team say the nurses' linen is clean?",
        "Who said that it's the porters' trolley which didn't roll?",
    ],
)
def test_what_asks_for_more_or_quotes_nothing_is_answered_like_other_questions(question: str) -> None:
    assert claim_of(question, SPEAKERS) is None


@pytest.mark.parametrize(
    ("question", "words", "who"),
    [
        ("Did Ann Lee say 'it isn't the nurses' linen'?", "it isn't the nurses' linen", ("Ann Lee",)),
        ("Did dr. Noor ever say «single sovereign currency»?", "single sovereign currency", ("Dr Cy Noor",)),
        ('Was "slow water makes clean linen" said by Bo Ek?', "slow water makes clean linen", ("Bo Ek",)),
        ('Is "slow water makes clean linen" a real quote from Bo Ek?', "slow water makes clean linen", ("Bo Ek",)),
        ('When did Bo Ek use the words "slow water makes linen"?', "slow water makes linen", ("Bo Ek",)),
        ('I read that Ann Lee said "slow water makes linen". Is that true?', "slow water makes linen", ("Ann Lee",)),
        ('So, was it Ann Lee or Bo Ek who said "clean linen by Bo Ek"?', "clean linen by Bo Ek", ("Ann Lee", "Bo Ek")),
        ('Whose words are "clean linen by Bo Ek"?', "clean linen by Bo Ek", ()),
    ],
)
def test_what_is_asked_of_whom(question: str, words: str, who: tuple[str, ...]) -> None:
    claim = claim_of(question, SPEAKERS)
    assert claim is not None
    assert (claim.words, claim.speakers) == (words, who)
