"""The error responses that routes declare, so that clients can be written from the OpenAPI document."""

from typing import Any

from api.problems import MEDIA_TYPE

PROBLEM_SCHEMA = "#/components/schemas/Problem"
"""Where `api.openapi` puts the schema of `api.schemas.problem.Problem`."""
_MEANINGS = {
    401: "Nobody says who asks, or the key or token is not valid.",
    403: "A page of another origin tried to change something, or the caller may not do this.",
    404: "There is nothing of that id.",
    413: "The request is too large.",
    415: "The media type is none that is read here.",
    422: "The request is not valid; `errors` lists each field that is wrong.",
    400: "The body is not what its `Content-Type` says.",
    408: "The request took too long to arrive, or stopped arriving.",
    429: "This caller asks more often than it may; `Retry-After` says when to try again.",
    503: "The index or the model is not usable; `detail` says how. Or too much is waiting already (`Retry-After`).",
    504: "The answer took too long.",
}
_EXAMPLES = {
    404: {
        "type": "urn:turnwise:problem:not-found",
        "title": "Not found",
        "status": 404,
        "detail": "No transcript '2024-05-01-morning-huddle'.",
    },
    422: {
        "type": "urn:turnwise:problem:validation",
        "title": "The request is not valid",
        "status": 422,
        "detail": "top_k: Input should be less than or equal to 50",
        "errors": [{"detail": "Input should be less than or equal to 50", "location": "body", "pointer": "#/top_k"}],
    },
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Declare the problem documents that a route may answer with."""
    declared: dict[int | str, dict[str, Any]] = {}
    for status in statuses:
        content: dict[str, Any] = {"schema": {"$ref": PROBLEM_SCHEMA}}
        if status in _EXAMPLES:
            content["example"] = _EXAMPLES[status]
        declared[status] = {"description": _MEANINGS[status], "content": {MEDIA_TYPE: content}}
    return declared
