"""An environment for each toolkit under .peers/, which is no part of the project and ignored by git."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = ROOT / ".peers"
REQUIREMENTS = Path(__file__).resolve().parent / "requirements"
TORCH = "torch==2.13.0"
"""Installed first, as the project's setup does: this release has a build for the processor alone."""
TOOLKITS = ("llamaindex", "langchain", "haystack", "txtai")
SYSTEMS = ("turnwise", *TOOLKITS, "baseline")
NAMES = {
    "turnwise": "Turnwise",
    "llamaindex": "LlamaIndex",
    "langchain": "LangChain",
    "haystack": "Haystack",
    "txtai": "txtai",
    "baseline": "plain baseline",
}
PACKAGES = {
    "llamaindex": "llama-index-core",
    "langchain": "langchain-classic",
    "haystack": "haystack-ai",
    "txtai": "txtai",
    "baseline": "sentence-transformers",
}
"""Whose version stands for the toolkit's."""


def python_of(system: str) -> Path:
    """Return the interpreter that runs a system's adapter; Turnwise runs in this one."""
    return Path(sys.executable) if system == "turnwise" else ENVIRONMENTS / system / "bin" / "python"


def make(system: str) -> None:
    """Make a toolkit's environment, unless one with the same requirements is there."""
    if system == "turnwise":
        return
    wanted = REQUIREMENTS / f"{system}.txt"
    folder = ENVIRONMENTS / system
    ready = folder / ".ready"
    if ready.is_file() and ready.read_bytes() == wanted.read_bytes():
        return
    print(f"making {folder.relative_to(ROOT)}", file=sys.stderr)
    ENVIRONMENTS.mkdir(exist_ok=True)
    (ENVIRONMENTS / ".gitignore").write_text("*\n", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    for arguments in ([TORCH], ["--requirement", str(wanted)]):
        subprocess.run([str(python_of(system)), "-m", "pip", "install", "--quiet", *arguments], check=True)
    ready.write_bytes(wanted.read_bytes())


def version_of(system: str) -> str:
    """Return the version of a toolkit's main package, or the checkout's commit for Turnwise."""
    if system == "turnwise":
        command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    else:
        said = f"from importlib.metadata import version; print(version({PACKAGES[system]!r}))"
        command = [str(python_of(system)), "-c", said]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip()
