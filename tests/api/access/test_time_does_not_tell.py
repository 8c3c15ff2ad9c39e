"""The short form of the paired test in tests/soak: fewer pairs, and a bound that noise does not reach."""

from pathlib import Path

from tests.api.access.timing import measured

BOUND = 0.8
"""The area of 24 against 24 values that do not differ spreads by .084 (standard deviation) around a half."""


def test_the_time_of_an_answer_does_not_tell_what_is_hidden(tmp_path: Path) -> None:
    found = measured(tmp_path / "home", pairs=24, rounds=3, seed=7)
    assert {name: area for name, area in found.items() if not 1 - BOUND <= area <= BOUND} == {}
