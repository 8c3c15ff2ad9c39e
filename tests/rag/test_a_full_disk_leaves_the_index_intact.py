"""The disk fills up in the middle of an `add`, really: on a small file system of the test's own."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.rag.killed_adds import PROJECT, write_transcripts

FILES = 40
IN_A_NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]
"""Lets anybody mount a file system that only this process sees."""
SCRIPT = """
set -e
mount -t tmpfs -o size=$SIZE none "$SMALL"
cd "$PROJECT"
set +e
"$PYTHON" -m api.cli add "$FILES" --home "$SMALL/home"
echo "ended with $?"
"$PYTHON" -m tests.rag.look_at_an_index "$SMALL/home"
mount -o remount,size=64m "$SMALL"
"$PYTHON" -m api.cli add "$FILES" --home "$SMALL/home" --json > /dev/null
echo "then ended with $?"
"$PYTHON" -m tests.rag.look_at_an_index "$SMALL/home"
"""


@pytest.fixture
def namespace() -> list[str]:
    try:
        possible = subprocess.run([*IN_A_NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        possible = False
    if not possible:
        pytest.skip("this system lets users mount nothing (unshare --user --mount)")
    return IN_A_NAMESPACE


def test_a_full_disk_is_said_plainly_and_the_next_add_goes_on(tmp_path: Path, namespace: list[str]) -> None:
    write_transcripts(tmp_path / "files", FILES)
    small = tmp_path / "small"
    small.mkdir()
    names = {
        "SIZE": "700k",
        "SMALL": str(small),
        "FILES": str(tmp_path / "files"),
        "PROJECT": str(PROJECT),
        "PYTHON": sys.executable,
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    }
    done = subprocess.run(
        [*namespace, "sh", "-c", SCRIPT], env=names, capture_output=True, text=True, timeout=240, check=False
    )
    assert "ended with 3" in done.stdout, done.stdout + done.stderr
    assert "disk is full" in done.stderr or "No space left" in done.stderr
    assert "Traceback" not in done.stderr
    before, after = (line for line in done.stdout.splitlines() if "damaged" in line)
    assert before.endswith(" 0 damaged")
    assert int(before.split()[0]) < FILES
    assert "then ended with 0" in done.stdout
    assert after == f"{FILES} transcripts, 0 damaged"
