"""What a figure depends on beside questions and target: version, commit, machine, moment."""

import datetime as dt
import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import BaseModel

GIT_TIMEOUT_S = 10


class Provenance(BaseModel):
    """Where and with what a run was made."""

    turnwise: str
    commit: str | None
    """Of the checkout that the harness runs from; `+` after it: with changes that are not committed."""
    python: str
    machine: str
    cpus: int
    started: str
    """ISO 8601, UTC."""


def provenance() -> Provenance:
    """Describe this machine and moment."""
    try:
        own = version("turnwise")
    except PackageNotFoundError:
        own = "not installed"
    return Provenance(
        turnwise=own,
        commit=_commit(),
        python=platform.python_version(),
        machine=f"{platform.system()} {platform.machine()}",
        cpus=os.cpu_count() or 1,
        started=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    )


def _commit() -> str | None:
    commit = _git("rev-parse", "--short=12", "HEAD")
    if not commit:
        return None
    return f"{commit}+" if _git("status", "--porcelain", "--untracked-files=no") else commit


def _git(*arguments: str) -> str | None:
    folder = Path(__file__).resolve().parent
    if not (folder.parent / ".git").exists():
        return None
    command = ["git", "--no-optional-locks", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=GIT_TIMEOUT_S, check=False)  # noqa: S603 - fixed words  # nosec B603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
