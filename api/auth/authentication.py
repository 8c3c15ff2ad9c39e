"""Tells who asks, by whichever way they come: a key, a token, a session, a proxy; or that nobody has to say."""

from dataclasses import dataclass, replace

from starlette.datastructures import Headers

from api.auth.issuer import Issuer
from api.auth.keys import PREFIX as KEY_PREFIX
from api.auth.keys import ApiKey, KeyStore
from api.auth.people import person
from api.auth.principal import ANYBODY, Principal, Scope, Way
from api.auth.proxy import TrustedProxy
from api.auth.readers import Readers
from api.auth.secret import load_secret
from api.auth.sessions import Sessions
from api.auth.sign_in import SignIn
from api.auth.widget_tokens import PREFIX as WIDGET_PREFIX
from api.auth.widget_tokens import WidgetTokens
from rag.errors import AccessError, SettingsError
from rag.restriction import EVERYTHING, Restriction
from rag.settings import Settings

LONGEST_CREDENTIAL = 16_000
"""Characters; a token with many groups has a few thousand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of a request tells who asks."""

    headers: Headers
    cookies: dict[str, str]
    peer: str
    """Address of whoever is connected: the client, or a proxy."""


class Authentication:
    """Knows all ways in that the owner opened.

    Raises:
        SettingsError: Settings contradict each other, or the owner's list can't be understood.
    """

    def __init__(self, settings: Settings) -> None:
        home = settings.home
        self._settings = settings
        self.keys = KeyStore(home)
        self.readers = Readers(home)
        self.readers.current()
        self.issuer = _issuer(settings)
        self.proxy = _proxy(settings, self.readers)
        self.sessions: Sessions | None = None
        self.sign_in: SignIn | None = None
        self._home = home
        self._widget_tokens: WidgetTokens | None = None
        self._is_on = settings.authentication == "on" or self.issuer is not None or self.proxy is not None
        if self.issuer is not None and settings.oidc_client_id is not None:
            if settings.public_url is None:
                raise SettingsError("Signing in needs TURNWISE_PUBLIC_URL: the address that browsers use.")
            secret = load_secret(home)
            self.sessions = Sessions(secret, self.readers, secure=settings.public_url.startswith("https:"))
            self.sign_in = SignIn(self.issuer, settings, secret, public_url=settings.public_url)

    @property
    def is_on(self) -> bool:
        """Say whether anybody has to say who they are. Once on, it stays on until the server ends."""
        if not self._is_on and not self.keys.is_empty():
            self._is_on = True
        return self._is_on

    @property
    def widget_tokens(self) -> WidgetTokens:
        """Return what issues tokens for widgets; the server's secret is made at the first use."""
        if self._widget_tokens is None:
            self._widget_tokens = WidgetTokens(load_secret(self._home), self.keys)
        return self._widget_tokens

    def close(self) -> None:
        """Close connections."""
        if self.issuer is not None:
            self.issuer.close()

    def principal(self, asked: Asked) -> Principal | None:
        """Return who asks; None if nobody says so.

        May wait for the issuer of a token.

        Raises:
            AccessError: A key or token is not valid. Then no other way is tried.
            IssuerError: The issuer of a token does not answer.
            SettingsError: The owner's list can't be understood.
            IndexUnavailableError: The keys can't be read.
        """
        if not self.is_on:
            return ANYBODY
        given = asked.headers.getlist("authorization")
        if given:
            return self._bearer(given)
        if self.sessions is not None and self.sessions.cookie in asked.cookies:
            found = self.sessions.opened_by(asked.cookies[self.sessions.cookie])
            if found is not None:
                return found
        return self.proxy.principal(asked.headers, asked.peer) if self.proxy is not None else None

    def _bearer(self, given: list[str]) -> Principal:
        kind, _, text = given[0].strip().partition(" ")
        text = text.strip()
        if len(given) > 1 or kind.lower() != "bearer" or not text or len(text) > LONGEST_CREDENTIAL:
            raise AccessError("One header is expected: `Authorization: Bearer ` and a key or token.")
        if text.startswith(KEY_PREFIX):
            key = self.keys.opened_by(text)
            return self._of_key(key, id=f"key:{key.id}", way=Way.KEY, scopes=key.scopes)
        if text.startswith(WIDGET_PREFIX):
            token = self.widget_tokens.opened_by(text)
            found = self._of_key(token.key, id=f"widget:{token.id}", way=Way.WIDGET, scopes=frozenset({Scope.READ}))
            if token.collections is None:
                return found
            return replace(found, restriction=found.restriction.narrowed_to(token.collections))
        return self._of_issuer(text)

    def _of_key(self, key: ApiKey, *, id: str, way: Way, scopes: frozenset[Scope]) -> Principal:  # noqa: A002
        if Scope.ADMIN in key.scopes:
            restriction = EVERYTHING
        elif key.collections is not None:
            restriction = Restriction(only=key.collections)
        else:
            restriction = self.readers.current().restriction(key.groups)
        return Principal(
            id=id,
            name=key.name,
            way=way,
            scopes=scopes,
            restriction=restriction,
            rate_per_minute=key.rate_per_minute,
        )

    def _of_issuer(self, text: str) -> Principal:
        audience = self._settings.oidc_audience or self._settings.oidc_client_id
        if self.issuer is None or audience is None:
            raise AccessError("This is no key of this server.")
        claims = self.issuer.verified(text, audience=audience)
        return person(
            str(claims["sub"]),
            name=str(claims.get("name") or claims["sub"]),
            groups=self.issuer.groups(claims),
            way=Way.ISSUER,
            readers=self.readers,
        )


def is_authentication_on(settings: Settings) -> bool:
    """Say whether a server with these settings would ask who somebody is."""
    return (
        settings.authentication == "on"
        or settings.oidc_issuer is not None
        or settings.proxy_user_header is not None
        or not KeyStore(settings.home).is_empty()
    )


def _issuer(settings: Settings) -> Issuer | None:
    if settings.oidc_issuer is None:
        return None
    if settings.oidc_audience is None and settings.oidc_client_id is None:
        raise SettingsError("TURNWISE_OIDC_ISSUER needs TURNWISE_OIDC_AUDIENCE or TURNWISE_OIDC_CLIENT_ID beside it.")
    return Issuer(settings.oidc_issuer, groups_claim=settings.oidc_groups_claim)


def _proxy(settings: Settings, readers: Readers) -> TrustedProxy | None:
    if settings.proxy_user_header is None:
        return None
    if not settings.proxy_addresses:
        raise SettingsError("TURNWISE_PROXY_USER_HEADER needs TURNWISE_PROXY_ADDRESSES: whose word is to be taken.")
    return TrustedProxy(
        settings.proxy_addresses,
        user_header=settings.proxy_user_header,
        groups_header=settings.proxy_groups_header,
        readers=readers,
    )
