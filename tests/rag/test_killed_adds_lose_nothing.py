"""`add` is killed at ten moments: what was said to be stored is there, the index opens, the next `add` finishes."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rag.library import Library
from tests.rag.add_in_a_child import HashEmbedder, add, open_engine

PROJECT = Path(__file__).resolve().parents[2]
FILES = 24
MOMENTS = 10
WORDS = "we tried the change on one ward first and learned from what the chart showed us".split()


def write_transcripts(folder: Path, count: int = FILES) -> None:
    folder.mkdir()
    chance = random.Random(7)
    for number in range(count):
        lines = [f"Title: Conversation {number}", "Date: 2024-05-06", ""]
        for turn in range(12):
            said = " ".join(chance.choices(WORDS, k=60)).capitalize()
            lines.append(f"{'Ann Lee' if turn % 2 else 'Bo Ek'}: {said} marker{number}x{turn}.\n")
        (folder / f"{number:03}.txt").write_text("\n".join(lines), "utf-8")


def kill_after(home: Path, folder: Path, acknowledged: int, delay_s: float) -> list[str]:
    """Start an `add`, kill it after so many acknowledgements and a little while, and return what was acknowledged."""
    command = [sys.executable, "-m", "tests.rag.add_in_a_child", str(home), str(folder)]
    child = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout is not None
    told = []
    while len(told) < acknowledged and (line := child.stdout.readline()):
        told.append(line.strip())
    time.sleep(delay_s)
    child.kill()
    rest, _ = child.communicate()
    return told + rest.split()


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_a_killed_add_loses_nothing_and_the_next_finishes_the_work(tmp_path: Path, moment: int) -> None:
    home, folder = tmp_path / "home", tmp_path / "files"
    write_transcripts(folder)
    chance = random.Random(moment)
    acknowledged = moment * FILES // MOMENTS
    # The last moment falls into the indexing after all files were stored.
    told = kill_after(home, folder, FILES if moment == MOMENTS - 1 else acknowledged, chance.uniform(0, 0.05))
    assert len(told) >= acknowledged

    engine = open_engine(home)
    assert set(told) <= {summary.id for summary in Library(engine).transcripts()}
    assert engine.search_text("chart", 5) is not None
    engine.close()

    outcomes = add(home, folder)
    assert outcomes.count("unchanged") >= len(told)
    assert set(outcomes) <= {"added", "unchanged"}
    engine = open_engine(home)
    assert len(list(engine.documents())) == FILES
    assert engine.check() == []
    for number in range(FILES):
        marker = f"marker{number}x7"
        assert len(engine.search_text(marker, 5)) == 1
    vector = HashEmbedder().embed(["anything"], input_type="query")[0]
    assert len(engine.search_vectors(vector, 1000)) == engine.counts()[1]
    engine.close()
