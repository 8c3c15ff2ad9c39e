"""What only a process of its own shows: how fast help is, what is imported, clean output, a port that is taken."""

import json
import os
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]

HEAVY = {"torch", "sentence_transformers", "transformers"}
COMMANDS = [
    "add",
    "remove",
    "list",
    "show",
    "export",
    "backup",
    "restore",
    "attribute",
    "search",
    "ask",
    "serve",
    "doctor",
]


FULL = "turnwise: the output: No space left on device\n"


def test_help_names_every_command_and_is_quick(turnwise_process: Run) -> None:
    # The best of three, and ten times what it takes on an idle machine: a busy one must not fail this.
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        done = turnwise_process("--help")
        best = min(best, time.perf_counter() - started)
    assert done.returncode == 0
    assert all(f" {command} " in done.stdout for command in COMMANDS)
    assert best < 3


def test_looking_at_what_is_there_imports_no_model(corpus_home: Path) -> None:
    script = (
        "import sys\nfrom typer.testing import CliRunner\nfrom api.cli.program import app\n"
        "for command in (['list'], ['show', sys.argv[2]], ['export'], ['search', 'x', '--mode', 'lexical']):\n"
        "    done = CliRunner().invoke(app, [*command, '--home', sys.argv[1]])\n"
        "    assert done.exit_code == 0, done.output\n"
        "print(' '.join(sys.modules))"
    )
    first = "2026-01-22-three-reasons-to-count"
    project = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", script, str(corpus_home), first]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert not HEAVY & {name.partition(".")[0] for name in done.stdout.split()}


def test_json_output_is_one_document_and_nothing_else(turnwise_process: Run, corpus_home: Path) -> None:
    done = turnwise_process("search", "what is a run chart", "--top-k", "1", "--home", corpus_home, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["passages"]
    assert done.stderr == ""


def test_a_port_that_is_taken_is_said_so_at_once(turnwise_process: Run, corpus_home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = turnwise_process("serve", "--port", port, "--home", corpus_home)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"turnwise: Port {port} of 127.0.0.1 can't be used")
    assert "--port" in line


@pytest.mark.parametrize(
    ("command", "code", "told"),
    [
        ("list --home {home} > /dev/full", 2, FULL),
        ("list --home {home} --json > /dev/full", 2, FULL),
        ("list --home {home} --json <&- >&- 2>&-", 0, ""),
        ("ask '' --home {home} 2> /dev/full", 2, ""),
    ],
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
def test_an_output_that_is_full_or_closed_ends_in_an_exit_code_and_at_most_one_line(
    corpus_home: Path, command: str, code: int, told: str
) -> None:
    line = f"exec {shlex.quote(sys.executable)} -m api.cli {command.format(home=shlex.quote(str(corpus_home)))}"
    project = Path(__file__).resolve().parents[2]
    done = subprocess.run(["sh", "-c", line], cwd=project, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code
    assert done.stderr == told


def test_a_terminal_without_a_letter_is_shown_a_question_mark(corpus_home: Path) -> None:
    project = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "api.cli", "ask", "How many points make a shift?", "--home", str(corpus_home)]
    latin = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, cwd=project, env=latin, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert b"?" in done.stdout
    assert done.stdout.isascii()
