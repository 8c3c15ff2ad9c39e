"""Sessions of people who signed in: a signed cookie that scripts can't read and other sites can't send along."""

import secrets
from typing import Any

from starlette.responses import Response

from api.auth.people import person
from api.auth.principal import Principal, Way
from api.auth.readers import Readers
from api.auth.secret import derived
from api.auth.signed import read_signed, sign

PURPOSE = "session"
SESSION_S = 8 * 3600
"""A working day; then the issuer says again who it is and of which groups."""
MOST_GROUPS = 50
"""Groups that a session keeps whatever they are; of more, only those that the owner's list names: a cookie is small."""
MOST_NAME = 200


class Sessions:
    """Gives out sessions, reads them and ends them.

    Args:
        secret: The server's.
        readers: The owner's list.
        secure: Whether browsers reach the server by HTTPS.
    """

    def __init__(self, secret: bytes, readers: Readers, *, secure: bool) -> None:
        self._secret = derived(secret, PURPOSE)
        self._readers = readers
        self._secure = secure
        self.cookie = "__Host-turnwise" if secure else "turnwise"

    def begin(self, response: Response, *, subject: str, name: str, groups: frozenset[str]) -> None:
        """Put a session into a response."""
        kept = groups if len(groups) <= MOST_GROUPS else groups & self._readers.current().groups
        claims: dict[str, Any] = {
            "sub": subject,
            "name": name[:MOST_NAME],
            "groups": sorted(kept),
            "jti": secrets.token_hex(8),
        }
        text = sign(claims, secret=self._secret, purpose=PURPOSE, ttl_s=SESSION_S)
        response.set_cookie(
            self.cookie, text, max_age=SESSION_S, path="/", secure=self._secure, httponly=True, samesite="lax"
        )

    def end(self, response: Response) -> None:
        """Take the session back."""
        response.delete_cookie(self.cookie, path="/", secure=self._secure, httponly=True, samesite="lax")

    def opened_by(self, text: str) -> Principal | None:
        """Return whose session a cookie is; None if it is none or over."""
        said = read_signed(text, secret=self._secret, purpose=PURPOSE)
        if said is None:
            return None
        return person(
            said["sub"], name=said["name"], groups=frozenset(said["groups"]), way=Way.SESSION, readers=self._readers
        )
