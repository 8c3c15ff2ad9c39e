"""Long runs, `make soak`: thousands of mutated files, and kills of the real `turnwise add` at random moments."""

import random
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.embedded import EmbeddedEngine
from rag.assembly import open_turnwise
from rag.errors import ReadError
from rag.settings import Settings
from rag.transcripts.readers import read_transcripts
from tests.rag.killed_adds import check_acknowledged, run_add, state_of, vectors_of, write_transcripts

PROJECT = Path(__file__).resolve().parents[2]
MUTATED_FILES = 10_000
KILLS = 50
SLOWEST_S = 5.0
GARBAGE = [b"\x00", b"\xff\xfe", b"-->", b"**", b": ", b"\n\n", b"{", b"]", b"<v ", b"1\n", b"---\n", "“é🙂".encode()]


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Return a file with some stretches cut, doubled, swapped, or garbage put in."""
    mutated = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(mutated) + 1)
        end = min(len(mutated), start + chance.choice([1, 3, 40, 400]))
        match chance.randrange(4):
            case 0:
                del mutated[start:end]
            case 1:
                mutated[start:start] = mutated[start:end]
            case 2:
                mutated[start:end] = bytes(reversed(mutated[start:end]))
            case _:
                mutated[start:start] = chance.choice(GARBAGE) * chance.choice([1, 2, 50])
    return bytes(mutated)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.soak
def test_mutated_files_are_read_or_refused_quickly_and_no_letter_is_made_up() -> None:
    files = [file for file in sorted((PROJECT / "corpus").iterdir()) if not file.name.startswith("README")]
    chance = random.Random(11)
    for number in range(MUTATED_FILES):
        file = chance.choice(files)
        data = mutate(file.read_bytes(), chance)
        started = time.monotonic()
        try:
            transcripts = read_transcripts(data, source=file.name)
        except ReadError:
            transcripts = []
        assert time.monotonic() - started < SLOWEST_S, f"file {number}, from {file.name}"
        if file.suffix in {".txt", ".vtt", ".srt"} and (whole := _decoded(data)) is not None:
            source = squeezed(whole)
            for turn in (turn for transcript in transcripts for turn in transcript.turns):
                for word in turn.text.split():
                    assert word in source, f"file {number}, from {file.name}: {word!r}"


def _decoded(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_the_real_add_killed_at_random_moments_loses_nothing_and_is_finished_by_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    write_transcripts(folder, count=200)
    whole = run_add(tmp_path / "undisturbed", folder, "with the model")
    assert len(whole.acknowledged) == len(set(whole.acknowledged)) == 200
    expected = open_with_model(tmp_path / "undisturbed")
    expected_state, expected_vectors = comparable(state_of(expected)), vectors_of(expected)
    expected.close()
    chance = random.Random(5)
    killed, acknowledged = 0, []
    for moment in range(KILLS):
        home = tmp_path / f"home {moment}"
        run = run_add(home, folder, "with the model", kill_after_s=chance.uniform(0, whole.seconds))
        killed += run.was_killed
        acknowledged.append(len(run.acknowledged))
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
    print(f"killed {killed} of {KILLS}; acknowledged before: {sorted(acknowledged)}; undisturbed {whole.seconds:.0f} s")
    assert killed >= KILLS * 0.8
    assert len(set(acknowledged)) > 2


def open_with_model(home: Path, *, read_only: bool = False) -> EmbeddedEngine:
    return open_turnwise(Settings(home=home), read_only=read_only).engine


def comparable(state: dict[str, Any]) -> dict[str, Any]:
    """Leave out the vectors of sentences: packed to a byte a number, some differ by one."""
    return {name: value for name, value in state.items() if name != "attachments"}
