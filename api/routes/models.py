"""GET /v1/models: what OpenAI's clients can choose from."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter

from api.openai_errors import MODEL_NOT_FOUND
from api.problems import MEDIA_TYPE, RequestRefusedError
from api.routes.responses import PROBLEM_SCHEMA
from api.schemas.chat import MODEL, ModelList, ModelOut
from api.schemas.problem import Problem

router = APIRouter(tags=["OpenAI-compatible"])

CREATED = 1_767_225_600
"""1 January 2026: the member is required, and a fixed day tells the same at every call and on every worker."""
THE_MODEL = ModelOut(id=MODEL, created=CREATED, owned_by=MODEL)
_MEANINGS = {
    400: "The request is not valid, or asks for what there is not: tools, several answers, images.",
    404: "There is no such model.",
    413: "The request is too large.",
    503: "The index or the model is not usable; `detail` says how to mend it.",
}
_ERROR = {
    "type": "object",
    "required": ["message", "type", "param", "code"],
    "properties": {
        "message": {"type": "string"},
        "type": {"type": "string"},
        "param": {"type": ["string", "null"]},
        "code": {"type": ["string", "null"]},
    },
}


def openai_problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Declare the problem documents with OpenAI's `error` member that a route may answer with."""
    with_error = {"type": "object", "required": ["error"], "properties": {"error": _ERROR}}
    schema = {"allOf": [{"$ref": PROBLEM_SCHEMA}, with_error]}
    return {
        int(status): {"description": _MEANINGS[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }


class ModelNotFoundError(RequestRefusedError):
    """There is no model of that name."""

    def __init__(self, model: str) -> None:
        """Say which there is."""
        super().__init__(HTTPStatus.NOT_FOUND, f"There is no model {model[:200]!r}; there is {MODEL!r}.")
        self.problem = Problem(**{**self.problem.model_dump(), "type": MODEL_NOT_FOUND, "title": "No such model"})


def require_model(model: str) -> ModelOut:
    """Return the model of that name.

    Raises:
        ModelNotFoundError: There is none.
    """
    if model != MODEL:
        raise ModelNotFoundError(model)
    return THE_MODEL


@router.get("/v1/models", summary="List the models")
def models() -> ModelList:
    """Return the one model that there is."""
    return ModelList(data=(THE_MODEL,))


@router.get("/v1/models/{model}", summary="Get a model", responses=openai_problems(HTTPStatus.NOT_FOUND))
def model(model: str) -> ModelOut:
    """Return a model."""
    return require_model(model)
