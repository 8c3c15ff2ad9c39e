"""`turnwise serve`: the API and the pages."""

import gc
import socket
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import USUAL
from api.cli.options import AsJson, Home, Invocation, opened, require_index, settings_of
from api.cli.output import print_bytes, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi import FastAPI

    from rag.settings import Settings

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
HIGHEST_PORT = 65535
BACKLOG = 256
"""Connections that wait to be accepted."""
KEEP_ALIVE_S = 75
"""An idle connection is kept longer than clients and nginx (60 s) keep theirs: if the server closes first, a request
that is on its way meets a closed door. With uvicorn's 5 s, one in twenty did (benchmarks/load.py)."""


def serve(
    context: typer.Context,
    *,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = DEFAULT_HOST,
    port: Annotated[int, typer.Option(help="0 takes a free one.", min=0, max=HIGHEST_PORT)] = DEFAULT_PORT,
    insecure: Annotated[
        bool,
        typer.Option(
            "--insecure-listen-without-authentication",
            help="Let other machines connect although nobody is asked who they are: all read everything, and delete.",
        ),
    ] = False,
    workers: Annotated[int, typer.Option(help="Processes that share the index.", min=1, max=64)] = 1,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Serve the API and the ask page until stopped (Ctrl+C).

    Other machines are let in once there is a key (turnwise keys create) or people can sign in.
    With --json, prints {"url": ...} once it answers.
    """
    from api.auth.authentication import is_authentication_on  # noqa: PLC0415 - brings FastAPI
    from api.security import check_listening, hosts_when_listening  # noqa: PLC0415

    settings = settings_of(context, home)
    check_listening(host, is_authentication_on=is_authentication_on(settings), is_insecure_meant=insecure)
    require_index(settings)
    listener = _listen(host, port)
    try:
        url = _url(host, listener)
        allowed = hosts_when_listening(host, settings)
        if workers > 1:
            with opened(context, home, read_only=False):
                pass  # what is wrong is said once, not by every worker
            _run_workers(context, settings, workers, listener, url=url, allowed_hosts=allowed, as_json=as_json)
            return
        from api.logs import configure_logs  # noqa: PLC0415
        from api.workers import gather_uploads  # noqa: PLC0415

        gather_uploads(settings.home, place=None)
        with opened(context, home, read_only=False) as turnwise:
            from api.app import build_app  # noqa: PLC0415 - brings FastAPI with it

            configure_logs(form=settings.log_format, level=settings.log_level)
            _run(build_app(turnwise, allowed_hosts=allowed), listener, url, as_json=as_json)
    finally:
        listener.close()


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything slow happens.

    Raises:
        InputError: The port is in use, or may not be used.
    """
    from rag.errors import InputError  # noqa: PLC0415

    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise InputError(f"Port {port} of {host} can't be used: {reason}. Choose another with --port.") from error
    return listener


def _url(host: str, listener: socket.socket) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}"


def _announce(url: str, *, as_json: bool) -> None:
    import json  # noqa: PLC0415

    if as_json:
        print_bytes(json.dumps({"url": url}).encode() + b"\n")
    say(f"Turnwise answers on {url} (Ctrl+C stops it; {url}/docs describes the API)")


def _options() -> dict[str, Any]:
    """Return how uvicorn is to serve."""
    from api.malformed import ProblemProtocol  # noqa: PLC0415
    from api.stopping import STOP_WITHIN_S  # noqa: PLC0415

    return {
        "log_config": None,  # ours: one form for all that is logged
        "access_log": False,  # ours has the request id
        "server_header": False,
        "http": ProblemProtocol,
        "proxy_headers": False,  # who is connected is who is connected: a header may say anything
        "timeout_keep_alive": KEEP_ALIVE_S,
        "timeout_graceful_shutdown": STOP_WITHIN_S,
    }


def _run(app: "FastAPI", listener: socket.socket, url: str, *, as_json: bool) -> None:
    import uvicorn  # noqa: PLC0415

    from api.server import Server  # noqa: PLC0415

    gc.set_threshold(*USUAL)
    server = Server(uvicorn.Config(app, **_options()), announce=lambda: _announce(url, as_json=as_json))
    server.run(sockets=[listener])


def _run_workers(
    context: typer.Context,
    settings: "Settings",
    count: int,
    listener: socket.socket,
    *,
    url: str,
    allowed_hosts: "Iterable[str]",
    as_json: bool,
) -> None:
    """Serve by several processes.

    Raises:
        IndexUnavailableError: A worker can't start.
    """
    from api.workers import WorkerPlan, run_workers  # noqa: PLC0415
    from rag.errors import IndexUnavailableError  # noqa: PLC0415

    invocation: Invocation = context.obj
    plan = WorkerPlan(home=settings.home, config=invocation.config, allowed_hosts=tuple(allowed_hosts))
    if not run_workers(plan, count, listener, announce=lambda: _announce(url, as_json=as_json), **_options()):
        raise IndexUnavailableError("A worker could not start; the lines above say why.")
