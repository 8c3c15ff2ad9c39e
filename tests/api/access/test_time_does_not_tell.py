"""The short form of the paired test in tests/soak: fewer pairs, and a bound that noise does not reach."""

from pathlib import Path

from tests.api.access.timing import measured

BOUND = 0.8
"""The area of 20 against 20 values that do not differ spreads by .092 (standard deviation) around a half."""


def test_the_time_of_an_answer_does_not_tell_what_is_hidden(tmp_path: Path) -> None:
    found = measured(tmp_path / "home", pairs=20, rounds=2, seed=7)
    assert {name: area for name, area in found.items() if not 1 - BOUND <= area <= BOUND} == {}
