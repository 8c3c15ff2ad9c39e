"""GET /signin, GET /signin/callback, POST /signout: people sign in to the pages. GET /v1/me: who is there."""

from http import HTTPStatus

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse

from api.auth.principal import STATE_NAME, Principal, Way
from api.auth.sessions import Sessions
from api.auth.sign_in import COOKIE, SEE_OTHER, SignIn
from api.problems import RequestRefusedError
from api.routes.parameters import only
from api.routes.responses import problems
from api.schemas.access import MeResponse
from api.security import is_same_origin
from api.state import AppState, WholeState

pages = APIRouter(include_in_schema=False)
router = APIRouter(tags=["access"])


@pages.get("/signin")
def leave(state: WholeState, next: str = "/") -> RedirectResponse:  # noqa: A002 - the name that links use
    """Send somebody to the issuer."""
    return _sign_in(state)[0].leave(next)


@pages.get("/signin/callback")
def come_back(request: Request, state: WholeState, code: str = "", iss: str | None = None) -> RedirectResponse:
    """Take somebody back from the issuer, with a session."""
    sign_in, sessions = _sign_in(state)
    found = sign_in.come_back(
        cookie=request.cookies.get(COOKIE, ""), state=request.query_params.get("state", ""), code=code, issuer=iss
    )
    response = RedirectResponse(found.wanted, SEE_OTHER)
    sessions.begin(response, subject=found.subject, name=found.name, groups=found.groups)
    sign_in.forget(response)
    return response


@pages.post("/signout")
def sign_out(request: Request, state: WholeState) -> RedirectResponse:
    """End the session of this browser; a page of another site may not."""
    if not is_same_origin(request.headers, public_url=request.app.state.public_url, strict=True):
        raise RequestRefusedError(HTTPStatus.FORBIDDEN, "A page of another origin may not sign anybody out.")
    response = RedirectResponse("/", SEE_OTHER)
    if state.authentication.sessions is not None:
        state.authentication.sessions.end(response)
    return response


@router.get("/v1/me", summary="Who asks?", responses=problems(422, 503), dependencies=[Depends(only())])
def me(request: Request, state: WholeState) -> MeResponse:
    """Return who asks and what they may do, or where they can sign in."""
    found: Principal | None = getattr(request.state, STATE_NAME, None)
    return MeResponse(
        name=found.name if found is not None and found.way is not Way.LOCAL else None,
        way=found.way if found is not None else None,
        scopes=tuple(sorted(found.scopes)) if found is not None else (),
        sign_in="/signin" if state.authentication.sign_in is not None else None,
    )


def _sign_in(state: AppState) -> tuple[SignIn, Sessions]:
    sign_in, sessions = state.authentication.sign_in, state.authentication.sessions
    if sign_in is None or sessions is None:
        raise RequestRefusedError(HTTPStatus.NOT_FOUND, "Nobody signs in here; the owner can set it up.")
    return sign_in, sessions
