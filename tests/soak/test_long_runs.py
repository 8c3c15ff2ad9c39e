"""Long runs, `make soak`: thousands of mutated files, and kills of the real `turnwise add` at random moments."""

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rag.errors import ReadError
from rag.transcripts.readers import read_transcripts
from tests.rag.test_killed_adds_lose_nothing import write_transcripts

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
def test_the_real_add_killed_at_random_moments_loses_nothing(tmp_path: Path) -> None:
    folder, home = tmp_path / "files", tmp_path / "home"
    write_transcripts(folder, count=200)
    command = [sys.executable, "-m", "api.cli"]
    stored: set[str] = set()
    chance = random.Random(5)
    for _ in range(KILLS):
        child = subprocess.Popen(
            [*command, "add", str(folder), "--home", str(home), "--json"],
            cwd=PROJECT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(chance.uniform(1, 12))
        child.kill()
        child.wait()
        if not (home / "turnwise.db").exists():
            continue
        listed = subprocess.run(
            [*command, "list", "--home", str(home), "--json"], cwd=PROJECT, capture_output=True, text=True, check=False
        )
        assert listed.returncode == 0, listed.stderr
        now = {item["id"] for item in json.loads(listed.stdout)["transcripts"]}
        assert stored <= now
        stored = now
    for _ in range(2):
        done = subprocess.run(
            [*command, "add", str(folder), "--home", str(home), "--json"], cwd=PROJECT, check=False, capture_output=True
        )
    assert done.returncode == 0
    assert b'"added"' not in done.stdout
