"""A foreign page with widgets, opened in a real browser, beside a scripted server and a real one."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.pages.widget.stage import ForeignSite, ScriptedServer, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PROJECT = Path(__file__).resolve().parents[3]
READY_WITHIN_S = 120
STOP_WITHIN_S = 15


@pytest.fixture(scope="session")
def _site() -> Iterator[ForeignSite]:
    site = ForeignSite()
    with running(site):
        yield site


@pytest.fixture(scope="session")
def _api() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    with running(server):
        yield server


@pytest.fixture
def api(_api: ScriptedServer) -> ScriptedServer:
    """Return a server that answers as it is told."""
    _api.replies, _api.asked = [], []
    return _api


@pytest.fixture
def site(_site: ForeignSite, api: ScriptedServer) -> ForeignSite:
    """Return a site of another origin, without widgets as yet."""
    _site.html, _site.css, _site.api, _site.tokens_given = "", "", api.url, 0
    _site.token = lambda: None
    return _site


@pytest.fixture
def open_host(browser: "Browser", site: ForeignSite, complaints: list[str]) -> "Iterator[Callable[..., Page]]":
    """Open the site's page with this in it: `open_host('<turnwise-chat ...>')`; more goes to the browser's context."""
    contexts = []

    def opened(html: str, *, width: int = 1100, height: int = 820, **options: object) -> "Page":
        context = browser.new_context(locale="en-GB", viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        site.html = html
        page.goto(site.url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@dataclass(frozen=True, slots=True, kw_only=True)
class RealServer:
    """A real server that asks who asks, lets one foreign origin call, and a key for it."""

    url: str
    key: str

    def token(self) -> dict[str, object]:
        """Return a fresh token for a widget, as a host's own server would ask for it."""
        given = httpx.post(
            f"{self.url}/v1/token", headers={"Authorization": f"Bearer {self.key}"}, json={"collections": ["default"]}
        )
        assert given.status_code == 200, given.text
        token: dict[str, object] = given.json()
        return token


@pytest.fixture(scope="session")
def real_server(
    _site: ForeignSite,
    corpus_home: Path,
    run_turnwise: "Callable[..., subprocess.CompletedProcess[str]]",
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RealServer]:
    """Serve the project's own conversations to the foreign site's widgets."""
    folder = tmp_path_factory.mktemp("widget")
    home = shutil.copytree(corpus_home, folder / "home")
    made = run_turnwise("keys", "create", "--name", "intranet", "--home", home, "--json")
    assert made.returncode == 0, made.stderr
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("TURNWISE_")}
    environment = kept | {
        "PYTHONPATH": str(PROJECT),
        "HF_HUB_OFFLINE": "1",
        "TURNWISE_ALLOWED_ORIGINS": _site.url,
        "TURNWISE_READER": "off",
    }
    command = [sys.executable, "-m", "api.cli", "serve", "--home", str(home), "--port", "0", "--json"]
    with (folder / "server.log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    assert server.stdout is not None
    document = server.stdout.readline()
    assert document, (folder / "server.log").read_text("utf-8")
    url = json.loads(document)["url"]
    deadline = time.monotonic() + READY_WITHIN_S
    with httpx.Client(base_url=url) as client:
        while (ready := client.get("/readyz")).status_code != 200:
            assert time.monotonic() < deadline, ready.text + (folder / "server.log").read_text("utf-8")
            time.sleep(0.2)
    yield RealServer(url=url, key=json.loads(made.stdout)["key"])
    server.terminate()
    try:
        server.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    server.stdout.close()
