"""The paired test on times, over 200 questions and 200 of each other kind of request."""

from pathlib import Path

import pytest

from tests.api.access.timing import measured

BOUND = 0.6
"""Issue 6. The area of 200 against 200 values that do not differ spreads by .029 around a half."""


@pytest.mark.soak
def test_over_two_hundred_pairs_the_time_does_not_tell_what_is_hidden(tmp_path: Path) -> None:
    found = measured(tmp_path / "home", pairs=200, rounds=5, seed=11)
    print(found)
    assert {name: area for name, area in found.items() if not 1 - BOUND <= area <= BOUND} == {}
