"""POST /v1/token: a short-lived token for a widget."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body

from api.auth.principal import Caller, Way
from api.problems import RequestRefusedError
from api.routes.responses import problems
from api.schemas.access import TokenRequest, TokenResponse
from api.state import State

router = APIRouter(tags=["access"])


@router.post("/v1/token", summary="Get a token for a widget", responses=problems(403, 408, 413, 422, 503))
def token(
    caller: Caller,
    state: State,
    asked: Annotated[TokenRequest, Body(openapi_examples={"plain": {"value": {"collections": ["default"]}}})],
) -> TokenResponse:
    """Return a token that reads for a few minutes, so that no key sits in a page. Only a server with a key may ask."""
    if caller.way is not Way.KEY:
        raise RequestRefusedError(
            HTTPStatus.FORBIDDEN, "A token is given to a server that shows a key, to nobody else."
        )
    text, expires_at = state.authentication.widget_tokens.issue(
        caller.id.removeprefix("key:"), collections=asked.collections, ttl_s=asked.ttl_s
    )
    return TokenResponse(token=text, expires_at=expires_at)
