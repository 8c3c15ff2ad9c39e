"""The OpenAPI document: FastAPI's, with the problem document in place of its own form of validation errors."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.auth.rules import is_open
from api.limits.middleware import QUEUED, UNCOUNTED
from api.routes.responses import problems
from api.schemas.problem import Problem

SCHEMA_PLACE = "#/components/schemas/{model}"
_WHEN_TOO_OFTEN = {str(status): said for status, said in problems(429).items()}
_WHEN_TOO_MUCH = {str(status): said for status, said in problems(408, 413, 503, 504).items()}
FRAMEWORK_ERRORS = ("HTTPValidationError", "ValidationError")
TAGS = [
    {"name": "questions", "description": "Search the transcripts and ask them."},
    {"name": "transcripts", "description": "What there is, who speaks in it; adding and removing."},
    {"name": "OpenAI-compatible", "description": "The same answers for OpenAI's clients; the model is `turnwise`."},
    {"name": "access", "description": "Who asks; tokens for widgets."},
    {"name": "health", "description": "For whatever watches the server."},
]


def install_openapi(app: FastAPI) -> None:
    """Make `app.openapi()` give the document that outside clients are written from."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
                license_info=app.license_info,
                tags=TAGS,
            )
            schemas = made.setdefault("components", {}).setdefault("schemas", {})
            for name in FRAMEWORK_ERRORS:
                schemas.pop(name, None)
            _drop_framework_errors(made["paths"])
            _declare_limits(made["paths"])
            _declare_access(made)
            problem = Problem.model_json_schema(ref_template=SCHEMA_PLACE)
            schemas.update(problem.pop("$defs", {}))
            schemas["Problem"] = problem
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _declare_access(made: dict[str, Any]) -> None:
    """Declare how callers say who they are, and what they hear who don't or who may not; `/v1/me` takes anybody."""
    made["components"]["securitySchemes"] = {
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": "A key (`turnwise keys create`), a widget's token (`POST /v1/token`) or a token of the "
            "issuer. On a server without authentication nobody is asked.",
        }
    }
    refusals = problems(401, 403)
    for path, calls in made["paths"].items():
        if is_open(path):
            continue
        for call in calls.values():
            call["security"] = [{"key": []}, {}]
            for status, refusal in refusals.items():
                call["responses"].setdefault(str(status), refusal)


def _declare_limits(paths: dict[str, Any]) -> None:
    """Declare what the limits answer with, before any route is reached."""
    for path, calls in paths.items():
        for method, call in calls.items():
            own = call["responses"]
            if path not in UNCOUNTED:
                own.update({status: own.get(status, said) for status, said in _WHEN_TOO_OFTEN.items()})
            if path in QUEUED and method == "post":
                own.update({status: own.get(status, said) for status, said in _WHEN_TOO_MUCH.items()})


def _drop_framework_errors(paths: dict[str, Any]) -> None:
    """Drop the 422 that FastAPI adds to routes with a parameter; one that can occur is declared by its route."""
    for calls in paths.values():
        for call in calls.values():
            if "application/json" in call["responses"].get("422", {}).get("content", {}):
                del call["responses"]["422"]
