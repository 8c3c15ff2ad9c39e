"""Errors as OpenAI's clients read them: an `error` member beside the problem's own fields.

The shape is that of OpenAI's API reference, "Error codes": `message`, `type`, `param` and `code`. Problem documents may
have further members (RFC 9457, section 3.2), so one body serves both kinds of client.
"""

import re
from http import HTTPStatus
from typing import Any

from api.schemas.problem import Problem

PATHS = re.compile(r"/v1/(?:chat|models)(?:/|$)")
"""The addresses that OpenAI's clients call."""
MODEL_NOT_FOUND = "urn:turnwise:problem:model-not-found"
_TYPES = {
    HTTPStatus.UNAUTHORIZED: "authentication_error",
    HTTPStatus.FORBIDDEN: "permission_error",
    HTTPStatus.TOO_MANY_REQUESTS: "rate_limit_error",
}
_CODES = {HTTPStatus.UNAUTHORIZED: "invalid_api_key", HTTPStatus.TOO_MANY_REQUESTS: "rate_limit_exceeded"}


def is_for_openai_client(path: str) -> bool:
    """Tell whether an address is one that OpenAI's clients call."""
    return PATHS.match(path) is not None


def openai_problem(problem: Problem) -> dict[str, Any]:
    """Return a problem document with an `error` member; input that is not valid is a 400, as with OpenAI."""
    if problem.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        problem = problem.model_copy(update={"status": int(HTTPStatus.BAD_REQUEST)})
    return {**problem.model_dump(mode="json", exclude_none=True), "error": openai_error(problem)}


def openai_error(problem: Problem) -> dict[str, Any]:
    """Return what OpenAI's clients show of a problem; `param` is the first thing that is wrong."""
    status = HTTPStatus(problem.status)
    kind = "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else _TYPES.get(status, "invalid_request_error")
    steps = problem.errors[0].pointer.removeprefix("#").split("/")[1:] if problem.errors else []
    return {
        "message": problem.detail,
        "type": kind,
        "param": ".".join(steps) or None,
        "code": "model_not_found" if problem.type == MODEL_NOT_FOUND else _CODES.get(status),
    }
