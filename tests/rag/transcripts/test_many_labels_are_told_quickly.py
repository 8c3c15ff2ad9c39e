"""Which labels are speakers' is told in a time that grows with the text, not with labels times text; and told the same.

The plain way is written out here: what stands in the readers must agree with it.
"""

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.transcripts.readers.labels import accept_colon_labels, bare_labels, colon_labels
from rag.transcripts.readers.lines import split_lines
from rag.transcripts.readers.ordinary_words import OrdinaryWords
from rag.transcripts.readers.own_line import accept_own_line_labels

MANY = 20_000
WITHIN_S = 5.0
"""Of the processor's time; it was minutes."""
PLAIN_INTRODUCTION = (
    r"(?:joined by|welcome|speaking (?:to|with)|talking (?:to|with)|here with|with me|i['’]m|guests?)\b[^.?!]{{0,80}}?"
    r"{}"
)

pieces = st.sampled_from(
    [*"aAbB", "mark", "Mark", "jean-luc", "o'neil", "’", "'", "-", ".", "(", " ", "  ", "\n", ",", "_", "é", "İ", "ſ"]
)
texts = st.lists(pieces, max_size=14).map("".join)
names = st.lists(st.sampled_from(["Ann Lee", "ann lee", "Bo Ek", "JoAnn Lees", "Bo", "Ek"]), min_size=1, max_size=4)
said = st.lists(
    st.sampled_from(
        [
            *("welcome", "here with me", "guest", "Guests", "I'm", "Ann Lee", "ANN LEE", "JoAnn Lees", "Bo Ek", "a"),
            *(".", "!", ",", "unwelcome", "and " * 19, "x" * 77, "\n"),
        ]
    ),
    max_size=12,
).map(" ".join)


def plainly_held(label: str, prose: str) -> bool:
    words = [word.strip(".,'’").lower() for word in label.split()]
    return all(re.search(rf"(?<![\w'’]){re.escape(word)}(?![\w'’])", prose) for word in words)


@given(label=texts, prose=texts)
@example(label="(Mark", prose="x(mark (mark")
@example(label="Jean-Luc", prose="a-jean-luc-b")
@example(label="Jean-Luc", prose="ajean-luc jean luc")
@example(label=". Mark", prose="mark")
def test_ordinary_words_are_those_that_stand_in_the_text(label: str, prose: str) -> None:
    assert OrdinaryWords(prose).hold(label) == plainly_held(label, prose)


@given(labels=names, text=said)
def test_who_is_introduced_is_who_stands_in_the_same_sentence_after_the_words_that_introduce(
    labels: list[str], text: str
) -> None:
    lines = split_lines("\n\n".join([text, *dict.fromkeys(labels)]))
    possible = bare_labels(lines)
    prose = "\n".join(line.text for line in lines)
    plainly = [
        match
        for match in possible
        if " " in match.label
        and (
            sum(other.label == match.label for other in possible) > 1
            or re.search(PLAIN_INTRODUCTION.format(re.escape(match.label)), prose, re.IGNORECASE)
        )
    ]
    assert [match for match in accept_own_line_labels(possible, lines) if " " in match.label] == plainly


@pytest.mark.parametrize(
    "turn",
    ["Name{n} Surname{n}: hi", "Name{n}-Other{n} Surname{n}: hi", "Name{n}: I met name{n}."],
)
def test_a_text_of_many_labels_takes_no_minutes(turn: str) -> None:
    lines = split_lines("\n".join(turn.format(n=n) for n in range(MANY)))
    prose = "\n".join(line.text for line in lines)
    labels = colon_labels(lines)
    started = time.process_time()
    accepted = accept_colon_labels(labels, listed=frozenset(), prose=prose)
    assert time.process_time() - started < WITHIN_S
    assert len(accepted) == (0 if "met" in turn else MANY)


@pytest.mark.parametrize("speech", ["Hi.", "Hi there, and welcome."])
def test_a_text_of_many_names_on_lines_of_their_own_takes_no_minutes(speech: str) -> None:
    lines = split_lines("\n\n".join(f"Name{n} Surname{n}\n\n{speech}" for n in range(MANY)))
    possible = bare_labels(lines)
    assert len(possible) >= MANY
    started = time.process_time()
    accept_own_line_labels(possible, lines)
    assert time.process_time() - started < WITHIN_S
