"""What README.md prints for developers runs as printed, against a real server; so do the pages' own questions."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

PROJECT = Path(__file__).resolve().parents[2]
README = PROJECT / "README.md"
HEADING = "## For developers"
PRINTED_ADDRESS = "http://127.0.0.1:8000"
MOST_LINES = 10
SAID = "A red day is a day when the patient gets little or nothing that moves them on"
"""What whoever asks the printed question is answered with."""
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
RUN_BY = {
    "sh": ("sh", ["-euc"]),
    "js": ("node", ["--input-type=module", "--eval"]),
    "python": (sys.executable, ["-c"]),
}


def blocks() -> list[tuple[str, str]]:
    """Return the language and the code of each block of the section."""
    _, _, after = README.read_text("utf-8").partition(f"\n{HEADING}\n")
    return BLOCK.findall(re.split(r"^## ", after, maxsplit=1, flags=re.MULTILINE)[0])


def test_the_section_has_curl_javascript_python_and_the_openai_client() -> None:
    printed = blocks()
    assert [language for language, _ in printed] == ["sh", "js", "python", "python"]
    for (_, code), word in zip(printed, ["curl", "fetch", "httpx", "openai"], strict=True):
        assert word in code
        assert PRINTED_ADDRESS in code
        assert len(code.splitlines()) <= MOST_LINES


@pytest.mark.parametrize("number", range(4), ids=["curl", "javascript", "python", "openai"])
def test_a_block_runs_as_printed(server_url: str, number: int) -> None:
    language, code = blocks()[number]
    program, options = RUN_BY[language]
    for needed in {program, "curl"} if language == "sh" else {program}:
        if shutil.which(needed) is None:
            pytest.skip(f"there is no {needed} on this machine to run the block with")
    command = [program, *options, code.replace(PRINTED_ADDRESS, server_url)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert SAID in done.stdout


def test_the_follow_up_is_answered_as_a_program_asks_it_and_as_the_page_is_said_to_read_it(
    client: httpx.Client,
) -> None:
    page = README.read_text("utf-8")
    printed = re.search(r'^`(\{"question": .*"history": .*\})`', page, re.MULTILINE)
    assert printed is not None
    reply = client.post("/v1/ask", json=json.loads(printed[1])).raise_for_status().json()
    assert reply["status"] == "answered"
    assert f'"{reply["standalone_question"]}"' in " ".join(page.split())


def test_the_question_of_the_page_on_language_models_is_answered(client: httpx.Client) -> None:
    page = (PROJECT / "docs" / "language-models.md").read_text("utf-8")
    [question] = re.findall(r'turnwise ask --generator llm "(.+)"', page)
    assert client.post("/v1/ask", json={"question": question}).raise_for_status().json()["status"] == "answered"
