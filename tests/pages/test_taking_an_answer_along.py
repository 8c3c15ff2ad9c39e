"""What can be done with an answer: copying it in three forms, its link, printing it, and rating it."""

import re
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Page, Route, expect

QUESTION = "How did the ward get Parkinson's tablets given on time?"

Replies = Callable[[str], dict[str, Any]]
Do = Callable[[str], None]


def test_the_copied_text_carries_its_sources(page: Page, server_url: str, ask: Do, replies: Replies) -> None:
    page.goto("/")
    ask(QUESTION)
    page.get_by_role("button", name="Plain text", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    reply = replies(QUESTION)
    assert reply["answer"] in copied
    for citation in reply["citations"]:
        assert server_url + citation["link"] in copied


def test_the_copied_markdown_has_a_footnote_for_every_number(
    page: Page, server_url: str, ask: Do, replies: Replies
) -> None:
    page.goto("/")
    ask(QUESTION)
    page.get_by_role("button", name="Markdown", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    for citation in replies(QUESTION)["citations"]:
        assert f"[^{citation['n']}]" in copied
        assert re.search(
            rf"^\[\^{citation['n']}\]: .*<{re.escape(server_url + citation['link'])}>", copied, re.MULTILINE
        )


def test_the_formatted_copy_is_html_with_a_link_for_every_number(
    page: Page, server_url: str, ask: Do, replies: Replies
) -> None:
    page.goto("/")
    ask(QUESTION)
    page.get_by_role("button", name="For Word or email", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    html = page.evaluate(
        "navigator.clipboard.read().then(items => items[0].getType('text/html')).then(blob => blob.text())"
    )
    assert "<h2" in html
    for citation in replies(QUESTION)["citations"]:
        assert f'href="{server_url}{citation["link"]}"' in html


def test_one_quote_is_copied_with_its_source(page: Page, server_url: str, ask: Do, replies: Replies) -> None:
    page.goto("/")
    ask(QUESTION)
    citation = replies(QUESTION)["citations"][1]
    page.get_by_role("button", name=f"Copy quote (quote {citation['n']})").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    words, source = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert words == f"“{citation['quote']}”"
    assert source.startswith(citation["speaker"])
    assert citation["title"] in source
    assert source.endswith(server_url + citation["link"])


def test_what_qualifies_an_answer_goes_along_with_one_quote(page: Page, ask: Do, replies: Replies) -> None:
    page.goto("/")
    said = replies("What is a red day?")["citations"][0]["quote"]
    question = f'Did Priya Venkataraghavan say "{said}"?'
    reply = replies(question)
    citation = reply["citations"][0]
    ask(question)
    page.get_by_role("button", name=f"Copy quote (quote {citation['n']})").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    notice, words = page.evaluate("navigator.clipboard.readText()").split("\n")[:2]
    assert notice == reply["notice"]
    assert words == f"“{citation['quote']}”"


def test_the_link_to_the_question_is_copied(page: Page, ask: Do) -> None:
    page.goto("/")
    ask(QUESTION)
    page.get_by_role("button", name="Copy link to this question").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_on_paper_the_answer_is_a_briefing(page: Page, ask: Do, replies: Replies) -> None:
    page.goto("/")
    ask(QUESTION)
    page.emulate_media(media="print")
    expect(page.locator("#answer-heading")).to_be_visible()
    expect(page.get_by_text("Briefing, printed ")).to_be_visible()
    for absent in ("#ask-form", ".actions", ".collection", ".tabs", ".follow-up", ".report"):
        expect(page.locator(absent).first).to_be_hidden()
    for citation in replies(QUESTION)["citations"]:
        expect(page.get_by_text(citation["quote"], exact=False).first).to_be_visible()
    printed = page.locator("a[data-print-address]").first.evaluate("a => getComputedStyle(a, '::after').content")
    assert "/transcripts/" in printed


def test_on_paper_the_quotes_of_earlier_answers_are_counted_too(page: Page, ask: Do, shown: Do) -> None:
    page.goto("/")
    ask(QUESTION)
    field = page.get_by_label("Ask a follow-up")
    field.fill("Who measured it?")
    field.press("Enter")
    shown("Who measured it?")
    page.emulate_media(media="print")
    quotes = page.locator("#answer [data-quote]")
    assert quotes.count() > page.locator("#answer .exchange [data-quote]").count() > 0
    expect(page.locator("#answer .only-print")).to_contain_text(f"{quotes.count()} quotes from ")


def test_a_thumb_up_reaches_the_server(page: Page, ask: Do) -> None:
    page.goto("/")
    ask(QUESTION)
    with page.expect_response("**/v1/feedback") as answered:
        page.get_by_role("group", name="Was this helpful?").get_by_role("button", name="Yes").click()
    assert answered.value.ok
    body = answered.value.request.post_data_json
    assert body["rating"] == "up"
    expect(page.locator(".feedback .told")).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("Thank you")


def test_a_thumb_down_takes_a_comment_and_can_be_cancelled(page: Page, ask: Do) -> None:
    page.goto("/")
    ask(QUESTION)
    no = page.get_by_role("group", name="Was this helpful?").get_by_role("button", name="No")
    no.click()
    page.get_by_role("button", name="Cancel").click()
    expect(no).to_be_focused()
    no.click()
    page.get_by_label("What was missing or wrong?").fill("The doctor's view is missing.")
    with page.expect_response("**/v1/feedback") as answered:
        page.get_by_role("button", name="Send").click()
    assert answered.value.ok
    sent = answered.value.request.post_data_json
    assert (sent["rating"], sent["comment"]) == ("down", "The doctor's view is missing.")


def test_a_wrong_quote_is_reported_with_its_number(page: Page, ask: Do, replies: Replies) -> None:
    number = replies(QUESTION)["citations"][1]["n"]
    page.goto("/")
    ask(QUESTION)
    page.get_by_role("button", name=f"Report a wrong quote (quote {number})").click()
    field = page.get_by_label(f"What is wrong with quote {number}?")
    expect(field).to_be_focused()
    with page.expect_response("**/v1/feedback") as answered:
        page.get_by_role("button", name="Send").click()
    assert answered.value.ok
    assert answered.value.request.post_data_json["citation"] == number
    expect(page.locator(".report .told")).to_contain_text("Thank you")


def test_a_server_without_feedback_is_no_trouble(page: Page, ask: Do, complaints: list[str]) -> None:
    def absent(route: Route) -> None:
        route.fulfill(status=404, content_type="application/problem+json", body='{"title":"Not found","status":404}')

    page.route("**/v1/feedback", absent)
    page.goto("/")
    ask(QUESTION)
    page.get_by_role("group", name="Was this helpful?").get_by_role("button", name="Yes").click()
    expect(page.locator(".feedback")).to_contain_text("Feedback is not collected here.")
    assert all("404" in complaint for complaint in complaints)
    complaints.clear()
