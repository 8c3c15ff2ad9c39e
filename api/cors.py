"""Pages of other sites that may call the API: those whose origin the owner listed (Fetch standard, CORS protocol).

No cookie goes along with such a call: it needs a key or a token, as any other.
"""

from collections.abc import Iterable
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import plain_problem, problem_response
from rag.addresses import origin
from rag.errors import SettingsError

API = "/v1/"
METHODS = ("GET", "POST", "DELETE")
REQUEST_HEADERS = ("Authorization", "Content-Type", "X-Request-ID", "Last-Event-ID", "Cache-Control")
SHOWN_HEADERS = ("X-Request-ID", "Retry-After", "WWW-Authenticate")
REMEMBERED_S = 600
"""How long browsers may go by the answer to a preflight."""


def checked_origins(texts: Iterable[str]) -> tuple[str, ...]:
    """Return origins as browsers write them.

    Raises:
        SettingsError: A text is no origin.
    """
    try:
        return tuple(origin(text) for text in texts)
    except ValueError as error:
        raise SettingsError(f"TURNWISE_ALLOWED_ORIGINS: {error}.") from error


class CrossOriginMiddleware(CORSMiddleware):
    """Answers preflights for the API and marks its responses as readable by the pages of listed origins."""

    def __init__(self, app: ASGIApp, *, origins: Iterable[str]) -> None:
        """Wrap `app`; `origins` are `checked_origins`."""
        super().__init__(
            app,
            allow_origins=list(origins),
            allow_methods=METHODS,
            allow_headers=REQUEST_HEADERS,
            expose_headers=SHOWN_HEADERS,
            max_age=REMEMBERED_S,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection; what is not the API stays with this server's own pages."""
        if scope["type"] == "http" and scope["path"].startswith(API):
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def preflight_response(self, request_headers: Headers) -> Response:
        """Answer a preflight; one that is refused, as any refusal here."""
        answer = super().preflight_response(request_headers)
        if answer.status_code < HTTPStatus.BAD_REQUEST:
            return answer
        problem = plain_problem(HTTPStatus.FORBIDDEN, "Pages of this origin may not call this; the owner lists those.")
        return problem_response(problem, {"Vary": "Origin"})
