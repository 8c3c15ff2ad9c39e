"""Alignments cost what the plainest computation says, and their steps add up to it."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from rag.quoting.alignment import align, greatest_similarities, nearest_costs
from rag.quoting.asked import read_quote

WORDS = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=7)
TEXT = st.lists(st.sampled_from("abcdef"), max_size=14)


def edits(one: Sequence[str], other: Sequence[str]) -> int:
    row = list(range(len(other) + 1))
    for number, word in enumerate(one, start=1):
        before, row = row, [number]
        for place, again in enumerate(other, start=1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (word != again)))
    return row[-1]


def least_edits(asked: Sequence[str], said: Sequence[str]) -> int:
    return min(edits(asked, said[a:b]) for a in range(len(said) + 1) for b in range(a, len(said) + 1))


@given(WORDS, st.lists(TEXT, min_size=1, max_size=4))
def test_the_nearest_stretch_of_each_text_costs_as_few_edits_as_there_can_be(
    asked: list[str], texts: list[list[str]]
) -> None:
    assert nearest_costs(read_quote(" ".join(asked)), texts) == [least_edits(asked, text) for text in texts]


@given(WORDS, TEXT)
def test_steps_lead_through_the_whole_quote_and_one_stretch(asked: list[str], said: list[str]) -> None:
    found = align(read_quote(" ".join(asked)), said)
    if found is None:
        assert least_edits(asked, said) == len(asked)
        return
    assert [step.asked for step in found.steps if step.asked is not None] == list(range(len(asked)))
    stretch = [step.said for step in found.steps if step.said is not None]
    assert stretch == list(range(found.first, found.end))
    assert all((asked[s.asked] == said[s.said]) for s in found.steps if s.same)  # type: ignore[index]
    assert found.cost == sum(not step.same for step in found.steps) == least_edits(asked, said)


@given(WORDS, WORDS, st.booleans(), st.lists(TEXT, min_size=1, max_size=4))
def test_similarities_of_many_texts_at_once_are_those_of_their_alignments(
    before: list[str], after: list[str], elided: bool, texts: list[list[str]]
) -> None:
    quote = read_quote(f"{' '.join(before)} {'…' * elided} {' '.join(after)}")
    for most, text in zip(greatest_similarities(quote, texts), texts, strict=True):
        found = align(quote, text)
        exactly = found.similarity if found is not None else 0.0
        assert most >= exactly if elided else most == exactly


@given(WORDS, st.lists(st.sampled_from("xyz"), max_size=60), WORDS)
def test_an_elision_passes_over_any_number_of_words_for_the_cost_of_one(
    before: list[str], between: list[str], after: list[str]
) -> None:
    quote = read_quote(f"{' '.join(before)} … {' '.join(after)}")
    found = align(quote, [*before, *between, *after])
    assert found is not None
    assert found.cost == min(1, len(between)) or found.cost < 1
    passed = [step.said for step in found.steps if not step.same]
    assert len(passed) <= len(between)


def test_a_replaced_word_at_either_end_is_shown_as_replaced() -> None:
    said = "p q one two three r s".split()
    for quote, pair in (("x two three", (0, 2)), ("one two x", (2, 4)), ("one x three", (1, 3))):
        found = align(read_quote(quote), said)
        assert found is not None
        assert [(s.asked, s.said) for s in found.steps if not s.same] == [pair]


def test_a_word_left_out_is_shown_as_left_out_rather_than_as_another() -> None:
    found = align(read_quote("have updated it"), "have not updated it".split())
    assert found is not None
    assert [(s.asked, s.said) for s in found.steps if not s.same] == [(None, 1)]
