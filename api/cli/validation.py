"""The command line's arguments held to the rules of the wire format."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from rag.errors import InputError

Model = TypeVar("Model", bound=BaseModel)


def validated(model: type[Model], fields: Mapping[str, object]) -> Model:
    """Return the request that the arguments make.

    Raises:
        InputError: They break a rule; the message names each.
    """
    try:
        return model.model_validate(dict(fields))
    except ValidationError as error:
        from api.problems import validation_problem  # noqa: PLC0415 - brings FastAPI with it

        raise InputError(validation_problem(error.errors(), where="command line").detail) from error
