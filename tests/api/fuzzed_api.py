"""Run schemathesis' command line against a server and read its report."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CONFIG = Path(__file__).with_suffix(".toml")
PROJECT = Path(__file__).resolve().parents[2]
HOOKS = "tests.api.fuzzed_api_hooks"
NOT_YET_GONE = "use_after_free"
"""A removal is a job (202): what it removes may still be there at the next request."""


@dataclass(frozen=True)
class Fuzzed:
    """What became of a run."""

    cases: int
    passed: bool
    operations: int
    said: str


def fuzz(url: str, folder: Path, *, seed: int, examples: int, within_s: float) -> Fuzzed:
    """Send made-up requests to every call of the API, in all phases, and check every answer against the schema."""
    report = folder / "report.json"
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--no-color", "--config-file", str(CONFIG)),
        *(
            "run",
            f"{url}/openapi.json",
            "--checks",
            "all",
            "--exclude-checks",
            NOT_YET_GONE,
            "--seed",
            str(seed),
            "--max-examples",
            str(examples),
        ),
        *("--continue-on-failure", "--request-timeout", "60", "--report", "json", "--report-json-path", str(report)),
    ]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": HOOKS, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=within_s, check=False
    )
    assert report.exists(), done.stdout + done.stderr
    summary = json.loads(report.read_text("utf-8"))
    return Fuzzed(
        cases=summary["test_cases"]["generated"],
        passed=summary["complete"] and summary["exit_code"] == 0,
        operations=summary["operations"]["tested"],
        said=done.stdout[-20_000:],
    )
