"""Who is signed in, and the ways in and out, on the pages of a server that asks people who they are."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

import uvicorn
from playwright.sync_api import Page, expect

from api.app import build_app
from rag.assembly import open_turnwise
from rag.settings import load_settings
from tests.api.access.local_issuer import AUDIENCE, CLIENT_SECRET, LocalIssuer
from tests.api.access.site import OPEN_TALKS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

QUESTION = "Why did you begin to weigh the leftovers?"
ANSWER = "a quarter of every lunch was thrown away"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve two talks to people whom an issuer of this machine knows."""
    issuer = LocalIssuer()
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = load_settings(
        home=tmp_path_factory.mktemp("signed-in"),
        reader="off",
        oidc_issuer=issuer.url,
        oidc_client_id=AUDIENCE,
        oidc_client_secret=CLIENT_SECRET,
        public_url=url,
    )
    with open_turnwise(settings) as turnwise:
        turnwise.ingestion.add_documents([(f"{talk['id']}.json", json.dumps(talk).encode()) for talk in OPEN_TALKS])
        server = uvicorn.Server(uvicorn.Config(build_app(turnwise), log_level="warning", proxy_headers=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        yield url
        server.should_exit = True
        thread.join(20)
    listener.close()
    issuer.close()


@pytest.fixture
def page(browser: "Browser", site: str) -> Iterator[Page]:
    """Return the ask page, come to by signing in."""
    context = browser.new_context(base_url=site, locale="en-GB")
    context.set_default_timeout(20_000)
    opened = context.new_page()
    opened.goto("/")
    expect(opened.get_by_role("group", name="Your account")).to_contain_text("Signed in as Erin Vale")
    yield opened
    context.close()


def test_who_was_signed_out_meanwhile_signs_in_and_comes_back_to_the_same_question(page: Page) -> None:
    page.context.clear_cookies()
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    answer = page.locator("#answer")
    expect(answer.get_by_role("heading", name="You need to sign in")).to_be_visible()
    expect(answer.get_by_role("button", name="Try again")).to_have_count(0)
    way_in = answer.get_by_role("link", name="Sign in")
    asked = page.evaluate("location.pathname + location.search")
    assert way_in.get_attribute("href") == f"/signin?next={quote(asked, safe='')}"
    way_in.click()
    expect(page.locator("#answer")).to_contain_text(ANSWER)
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    assert page.evaluate("location.pathname + location.search") == asked


def test_a_reader_who_was_signed_out_comes_back_to_the_same_words(page: Page) -> None:
    page.goto("/transcripts/ward-2")
    expect(page.get_by_role("group", name="Your account")).to_contain_text("Erin Vale")
    page.route("**/v1/transcripts/*", lambda route: route.fulfill(status=401, json={"title": "Unauthorized"}))
    page.goto("about:blank")
    page.goto("/transcripts/ward-2#turn-1:0-21")
    expect(page.get_by_role("heading", name="You need to sign in")).to_be_visible()
    page.unroute("**/v1/transcripts/*")
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    expect(page.locator("mark")).to_have_text("Nobody knew how much ")


def test_signing_out_ends_the_session_and_leaves_nothing_in_the_browser(page: Page) -> None:
    page.goto(f"/?q={quote(QUESTION)}")
    expect(page.locator("#answer")).to_contain_text(ANSWER)
    assert page.evaluate("localStorage.length + sessionStorage.length") > 0
    page.get_by_role("button", name="Sign out").click()
    title = page.get_by_role("heading", level=1, name="You are signed out")
    expect(title).to_be_focused()
    expect(page.get_by_role("group", name="Your account")).to_be_hidden()
    assert ANSWER not in page.content()
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("fetch('/v1/speakers').then(response => response.status)") == 401
    page.get_by_role("link", name="Sign in again").click()
    expect(page.get_by_role("group", name="Your account")).to_contain_text("Erin Vale")


def test_who_cannot_be_signed_out_is_told_so(page: Page) -> None:
    page.route("**/signout", lambda route: route.abort())
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("group", name="Your account")).to_contain_text("You are still signed in")


def test_nobody_is_shown_where_nobody_is_asked(browser: "Browser", server_url: str) -> None:
    context = browser.new_context(base_url=server_url)
    opened = context.new_page()
    with opened.expect_response(re.compile("/v1/me$")):
        opened.goto("/")
    expect(opened.locator("#person")).to_be_hidden()
    context.close()


def test_a_server_that_knows_only_keys_says_whom_to_ask(browser: "Browser", server_url: str) -> None:
    context = browser.new_context(base_url=server_url)
    opened = context.new_page()
    problem = {"title": "Unauthorized", "status": 401, "detail": "Say who asks."}
    opened.route("**/v1/ask", lambda route: route.fulfill(status=401, json=problem))
    opened.goto(f"/?q={quote(QUESTION)}")
    expect(opened.get_by_role("heading", name="You cannot ask here yet")).to_be_visible()
    expect(opened.locator("#answer").get_by_role("link", name="Sign in")).to_have_count(0)
    context.close()
