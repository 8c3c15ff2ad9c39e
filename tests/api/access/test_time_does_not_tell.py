"""The short form of the paired test in tests/soak: fewer pairs, and what seems to tell is measured once more."""

from pathlib import Path

from tests.api.access.timing import measured

BOUND = 0.8
"""The area of 20 against 20 values that do not differ spreads by .092 (standard deviation) around a half."""


def _telling(home: Path, seed: int) -> set[tuple[str, bool]]:
    """Return what is asked for whose times differ, and whether the hidden one takes longer."""
    found = measured(home, pairs=20, rounds=2, seed=seed)
    return {(name, area > 0.5) for name, area in found.items() if not 1 - BOUND <= area <= BOUND}


def test_the_time_of_an_answer_does_not_tell_what_is_hidden(tmp_path: Path) -> None:
    """A busy machine may slow one half for a moment. A leak shows again, in the same direction, by other topics."""
    telling = _telling(tmp_path / "first", seed=7)
    assert not telling or not telling & _telling(tmp_path / "again", seed=8)
