"""Lets nothing through without knowing who asks and that they may. Plain ASGI, so that mounted apps are behind it too.

The path that is judged is the very one that routes are chosen by, so that no spelling of it can mean two things.
"""

import logging
from http import HTTPStatus
from urllib.parse import quote

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api.auth.authentication import Asked, Authentication
from api.auth.principal import STATE_NAME, Principal, Way
from api.auth.rules import is_open, scopes_for
from api.auth.sign_in import SEE_OTHER
from api.problems import plain_problem, problem_response, turnwise_problem
from api.schemas.problem import Problem
from api.security import is_same_origin
from rag.errors import AccessError, SettingsError, TurnwiseError

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
AT_ONCE = 8
"""Requests that may wait for the issuer of tokens at the same time; the others are not held up."""
CHALLENGE = 'Bearer realm="turnwise"'
RETRY_AFTER_S = "5"
Refusal = tuple[Problem, dict[str, str]]
"""What is answered, and with which headers."""
WHO = "Say who asks: send the header `Authorization: Bearer ` with a key, or sign in."

log = logging.getLogger("turnwise.auth")


class AuthenticationMiddleware:
    """Leaves whoever asks in `request.state.principal`, or refuses."""

    def __init__(self, app: ASGIApp, *, authentication: Authentication, public_url: str | None) -> None:
        """Wrap `app`; `public_url` is what browsers know the server by."""
        self.app = app
        self._authentication = authentication
        self._public_url = public_url
        self._limiter: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = await self._refusal(scope)
        if self._authentication.sign_in is not None and _is_page(scope) and STATE_NAME not in scope.get("state", {}):
            asked = scope.get("raw_path") or quote(scope["path"]).encode()
            wanted = quote(asked + (b"?" + scope["query_string"] if scope["query_string"] else b""), safe="/")
            await RedirectResponse(f"/signin?next={wanted}", SEE_OTHER)(scope, receive, send)
            return
        if refusal is None:
            await self.app(scope, receive, send)
            return
        problem, headers = refusal
        await problem_response(problem, headers)(scope, receive, send)

    async def _refusal(self, scope: Scope) -> Refusal | None:
        """Return why a request is refused; None if it isn't."""
        headers = Headers(scope=scope)
        try:
            principal = await self._principal(scope, headers)
        except AccessError as error:
            return None if is_open(scope["path"]) else _unauthorized(str(error), ', error="invalid_token"')
        except SettingsError:
            log.exception("nobody can be let in")
            return plain_problem(HTTPStatus.SERVICE_UNAVAILABLE, "Who may ask is not readable; the log says why."), {}
        except TurnwiseError as error:
            log.warning("nobody can be let in: %s", error)
            return turnwise_problem(error), {"Retry-After": RETRY_AFTER_S}
        if principal is None:
            return None if is_open(scope["path"]) else _unauthorized(WHO)
        scope.setdefault("state", {})[STATE_NAME] = principal
        return self._forbidden(principal, scope["method"], scope["path"], headers)

    def _forbidden(self, principal: Principal, method: str, path: str, headers: Headers) -> Refusal | None:
        """Return why somebody who is known may not do this; None if they may."""
        from_browser = principal.way in (Way.SESSION, Way.PROXY) and method not in SAFE
        if from_browser and not is_same_origin(headers, public_url=self._public_url, strict=True):
            return plain_problem(HTTPStatus.FORBIDDEN, "A page of another origin may not do this."), {}
        wanted = scopes_for(method, path)
        if is_open(path) or principal.may_any(wanted):
            return None
        challenge = f'{CHALLENGE}, error="insufficient_scope", scope="{min(wanted)}"'
        problem = plain_problem(HTTPStatus.FORBIDDEN, f"This needs the scope {' or '.join(sorted(wanted))}.")
        return problem, {"WWW-Authenticate": challenge}

    async def _principal(self, scope: Scope, headers: Headers) -> Principal | None:
        asked = Asked(
            headers=headers,
            cookies=cookie_parser(headers.get("cookie", "")),
            peer=(scope.get("client") or ("", 0))[0],
        )
        if self._authentication.issuer is None or "authorization" not in headers:
            return self._authentication.principal(asked)
        if self._limiter is None:
            self._limiter = CapacityLimiter(AT_ONCE)
        return await anyio.to_thread.run_sync(self._authentication.principal, asked, limiter=self._limiter)


def _is_page(scope: Scope) -> bool:
    """Say whether a browser asks for a page that people read."""
    path = scope["path"]
    return (
        scope["method"] == "GET"
        and (path in ("/", "/insights") or path.startswith("/transcripts/"))
        and "text/html" in Headers(scope=scope).get("accept", "")
    )


def _unauthorized(detail: str, error: str = "") -> Refusal:
    return plain_problem(HTTPStatus.UNAUTHORIZED, detail), {"WWW-Authenticate": CHALLENGE + error}
