"""`turnwise serve`: the API and the pages."""

import socket
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import AsJson, Home, opened, require_index, settings_of
from api.cli.output import print_bytes, say

if TYPE_CHECKING:
    from fastapi import FastAPI

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
HIGHEST_PORT = 65535
BACKLOG = 256
"""Connections that wait to be accepted."""
STOP_WITHIN_S = 5
"""How long answers that are under way may take once the server is told to stop."""


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen on: this machine's own only.")] = DEFAULT_HOST,
    port: Annotated[int, typer.Option(help="0 takes a free one.", min=0, max=HIGHEST_PORT)] = DEFAULT_PORT,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Serve the API and the ask page until stopped (Ctrl+C).

    With --json, prints {"url": ...} once it answers.
    """
    from api.security import require_loopback  # noqa: PLC0415

    require_loopback(host)
    require_index(settings_of(context, home).home)
    listener = _listen(host, port)
    try:
        url = _url(host, listener)
        with opened(context, home, read_only=False) as turnwise:
            from api.app import build_app  # noqa: PLC0415 - brings FastAPI with it

            _run(build_app(turnwise), listener, url, as_json=as_json)
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


def _run(app: "FastAPI", listener: socket.socket, url: str, *, as_json: bool) -> None:
    import json  # noqa: PLC0415
    import logging  # noqa: PLC0415

    import uvicorn  # noqa: PLC0415

    class AnnouncingServer(uvicorn.Server):
        """Says where it answers once it does."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            """Start, then say so."""
            await super().startup(sockets)
            if as_json:
                print_bytes(json.dumps({"url": url}).encode() + b"\n")
            say(f"Turnwise answers on {url} (Ctrl+C stops it; {url}/docs describes the API)")

    logging.getLogger("turnwise").setLevel(logging.INFO)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,  # ours has the request id
        server_header=False,
        timeout_graceful_shutdown=STOP_WITHIN_S,
    )
    AnnouncingServer(config).run(sockets=[listener])
