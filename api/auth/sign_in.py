"""Signing in to the pages: OpenID Connect's code flow with PKCE (RFC 7636), `state` and `nonce`.

What has to be remembered between leaving for the issuer and coming back waits in a signed cookie of ten minutes, so
that any worker may finish what another began.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse

from api.auth.issuer import Issuer, IssuerError
from api.auth.secret import derived
from api.auth.signed import read_signed, sign
from rag.errors import AccessError
from rag.settings import Settings

PURPOSE = "sign-in"
COOKIE = "turnwise-signin"
CALLBACK = "/signin/callback"
WITHIN_S = 600
SEE_OTHER = 303
_OWN_PLACE = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
"""A place on this server: one slash, no backslash (which browsers take for a slash), nothing but printable ASCII."""
FAILED = "Signing in did not work. Start again from the page that you wanted."


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who signed in, and where they wanted to go."""

    subject: str
    name: str
    groups: frozenset[str]
    wanted: str


class SignIn:
    """Sends people to the issuer and takes them back. Blocking where it talks to the issuer."""

    def __init__(self, issuer: Issuer, settings: Settings, secret: bytes, *, public_url: str) -> None:
        self._issuer = issuer
        self._secret = derived(secret, PURPOSE)
        self._client_id = settings.oidc_client_id or ""
        self._client_secret = settings.oidc_client_secret
        self._scopes = settings.oidc_scopes
        self._callback = public_url + CALLBACK
        self._secure = public_url.startswith("https:")

    def leave(self, wanted: str) -> RedirectResponse:
        """Return the way to the issuer.

        Raises:
            IssuerError: It does not answer.
        """
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._callback,
            "scope": self._scopes,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        address = self._issuer.metadata("authorization_endpoint")
        response = RedirectResponse(f"{address}{'&' if '?' in address else '?'}{urlencode(query)}", SEE_OTHER)
        waiting = {"state": state, "nonce": nonce, "verifier": verifier, "wanted": own_place(wanted)}
        response.set_cookie(
            COOKIE,
            sign(waiting, secret=self._secret, purpose=PURPOSE, ttl_s=WITHIN_S),
            max_age=WITHIN_S,
            path="/signin",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )
        return response

    def come_back(self, *, cookie: str, state: str, code: str, issuer: str | None) -> Person:
        """Return who has signed in.

        Raises:
            AccessError: It was not this browser that left, or the issuer does not vouch for anybody.
            IssuerError: The issuer does not answer.
        """
        waiting = read_signed(cookie, secret=self._secret, purpose=PURPOSE)
        if waiting is None or not code or not hmac.compare_digest(str(waiting["state"]).encode(), state.encode()):
            raise AccessError(FAILED)
        if issuer is not None and issuer != self._issuer.url:  # RFC 9207: an answer of another issuer mixed in
            raise AccessError(FAILED)
        claims = self._issuer.verified(self._redeem(code, waiting["verifier"]), audience=self._client_id)
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), str(waiting["nonce"]).encode()):
            raise AccessError(FAILED)
        if claims.get("azp", self._client_id) != self._client_id:
            raise AccessError(FAILED)
        return Person(
            subject=str(claims["sub"]),
            name=str(claims.get("name") or claims.get("preferred_username") or claims["sub"]),
            groups=self._issuer.groups(claims),
            wanted=own_place(waiting["wanted"]),
        )

    def forget(self, response: RedirectResponse) -> None:
        """Drop what waited for this sign-in."""
        response.delete_cookie(COOKIE, path="/signin", secure=self._secure, httponly=True, samesite="lax")

    def _redeem(self, code: str, verifier: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._callback,
            "code_verifier": verifier,
            "client_id": self._client_id,
        }
        address, auth = self._issuer.metadata("token_endpoint"), None
        if self._client_secret is not None:
            secret = self._client_secret.get_secret_value()
            if self._issuer.lists("token_endpoint_auth_methods_supported", "client_secret_post"):
                form["client_secret"] = secret
            else:
                auth = (self._client_id, secret)
        try:
            answer: dict[str, Any] = self._issuer.post(address, form, auth)
        except IssuerError as error:
            raise AccessError(FAILED) from error
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise AccessError(FAILED)
        return token


def own_place(wanted: str) -> str:
    """Return a place on this server that somebody wanted to see; the first page where it is none."""
    return wanted if _OWN_PLACE.fullmatch(wanted) else "/"
