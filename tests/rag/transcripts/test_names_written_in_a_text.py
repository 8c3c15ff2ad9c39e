"""Runs of capitalised words, and which words are common."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.transcripts.common_words import is_common
from rag.transcripts.mentions import mentions


def found(text: str) -> list[str]:
    return [" ".join(mention.words) for mention in mentions(text)]


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("We saw Amy Vellmoor’s ward in Upper Stenner.", ["Amy Vellmoor", "Upper Stenner"]),
        ("Because of that. However, I’m sure. They’ve gone.", []),
        ("Vellmoor was first. [Yon Copping], too.", ["Vellmoor", "Yon Copping"]),
        ("we went to vellmoor and asked around", ["vellmoor"]),
        ("He said: “People came to Oske, Brill and Tarn.”", ["Oske", "Brill", "Tarn"]),
        ("", []),
    ],
)
def test_runs_of_capitals_within_sentences_are_names(text: str, runs: list[str]) -> None:
    assert found(text) == runs


@given(st.text(max_size=200))
def test_a_mention_stands_where_it_says(text: str) -> None:
    end = 0
    for mention in mentions(text):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end
        assert text[mention.start : mention.end].split() == list(mention.words)


@pytest.mark.parametrize(
    "word", ["door", "Picture", "However", "wards", "they've", "Rose", "shopping", "Summarise", "prioritise"]
)
def test_ordinary_words_are_common(word: str) -> None:
    assert is_common(word)


@pytest.mark.parametrize(
    "word", ["Dorset", "Dorsa", "Picard", "London", "Mannering", "Cotter", "Yolshipin", "Louise", "Denise"]
)
def test_names_are_not(word: str) -> None:
    assert not is_common(word)
