"""`make run` in a terminal: Ctrl+C is no error, anything else that ends the server is."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
STAND_IN = """#!/usr/bin/env bash
[ "$1" = serve ] || exit 0
trap 'exit 130' INT
echo serving
while :; do sleep .05; done
"""


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    if not (shutil.which("make") and shutil.which("bash")):
        pytest.skip("there is no make or no bash on this machine")
    return tmp_path


def make_run(programs: Path, turnwise: str) -> "subprocess.Popen[str]":
    """Start `make run` with a stand-in for the program, in a process group of its own as in a terminal."""
    program = programs / "turnwise"
    program.write_text(turnwise, "utf-8")
    program.chmod(0o755)
    command = ["make", "--old-file", "setup", "run", f"BIN={programs}"]
    # Under `make test`, make would take itself for a part of that one.
    environment = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    }
    return subprocess.Popen(
        command,
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_ctrl_c_ends_it_quietly(programs: Path) -> None:
    running = make_run(programs, STAND_IN)
    assert running.stdout is not None
    first = running.stdout.readline()
    os.killpg(running.pid, signal.SIGINT)
    out, complaints = running.communicate(timeout=20)
    assert first == "serving\n"
    assert (out, complaints) == ("", "")


def test_a_server_that_fails_is_an_error(programs: Path) -> None:
    running = make_run(programs, '#!/bin/sh\n[ "$1" = add ] || exit 3\n')
    assert "Error" in running.communicate(timeout=20)[1]
    assert running.returncode
