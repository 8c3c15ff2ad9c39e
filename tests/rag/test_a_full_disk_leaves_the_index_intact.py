"""The disk refuses, really: it fills up in the middle of an `add`, may only be read, or keeps files small."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.rag.killed_adds import PROJECT, write_transcripts

FILES = 12
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


READ_ONLY = """
set -e
mount --bind "$HOME_FOLDER" "$HOME_FOLDER"
mount -o remount,bind,ro "$HOME_FOLDER"
cd "$PROJECT"
set +e
for command in "list" "add $FILES" "keys create --name x" "doctor"; do
    echo "== $command"
    "$PYTHON" -m api.cli $command --home "$HOME_FOLDER" 2>&1
    echo "ended with $?"
done
"""
REMOVING = """
set -e
mount -t tmpfs -o size=64m none "$SMALL"
cd "$PROJECT"
"$PYTHON" -m api.cli add "$FILES" --home "$SMALL/home" --json > /dev/null
dd if=/dev/zero of="$SMALL/rest" bs=4k 2> /dev/null || true
set +e
"$PYTHON" -m api.cli remove 2024-05-06-conversation-1 --home "$SMALL/home"
echo "ended with $?"
rm "$SMALL/rest"
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
        "SIZE": "360k",
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


def test_of_a_folder_that_may_only_be_read_every_command_says_so(tmp_path: Path, namespace: list[str]) -> None:
    write_transcripts(tmp_path / "files", 2)
    home = tmp_path / "home"
    subprocess.run(
        [sys.executable, "-m", "tests.rag.add_in_a_child", str(home), str(tmp_path / "files"), "model"],
        cwd=PROJECT,
        check=True,
        capture_output=True,
    )
    said = in_a_namespace(namespace, READ_ONLY, HOME_FOLDER=home, FILES=tmp_path / "files").stdout
    assert "Traceback" not in said
    for part in said.split("== ")[1:]:
        words = " ".join(part.split())
        assert "ended with 3" in words, words
        assert "Read-only file system" in words if "keys" in words[:9] else "is read-only" in words, words
        assert "another" in words
        assert "backup" not in words.replace(str(home), "")
        assert "Move the file away" not in words


def test_removing_from_a_full_disk_says_that_it_needs_space_and_harms_nothing(
    tmp_path: Path, namespace: list[str]
) -> None:
    write_transcripts(tmp_path / "files", 3)
    (tmp_path / "small").mkdir()
    done = in_a_namespace(namespace, REMOVING, SMALL=tmp_path / "small", FILES=tmp_path / "files")
    assert done.stdout == "ended with 3\n3 transcripts, 0 damaged\n", done.stdout + done.stderr
    assert "the disk is full" in done.stderr
    assert "removing needs as much space" in done.stderr
    assert "Traceback" not in done.stderr


def in_a_namespace(namespace: list[str], script: str, **names: Path | str) -> "subprocess.CompletedProcess[str]":
    known = {"PROJECT": PROJECT, "PYTHON": sys.executable, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **names}
    return subprocess.run(
        [*namespace, "sh", "-c", script],
        env={name: str(value) for name, value in known.items()},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
