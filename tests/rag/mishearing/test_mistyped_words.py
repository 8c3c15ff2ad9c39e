"""Mistyped words of a question, put right only where that is certain."""

from pathlib import Path

import pytest

from index.analysis import EnglishAnalyzer
from index.types import Filter
from rag.mishearing.glossaries import Glossaries
from rag.mishearing.misspelling import Misspellings
from rag.mishearing.vocabulary import Vocabularies
from tests.index.made_records import document, record
from tests.index.naive_engine import NaiveEngine

SAID = (
    "the safety bundle for every patient on average",
    "improvement needs measurement and a driver diagram",
    "psychological safety in the ambulance handover bundle",
    "every patient needs measurement of safety improvement on average",
    "a driver diagram of the ambulance handover and psychological measurement",
)


@pytest.fixture
def engine() -> NaiveEngine:
    engine = NaiveEngine()
    records = [
        record(f"r{n}", text, fields={"collection": ("open",), "mention": ("Quillshire", "Orla Pritchard")})
        for n, text in enumerate(f"{text} Quillshire Pritchard" for text in SAID)
    ]
    secret = [record(f"s{n}", "zygomatic corrosion", fields={"collection": ("closed",)}) for n in range(3)]
    engine.replace(document("d", "open"), records)
    engine.replace(document("e", "closed"), secret)
    engine.refresh()
    return engine


@pytest.fixture
def spelling(engine: NaiveEngine, tmp_path_factory: pytest.TempPathFactory) -> Misspellings:
    home = tmp_path_factory.mktemp("home")
    (home / "names.toml").write_text('[[name]]\nname = "Quillshyre"', "utf-8")
    return Misspellings(vocabularies=Vocabularies(engine), glossaries=Glossaries(engine, home))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("what is a driver diagramm for?", "what is a driver diagram for?"),
        ("saftey budle", "safety bundle"),
        ("Avrage per patinet", "Average per patient"),
        ("improvemnet of mesurment", "improvement of measurement"),
        ("is quilshire there", "is Quillshire there"),
    ],
)
def test_one_slip_is_put_right_and_two_in_a_long_word(spelling: Misspellings, typed: str, meant: str) -> None:
    assert spelling.corrected(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "what is a driver diagram for?",
        "jungle safely riddle",  # words in their own right, though nobody said them
        "improvers of measurings",  # other forms of words that are spelt right
        "pilchard",  # two slips from a name
        "Hartley and Wuillshire",  # a name that begins otherwise is another name
        "Quillshyre",  # the glossary's
        "sfty xyz 12345 ??? é",
        "",
    ],
)
def test_what_may_be_meant_is_left_as_it_is(spelling: Misspellings, typed: str) -> None:
    assert spelling.corrected(typed) == typed


def test_of_two_words_as_near_the_one_said_far_more_often_is_chosen_or_none() -> None:
    engine = NaiveEngine()
    analyse = EnglishAnalyzer().terms
    assert analyse("ward") != analyse("word")
    engine.replace(
        document("d", "d"),
        [record(f"w{n}", "warden") for n in range(2)] + [record(f"x{n}", "wooden") for n in range(2)],
    )
    engine.refresh()
    spelling = Misspellings(vocabularies=Vocabularies(engine), glossaries=Glossaries(engine, _nowhere()))
    assert spelling.corrected("wodden") == "wooden"
    assert spelling.corrected("woden") == "wooden"
    engine.replace(document("e", "e"), [record(f"y{n}", "wooded") for n in range(2)])
    engine.refresh()
    assert spelling.corrected("woodef") == "woodef"
    engine.replace(document("e", "e"), [record(f"y{n}", "wooded") for n in range(9)])
    engine.refresh()
    assert spelling.corrected("woodef") == "wooded"


def _said(*texts: str) -> Misspellings:
    engine = NaiveEngine()
    engine.replace(document("d", "d"), [record(f"w{n}", text) for n, text in enumerate(texts)])
    engine.refresh()
    return Misspellings(vocabularies=Vocabularies(engine), glossaries=Glossaries(engine, _nowhere()))


def test_of_words_equally_near_one_that_differs_in_a_doubled_letter_is_nearer() -> None:
    spelling = _said(*["the best boost at a cost"] * 3, *["the best"] * 2)
    assert spelling.corrected("bost the ward") == "boost the ward"


def test_where_words_with_the_same_first_letter_are_equally_near_no_other_is_chosen() -> None:
    spelling = _said(*["the best bust at a cost"] * 3, *["at a cost"] * 9)
    assert spelling.corrected("a bost") == "a bost"


def test_a_long_word_of_the_language_may_be_said_once_if_one_slip_behind_its_beginning_is_all() -> None:
    spelling = _said("an evaluation of kindness by the Evalutrix", "the ward")
    assert spelling.corrected("the evalution") == "the evaluation"
    assert spelling.corrected("the evluation") == "the evluation"
    assert spelling.corrected("the evalutin") == "the evalutin"
    assert spelling.corrected("the evalutrx and the wqrd") == "the evalutrx and the wqrd"


def test_words_of_collections_that_may_not_be_read_correct_nothing(engine: NaiveEngine, spelling: Misspellings) -> None:
    assert spelling.corrected("corosion") == "corrosion"
    where = Filter(any_of={"collection": frozenset({"open"})})
    assert spelling.corrected("corosion", where) == "corosion"
    assert engine.term_counts(where).get("corros") is None


def _nowhere() -> Path:
    return Path("nowhere at all")
