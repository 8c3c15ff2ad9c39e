"""The OpenAPI document: FastAPI's, with the problem document in place of its own form of validation errors."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.schemas.problem import Problem

SCHEMA_PLACE = "#/components/schemas/{model}"
FRAMEWORK_ERRORS = ("HTTPValidationError", "ValidationError")
TAGS = [
    {"name": "questions", "description": "Search the transcripts and ask them."},
    {"name": "transcripts", "description": "What there is, who speaks in it; adding and removing."},
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
            problem = Problem.model_json_schema(ref_template=SCHEMA_PLACE)
            schemas.update(problem.pop("$defs", {}))
            schemas["Problem"] = problem
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _drop_framework_errors(paths: dict[str, Any]) -> None:
    """Drop the 422 that FastAPI adds to routes with a parameter; one that can occur is declared by its route."""
    for calls in paths.values():
        for call in calls.values():
            if "application/json" in call["responses"].get("422", {}).get("content", {}):
                del call["responses"]["422"]
