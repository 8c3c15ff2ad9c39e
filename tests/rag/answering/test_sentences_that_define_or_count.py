"""A sentence is known to say what something is, or how many there are of it, by its form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.analysis.definitions import defined, defines, told_what
from rag.answering.analysis.expectations import Expects, counted, counts, held
from rag.answering.analysis.questions import analyse
from rag.retrieval.terms import ANALYZER
from rag.transcripts.names import fold


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("What is a run chart?", "run chart"),
        ("What's a red day?", "red day"),
        ("And what is a touchpoint in co-design?", "touchpoint"),
        ("What does PDSA stand for and how does it work?", "PDSA"),
        ("What does failure demand mean?", "failure demand"),
        ("Define tampering.", "tampering"),
        ("run chart meaning", "run chart"),
        ("What is the difference between spread and scale?", ""),
        ("What was said about trust?", ""),
        ("What is it?", ""),
        ("Who led the work?", ""),
        ("What did Ann Lee say about run charts?", ""),
    ],
)
def test_what_is_asked_what_it_is(question: str, thing: str) -> None:
    assert defined(fold(question)) == frozenset(ANALYZER.terms(thing))


@pytest.mark.parametrize(
    ("sentence", "before", "holds"),
    [
        ("A run chart is a line of points over time with a median.", (), True),
        ("So a run chart, well, that means dots in the order they came.", (), True),
        ("It's a line of points in the order in which they came.", ("We drew a run chart.",), True),
        ("Those are the points, joined up, in time order.", ("We drew run charts.",), True),
        ("It's a line of points in the order in which they came.", ("We drew a poster.",), False),
        ("We drew a run chart every Monday.", ("What is a run chart?",), False),
        ("Some people have a name for it, they speak of something called a run chart.", (), True),
        ("Nobody is sure.", ("We drew a run chart.",), False),
        ("If Ann isn't at the run chart, he is lost.", (), False),
        ("A run chart with no dots and no dates is wallpaper.", (), False),
    ],
)
def test_a_definition_names_the_thing_or_points_to_where_it_was_just_named(
    sentence: str, before: tuple[str, ...], holds: bool
) -> None:
    assert defines(sentence, before, frozenset(ANALYZER.terms("run chart"))) is holds


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        (("Ann, describe a run chart to me.", "What would I see?"), True),
        (("And what is a run chart?",), True),
        (("What is different when a run chart hangs on the wall?",), False),
        (("Who draws the run chart?",), False),
    ],
)
def test_who_is_asked_what_something_is_goes_on_to_say_it(asked: tuple[str, ...], holds: bool) -> None:
    thing = frozenset(ANALYZER.terms("run chart"))
    assert told_what(0, asked, thing) is holds
    assert not told_what(3, asked, thing)


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("How many wards took part?", "ward"),
        ("How many falls were there on the ward?", "fall"),
        ("How many of the nine sites went on?", "site"),
        ("How many bed days did they lose?", "day"),
        ("How many wards belong to the trust?", "ward"),
        ("How much did it cost?", ""),
        ("Why did many wards leave?", ""),
    ],
)
def test_what_is_counted(question: str, thing: str) -> None:
    assert counted(fold(question)) == thing


def test_a_number_before_what_is_counted_counts_more_than_any_other() -> None:
    assert counts("We ended up on eleven wards by the spring.", "ward") == 1.0
    assert counts("Two of those we gave up.", "ward") > counts("Ward four opened in 2019.", "ward") > 0
    assert counts("Nobody counted the wards.", "ward") == 0
    assert counts("Over forty wards joined.", "ward") > counts("Many dozens of wards joined.", "ward")


@given(st.text(max_size=200), st.text(alphabet="abcdefgh", min_size=1, max_size=8))
def test_any_text_can_be_judged(text: str, thing: str) -> None:
    assert 0 <= counts(text, thing) <= 1
    assert defines(text, [text], frozenset({thing})) in (True, False)
    assert isinstance(counted(fold(text)), str)
    assert defined(fold(text)) <= frozenset(ANALYZER.terms(fold(text)))


@pytest.mark.parametrize(
    ("question", "expects"),
    [
        ("When did the huddles start?", Expects.TIME),
        ("Who called when the bed was free?", Expects.NAME),
        ("What changes when the ward is full?", Expects.ANYTHING),
        ("What did the second pilot cost?", Expects.MONEY),
    ],
)
def test_a_question_asks_for_a_time_only_where_it_begins_with_when(question: str, expects: Expects) -> None:
    assert analyse(question, []).expects is expects


@pytest.mark.parametrize(
    ("question", "text", "least", "most"),
    [
        ("how many days did a complaint take?", "It went from ninety a month to thirty-five.", 0.0, 0.5),
        ("how many days did a complaint take?", "By then it was fifty-eight days, and she had gone.", 1.0, 1.0),
        ("how many days did a complaint take?", "It took about three weeks.", 0.8, 0.8),
        ("how long did it take?", "We had sixty calls a week.", 0.0, 0.0),
        ("how long did it take?", "It took a year.", 1.0, 1.0),
        ("how long did it take?", "Three to five years.", 1.0, 1.0),
        ("how many nurses stayed?", "I'm going to be the awkward one.", 0.0, 0.0),
        ("how many nurses stayed?", "One of us had to go.", 0.0, 0.0),
        ("how many nurses stayed?", "Fourteen nurses stayed.", 1.0, 1.0),
        ("in which year did it begin?", "A few years ago, in the spring.", 0.0, 0.0),
        ("in which year did it begin?", "We've had it since 2016.", 1.0, 1.0),
        ("at what time is the break?", "There's a break at half past two.", 1.0, 1.0),
        ("at what time is the break?", "There's a break in the afternoon, mostly.", 0.0, 0.0),
        ("what proportion came back?", "Fourteen in every hundred came back.", 1.0, 1.0),
    ],
)
def test_a_sentence_holds_what_is_asked_for_or_not(question: str, text: str, least: float, most: float) -> None:
    analysis = analyse(question, [])
    assert least <= held(text, analysis.expects, analysis.counted) <= most
