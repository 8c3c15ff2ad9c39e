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
    require_index(settings.home)
    listener = _listen(host, port)
    try:
        url = _url(host, listener)
        with opened(context, home, read_only=False) as turnwise:
            from api.app import build_app  # noqa: PLC0415 - brings FastAPI with it
            from api.logs import configure_logs  # noqa: PLC0415

            configure_logs(form=settings.log_format, level=settings.log_level)
            app = build_app(turnwise, allowed_hosts=hosts_when_listening(host, settings))
            _run(app, listener, url, as_json=as_json)
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

    import uvicorn  # noqa: PLC0415

    from api.malformed import ProblemProtocol  # noqa: PLC0415

    class AnnouncingServer(uvicorn.Server):
        """Says where it answers once it does."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            """Start, then say so."""
            await super().startup(sockets)
            if as_json:
                print_bytes(json.dumps({"url": url}).encode() + b"\n")
            say(f"Turnwise answers on {url} (Ctrl+C stops it; {url}/docs describes the API)")

    config = uvicorn.Config(
        app,
        log_config=None,  # ours: one form for all that is logged
        access_log=False,  # ours has the request id
        server_header=False,
        http=ProblemProtocol,
        proxy_headers=False,  # who is connected is who is connected: a header may say anything
        timeout_graceful_shutdown=STOP_WITHIN_S,
    )
    AnnouncingServer(config).run(sockets=[listener])
