"""What the pages say when something fails: no connection, a refusal, a cold server, an answer that breaks off."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Page, Route, expect

QUESTION = "How did the ward get Parkinson's tablets given on time?"


def test_a_lost_connection_is_explained_and_the_question_kept(page: Page, complaints: list[str]) -> None:
    page.goto("/")
    expect(page.locator("#examples button").first).to_be_visible()
    page.context.set_offline(True)
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("heading", name="Turnwise cannot be reached")).to_be_visible()
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#answer [data-quote]").first).to_be_visible()
    assert all("ERR_INTERNET_DISCONNECTED" in complaint for complaint in complaints)
    complaints.clear()


def test_an_answer_that_breaks_off_is_said_to_be_cut_off(page: Page) -> None:
    begun = f"event: token\ndata: {json.dumps({'text': 'It began well'})}\n\n"
    page.route("**/v1/ask", lambda route: route.fulfill(content_type="text/event-stream", body=begun))
    page.goto(f"/?q={quote(QUESTION)}")
    expect(page.get_by_role("heading", name="The answer was cut off")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("The answer was cut off")
    page.unroute("**/v1/ask")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#answer [data-quote]").first).to_be_visible()


def test_an_error_in_the_stream_is_told_in_its_own_words(page: Page) -> None:
    problem = {"title": "The model is unreachable", "status": 502, "detail": "It did not answer in time."}
    body = f": waiting\n\nevent: error\ndata: {json.dumps(problem)}\n\n"
    page.route("**/v1/ask", lambda route: route.fulfill(content_type="text/event-stream", body=body))
    page.goto(f"/?q={quote(QUESTION)}")
    expect(page.get_by_role("heading", name="The model is unreachable")).to_be_visible()
    expect(page.locator("#answer")).to_contain_text("It did not answer in time.")


def test_a_refused_request_is_explained_in_the_servers_words(page: Page, complaints: list[str]) -> None:
    page.goto(f"/?q={quote(QUESTION)}&speaker=Nobody+Of+That+Name")
    answer = page.locator("#answer")
    expect(answer.get_by_role("button", name="Try again")).to_be_visible()
    expect(answer).to_contain_text("Nobody Of That Name")
    assert all("422" in complaint for complaint in complaints)
    complaints.clear()


def test_a_server_that_is_still_starting_is_waited_for(page: Page, complaints: list[str]) -> None:
    """The server under test is warm, so the first replies of a cold one are put in front of it."""
    cold = {"ask": 1, "readyz": 2}

    def while_cold(name: str, route: Route) -> None:
        if not cold[name]:
            route.continue_()
            return
        cold[name] -= 1
        route.fulfill(status=503, content_type="application/problem+json", body='{"title":"Starting","status":503}')

    page.route("**/v1/ask", lambda route: while_cold("ask", route))
    page.route("**/readyz", lambda route: while_cold("readyz", route))
    page.goto(f"/?q={quote(QUESTION)}")
    expect(page.get_by_role("heading", name="Turnwise is starting")).to_be_visible()
    expect(page.locator("#answer [data-quote]").first).to_be_visible()
    assert all("503" in complaint for complaint in complaints)
    complaints.clear()


def test_a_conversation_that_cannot_be_fetched_is_explained_beside_the_answer(
    page: Page, ask: Callable[[str], None], complaints: list[str]
) -> None:
    page.goto("/")
    ask(QUESTION)
    expect(page.locator("#answer .related, #answer .follow-up").first).to_be_attached()
    failing: dict[str, Any] = {"title": "It broke", "status": 500, "detail": "The log has it."}
    page.route(
        "**/v1/transcripts/*",
        lambda route: route.fulfill(status=500, content_type="application/problem+json", body=json.dumps(failing)),
    )
    page.get_by_role("link", name="Quote 1, read in context").click()
    expect(page.locator("#beside")).to_contain_text("The log has it.")
    page.unroute("**/v1/transcripts/*")
    page.locator("#beside").get_by_role("button", name="Try again").click()
    expect(page.locator("#beside mark")).to_be_visible()
    assert all("500" in complaint for complaint in complaints)
    complaints.clear()
