"""Long runs, `make soak`: kills of the real `turnwise add` at random moments."""

import random
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.embedded import EmbeddedEngine
from rag.assembly import open_turnwise
from rag.settings import Settings
from tests.rag.add_in_a_child import EXACT_BACKEND
from tests.rag.killed_adds import check_acknowledged, run_add, state_of, vectors_of, write_transcripts

PROJECT = Path(__file__).resolve().parents[2]
KILLS = 50


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_the_real_add_killed_at_random_moments_loses_nothing_and_is_finished_by_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    write_transcripts(folder, count=200)
    whole = run_add(tmp_path / "undisturbed", folder, "with the model")
    assert len(whole.acknowledged) == len(set(whole.acknowledged)) == 200
    expected = open_with_model(tmp_path / "undisturbed")
    expected_state, expected_vectors = comparable(state_of(expected)), vectors_of(expected)
    expected.close()
    chance = random.Random(5)
    # A run that ends before its moment is checked like the others, but is no kill; the next moments come sooner.
    longest, too_late, acknowledged = whole.seconds, 0, []
    while len(acknowledged) < KILLS:
        home = tmp_path / f"home {len(acknowledged)} {too_late}"
        run = run_add(home, folder, "with the model", kill_after_s=chance.uniform(0, longest))
        if run.was_killed:
            acknowledged.append(len(run.acknowledged))
        else:
            too_late, longest = too_late + 1, min(longest, run.seconds)
        reader = open_with_model(home, read_only=True)
        check_acknowledged(reader, run.acknowledged)
        reader.close()
        run_add(home, folder, "with the model")
        finished = open_with_model(home)
        assert comparable(state_of(finished)) == expected_state
        # The model's sums depend in their last bits on which texts share a batch.
        assert np.allclose(vectors_of(finished), expected_vectors, atol=1e-5)
        finished.close()
        shutil.rmtree(home)
        print(f"kills {len(acknowledged)}, too late {too_late}", flush=True)
    print(f"undisturbed {whole.seconds:.0f} s; acknowledged before each kill: {sorted(acknowledged)}")
    assert len(set(acknowledged)) > 2


def open_with_model(home: Path, *, read_only: bool = False) -> EmbeddedEngine:
    return open_turnwise(Settings(home=home, embedding_backend=EXACT_BACKEND), read_only=read_only).engine


def comparable(state: dict[str, Any]) -> dict[str, Any]:
    """Leave out the vectors of sentences: packed to a byte a number, some differ by one."""
    return {name: value for name, value in state.items() if name != "attachments"}
