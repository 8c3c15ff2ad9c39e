"""Who waits for another writer hears of it after a second, and who waits too long hears why."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import IndexLockedError
from index.locking import WriterLock

PROJECT = Path(__file__).resolve().parents[2]
HOLDER = """
import sys, time
from pathlib import Path
from index.locking import WriterLock
with WriterLock(Path(sys.argv[1]), timeout_s=5).held():
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def hold(lock: Path, seconds: float) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", HOLDER, str(lock), str(seconds)]
    holder = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_a_writer_waits_and_says_so_after_a_second(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    lock = tmp_path / "writer.lock"
    with hold(lock, 2.0), caplog.at_level(logging.WARNING), WriterLock(lock, timeout_s=60).held():
        assert "waiting for it" in caplog.text
        assert str(tmp_path) in caplog.text


def test_a_short_wait_is_silent(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    lock = tmp_path / "writer.lock"
    with hold(lock, 0.1), caplog.at_level(logging.WARNING), WriterLock(lock, timeout_s=60).held():
        assert caplog.text == ""


def test_who_waits_too_long_is_told_for_whom(tmp_path: Path) -> None:
    lock = tmp_path / "writer.lock"
    with (
        hold(lock, 3.0),
        pytest.raises(IndexLockedError, match="another process"),
        WriterLock(lock, timeout_s=1.2).held(),
    ):
        pass
