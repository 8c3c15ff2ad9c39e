"""Short-lived tokens for widgets: a server that holds a key asks for one, so that no key sits in a page."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from api.auth.keys import ApiKey, KeyStore
from api.auth.principal import Scope
from api.auth.secret import derived
from api.auth.signed import read_signed, sign
from rag.errors import AccessError

PREFIX = "tww_"
PURPOSE = "widget"
SHORTEST_TTL_S, DEFAULT_TTL_S, LONGEST_TTL_S = 60, 600, 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class WidgetToken:
    """What a token says."""

    id: str
    key: ApiKey
    """The key of the server that asked for it; with the key, all its tokens end."""
    collections: frozenset[str] | None
    """Nothing but these; None: whatever the key reads."""


class WidgetTokens:
    """Issues tokens and reads them back."""

    def __init__(self, secret: bytes, keys: KeyStore) -> None:
        self._secret = derived(secret, PURPOSE)
        self._keys = keys

    def issue(self, key_id: str, *, collections: Sequence[str] | None, ttl_s: int) -> tuple[str, datetime]:
        """Return a token and when it expires."""
        claims = {
            "sub": key_id,
            "jti": secrets.token_hex(8),
            "collections": None if collections is None else sorted(set(collections)),
        }
        text = sign(claims, secret=self._secret, purpose=PURPOSE, ttl_s=ttl_s)
        said = read_signed(text, secret=self._secret, purpose=PURPOSE) or {}
        return PREFIX + text, datetime.fromtimestamp(said["exp"], UTC)

    def opened_by(self, text: str) -> WidgetToken:
        """Return what a token says.

        Raises:
            AccessError: It is not ours, has expired, or its key has.
        """
        said = read_signed(text.removeprefix(PREFIX), secret=self._secret, purpose=PURPOSE)
        key = self._keys.get(str(said["sub"])) if said else None
        if said is None or key is None or not key.is_valid(datetime.now(UTC)) or not _reads(key):
            raise AccessError("This token is not valid: it is damaged or expired, or its key was revoked.")
        listed = said["collections"]
        return WidgetToken(id=said["jti"], key=key, collections=None if listed is None else frozenset(listed))


def _reads(key: ApiKey) -> bool:
    return bool(key.scopes & {Scope.READ, Scope.ADMIN})
