"""What the tests that kill an `add` share: the files, the kill, and what must hold afterwards."""

import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.embedded import EmbeddedEngine
from rag.library import Library
from tests.rag.add_in_a_child import BEGUN

PROJECT = Path(__file__).resolve().parents[2]
WORDS = "we tried the change on one ward first and learned from what the chart showed us".split()


def write_transcripts(folder: Path, count: int, *, turns: int = 6) -> None:
    folder.mkdir()
    chance = random.Random(7)
    for number in range(count):
        lines = [f"Title: Conversation {number}", "Date: 2024-05-06", ""]
        for turn in range(turns):
            said = " ".join(chance.choices(WORDS, k=60)).capitalize()
            lines.append(f"{'Ann Lee' if turn % 2 else 'Bo Ek'}: {said} marker{number}x{turn}.\n")
        (folder / f"{number:03}.txt").write_text("\n".join(lines), "utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a child told, and how long it took from when it had begun."""

    acknowledged: tuple[str, ...]
    seconds: float
    was_killed: bool


def run_add(home: Path, folder: Path, *more: str, kill_after_s: float | None = None) -> Run:
    """Add a folder in a child, which is killed so long after it has begun unless it is done by then."""
    command = [sys.executable, "-m", "tests.rag.add_in_a_child", str(home), str(folder), *more]
    child = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline().strip() == BEGUN
    begun = time.monotonic()
    try:
        told, complaints = child.communicate(timeout=kill_after_s)
    except subprocess.TimeoutExpired:
        child.kill()
        told, complaints = child.communicate()
    killed = child.returncode == -9
    assert killed or child.returncode == 0, complaints
    # A line that was cut off by the kill was not told.
    lines = told.split("\n")[:-1]
    return Run(acknowledged=tuple(lines), seconds=time.monotonic() - begun, was_killed=killed)


def check_acknowledged(engine: EmbeddedEngine, acknowledged: Sequence[str]) -> None:
    """Check that what was acknowledged is there and is found, and that nothing is damaged."""
    library = Library(engine)
    assert set(acknowledged) <= {summary.id for summary in library.transcripts()}
    for transcript_id in acknowledged:
        transcript = library.transcript(transcript_id)
        marker = transcript.turns[-1].text.split()[-1].rstrip(".")
        (hit,) = engine.search_text(marker, 5)
        assert engine.records([hit.id])[hit.id].document_id == transcript_id
    assert [problem for problem in engine.check() if problem.remedy == "restore"] == []


def state_of(engine: EmbeddedEngine) -> dict[str, Any]:
    """Return all that is stored and all that is found, comparable to the bit but for the folder's name."""
    documents = [engine.document(summary.id) for summary in engine.documents()]
    records = {d.id: engine.document_records(d.id) for d in documents if d}
    ids = [record.id for stored in records.values() for record in stored]
    return {
        "documents": documents,
        "records": records,
        "attachments": engine.attachments(ids),
        "notes": engine.notes(),
        "found": [hit.id for hit in engine.search_text("chart ward learned", 1000)],
        "counts": engine.counts(),
        "problems": engine.check(),
    }


def vectors_of(engine: EmbeddedEngine) -> np.ndarray[Any, Any]:
    """Return all vectors in order of document and place."""
    ids = [record.id for summary in engine.documents() for record in engine.document_records(summary.id)]
    return engine.vectors(ids)
