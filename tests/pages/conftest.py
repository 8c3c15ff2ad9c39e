"""What the browser tests of the pages share: a page that must not complain, and the words for what one does on it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Serve = Callable[[str, dict[str, Any]], None]


@pytest.fixture
def complaints() -> list[str]:
    """Return what the browser complained of; a test that provokes a complaint checks and clears it."""
    return []


@pytest.fixture
def page(browser: "Browser", server_url: str, complaints: list[str]) -> "Iterator[Page]":
    """Return an empty page of a wide window, with rights to the clipboard."""
    context = browser.new_context(base_url=server_url, viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server_url)
    context.set_default_timeout(15_000)
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


@pytest.fixture
def narrow(page: "Page") -> "Page":
    """Return the page in a window too narrow for a conversation beside the answer."""
    page.set_viewport_size({"width": 900, "height": 800})
    return page


@pytest.fixture
def replies(page: "Page") -> Callable[[str], dict[str, Any]]:
    """Ask the server as a program does: `replies(question)` is its JSON."""

    def ask(question: str) -> dict[str, Any]:
        response = page.request.post("/v1/ask", data={"question": question, "filters": {}})
        assert response.ok, response.text()
        reply: dict[str, Any] = response.json()
        return reply

    return ask


@pytest.fixture
def shown(page: "Page") -> Callable[[str], None]:
    """Wait until the answer to a question is there: `shown(question)`."""
    from playwright.sync_api import expect  # noqa: PLC0415 - optional at collection

    def wait(question: str) -> None:
        expect(page.get_by_role("heading", level=2, name=f"You asked: {question}")).to_be_visible()
        expect(page.locator("#answer")).to_have_attribute("aria-busy", "false")

    return wait


@pytest.fixture
def ask(page: "Page", shown: Callable[[str], None]) -> Callable[[str], None]:
    """Ask on the page and wait for the answer: `ask(question)`."""

    def put(question: str) -> None:
        page.get_by_label("Your question").fill(question)
        page.get_by_role("button", name="Ask", exact=True).click()
        shown(question)

    return put


@pytest.fixture
def quotes_shown(page: "Page") -> Callable[[], list[str]]:
    """Return the quotations of the answer, in the order shown."""
    return lambda: page.locator("#answer [data-quote]").all_text_contents()


@pytest.fixture
def transcript(page: "Page") -> dict[str, Any]:
    """Return some transcript with its turns."""
    listed = page.request.get("/v1/transcripts").json()["transcripts"]
    found: dict[str, Any] = page.request.get(f"/v1/transcripts/{quote(listed[0]['id'], safe='')}").json()
    return found


@pytest.fixture
def serve_instead(page: "Page") -> Serve:
    """Answer requests that match a pattern with this JSON: `serve_instead(pattern, document)`."""

    def put(pattern: str, document: dict[str, Any]) -> None:
        page.route(pattern, lambda route: route.fulfill(content_type="application/json", body=json.dumps(document)))

    return put


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which screenshots are left to be looked at (pytest keeps the last three runs)."""
    return tmp_path_factory.mktemp("pictures", numbered=False)
