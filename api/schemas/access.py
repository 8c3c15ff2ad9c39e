"""Who may ask: tokens for widgets, who somebody is, and what `turnwise keys` prints."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from pydantic import Field

from api.auth.principal import Scope, Way
from api.auth.widget_tokens import DEFAULT_TTL_S, LONGEST_TTL_S, SHORTEST_TTL_S
from api.schemas.requests import MAX_FILTER_VALUES, Name
from api.schemas.wire import Incoming, Outgoing

if TYPE_CHECKING:
    from api.auth.keys import ApiKey


class TokenRequest(Incoming):
    """What `POST /v1/token` takes."""

    collections: tuple[Name, ...] | None = Field(
        default=None,
        min_length=1,
        max_length=MAX_FILTER_VALUES,
        description="Nothing but these; null: whatever the key reads. A token never reads more than its key.",
    )
    ttl_s: int = Field(
        default=DEFAULT_TTL_S, ge=SHORTEST_TTL_S, le=LONGEST_TTL_S, strict=True, description="Seconds that it holds."
    )


class TokenResponse(Outgoing):
    """What `POST /v1/token` answers."""

    token: str = Field(description="Goes into the page, and from there into `Authorization: Bearer`.")
    expires_at: datetime


class MeResponse(Outgoing):
    """What `GET /v1/me` answers."""

    name: str | None = Field(description="Of whoever asks; null where nobody is known.")
    scopes: tuple[Scope, ...]
    way: Way | None = Field(description="How they are known; `local`: nobody is asked here.")
    sign_in: str | None = Field(description="Where people can sign in, if they can.")


class KeyOut(Outgoing):
    """A key without its secret."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    collections: tuple[str, ...] | None
    groups: tuple[str, ...]
    rate_per_minute: int | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    valid: bool

    @classmethod
    def of(cls, key: "ApiKey") -> Self:
        """Convert one key."""
        return cls(**_members(key))


class NewKeyOut(KeyOut):
    """A key that was just made."""

    key: str = Field(description="What opens the server. It is shown this once.")

    @classmethod
    def made(cls, key: "ApiKey", text: str) -> Self:
        """Convert a key with its secret."""
        return cls(**_members(key), key=text)


class KeyList(Outgoing):
    """All keys."""

    keys: tuple[KeyOut, ...]

    @classmethod
    def of(cls, keys: Sequence["ApiKey"]) -> Self:
        """Convert all keys."""
        return cls(keys=tuple(KeyOut.of(key) for key in keys))


def _members(key: "ApiKey") -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": tuple(sorted(key.scopes)),
        "collections": None if key.collections is None else tuple(sorted(key.collections)),
        "groups": tuple(sorted(key.groups)),
        "rate_per_minute": key.rate_per_minute,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "valid": key.is_valid(datetime.now(UTC)),
    }
