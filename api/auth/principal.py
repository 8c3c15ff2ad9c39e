"""Whoever asks: by what way they came, what they may do and what they may read."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Request

from rag.restriction import EVERYTHING, Restriction

STATE_NAME = "principal"
"""Under this name of `request.state` the middleware leaves whoever asks."""


class Scope(StrEnum):
    """What somebody may do."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"
    """Both others, on every collection, and what concerns the server itself."""


class Way(StrEnum):
    """How somebody is known."""

    LOCAL = "local"
    """Nobody is asked: authentication is off."""
    KEY = "key"
    WIDGET = "widget token"
    ISSUER = "issuer's token"
    SESSION = "session"
    PROXY = "proxy"


CARRIED_BY_BROWSERS = frozenset({Way.LOCAL, Way.SESSION, Way.PROXY})
"""Ways that a browser takes along whatever page asks it to, so that another site's page could use them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Whoever asks."""

    id: str
    """Of the key, token or person; the same at every request."""
    name: str
    way: Way
    scopes: frozenset[Scope]
    restriction: Restriction = EVERYTHING
    rate_per_minute: int | None = None
    """Requests a minute, where the owner set a limit."""

    def may(self, scope: Scope) -> bool:
        """Say whether a scope is among theirs."""
        return scope in self.scopes or Scope.ADMIN in self.scopes

    def may_any(self, scopes: Iterable[Scope]) -> bool:
        """Say whether one of these scopes is among theirs."""
        return any(self.may(scope) for scope in scopes)


ANYBODY = Principal(id="local", name="local", way=Way.LOCAL, scopes=frozenset(Scope))
"""Everybody, where authentication is off."""


def caller(request: Request) -> Principal:
    """Return whoever asks; the middleware lets nothing through without."""
    principal: Principal = getattr(request.state, STATE_NAME)
    return principal


Caller = Annotated[Principal, Depends(caller)]
