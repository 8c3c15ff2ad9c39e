"""Runs the unit tests of the pages' scripts with Node's own test runner."""

import shutil
import subprocess
from pathlib import Path

import pytest

TESTS = sorted((Path(__file__).parent / "js").glob("*.test.js"))
OLDEST_NODE = 18
"""The first release with `node --test`, and what Debian 12 has."""


def _node() -> str:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed; the browser tests still run these scripts")
    version = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout
    if int(version.lstrip("v").split(".")[0]) < OLDEST_NODE:
        pytest.skip(f"Node.js {version.strip()} has no test runner; {OLDEST_NODE} or later has")
    return node


@pytest.mark.parametrize("script", TESTS, ids=lambda path: path.name)
def test_the_scripts_unit_tests_pass(script: Path) -> None:
    result = subprocess.run([_node(), "--test", str(script)], capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_there_are_unit_tests_to_run() -> None:
    assert {path.name for path in TESTS} >= {"offsets.test.js", "segments.test.js", "links.test.js", "copied.test.js"}
