"""Pages of other sites: those that the owner listed may call the API, no other; and the headers of every response."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.cors import checked_origins
from rag.errors import SettingsError
from tests.api.access.site import ALLOWED_ORIGIN, OPEN_TALKS, PROXY, PUBLIC_URL, Site, bearer, opened_site

PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, content-type"}


@pytest.fixture(scope="module")
def behind_https(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened_site(
        tmp_path_factory.mktemp("https") / "home",
        OPEN_TALKS[:1],
        peer=PROXY,
        public_url="https://ask.example.org",
        proxy_addresses="10.0.0.0/24",
        proxy_user_header="X-Forwarded-User",
    ) as made:
        yield made


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search", "/v1/token", "/v1/quote", "/v1/feedback"])
def test_a_listed_origin_may_call(site: Site, path: str) -> None:
    answer = site.client.options(path, headers={"Origin": ALLOWED_ORIGIN, **PREFLIGHT})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == ALLOWED_ORIGIN
    assert "authorization" in answer.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in answer.headers
    assert "Origin" in answer.headers["vary"]


def test_a_listed_origin_reads_answers_streams_and_refusals(site: Site) -> None:
    origin = {"Origin": ALLOWED_ORIGIN}
    asked = {"question": "Why weigh leftovers?", "stream": True}
    streamed = site.client.post("/v1/ask", json=asked, headers=origin | bearer(site.key()))
    refused = site.client.post("/v1/ask", json=asked, headers=origin)
    assert streamed.status_code == 200
    assert refused.status_code == 401
    for response in (streamed, refused):
        assert response.headers["access-control-allow-origin"] == ALLOWED_ORIGIN


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example.net",
        "null",
        "http://intranet.example.org",
        "https://intranet.example.org.evil.example.net",
    ],
)
def test_another_origin_may_not(site: Site, origin: str) -> None:
    refused = site.client.options("/v1/ask", headers={"Origin": origin, **PREFLIGHT})
    assert refused.status_code == 403
    assert refused.headers["content-type"] == "application/problem+json"
    answer = site.client.get("/v1/speakers", headers={"Origin": origin} | bearer(site.key()))
    for response in (refused, answer):
        assert "access-control-allow-origin" not in response.headers


def test_nobody_may_by_default(twin: Site) -> None:
    answer = twin.client.options("/v1/ask", headers={"Origin": ALLOWED_ORIGIN, **PREFLIGHT})
    assert answer.status_code in (401, 405)
    assert "access-control-allow-origin" not in answer.headers


def test_no_cookie_of_a_session_goes_with_a_call_of_another_origin(site: Site) -> None:
    answer = site.client.get("/v1/speakers", headers={"Origin": ALLOWED_ORIGIN} | bearer(site.key()))
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/", "/transcripts/default-1", "/v1/speakers", "/docs", "/nothing", "/static/js/ask.js"]
)
def test_every_response_is_guarded(site: Site, path: str) -> None:
    headers = site.client.get(path, headers=bearer(site.key())).headers
    policy = headers["content-security-policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors" in policy
    assert "object-src 'none'" in policy
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_only_the_widgets_script_may_be_loaded_by_other_sites(site: Site) -> None:
    assert site.client.get("/widget.js").headers["cross-origin-resource-policy"] == "cross-origin"


def test_answers_are_kept_by_no_cache(site: Site) -> None:
    assert site.client.get("/v1/speakers", headers=bearer(site.key())).headers["cache-control"] == "no-store"


def test_pages_hold_nothing_that_the_policy_forbids() -> None:
    static = Path(__file__).resolve().parents[3] / "api" / "static"
    for page in static.glob("*.html"):
        text = page.read_text("utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=", text), page.name


def test_behind_https_browsers_are_told_to_stay_there(behind_https: Site) -> None:
    headers = {"X-Forwarded-User": "erin"}
    answer = behind_https.client.get("/v1/speakers", headers=headers)
    assert answer.status_code == 200
    assert "max-age" in answer.headers["strict-transport-security"]


def test_a_proxy_names_people_and_is_believed_from_its_own_address_only(behind_https: Site) -> None:
    client = behind_https.client
    own = {"Origin": "https://ask.example.org"}
    erin = {"X-Forwarded-User": "erin", "X-Forwarded-Groups": "editors, nurses"}
    assert client.get("/v1/me", headers=erin).json()["scopes"] == ["read", "write"]
    assert client.get("/v1/speakers").status_code == 401
    assert client.post("/v1/search", json={"query": "falls"}, headers=erin | own).status_code == 200
    evil = {"Origin": "https://evil.example.net"}
    assert client.post("/v1/search", json={"query": "falls"}, headers=erin | evil).status_code == 403
    twice = [("X-Forwarded-User", "erin"), ("X-Forwarded-User", "owner")]
    assert client.get("/v1/speakers", headers=twice).status_code == 401


def test_the_host_that_the_owner_named_is_answered_and_no_other(behind_https: Site) -> None:
    headers = {"X-Forwarded-User": "erin"}
    for host, status in (("ask.example.org", 200), ("127.0.0.1:8000", 200), ("evil.example.net", 421)):
        assert behind_https.client.get("/v1/speakers", headers=headers | {"Host": host}).status_code == status
    assert PUBLIC_URL == "http://127.0.0.1"


@pytest.mark.parametrize(
    "text", ['["https://intranet.example.org"]', "*", "intranet.example.org", "https://a.org/path"]
)
def test_what_is_no_origin_stops_the_server_from_starting(text: str) -> None:
    with pytest.raises(SettingsError, match="TURNWISE_ALLOWED_ORIGINS"):
        checked_origins([text])
