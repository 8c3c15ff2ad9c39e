"""Every way to come without a right to ask is refused, at every address; each case is a test of its own."""

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi.routing import APIRoute

from api.auth.rules import is_open
from api.auth.secret import derived, load_secret
from api.auth.signed import sign
from tests.api.access.endpoints import ADMINISTERING, ALL, READING, WRITING
from tests.api.access.local_issuer import LocalIssuer, new_rsa_key
from tests.api.access.site import HIDDEN_WORDS, Site, bearer, raw

Headers = dict[str, str]
Bad = Callable[[Site, LocalIssuer], Headers]


def _signed_by_secret(claims: dict[str, Any], *, purpose: str, ttl_s: int = 300) -> Callable[[Site], str]:
    def text(site: Site) -> str:
        secret = derived(load_secret(site.home), purpose)
        return sign(claims, secret=secret, purpose=purpose, ttl_s=ttl_s)

    return text


def _another_secret(text: str) -> str:
    """Return a key with the right id and a secret of the right length that is not its own."""
    return text[:-1] + ("A" if text[-1] != "A" else "B")


def _tampered(token: str) -> str:
    head, _, signature = token.split(".")
    body = jwt.utils.base64url_encode(b'{"iss":"x","aud":"turnwise-client","sub":"admin","exp":9999999999,"iat":1}')
    return f"{head}.{body.decode()}.{signature}"


def _hs256_with(public: bytes, claims: dict[str, Any], kid: str) -> str:
    """Return a token signed with the issuer's public key as if it were a secret (RFC 8725, section 2.1)."""

    def part(data: dict[str, Any]) -> bytes:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=")

    signing = part({"alg": "HS256", "typ": "JWT", "kid": kid}) + b"." + part(claims)
    signature = base64.urlsafe_b64encode(hmac.digest(public, signing, hashlib.sha256)).rstrip(b"=")
    return (signing + b"." + signature).decode()


def _claims(issuer: LocalIssuer) -> dict[str, Any]:
    return {"iss": issuer.url, "aud": "turnwise-client", "sub": "u", "iat": 1, "exp": int(time.time()) + 300}


BAD: dict[str, Bad] = {
    "nothing": lambda s, i: {},
    "empty bearer": lambda s, i: {"Authorization": "Bearer "},
    "another scheme": lambda s, i: {"Authorization": "Basic dXNlcjpwYXNz"},
    "a key without its scheme": lambda s, i: {"Authorization": s.key()},
    "a key of nobody": lambda s, i: bearer("twk_0123456789_" + "A" * 43),
    "a key with another secret": lambda s, i: bearer(_another_secret(s.key())),
    "a key cut short": lambda s, i: bearer(s.key()[:-2]),
    "a key with more behind it": lambda s, i: bearer(s.key() + " x"),
    "a revoked key": lambda s, i: bearer(s.revoked_key()),
    "an expired key": lambda s, i: bearer(s.expired_key()),
    "a key in another header": lambda s, i: {"X-API-Key": s.key()},
    "SQL in a key": lambda s, i: bearer("twk_' OR 1=1 --_x"),
    "a very long key": lambda s, i: bearer("twk_" + "a" * 20_000),
    "an expired token": lambda s, i: bearer(i.token(exp=int(time.time()) - 60)),
    "a token of tomorrow": lambda s, i: bearer(i.token(nbf=int(time.time()) + 3600)),
    "a token issued tomorrow": lambda s, i: bearer(i.token(iat=int(time.time()) + 3600)),
    "a token for others": lambda s, i: bearer(i.token(aud="another-service")),
    "a token of another issuer": lambda s, i: bearer(i.token(iss="https://login.example.net")),
    "a token without end": lambda s, i: bearer(i.token(exp=None)),
    "a token without audience": lambda s, i: bearer(i.token(aud=None)),
    "a token of nobody": lambda s, i: bearer(i.token(sub=None)),
    "alg none": lambda s, i: bearer(jwt.encode(_claims(i), None, algorithm="none", headers={"kid": "first"})),
    "HS256 with the public key": lambda s, i: bearer(_hs256_with(i.public_pem(), _claims(i), "first")),
    "a key that the issuer does not have": lambda s, i: bearer(i.token(kid="first", key=new_rsa_key())),
    "an unknown kid": lambda s, i: bearer(jwt.encode(_claims(i), i.keys["first"], "RS256", {"kid": "unheard-of"})),
    "another curve under a known kid": lambda s, i: bearer(
        i.token(kid="first", key=ec.generate_private_key(ec.SECP256R1()), alg="ES256")
    ),
    "a tampered token": lambda s, i: bearer(_tampered(i.token())),
    "no token at all": lambda s, i: bearer("eyJ.eyJ.x"),
    "a widget's token that expired": lambda s, i: bearer(
        "tww_" + _signed_by_secret({"sub": "x", "jti": "1", "collections": None}, purpose="widget", ttl_s=-60)(s)
    ),
    "a widget's token of no key": lambda s, i: bearer(
        "tww_" + _signed_by_secret({"sub": "0123456789", "jti": "1", "collections": None}, purpose="widget")(s)
    ),
    "a session as a widget's token": lambda s, i: bearer(
        "tww_" + _signed_by_secret({"sub": "u", "name": "n", "groups": ["owners"], "jti": "1"}, purpose="session")(s)
    ),
    "a forged session": lambda s, i: {
        "Cookie": "turnwise="
        + sign({"sub": "u", "name": "n", "groups": ["owners"]}, secret=b"x" * 32, purpose="session", ttl_s=9)
    },
    "a session that is over": lambda s, i: {
        "Cookie": "turnwise="
        + _signed_by_secret({"sub": "u", "name": "n", "groups": ["owners"]}, purpose="session", ttl_s=-60)(s)
    },
    "a sign-in that waits as a session": lambda s, i: {
        "Cookie": "turnwise=" + _signed_by_secret({"state": "s", "nonce": "n"}, purpose="sign-in")(s)
    },
    "a proxy's header from elsewhere": lambda s, i: {"X-Forwarded-User": "root", "X-Forwarded-Groups": "owners"},
    "a forwarded address of the proxy": lambda s, i: {"X-Forwarded-User": "root", "X-Forwarded-For": "10.0.0.7"},
}


@pytest.fixture(scope="module")
def bad_headers(site: Site, issuer: LocalIssuer) -> dict[str, Headers]:
    """Return the headers of every way to come without a right; each is made once."""
    return {name: make(site, issuer) for name, make in BAD.items()}


TRIED_EVERYWHERE = ("nothing", "a key with another secret", "a revoked key", "a token for others", "alg none")
"""The other ways are tried at one address of each kind."""
ONE_OF_EACH_KIND = ("search", "transcript", "mcp", "upload", "metrics")
REFUSED = [(way, address) for way in BAD for address in ALL if way in TRIED_EVERYWHERE or address in ONE_OF_EACH_KIND]


@pytest.mark.parametrize(("way", "address"), REFUSED)
def test_who_shows_nothing_valid_is_refused(
    site: Site, bad_headers: dict[str, Headers], way: str, address: str
) -> None:
    request = ALL[address]
    response = site.client.request(**{**request, "headers": {**request.get("headers", {}), **bad_headers[way]}})
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith('Bearer realm="turnwise"')
    assert response.headers["content-type"].startswith("application/problem+json")
    assert not any(word in response.text.lower() for word in ("huddle", "lopes", "traceback"))


@pytest.mark.parametrize("address", READING)
def test_who_may_read_reads(site: Site, address: str) -> None:
    request = READING[address]
    response = site.client.request(**{**request, "headers": {**request.get("headers", {}), **bearer(site.key())}})
    assert response.status_code == 200


REFUSED_BY_SCOPE = [
    *(("read", name) for name in WRITING | ADMINISTERING),
    *(("write", name) for name in [*READING, "feedback", "token", *ADMINISTERING]),
    *(("widget", name) for name in [*WRITING, *ADMINISTERING, "token"]),
    *(("person", name) for name in [*WRITING, *ADMINISTERING, "token"]),
    *(("editor", name) for name in [*ADMINISTERING, "token"]),
]


@pytest.mark.parametrize(("who", "address"), REFUSED_BY_SCOPE)
def test_what_is_beyond_a_scope_is_refused(site: Site, issuer: LocalIssuer, who: str, address: str) -> None:
    shown = {
        "read": lambda: site.key("read"),
        "write": lambda: site.key("write"),
        "widget": lambda: site.client.post("/v1/token", json={}, headers=bearer(site.key())).json()["token"],
        "person": issuer.token,
        "editor": lambda: issuer.token(groups=["editors"]),
    }[who]()
    request = ALL[address]
    response = site.client.request(**{**request, "headers": {**request.get("headers", {}), **bearer(shown)}})
    assert response.status_code == 403
    assert site.client.get("/v1/transcripts/default-1", headers=bearer(site.key())).status_code == 200


def all_routes(routes: list[Any]) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from all_routes(route.original_router.routes)


def test_every_route_that_is_not_listed_as_open_is_closed(site: Site) -> None:
    closed = set()
    for route in all_routes(site.app.routes):
        path = re.sub(r"\{[^}]*\}", "default-1", route.path)
        for method in route.methods:
            if not is_open(path):
                assert site.client.request(method, path).status_code == 401, f"{method} {path}"
                closed.add((method, path))
    assert len(closed) >= 15


SPELLINGS = (
    b"/v1/%74ranscripts",
    b"/v1/transcripts/",
    b"//v1/transcripts",
    b"/v1//transcripts",
    b"/V1/transcripts",
    b"/v1/TRANSCRIPTS",
    b"/v1/./transcripts",
    b"/v1/../v1/transcripts",
    b"/static/../v1/transcripts",
    b"/static/%2e%2e/v1/transcripts",
    b"/static/..%2fv1/transcripts",
    b"/static/..;/v1/transcripts",
    b"/docs/../v1/speakers",
    b"/docs/%2e%2e/v1/speakers",
    b"/docs/..%5cv1/speakers",
    b"/signin/../v1/speakers",
    b"/healthz/../v1/speakers",
    b"/v1/me/../speakers",
    b"/v1/speakers%00",
    b"/v1/speakers;open",
    b"/v1/speakers%3f",
    b"/v1/speakers?access_token=x",
    b"/static/../../access.toml",
    b"/static/%2e%2e/%2e%2e/server.secret",
    b"/transcripts/..%2f..%2faccess.sqlite",
    b"/transcripts/default-1/",
    b"/%2fv1/speakers",
    b"/./v1/speakers",
)


@pytest.mark.parametrize("target", SPELLINGS, ids=lambda target: target.decode())
def test_no_spelling_of_an_address_leads_around_the_door(site: Site, target: bytes) -> None:
    status, body = raw(site.app, "GET", target)
    assert status in (401, 404)
    assert not any(word in body.lower() for word in (*HIDDEN_WORDS, "lopes", "huddle", "readers"))


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "get"])
def test_no_method_leads_around_the_door(site: Site, method: str) -> None:
    status, _ = raw(site.app, method, b"/v1/transcripts/default-1", {"X-HTTP-Method-Override": "GET"})
    assert status == 401


def test_two_authorizations_are_none(site: Site) -> None:
    headers = [("Authorization", f"Bearer {site.key()}"), ("Authorization", f"Bearer {site.key()}")]
    assert site.client.get("/v1/speakers", headers=headers).status_code == 401


def test_a_wrong_key_is_not_made_good_by_a_session(site: Site, issuer: LocalIssuer) -> None:
    session = _signed_by_secret({"sub": "u", "name": "n", "groups": []}, purpose="session")(site)
    cookie = {"Cookie": f"turnwise={session}"}
    assert site.client.get("/v1/speakers", headers=cookie).status_code == 200
    assert site.client.get("/v1/speakers", headers=cookie | bearer("twk_wrong")).status_code == 401


def test_what_is_open_holds_nothing(site: Site, issuer: LocalIssuer) -> None:
    for path in ("/", "/docs", "/openapi.json", "/healthz", "/readyz", "/v1/me", "/static/js/ask.js"):
        response = site.client.get(path)
        assert response.status_code == 200, path
        assert not any(word in response.text.lower() for word in HIDDEN_WORDS)
