"""Shared fixtures: real indexes, a real server, a real browser. Each is made once a session, and only if asked for.

Nothing heavy is imported here, so that collecting the tests stays quick.
"""

import contextlib
import functools
import gc
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from filelock import FileLock
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from rag.assembly import Turnwise
    from tests.postgres_server import PostgresServer

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared"
READY_WITHIN_S = 120
STOP_WITHIN_S = 15
EXPECTED_WITHIN_MS = 15_000
"""Of what a page is to show: other tests use the processor too."""
POPUPS_OF_THE_ADDRESS_BAR = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
"""Chromium loads them as pages beside each window, headless or not: more than half of what a short test takes."""
TURNED_OFF_BY_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
"""Repeated, since Chromium heeds the last such list only."""
CHROMIUM_FLAGS = [
    f"--disable-features={','.join((*TURNED_OFF_BY_PLAYWRIGHT, *POPUPS_OF_THE_ADDRESS_BAR))}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]

Run = Callable[..., "subprocess.CompletedProcess[str]"]

NEW_OBJECTS = 50_000
"""After which Python looks for what is no longer used while tests are imported; of its own accord it does all along."""
USUAL = gc.get_threshold()
gc.set_threshold(NEW_OBJECTS)

settings.register_profile("suite", deadline=5_000)  # milliseconds an example: other tests use the processor too
settings.load_profile("suite")


def pytest_collection_finish() -> None:
    """Have Python pass over all that was imported and collected, which stays, when it looks for what is not used."""
    gc.freeze()
    gc.set_threshold(*USUAL)


def _environment() -> dict[str, str]:
    """Return the environment of a newcomer: none of our settings, no way to a model hub."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("TURNWISE_")}
    return kept | {"PYTHONPATH": str(PROJECT), "HF_HUB_OFFLINE": "1", "COLUMNS": "100"}


def _process(*args: str | Path, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "api.cli", *map(str, args)]
    return subprocess.run(
        command, cwd=PROJECT, env=_environment(), input=stdin, capture_output=True, text=True, timeout=240, check=False
    )


def _turnwise(*args: str | Path, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    from typer.testing import CliRunner  # noqa: PLC0415

    from api.cli.program import app  # noqa: PLC0415

    newcomers = _environment()
    environment = {name: newcomers.get(name) for name in {*os.environ, *newcomers}}  # None takes a variable away
    command = [str(arg) for arg in args]
    with contextlib.chdir(PROJECT):
        done = CliRunner().invoke(app, command, input=stdin, env=environment)
    return subprocess.CompletedProcess(command, done.exit_code, done.stdout, done.stderr)


def _index(home: Path, *sources: Path) -> Path:
    done = _process("add", *sources, "--home", home, "--json")
    assert done.returncode == 0, f"indexing {sources} failed:\n{done.stdout}\n{done.stderr}"
    return home


@pytest.fixture(scope="session")
def run_turnwise() -> Run:
    """Run the command line in this process: `run_turnwise("list", "--home", home)`. A start is a second of imports."""
    return _turnwise


@pytest.fixture(scope="session")
def turnwise_process() -> Run:
    """Do the same in a process of its own, where that is what a test is about: `turnwise_process("--help")`."""
    return _process


@pytest.fixture(scope="session", autouse=True)
def _models_loaded_once() -> "Iterator[None]":
    """Load each model once a session, however often the product is opened in it: that is a second and 200 MB each."""
    from rag import assembly  # noqa: PLC0415

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(assembly, "open_embedder", functools.cache(assembly.open_embedder))
        patched.setattr(assembly, "open_reader", functools.cache(assembly.open_reader))
        yield


def _indexed_once(tmp_path_factory: pytest.TempPathFactory, source: Path) -> Path:
    """Return a data folder of this worker's own with a folder's conversations, which one of the workers indexed.

    A copy, since a folder that is open elsewhere changes while it is read: SQLite makes files beside its own.
    """
    base = tmp_path_factory.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = run / f"indexed-{source.name}"
    with FileLock(f"{made}.lock"):
        if not made.exists():
            _index(base / f"indexing-{source.name}", source).rename(made)
    return Path(shutil.copytree(made, tmp_path_factory.mktemp(source.name) / "home"))


@pytest.fixture(scope="session")
def corpus_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with the project's own conversations in it. Don't change it: copy it."""
    return _indexed_once(tmp_path_factory, PROJECT / "corpus")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of shared material, which lies beside a developer's checkout."""
    if not SHARED.is_dir():
        pytest.skip("the shared material is not beside this checkout (../shared)")
    return SHARED


@pytest.fixture(scope="session")
def seeds_home(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with the two real transcripts in it. Don't change it: copy it."""
    seeds = shared / "seeds"
    if not seeds.is_dir():
        pytest.skip("the shared material has no seeds (../shared/seeds)")
    return _indexed_once(tmp_path_factory, seeds)


@pytest.fixture(scope="session")
def turnwise(corpus_home: Path) -> "Iterator[Turnwise]":
    """Return the product, opened for reading on the project's own conversations."""
    from rag.assembly import open_turnwise  # noqa: PLC0415
    from rag.settings import load_settings  # noqa: PLC0415

    with open_turnwise(load_settings(home=corpus_home), read_only=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def turnwise_without_reader(corpus_home: Path) -> "Iterator[Turnwise]":
    """Return the same without the reader, for what holds of any answer: an answer takes a fifth of the time."""
    from rag.assembly import open_turnwise  # noqa: PLC0415
    from rag.settings import load_settings  # noqa: PLC0415

    with open_turnwise(load_settings(home=corpus_home, reader="off"), read_only=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Start `turnwise serve` over a copy of a data folder, on a free port, and return its address once it is ready.

    It answers without the reader, which is most of an answer's time; what judges answers says `TURNWISE_READER="auto"`,
    as other variables of the environment may be given.
    """
    started: list[subprocess.Popen[str]] = []

    def start(home: Path, **settings: str) -> str:
        environment = _environment() | {"TURNWISE_READER": "off"} | settings
        folder = tmp_path_factory.mktemp("served")
        copy = shutil.copytree(home, folder / "home")
        command = [sys.executable, "-m", "api.cli", "serve", "--home", str(copy), "--port", "0", "--json"]
        with (folder / "server.log").open("w", encoding="utf-8") as log:
            server = subprocess.Popen(
                command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
        started.append(server)
        assert server.stdout is not None
        document = server.stdout.readline()
        assert document, f"the server did not start:\n{(folder / 'server.log').read_text('utf-8')}"
        url: str = json.loads(document)["url"]
        _wait_until_ready(url)
        return url

    yield start
    for server in started:
        server.terminate()
        try:
            server.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        assert server.stdout is not None
        server.stdout.close()


def _wait_until_ready(url: str) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    with httpx.Client(base_url=url) as client:
        while (response := client.get("/readyz")).status_code != 200:
            assert time.monotonic() < deadline, f"not ready within {READY_WITHIN_S} s: {response.text}"
            time.sleep(0.2)


@pytest.fixture(scope="session")
def server_url(serve: Callable[[Path], str], corpus_home: Path) -> str:
    """Return the address of a real server over a copy of the project's own conversations, which has no reader."""
    return serve(corpus_home)


@pytest.fixture(scope="session")
def reading_server_url(serve: Callable[..., str], corpus_home: Path) -> str:
    """Return the address of one that has, for what judges answers."""
    return serve(corpus_home, TURNWISE_READER="auto")


@pytest.fixture(scope="session")
def postgres() -> "Iterator[PostgresServer]":
    """Return a PostgreSQL of our own."""
    from tests.postgres_server import PostgresServer, programs  # noqa: PLC0415

    found = programs()
    if found is None:
        pytest.skip("there is no PostgreSQL on this machine (Debian: apt-get install postgresql)")
    pytest.importorskip("psycopg", reason="psycopg is not installed (extra: postgres)")
    server = PostgresServer(found)
    try:
        server.make()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def milvus_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of milvus-lite, which speaks Milvus's protocol, in this process."""
    pytest.importorskip("pymilvus", reason="pymilvus is not installed (extra: milvus)")
    lite = pytest.importorskip("milvus_lite.adapter.grpc.server", reason="milvus-lite is not installed (extra: dev)")
    server, database, port = lite.start_server_in_thread(str(tmp_path_factory.mktemp("milvus")))
    yield f"http://127.0.0.1:{port}"
    server.stop(grace=None).wait()
    database.close()


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Return a headless Chromium. A module's own: while Playwright runs, its event loop is the thread's."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("there is no chromium on this machine (Debian: apt-get install chromium)")
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (extra: dev)")
    playwright.expect.set_options(timeout=EXPECTED_WITHIN_MS)
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()
