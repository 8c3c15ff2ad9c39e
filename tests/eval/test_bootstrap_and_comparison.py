"""Intervals and comparisons: what is known about them beforehand, and what they must not depend on."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.bootstrap import set_interval, share_differences, share_intervals
from eval.metrics.auroc import auroc
from eval.metrics.case import Share
from eval.metrics.outcome import Outcome, Outcomes

COIN = [{"m": Share(float(n % 2))} for n in range(100)]


def test_the_interval_of_a_share_is_that_of_the_normal_approximation():
    interval = share_intervals(COIN)["m"]
    assert interval.value == 0.5
    assert interval.n == 100
    half = 1.96 * math.sqrt(0.25 / 100)
    assert interval.low == pytest.approx(0.5 - half, abs=0.015)
    assert interval.high == pytest.approx(0.5 + half, abs=0.015)


def test_a_rate_is_the_sum_of_parts_over_the_sum_of_wholes():
    questions = [{"verbatim": Share(1, 1)}, {"verbatim": Share(0, 3)}, {}]
    interval = share_intervals(questions)["verbatim"]
    assert interval.value == pytest.approx(1 / 4)
    assert interval.n == 2


def test_the_same_figures_come_out_every_time():
    assert share_intervals(COIN) == share_intervals(COIN)


def test_pairing_takes_out_how_hard_the_questions_are():
    better = [{"m": Share(each["m"].part * 0.9 + 0.1)} for each in COIN]
    difference = share_differences(COIN, better)["m"]
    assert difference.value == pytest.approx(0.05)
    assert difference.low == pytest.approx(0.05, abs=0.011)
    assert difference.clear
    assert not share_differences(COIN, COIN)["m"].clear


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=30))
def test_a_difference_turned_round_changes_its_sign(pairs):
    one, other = [{"m": Share(a)} for a, _ in pairs], [{"m": Share(b)} for _, b in pairs]
    there, back = share_differences(one, other)["m"], share_differences(other, one)["m"]
    assert there.value == pytest.approx(-back.value, abs=1e-12)
    assert there.low == pytest.approx(-(back.high or 0), abs=1e-12)
    assert (there.low or 0) - 1e-12 <= there.value <= (there.high or 0) + 1e-12 or len(pairs) < 10


def test_figures_of_a_whole_set_have_intervals_too():
    rows = [Outcome(confidence=n / 40, answerable=n >= 15, right=True) for n in range(40)]
    interval = set_interval(auroc, Outcomes.of(rows))
    assert interval is not None
    assert (interval.value, interval.low, interval.high) == (1, 1, 1)
    assert set_interval(auroc, Outcomes.of(rows[20:])) is None


def test_a_measure_that_only_one_run_has_is_left_out():
    assert set(share_differences([{"a": Share(1), "b": Share(1)}], [{"a": Share(0)}])) == {"a"}


def test_nothing_to_judge_gives_no_figures():
    assert share_intervals([{}, {}]) == {}
