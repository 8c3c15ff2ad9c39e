"""Tokens of an OpenID Connect issuer: taken as they should be, while its keys rotate and while it is down."""

from collections.abc import Iterator

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from api.auth import issuer as issuers
from api.auth.issuer import Issuer, IssuerError
from rag.errors import AccessError
from tests.api.access.local_issuer import AUDIENCE, LocalIssuer, new_rsa_key
from tests.api.access.site import Site, bearer


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def local() -> Iterator[LocalIssuer]:
    running = LocalIssuer()
    yield running
    running.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def known(local: LocalIssuer, clock: Clock) -> Iterator[Issuer]:
    made = Issuer(local.url, groups_claim="groups", clock=clock)
    yield made
    made.close()


def test_a_token_is_taken_and_its_groups_read(known: Issuer, local: LocalIssuer) -> None:
    claims = known.verified(local.token(groups=["a", "b"]), audience=AUDIENCE)
    assert claims["sub"] == "u-1"
    assert known.groups(claims) == {"a", "b"}


@pytest.mark.parametrize("groups", [None, 3, {"a": 1}, [3, None], ""])
def test_groups_that_are_no_names_are_none(known: Issuer, groups: object) -> None:
    assert known.groups({"groups": groups}) <= {""}


def test_tokens_of_other_algorithms_are_taken_if_the_key_is_of_them(known: Issuer, local: LocalIssuer) -> None:
    local.keys["curve"] = ec.generate_private_key(ec.SECP256R1())
    for alg, kid in (("ES256", "curve"), ("PS256", "first"), ("RS512", "first")):
        assert known.verified(local.token(alg=alg, kid=kid), audience=AUDIENCE)


def test_a_token_for_several_audiences_is_taken_if_one_is_ours(known: Issuer, local: LocalIssuer) -> None:
    assert known.verified(local.token(aud=["another", AUDIENCE]), audience=AUDIENCE)
    with pytest.raises(AccessError):
        known.verified(local.token(aud=["another"]), audience=AUDIENCE)


def test_a_new_key_of_the_issuer_is_looked_up(known: Issuer, local: LocalIssuer, clock: Clock) -> None:
    known.verified(local.token(), audience=AUDIENCE)
    local.keys["second"] = new_rsa_key()
    clock.now_s += issuers.LEAST_BETWEEN_S
    assert known.verified(local.token(kid="second"), audience=AUDIENCE)
    assert local.looks == 2


def test_a_withdrawn_key_opens_nothing_once_keys_are_read_again(
    known: Issuer, local: LocalIssuer, clock: Clock
) -> None:
    token = local.token()
    known.verified(token, audience=AUDIENCE)
    local.keys = {"second": new_rsa_key()}
    clock.now_s += issuers.MOST_KEPT_S
    with pytest.raises(AccessError):
        known.verified(token, audience=AUDIENCE)


def test_made_up_key_names_do_not_make_the_server_ask_the_issuer_again_and_again(
    known: Issuer, local: LocalIssuer, clock: Clock
) -> None:
    known.verified(local.token(), audience=AUDIENCE)
    for number in range(20):
        clock.now_s += 1
        with pytest.raises(AccessError):
            known.verified(
                jwt.encode({"sub": "x"}, local.keys["first"], "RS256", {"kid": f"made-up-{number}"}), audience=AUDIENCE
            )
    assert local.looks <= 3


def test_a_token_without_a_key_name_is_taken_if_there_is_one_key(known: Issuer, local: LocalIssuer) -> None:
    assert known.verified(local.token(kid=None), audience=AUDIENCE)
    local.keys["second"] = new_rsa_key()


def test_an_issuer_that_is_down_is_said_to_be_and_not_asked_at_once_again(
    known: Issuer, local: LocalIssuer, clock: Clock
) -> None:
    local.is_down = True
    with pytest.raises(IssuerError):
        known.verified(local.token(), audience=AUDIENCE)
    local.is_down = False
    with pytest.raises(IssuerError):
        known.verified(local.token(), audience=AUDIENCE)
    clock.now_s += issuers.RETRY_S
    assert known.verified(local.token(), audience=AUDIENCE)


def test_keys_that_are_known_serve_while_the_issuer_is_down(known: Issuer, local: LocalIssuer) -> None:
    known.verified(local.token(), audience=AUDIENCE)
    local.is_down = True
    assert known.verified(local.token(), audience=AUDIENCE)


def test_an_issuer_that_says_it_is_another_is_not_believed(local: LocalIssuer) -> None:
    other = Issuer(f"{local.url}/", groups_claim="groups")
    with pytest.raises(IssuerError, match="another issuer"):
        other.verified(local.token(), audience=AUDIENCE)
    other.close()


def test_a_person_is_let_in_by_a_token(site: Site, issuer: LocalIssuer) -> None:
    me = site.client.get("/v1/me", headers=bearer(issuer.token(groups=["editors"]))).json()
    assert me == {"name": "Erin Vale", "scopes": ["read", "write"], "way": "issuer's token", "sign_in": "/signin"}
