"""Which words are the same to lexical search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import STOP_WORDS, EnglishAnalyzer


@pytest.fixture(scope="module")
def analyzer() -> EnglishAnalyzer:
    return EnglishAnalyzer()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("huddle", "Huddles"),
        ("improvement", "IMPROVEMENTS"),
        ("naïve café", "naive cafe"),
        ("Jönköping", "jonkoping"),
        ("Sørensen", "sorensen"),
        ("the patient’s bed", "patient bed"),
        ("the patients’ beds", "patient bed"),
        ("they’ve gone", "gone"),
        ("don't", "do"),
        ("co-design", "co design"),
        ("O’Brien", "O'Brien"),
        ("plan/do/study/act", "Plan, do; study... act!"),
        ("4-hour", "4 hours"),
        ("ﬁve", "five"),
        ("co\u00addesign", "codesign"),
        ("cafe\u0301", "café"),
    ],
)
def test_spellings_of_the_same_words_give_the_same_terms(analyzer: EnglishAnalyzer, one: str, other: str) -> None:
    assert analyzer.terms(one) == analyzer.terms(other)


def test_terms_keep_their_order_and_number(analyzer: EnglishAnalyzer) -> None:
    assert analyzer.terms("Charts, a chart and the ward's charts") == ["chart", "chart", "ward", "chart"]


def test_words_of_other_scripts_stay_whole(analyzer: EnglishAnalyzer) -> None:
    assert analyzer.terms("한국어 Ελληνικά русский") == ["한국어", "ελληνικα", "русский"]


def test_stop_words_give_no_terms(analyzer: EnglishAnalyzer) -> None:
    assert analyzer.terms(" ".join(sorted(STOP_WORDS))) == []


@given(st.text())
def test_any_text_gives_terms_without_space_or_capitals(text: str) -> None:
    analyzer = EnglishAnalyzer()
    terms = analyzer.terms(text)
    assert all(term and not any(c.isspace() for c in term) for term in terms)
    assert analyzer.terms(text) == terms
