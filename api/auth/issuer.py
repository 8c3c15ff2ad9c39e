"""An OpenID Connect issuer: its addresses (discovery), its keys as they rotate, and the proof of its tokens.

OpenID Connect Discovery 1.0, section 4; RFC 7517 (key sets); RFC 8725 (JWT best current practices): only asymmetric
algorithms are taken, never the one that a token's own header would like.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt

from rag.errors import AccessError, TurnwiseError

ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
DISCOVERY_PATH = "/.well-known/openid-configuration"
MOST_KEPT_S = 3600.0
"""How long addresses and keys are taken for current: a key that the issuer withdrew opens nothing after that."""
LEAST_BETWEEN_S = 10.0
"""Between two looks at the keys for a key that is not known: anybody can make up names of keys."""
RETRY_S = 5.0
"""Between two looks at an issuer that did not answer."""
TIMEOUT_S = 5.0
MOST_BYTES = 1_000_000
LEEWAY_S = 30
"""How far clocks may differ."""
NOT_VALID = "This token is not valid."

log = logging.getLogger("turnwise.auth")


class IssuerError(TurnwiseError):
    """The issuer of tokens does not answer as it should, so that nobody can be let in by it."""

    exit_code = 3
    http_status = 503
    title = "The sign-in service is not usable"


class Issuer:
    """Knows an issuer. Blocking; safe for threads.

    Args:
        url: As it stands in tokens, character for character.
        groups_claim: The claim that lists groups.
        clock: Seconds that only grow.
    """

    def __init__(self, url: str, *, groups_claim: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.url = url
        self._groups_claim = groups_claim
        self._clock = clock
        self._client = httpx.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False)
        self._lock = threading.Lock()
        self._metadata: dict[str, Any] = {}
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._looked_at = self._failed_at = float("-inf")

    def close(self) -> None:
        """Close connections."""
        self._client.close()

    def metadata(self, name: str) -> str:
        """Return an address of the issuer's, by its name in the discovery document.

        Raises:
            IssuerError: It can't be had.
        """
        with self._lock:
            self._look(force=False)
            address = self._metadata.get(name)
        if not isinstance(address, str) or not _is_as_safe(address, self.url):
            raise IssuerError(f"{self.url}{DISCOVERY_PATH} names no usable {name}.")
        return address

    def lists(self, name: str, value: str) -> bool:
        """Say whether a list of the discovery document, after `metadata` was read, holds a value."""
        listed = self._metadata.get(name)
        return isinstance(listed, list) and value in listed

    def post(self, address: str, form: Mapping[str, str], auth: tuple[str, str] | None) -> dict[str, Any]:
        """Send a form to an address of the issuer's and return the JSON object that it answers.

        Raises:
            IssuerError: It doesn't.
        """
        return self._json("POST", address, data=dict(form), auth=auth)

    def verified(self, token: str, *, audience: str) -> dict[str, Any]:
        """Return the claims of a token that this issuer gave out for an audience and that holds now.

        Raises:
            AccessError: It is not such a token. The message does not say why; the log does.
            IssuerError: The issuer's keys can't be had.
        """
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS:
                raise jwt.InvalidAlgorithmError(f"algorithm {header.get('alg')!r}")
            key = self._key(header.get("kid"))
            claims: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=_algorithms_of(key),
                audience=audience,
                issuer=self.url,
                leeway=LEEWAY_S,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            log.info("a token was refused: %s", type(error).__name__)
            raise AccessError(NOT_VALID) from error
        if not claims["sub"]:
            raise AccessError(NOT_VALID)
        return claims

    def groups(self, claims: Mapping[str, Any]) -> frozenset[str]:
        """Return the groups that claims list; what is no list of names lists none."""
        listed = claims.get(self._groups_claim)
        listed = [listed] if isinstance(listed, str) else listed
        return frozenset(name for name in listed if isinstance(name, str)) if isinstance(listed, list) else frozenset()

    def _key(self, kid: object) -> jwt.PyJWK:
        if kid is not None and not isinstance(kid, str):
            raise jwt.InvalidKeyError("the name of the key is no text")
        with self._lock:
            self._look(force=False)
            if kid not in self._keys and self._clock() - self._looked_at >= LEAST_BETWEEN_S:
                self._look(force=True)
            if kid in self._keys:
                return self._keys[kid]
            if kid is None and len(self._keys) == 1:
                return next(iter(self._keys.values()))
        raise jwt.InvalidKeyError("unknown key")

    def _look(self, *, force: bool) -> None:
        """Read addresses and keys if that is due. The caller holds the lock."""
        now = self._clock()
        if not force and now - self._looked_at < MOST_KEPT_S:
            return
        if now - self._failed_at < RETRY_S:
            raise IssuerError("The sign-in service did not answer a moment ago; try again soon.")
        try:
            metadata = self._json("GET", self.url.rstrip("/") + DISCOVERY_PATH)
            self._keys = _usable(self._json("GET", self._keys_address(metadata)))
            self._metadata = metadata
        except IssuerError:
            self._failed_at = now
            log.warning("the issuer %s did not answer as it should", self.url)
            raise
        self._looked_at = now

    def _keys_address(self, metadata: Mapping[str, Any]) -> str:
        if metadata.get("issuer") != self.url:
            raise IssuerError(f"{self.url}{DISCOVERY_PATH} is another issuer's: {metadata.get('issuer')!r}.")
        address = metadata.get("jwks_uri")
        if not isinstance(address, str) or not _is_as_safe(address, self.url):
            raise IssuerError(f"{self.url}{DISCOVERY_PATH} names no usable jwks_uri.")
        return address

    def _json(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        try:
            with self._client.stream(method, address, headers={"Accept": "application/json"}, **more) as response:
                body = b""
                for part in response.iter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise IssuerError(f"{address} answers with more than {MOST_BYTES} bytes.")
            if not response.is_success:
                raise IssuerError(f"{address} answers {response.status_code}.")
            document = httpx.Response(200, content=body).json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise IssuerError(f"{address} can't be used: {type(error).__name__}.") from error
        if not isinstance(document, dict):
            raise IssuerError(f"{address} answers with no JSON object.")
        return document


def _usable(key_set: Mapping[str, Any]) -> dict[str | None, jwt.PyJWK]:
    """Return the public keys for signatures, by name."""
    listed = key_set.get("keys")
    keys: dict[str | None, jwt.PyJWK] = {}
    for entry in listed if isinstance(listed, list) else []:
        if not isinstance(entry, dict) or entry.get("kty") == "oct" or entry.get("use", "sig") != "sig":
            continue
        try:
            key = jwt.PyJWK.from_dict(entry)
        except (jwt.PyJWTError, ValueError, TypeError, KeyError):
            continue  # of a kind that is not known here
        keys[key.key_id] = key
    return keys


def _algorithms_of(key: jwt.PyJWK) -> list[str]:
    """Return what a key may sign with: what it says, else what its kind allows."""
    said = key._jwk_data.get("alg")
    return sorted(ALGORITHMS & {said}) if said else sorted(ALGORITHMS)


def _is_as_safe(address: str, issuer: str) -> bool:
    """Say whether an address is HTTPS, or the issuer itself is not."""
    scheme = urlsplit(address).scheme
    return scheme == "https" or (scheme == "http" and urlsplit(issuer).scheme == "http")
