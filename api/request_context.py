"""What every request gets, whatever happens to it: an id, a line in the log, safe headers, an answer if it breaks.

Plain ASGI and outermost, so that also errors, static files and streams pass through it.
"""

import logging
import re
import time
import uuid
from collections.abc import Iterable
from http import HTTPStatus

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.logs import bind_request
from api.problems import plain_problem, problem_response
from api.security import FOR_OTHER_SITES, HTTPS_ONLY, SECURITY_HEADERS, is_host_allowed

HEADER = "X-Request-ID"
_SANE_ID = re.compile(r"[\x20-\x7e]{1,128}")
"""An id that is taken over from the request: printable ASCII and short, so that it can go into headers and logs."""
WATCHED = ("/healthz", "/readyz", "/metrics")
"""Asked for every few seconds by whatever watches: not worth a line each."""
_SCOPE_KEY = "turnwise.request_id"
_OWN_KEY = "turnwise.own_id"

log = logging.getLogger("turnwise.http")


def new_request_id() -> str:
    """Return an id that no other request has."""
    return uuid.uuid4().hex


def request_id(request: Request) -> str:
    """Return the id by which the answer to this request can be rated.

    It is `X-Request-ID`, unless the client chose that: whoever guessed a chosen id could rate somebody else's answer.
    """
    return str(request.scope[_OWN_KEY])


async def answer_id(request: Request) -> str:
    """Return `request_id`, as a FastAPI dependency that no other thread is needed for."""
    return request_id(request)


class RequestContextMiddleware:
    """Gives every request its id and every response its headers; turns what nobody caught into a plain 500."""

    def __init__(self, app: ASGIApp, *, allowed_hosts: Iterable[str] = (), is_https: bool = False) -> None:
        """Wrap `app`.

        Args:
            app: What answers.
            allowed_hosts: Names beside loopback that a `Host` header may have; `*` for any.
            is_https: Whether browsers reach the server by HTTPS.
        """
        self.app = app
        self.headers = SECURITY_HEADERS | ({HTTPS_ONLY[0]: HTTPS_ONLY[1]} if is_https else {})
        self.allowed_hosts = tuple(allowed_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        given = asked.get(HEADER, "").strip()
        scope[_OWN_KEY] = new_request_id()
        scope[_SCOPE_KEY] = given if _SANE_ID.fullmatch(given) else scope[_OWN_KEY]
        bind_request(scope[_SCOPE_KEY], answer_id=scope[_OWN_KEY])
        started, status = time.perf_counter(), 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[HEADER] = scope[_SCOPE_KEY]
                if scope["path"] == FOR_OTHER_SITES:
                    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store" if scope["path"].startswith("/v1/") else "no-cache")
            await send(message)

        try:
            if is_host_allowed(asked.get("host", ""), self.allowed_hosts):
                await self.app(scope, receive, send_with_headers)
            else:
                problem = plain_problem(
                    HTTPStatus.MISDIRECTED_REQUEST, "This server answers only to requests addressed to this machine."
                )
                await problem_response(problem)(scope, receive, send_with_headers)
        except Exception:
            log.exception("broke")
            if status:
                raise
            problem = plain_problem(
                HTTPStatus.INTERNAL_SERVER_ERROR,
                f"Something broke while this was being answered. The log has it under request id {scope[_SCOPE_KEY]}.",
            )
            await problem_response(problem)(scope, receive, send_with_headers)
        finally:
            taken_ms = (time.perf_counter() - started) * 1000
            path = scope.get("raw_path", b"").decode("ascii", "backslashreplace")
            level = logging.DEBUG if scope["path"] in WATCHED else logging.INFO
            line = {"method": scope["method"], "path": path, "status": status, "took_ms": round(taken_ms, 1)}
            log.log(level, "answered", extra=line)
