"""Gold within N words and gold-text recall, worked by hand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.context_recall import NAME, context, context_recall
from eval.metrics.within_words import within_words, words_to_gold
from rag.chunking import count_tokens
from tests.eval.made_cases import GUEST, HOST, LATER, OTHER, SHORT, TALK, case, passage, quoted


def words_read(gold, *passages):
    judged = case(gold, passages=passages)
    return words_to_gold(judged.gold, passages)


def test_words_are_counted_to_the_end_of_the_mark():
    assert words_read(quoted("We began with one nurse"), passage(1, 1)) == 5
    assert words_read(quoted("one nurse on one shift,"), passage(1, 1)) == 8


def test_passages_above_are_read_whole():
    above = passage(1, 0, source=OTHER)
    assert words_read(quoted("We began with one nurse"), above, passage(2, 1)) == len(above.text.split()) + 5


def test_the_first_or_the_last_forty_characters_of_a_quote_are_enough():
    quote = "one nurse on one shift, because nobody can argue with a trial that small"
    head, tail = GUEST.index(quote), GUEST.index(quote) + len(quote)
    assert words_read(quoted(quote), passage(1, 1, end=head + 40)) is not None
    assert words_read(quoted(quote), passage(1, 1, end=head + 39)) is None
    assert words_read(quoted(quote), passage(1, 1, start=tail - 40)) is not None
    assert words_read(quoted(quote), passage(1, 1, start=tail - 39)) is None


def test_marks_of_a_turn_stand_at_its_ends_and_every_two_hundred_characters():
    span = {"source": TALK, "turns": [1, 1]}
    assert len(GUEST) > 240
    assert words_read(span, passage(1, 1, start=200, end=240)) == len(GUEST[200:240].split())
    assert words_read(span, passage(1, 1, start=201, end=len(GUEST) - 1)) is None
    assert words_read(span, passage(1, 1, start=len(GUEST) - 41)) == len(GUEST[-41:].split())


def test_turns_under_eight_words_are_no_marks_unless_there_are_no_others():
    assert words_read({"source": TALK, "turns": [0, 2]}, passage(1, 2)) is None
    assert words_read({"source": TALK, "turns": [2, 2]}, passage(1, 2)) == len(SHORT.split())
    assert words_read({"source": TALK, "turns": [3, 3]}, passage(1, 3)) == len(LATER.split())


def test_the_mark_that_ends_first_counts_and_a_source_has_the_marks_of_all_its_turns():
    assert words_read({"source": TALK}, passage(1, 0, 1)) == len(HOST[:40].split())


def test_limits_are_inclusive():
    above = [passage(rank, 0, source=OTHER) for rank in range(1, 20)]
    each = len(above[0].text.split())
    assert each == 8
    shares = within_words(case(quoted("We began with one nurse"), passages=[*above[:18], passage(19, 1)]))
    assert shares["gold_within_150"].part == float(18 * 8 + 5 <= 150)
    shares = within_words(case(quoted("We began with one nurse on"), passages=[*above[:18], passage(19, 1)]))
    assert shares["gold_within_150"].part == 1, "150 words exactly"
    shares = within_words(case(quoted("We began with one nurse on one"), passages=[*above[:18], passage(19, 1)]))
    assert (shares["gold_within_150"].part, shares["gold_within_300"].part) == (0, 1)


@given(st.lists(st.integers(1, len(GUEST) - 1), max_size=6, unique=True))
def test_gold_at_the_head_is_met_however_the_turn_is_cut(cuts):
    places = [0, *sorted(cuts), len(GUEST)]
    pieces = [passage(n, 1, start=a, end=b) for n, (a, b) in enumerate(pairwise(places), start=1)]
    whole = words_read({"source": TALK, "turns": [1, 1]}, passage(1, 1))
    found = words_read({"source": TALK, "turns": [1, 1]}, *pieces)
    if places[1] >= 40:
        assert found == whole
    assert found is None or found >= whole


def test_half_of_the_gold_in_the_context_is_one_half():
    half = len(GUEST) // 2
    assert context_recall(case({"source": TALK, "turns": [1, 1]}, passages=[passage(1, 1, end=half)]))[
        NAME
    ].part == pytest.approx(half / len(GUEST))


def test_overlapping_passages_are_not_counted_twice():
    twice = [passage(1, 1, end=200), passage(2, 1, start=100, end=250)]
    part = context_recall(case({"source": TALK, "turns": [1, 1]}, passages=twice))[NAME].part
    assert part == pytest.approx(250 / len(GUEST))


@given(st.integers(1, 120))
def test_a_context_never_holds_more_than_its_tokens_and_is_full(limit):
    spans = context([passage(1, 1), passage(2, 0)], limit)
    kept = [(GUEST if turn == 1 else HOST)[a:b] for (_, turn), stretches in spans.items() for a, b in stretches]
    assert sum(count_tokens(text) for text in kept) <= limit
    assert sum(len(text) for text in kept) > 0


def test_gold_that_is_not_in_the_transcripts_is_not_decided():
    assert context_recall(case(quoted("words that nobody said"), passages=[passage(1, 1)])) == {}
