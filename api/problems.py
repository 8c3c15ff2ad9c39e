"""Every error as an RFC 9457 problem document, whatever raised it.

The status and the title of an error of ours come from its class (`rag.errors`); nothing internal is ever shown.
"""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Literal, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

from api.openai_errors import is_for_openai_client, openai_problem
from api.schemas.problem import Problem, Violation
from rag.errors import TurnwiseError, UnknownSpeakerError

MEDIA_TYPE = "application/problem+json"
NO_KIND = "about:blank"
VALIDATION_KIND = "urn:turnwise:problem:validation"
MAX_VIOLATIONS = 20
"""How many things wrong with one request are listed: enough to mend it, bounded for a hostile one."""

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_PLAINER = {
    "extra_forbidden": "there is no such field",
    "model_attributes_type": "a JSON object is expected",
    "tuple_type": "a list is expected",
    "string_unicode": "not valid Unicode: half of a surrogate pair",
}
"""What pydantic says in terms of Python, said in terms of JSON; by the kind of its error."""
_AS_JSON = ", sent as Content-Type: application/json"
"""Said of a whole body that is no object: FastAPI reads a body of another type as a text."""

Location = Literal["body", "query", "path", "header", "command line"]


class RequestRefusedError(Exception):
    """A request that is refused before any work: carries its problem document."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        """Keep what the response will say."""
        super().__init__(detail)
        self.problem = plain_problem(status, detail)
        self.headers = dict(headers or {})


def plain_problem(status: int, detail: str) -> Problem:
    """Return the problem of a plain HTTP status."""
    return Problem(type=NO_KIND, title=HTTPStatus(status).phrase, status=status, detail=detail)


def turnwise_problem(error: TurnwiseError) -> Problem:
    """Return the problem of one of our own errors; its kind is named after its class."""
    name = type(error).__name__.removesuffix("Error")
    kind = re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
    return Problem(type=f"urn:turnwise:problem:{kind}", title=error.title, status=error.http_status, detail=str(error))


def validation_problem(errors: Iterable[Mapping[str, Any]], *, where: Location | None = None) -> Problem:
    """Return the problem of input that pydantic refused.

    Args:
        errors: pydantic's list of errors.
        where: Where the input came from; without it, the first part of each error's place says so, as FastAPI has it.
    """
    violations = []
    for error in list(errors)[:MAX_VIOLATIONS]:
        place = list(error["loc"])
        location = where or cast(Location, place.pop(0) if place else "body")
        if error["type"] == "json_invalid":
            place = []
        is_body = location == "body" and not place and error["type"] == "model_attributes_type"
        sentence = _sentence(error) + (_AS_JSON if is_body else "")
        violations.append(Violation(detail=sentence, location=location, pointer=_pointer(place)))
    detail = "; ".join(f"{v.pointer[2:] or v.location}: {v.detail}" for v in violations)
    return Problem(
        type=VALIDATION_KIND,
        title="The request is not valid",
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        detail=detail,
        errors=tuple(violations),
    )


def _sentence(error: Mapping[str, Any]) -> str:
    if error["type"] == "json_invalid":
        return f"not JSON: {error.get('ctx', {}).get('error', 'it can not be read')}"
    if error["type"] in _PLAINER:
        return _PLAINER[error["type"]]
    return str(error["msg"]).removeprefix("Value error, ")


def _pointer(place: Iterable[str | int]) -> str:
    """Write a place as a JSON pointer in its URI fragment form (RFC 6901, section 6)."""
    steps = (_printable(str(step)).replace("~", "~0").replace("/", "~1") for step in place)
    return "#" + "".join(f"/{step}" for step in steps)


def _printable(text: str) -> str:
    """Make a caller's own field name fit to be sent back: it may hold half of a surrogate pair."""
    return text.encode("utf-8", "replace").decode("utf-8")[:200]


class ProblemResponse(Response):
    """Carries a problem document; where OpenAI's clients call, in their terms too."""

    media_type = MEDIA_TYPE

    def __init__(self, problem: Problem, headers: Mapping[str, str] | None = None) -> None:
        """Carry `problem`."""
        super().__init__(problem.model_dump_json(exclude_none=True), problem.status, dict(headers or {}))
        self.problem = problem
        self.given_headers = dict(headers or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        if not is_for_openai_client(scope["path"]):
            await super().__call__(scope, receive, send)
            return
        document = openai_problem(self.problem)
        sent = JSONResponse(document, document["status"], self.given_headers, media_type=MEDIA_TYPE)
        await sent(scope, receive, send)


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return the response that carries a problem document."""
    return ProblemResponse(problem, headers)


def install_problem_handlers(app: FastAPI) -> None:
    """Make every error that reaches the app leave it as a problem document."""
    app.add_exception_handler(TurnwiseError, _on_turnwise_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(RequestRefusedError, _on_refused)
    app.add_exception_handler(HTTPException, _on_http_exception)


async def _on_turnwise_error(request: Request, error: Exception) -> Response:
    problem = turnwise_problem(cast(TurnwiseError, error))
    if isinstance(error, UnknownSpeakerError):
        place: tuple[Location, str] = ("query", "#/speaker")
        if request.method == "POST":
            place = ("body", "#/filters/speakers")
        wrong = Violation(detail=problem.detail, location=place[0], pointer=place[1])
        problem = problem.model_copy(update={"errors": (wrong,)})
    return problem_response(problem)


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    return problem_response(validation_problem(cast(RequestValidationError, error).errors()))


async def _on_refused(request: Request, error: Exception) -> Response:
    refused = cast(RequestRefusedError, error)
    return problem_response(refused.problem, refused.headers)


async def _on_http_exception(request: Request, error: Exception) -> Response:
    failure = cast(HTTPException, error)
    if failure.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(_allowed_methods(request))
        problem = plain_problem(failure.status_code, f"{request.method} is not possible here. Possible: {allowed}.")
        return problem_response(problem, {"Allow": allowed})
    if failure.status_code == HTTPStatus.BAD_REQUEST and isinstance(failure.__cause__, (ValueError, RecursionError)):
        # FastAPI's 400 for a body that is no JSON because it is no UTF-8, or nested without end.
        unread = {"type": "json_invalid", "loc": ("body",), "msg": "", "ctx": {"error": "it can not be read"}}
        return problem_response(validation_problem([unread]))
    return problem_response(plain_problem(failure.status_code, _explain(failure)), failure.headers)


def _allowed_methods(request: Request) -> list[str]:
    """Return what can be done at an address; its methods may lie on several routes."""
    scope = dict(request.scope)
    return [
        method
        for method in METHODS
        if any(route.matches({**scope, "method": method})[0] is Match.FULL for route in request.app.routes)
    ]


def _explain(failure: HTTPException) -> str:
    if failure.status_code == HTTPStatus.NOT_FOUND and failure.detail == HTTPStatus.NOT_FOUND.phrase:
        return "There is nothing at this address. GET /docs lists what there is."
    return str(failure.detail)
