"""People sign in to the pages at a real issuer, keep a session, and can't be made to do anything by other sites."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.auth.sign_in import own_place
from tests.api.access.local_issuer import AUDIENCE, LocalIssuer
from tests.api.access.site import PUBLIC_URL, Site

ASKED = {"question": "What did the morning huddle change?"}


@pytest.fixture
def browser(site: Site) -> Iterator[Site]:
    site.client.cookies.clear()
    yield site
    site.client.cookies.clear()


def left(site: Site, wanted: str = "/transcripts/default-1") -> dict[str, str]:
    """Leave for the issuer and return what it is told."""
    response = site.client.get("/signin", params={"next": wanted})
    assert response.status_code == 303
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["location"]).query).items()}


def come_back(site: Site, **params: str) -> httpx.Response:
    return site.client.get("/signin/callback", params=params)


def sign_in(site: Site, issuer: LocalIssuer, **claims: object) -> httpx.Response:
    told = left(site)
    return come_back(site, state=told["state"], code=issuer.authorize(told, **claims))


def test_a_page_sends_people_to_sign_in_and_they_come_back_to_it(browser: Site, issuer: LocalIssuer) -> None:
    page = browser.client.get("/transcripts/default-1", headers={"Accept": "text/html"})
    assert page.status_code == 303
    assert page.headers["location"] == "/signin?next=/transcripts/default-1"
    shared = browser.client.get("/?q=Why%3F&lang=en", headers={"Accept": "text/html"})
    assert shared.headers["location"] == "/signin?next=/%3Fq%3DWhy%253F%26lang%3Den"
    told = left(browser)
    assert told["response_type"] == "code"
    assert told["client_id"] == AUDIENCE
    assert told["redirect_uri"] == f"{PUBLIC_URL}/signin/callback"
    assert told["code_challenge_method"] == "S256"
    assert "openid" in told["scope"].split()
    back = come_back(browser, state=told["state"], code=issuer.authorize(told, groups=["executives"]))
    assert back.status_code == 303
    assert back.headers["location"] == "/transcripts/default-1"
    cookie = next(line for line in back.headers.get_list("set-cookie") if line.startswith("turnwise="))
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert browser.client.get("/transcripts/board-1", headers={"Accept": "text/html"}).status_code == 200
    assert browser.client.get("/v1/me").json()["name"] == "Erin Vale"


def test_the_session_asks_from_its_own_pages_only(browser: Site, issuer: LocalIssuer) -> None:
    sign_in(browser, issuer)
    own = {"Origin": PUBLIC_URL, "Sec-Fetch-Site": "same-origin"}
    assert browser.client.post("/v1/ask", json=ASKED, headers=own).status_code == 200
    for headers in (
        {"Origin": "https://evil.example.net"},
        {"Origin": "null"},
        {"Origin": PUBLIC_URL, "Sec-Fetch-Site": "cross-site"},
        {"Origin": PUBLIC_URL, "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://127.0.0.1.example.net"},
        {"Origin": "http://127.0.0.1:8001"},
        {},
    ):
        assert browser.client.post("/v1/ask", json=ASKED, headers=headers).status_code == 403, headers
        assert browser.client.delete("/v1/transcripts/default-1", headers=headers).status_code == 403, headers


def test_signing_out_ends_the_session_and_no_other_site_can_do_it(browser: Site, issuer: LocalIssuer) -> None:
    sign_in(browser, issuer)
    foreign = browser.client.post("/signout", headers={"Origin": "https://evil.example.net"})
    assert foreign.status_code == 403
    assert browser.client.get("/v1/speakers").status_code == 200
    assert browser.client.post("/signout", headers={"Origin": PUBLIC_URL}).status_code == 303
    assert browser.client.get("/v1/speakers").status_code == 401


def test_coming_back_without_having_left_is_refused(browser: Site, issuer: LocalIssuer) -> None:
    told = left(browser)
    code = issuer.authorize(told)
    browser.client.cookies.clear()
    assert come_back(browser, state=told["state"], code=code).status_code == 403


@pytest.mark.parametrize("change", ["state", "code", "iss", "nothing sent"])
def test_coming_back_with_anything_else_is_refused(browser: Site, issuer: LocalIssuer, change: str) -> None:
    told = left(browser)
    sent = {"state": told["state"], "code": issuer.authorize(told)}
    sent = {} if change == "nothing sent" else sent | {change: "https://other.example.net"}
    assert come_back(browser, **sent).status_code == 403
    assert browser.client.get("/v1/speakers").status_code == 401


def test_a_code_serves_once(browser: Site, issuer: LocalIssuer) -> None:
    told = left(browser)
    code = issuer.authorize(told)
    waiting = dict(browser.client.cookies)
    assert come_back(browser, state=told["state"], code=code).status_code == 303
    browser.client.cookies.clear()
    browser.client.cookies.update(waiting)
    assert come_back(browser, state=told["state"], code=code).status_code == 403


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": [AUDIENCE, "another"], "azp": "another"},
        {"exp": 1},
        {"iss": "https://other.example.net"},
        {"sub": None},
    ],
)
def test_an_answer_that_is_not_for_this_sign_in_is_refused(
    browser: Site, issuer: LocalIssuer, claims: dict[str, object]
) -> None:
    assert sign_in(browser, issuer, **claims).status_code == 403
    assert browser.client.get("/v1/speakers").status_code == 401


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example.net",
        "https://evil.example.net",
        "/\\evil.example.net",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x",
    ],
)
def test_signing_in_leads_to_no_other_site(browser: Site, issuer: LocalIssuer, wanted: str) -> None:
    told = left(browser, wanted)
    assert come_back(browser, state=told["state"], code=issuer.authorize(told)).headers["location"] == "/"


@given(st.text())
def test_an_own_place_is_on_this_server(wanted: str) -> None:
    place = own_place(wanted)
    assert urlsplit(place).netloc == ""
    assert urlsplit(place).scheme == ""
    assert place.startswith("/")
    assert not place.startswith(("//", "/\\"))
