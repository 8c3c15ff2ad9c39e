"""What `deploy/` and the page on operations name is there."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from rag.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
DEPLOY = PROJECT / "deploy"
PAGE = (PROJECT / "docs" / "operations.md").read_text("utf-8")


def test_the_page_names_settings_that_exist_with_their_defaults() -> None:
    rows = re.findall(r"^\| [^|]+ \| `(\w+)` \| ([\d,]+)(?: s)? \|", PAGE, re.MULTILINE)
    assert len(rows) >= 6
    for name, default in rows:
        assert Settings.model_fields[name].default == float(default.replace(",", "")), name
    example = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    assert {line.partition(" =")[0] for line in example[1].splitlines()} <= set(Settings.model_fields)


def test_the_page_names_every_metric() -> None:
    from api.metrics import Metrics  # noqa: PLC0415 - prometheus-client

    text = Metrics().exposition(lambda: ("v", 1, 2)).decode()
    families = set(re.findall(r"^# TYPE (turnwise_\w+) ", text, re.MULTILINE))
    assert {name for name in families if not name.endswith("_created")} <= set(re.findall(r"`(turnwise_\w+)`", PAGE))


def test_the_image_copies_what_exists_and_does_not_run_as_root() -> None:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ").splitlines()
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--from" not in line]
    assert all((PROJECT / name).exists() for names in copied for name in names)
    packaged = re.search(r"^packages = \[(.*)\]", (PROJECT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert packaged is not None
    assert {name.strip(' "') for name in packaged[1].split(",")} <= {name for names in copied for name in names}
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users
    assert users[-1] != "0"
    assert not any(line.startswith("FROM ") and ":latest" in line for line in lines)
    assert not any(line.startswith("ADD ") for line in lines)


def test_the_unit_starts_a_command_that_exists() -> None:
    from typer.main import get_command  # noqa: PLC0415

    from api.cli.program import app  # noqa: PLC0415

    unit = configparser.RawConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(DEPLOY / "turnwise.service", "utf-8")
    command, *options = unit["Service"]["ExecStart"].split()[1:]
    known = {name for each in get_command(app).commands[command].params for name in each.opts}  # type: ignore[attr-defined]
    assert {option for option in options if option.startswith("--")} <= known
    assert unit["Service"]["User"] != "root"
    assert unit["Service"]["NoNewPrivileges"] == "yes"


def test_systemd_knows_every_line_of_the_unit(tmp_path: Path) -> None:
    systemd = shutil.which("systemd-analyze") or pytest.skip("systemd-analyze is not installed (Debian: systemd)")
    text = (DEPLOY / "turnwise.service").read_text("utf-8")
    # What it starts is not installed where the test runs.
    unit = tmp_path / "turnwise.service"
    unit.write_text(text.replace("/opt/turnwise/.venv/bin/turnwise", "/bin/true"), "utf-8")
    done = subprocess.run([systemd, "verify", unit], capture_output=True, text=True, timeout=60, check=False)
    if "Failed to" in done.stderr and "turnwise.service" not in done.stderr:
        pytest.skip(f"systemd-analyze does not work here: {done.stderr.splitlines()[0]}")
    assert (done.returncode, done.stderr) == (0, "")


def test_hadolint_finds_nothing_in_the_image() -> None:
    hadolint = shutil.which("hadolint") or pytest.skip("hadolint is not installed (github.com/hadolint/hadolint)")
    done = subprocess.run(
        [hadolint, str(DEPLOY / "Dockerfile")], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("directive", ["proxy_buffering off", "client_max_body_size 64m"])
def test_nginx_lets_streams_and_uploads_through(directive: str) -> None:
    assert f"{directive};" in (DEPLOY / "nginx.conf").read_text("utf-8")


def test_nginx_waits_longer_than_an_answer_may_take() -> None:
    waits = re.search(r"proxy_read_timeout (\d+)s;", (DEPLOY / "nginx.conf").read_text("utf-8"))
    assert waits is not None
    assert float(waits[1]) > Settings.model_fields["question_timeout_s"].default
