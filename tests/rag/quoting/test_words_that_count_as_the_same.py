"""What a quote check folds, and what it must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import InputError
from rag.quoting.asked import read_quote
from rag.quoting.words import keys_of, word_key, words_of

SAME = [
    ("We don't know.", "we don’t know"),
    ("We don't know", "WE DON`T KNOW…"),
    ("an add-on", "an add‑on"),
    ("an add-on", "an add on"),
    ("well—maybe", "well -- maybe"),
    ("she said “yes”", 'she said "Yes."'),
    ("up by 6%", "up by 6 %"),
    ("5,000 people", "5000 people"),
    ("café", "cafe\u0301"),
    ("co\u00adoperation", "cooperation"),
    ("the ﬁrst", "the first"),
    ("Ｌｏｎｇ １２％", "long 12%"),
    ("−5 degrees", "-5 degrees"),
    ("I was... thinking", "I was thinking"),
    ("one\n\ntwo", "one two"),
    ("Straße", "STRASSE"),
    ("“42%”", "42%"),
    ("(+7)", "+7"),
]
DIFFERENT = [
    ("up by 6%", "up by 5%"),
    ("up by 6%", "up by 6"),
    ("£5", "$5"),
    ("-5 degrees", "5 degrees"),
    ("3.5", "35"),
    ("1,5", "15"),
    ("10⁵", "105"),
    ("1½", "11/2"),
    ("C++", "C"),
    ("R&D", "R and D"),
    ("café", "cafe"),
    ("it does not", "it does"),
    ("don't", "do not"),
    ("six per cent", "6%"),
    ("की", "का"),
    ("co-operation", "cooperation"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_typography_makes_no_other_word(one: str, other: str) -> None:
    assert keys_of(one) == keys_of(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_can_be_heard_or_counted_makes_another_word(one: str, other: str) -> None:
    assert keys_of(one) != keys_of(other)


@given(st.text(max_size=200))
def test_each_word_stands_where_its_span_says(text: str) -> None:
    words = words_of(text)
    assert words.keys == keys_of(text)
    assert [word_key(text[start:end]) for start, end in words.spans] == words.keys
    assert all(words.spans[n][1] <= words.spans[n + 1][0] for n in range(len(words) - 1))


@given(st.text(alphabet="ab 5,.%-'’“”—…\u00ad", max_size=60))
def test_folding_what_was_folded_changes_nothing(text: str) -> None:
    assert all(word_key(key) == key for key in keys_of(text))


@pytest.mark.parametrize("nothing", ["", "   ", "…", "“” — .", "\u00ad"])
def test_a_quote_without_a_word_is_refused(nothing: str) -> None:
    with pytest.raises(InputError, match="no word"):
        read_quote(nothing)


def test_a_quote_that_is_too_long_is_refused() -> None:
    assert len(read_quote("a " * 1000)) == 1000
    with pytest.raises(InputError, match="2,000"):
        read_quote("ab " * 1000)


@pytest.mark.parametrize("mark", ["…", "...", ". . .", "[...]", "[…]", "(…)"])
def test_an_elision_is_seen_wherever_words_are_on_both_sides(mark: str) -> None:
    assert read_quote(f"{mark} one two {mark} three {mark}").elisions == {2}
