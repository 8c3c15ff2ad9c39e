"""`add` is killed at ten random moments: the index opens and has what was acknowledged, the next `add` finishes."""

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.rag.add_in_a_child import add, open_engine
from tests.rag.killed_adds import check_acknowledged, run_add, state_of, vectors_of, write_transcripts

FILES = 30
MOMENTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Undisturbed:
    seconds: float
    state: dict[str, Any]
    vectors: np.ndarray[Any, Any]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed") / "files"
    write_transcripts(folder, FILES)
    return folder


@pytest.fixture(scope="module")
def undisturbed(files: Path) -> Undisturbed:
    home = files.parent / "undisturbed"
    run = run_add(home, files)
    assert len(run.acknowledged) == FILES
    engine = open_engine(home)
    state, vectors = state_of(engine), vectors_of(engine)
    engine.close()
    assert state["problems"] == []
    return Undisturbed(seconds=run.seconds, state=state, vectors=vectors)


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_a_killed_add_loses_nothing_and_the_next_makes_it_as_if_nothing_had_been(
    tmp_path: Path, files: Path, undisturbed: Undisturbed, moment: int
) -> None:
    home = tmp_path / "home"
    delay = random.Random(moment).uniform(moment, moment + 1) / MOMENTS * undisturbed.seconds
    told = run_add(home, files, kill_after_s=delay).acknowledged

    reader = open_engine(home, read_only=True)
    check_acknowledged(reader, told)
    reader.close()

    outcomes = add(home, files)
    assert outcomes.count("unchanged") >= len(told)
    assert set(outcomes) <= {"added", "unchanged"}
    finished = open_engine(home)
    assert state_of(finished) == undisturbed.state
    assert np.array_equal(vectors_of(finished), undisturbed.vectors)
    finished.close()
