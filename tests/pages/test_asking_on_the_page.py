"""The ask page in a real browser: asking, streaming, following up, filters, and the way back."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Browser, Page, Route, expect

QUESTION = "How did the ward get Parkinson's tablets given on time?"
OTHER_QUESTION = "What happens at a safety huddle?"
UNANSWERABLE = "What is the melting point of tungsten in a vacuum furnace?"
SLOW_STREAM = """
const really = window.fetch;
window.fetch = (path, options) => {
  if (path !== "/v1/ask") return really(path, options);
  const stream = new ReadableStream({ start(controller) {
    const encode = new TextEncoder();
    window.send = (name, data) =>
      controller.enqueue(encode.encode(`event: ${name}\\ndata: ${JSON.stringify(data)}\\n\\n`));
    window.end = () => controller.close();
    document.documentElement.dataset.asked = "";
  } });
  return Promise.resolve(new Response(stream, { headers: { "Content-Type": "text/event-stream" } }));
};
"""

Replies = Callable[[str], dict[str, Any]]
Do = Callable[[str], None]
Quotes = Callable[[], list[str]]


def test_a_newcomer_sees_what_to_do_and_what_can_be_asked(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask what was said")
    expect(page.get_by_role("search").get_by_label("Your question")).to_be_editable()
    listed = page.request.get("/v1/transcripts").json()["transcripts"]
    collection = page.get_by_role("region", name="In this collection")
    for transcript in listed[:12]:
        expect(collection.get_by_role("link", name=transcript["title"], exact=True).first).to_be_visible()


def test_a_visitor_without_a_question_is_told_what_to_ask(page: Page, shown: Do, replies: Replies) -> None:
    page.goto("/")
    page.get_by_role("button", name="What can I ask about?").click()
    shown("What can I ask about?")
    reply = replies("What can I ask about?")
    assert reply["status"] == "about"
    expect(page.locator("#answer")).to_contain_text(reply["answer"].splitlines()[0])


def test_the_examples_are_questions_that_these_transcripts_answer(page: Page, replies: Replies) -> None:
    page.goto("/")
    examples = page.locator("#examples").get_by_role("button")
    expect(examples.first).to_be_visible()
    questions = [text.removeprefix("Ask: ") for text in examples.all_text_contents()]
    assert len(questions) >= 3
    assert {question: replies(question)["status"] for question in questions} == dict.fromkeys(questions, "answered")


def test_every_sentence_of_the_answer_is_shown_once_in_its_order(
    page: Page, ask: Do, replies: Replies, quotes_shown: Quotes
) -> None:
    page.goto("/")
    ask(QUESTION)
    reply = replies(QUESTION)
    assert reply["status"] == "answered"
    cited = {citation["n"]: citation["quote"] for citation in reply["citations"]}
    first_uses = dict.fromkeys(n for sentence in reply["sentences"] for n in sentence["citations"])
    assert quotes_shown() == [cited[n] for n in first_uses]


def test_an_answer_grows_while_it_is_written_and_is_announced_once(page: Page, replies: Replies) -> None:
    reply = replies(QUESTION)
    page.add_init_script(SLOW_STREAM)
    page.goto(f"/?q={quote(QUESTION)}")
    expect(page.locator("html[data-asked]")).to_be_attached()
    page.evaluate("citation => send('citation', citation)", reply["citations"][0])
    page.evaluate("send('token', { text: 'The first words [1]' })")
    growing = page.locator("#answer .growing")
    expect(growing).to_contain_text("The first words")
    expect(growing.get_by_role("link", name="Quote 1, read in context")).to_be_visible()
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "true")
    assert page.get_by_role("status").text_content() == ""
    page.evaluate("reply => { send('done', reply); end(); }", reply)
    expect(page.locator("#answer [data-quote]").first).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"Answer ready: \d+ quotes? from \d+ conversation"))


def test_a_follow_up_is_answered_under_the_answer_before_it(page: Page, ask: Do, shown: Do) -> None:
    page.goto("/")
    ask(QUESTION)
    field = page.get_by_label("Ask a follow-up")
    with page.expect_request("**/v1/ask") as sent:
        field.fill("And what did the doctors think of it?")
        field.press("Enter")
    shown("And what did the doctors think of it?")
    history = sent.value.post_data_json["history"]
    assert [exchange["question"] for exchange in history] == [QUESTION]
    assert history[0]["answer"]
    expect(page.get_by_role("heading", level=2, name=f"You asked: {QUESTION}")).to_be_attached()
    expect(page.locator("#answer-heading")).to_be_focused()
    page.go_back()
    shown(QUESTION)
    expect(page.locator("#answer .earlier")).to_have_count(0)


def test_a_shared_follow_up_is_understood_as_it_was_where_it_was_asked(page: Page, shown: Do) -> None:
    asked: list[dict[str, Any]] = []
    page.on("request", lambda sent: asked.append(sent.post_data_json) if sent.url.endswith("/v1/ask") else None)
    page.goto(f"/?q={quote(QUESTION)}&then={quote('Who measured it?')}")
    shown("Who measured it?")
    assert [each["question"] for each in asked] == [QUESTION, "Who measured it?"]
    assert asked[1]["history"][0]["answer"]
    expect(page.get_by_role("heading", level=2, name=f"You asked: {QUESTION}")).to_be_attached()


def test_whoever_is_sent_a_link_sees_the_question_understood_alike(
    page: Page, browser: Browser, server_url: str, ask: Do, shown: Do
) -> None:
    page.goto("/")
    ask("What is a red day?")
    field = page.get_by_label("Ask a follow-up")
    field.fill("How does it turn green?")
    field.press("Enter")
    shown("How does it turn green?")
    understood = page.locator("#answer .exchange .understood").all_text_contents()
    assert understood == ["Understood as: How does a red day turn green?"]
    recipient = browser.new_context(base_url=server_url).new_page()
    recipient.goto(page.url)
    expect(recipient.locator("#answer .exchange .understood")).to_have_text(understood)
    recipient.context.close()


def test_where_the_browser_keeps_nothing_a_shared_follow_up_still_has_the_answer_before_it(
    page: Page, shown: Do
) -> None:
    asked: list[dict[str, Any]] = []
    page.on("request", lambda sent: asked.append(sent.post_data_json) if sent.url.endswith("/v1/ask") else None)
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }")
    page.goto(f"/?q={quote(QUESTION)}&then={quote('Who measured it?')}")
    shown("Who measured it?")
    assert [each["question"] for each in asked] == [QUESTION, "Who measured it?"]
    assert asked[1]["history"][0]["answer"]


def test_of_a_long_shared_conversation_the_last_three_questions_are_asked_again(
    page: Page, shown: Do, replies: Replies
) -> None:
    asked: list[dict[str, Any]] = []
    reply = replies(QUESTION)

    def answer(route: Route) -> None:
        asked.append(route.request.post_data_json)
        question = asked[-1]["question"]
        route.fulfill(json={**reply, "question": question, "standalone_question": question})

    page.route("**/v1/ask", answer)
    questions = [QUESTION, "Who measured it?", "And in Wales?", "Tell me more", "Who paid?"]
    page.goto(f"/?q={quote(questions[0])}" + "".join(f"&then={quote(question)}" for question in questions[1:]))
    shown(questions[-1])
    assert [each["question"] for each in asked] == questions[1:]
    assert [exchange["question"] for exchange in asked[-1]["history"]] == questions[:-1]
    assert [exchange["answer"] is None for exchange in asked[-1]["history"]] == [True, False, False, False]


@pytest.mark.parametrize("status", ["about", "not_found", "answered"])
def test_a_notice_is_announced_with_an_answer_of_any_kind(
    page: Page, ask: Do, replies: Replies, serve_instead: Callable[[str, dict[str, Any]], None], status: str
) -> None:
    notice = "Two people are called so."
    serve_instead("**/v1/ask", {**replies(QUESTION), "status": status, "notice": notice})
    page.goto("/")
    ask(QUESTION)
    expect(page.get_by_role("status")).to_contain_text(notice)


def test_what_qualifies_an_answer_is_announced(page: Page, ask: Do, replies: Replies) -> None:
    page.goto("/")
    said = replies("What is a red day?")["citations"][0]["quote"]
    question = f'Did Priya Venkataraghavan say "{said}"?'
    ask(question)
    notice = replies(question)["notice"]
    assert notice.startswith("Not Priya Venkataraghavan")
    expect(page.locator("#announcer")).to_contain_text(notice)
    expect(page.locator("#answer .notice")).to_have_text(notice)


def test_what_was_typed_before_the_script_came_is_kept(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/static/together/*.js", hold, times=1)
    page.goto("/", wait_until="commit")
    page.get_by_label("Your question").fill(OTHER_QUESTION)
    held[0].continue_()
    expect(page.locator("#examples button").first).to_be_visible()
    expect(page.get_by_label("Your question")).to_have_value(OTHER_QUESTION)


def test_an_empty_question_is_explained_at_the_field(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Ask", exact=True).click()
    field = page.get_by_label("Your question")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("Enter a question")


def test_what_is_not_there_is_said_plainly_with_the_nearest_passages(
    narrow: Page, ask: Do, replies: Replies, quotes_shown: Quotes
) -> None:
    narrow.goto("/")
    ask(UNANSWERABLE)
    reply = replies(UNANSWERABLE)
    assert reply["status"] == "not_found"
    expect(narrow.locator("#answer")).to_contain_text(reply["answer"])
    expect(narrow.locator(".answer-none p").first).to_have_text(
        re.compile(r"^These (transcripts|conversations) do not [^.]*\.$")
    )
    assert quotes_shown() == []
    expect(narrow.get_by_role("region", name="What you can try")).to_be_visible()
    nearest = narrow.get_by_role("region", name="What comes closest")
    expect(nearest).to_contain_text("These come closest to your question, but they do not answer it.")
    # Whether passages speak of something similar, nobody has looked.
    expect(narrow.locator("#answer")).not_to_contain_text("something similar")
    nearest.get_by_role("link", name="Read in context").first.click()
    expect(narrow.locator(".turn.is-here")).to_be_in_viewport()


def test_a_shared_link_asks_the_question(page: Page, shown: Do, replies: Replies, quotes_shown: Quotes) -> None:
    page.goto(f"/?q={quote(QUESTION)}")
    shown(QUESTION)
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    assert quotes_shown() == [citation["quote"] for citation in replies(QUESTION)["citations"]]


def test_asking_puts_the_question_into_the_address_and_back_goes_back(
    page: Page, ask: Do, shown: Do, quotes_shown: Quotes
) -> None:
    page.goto("/")
    ask(QUESTION)
    first = quotes_shown()
    expect(page).to_have_url(re.compile(r"/\?q=How\+did\+the\+ward"))
    ask(OTHER_QUESTION)
    page.go_back()
    shown(QUESTION)
    assert quotes_shown() == first
    page.go_back()
    expect(page.locator("#answer")).to_be_hidden()
    expect(page.get_by_label("Your question")).to_have_value("")
    page.go_forward()
    shown(QUESTION)


def test_following_the_skip_link_keeps_the_answer(page: Page, ask: Do, quotes_shown: Quotes) -> None:
    page.goto("/")
    ask(QUESTION)
    before = quotes_shown()
    page.get_by_role("link", name="Skip to main content").press("Enter")
    assert quotes_shown() == before
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)


def test_filters_go_with_the_question_and_into_the_address(page: Page, shown: Do, transcript: dict[str, Any]) -> None:
    page.goto("/")
    page.get_by_text("Narrow your search").click()
    page.get_by_label("Conversation", exact=True).select_option(transcript["id"])
    page.get_by_label("From date").fill("2020-01-01")
    page.get_by_label("Your question").fill(QUESTION)
    with page.expect_request("**/v1/ask") as sent:
        page.get_by_role("button", name="Ask", exact=True).click()
    body = json.loads(sent.value.post_data or "")
    assert body["filters"] == {"transcript_ids": [transcript["id"]], "date_from": "2020-01-01"}
    shown(QUESTION)
    page.reload()
    shown(QUESTION)
    expect(page.get_by_label("Conversation", exact=True)).to_have_value(transcript["id"])


def test_questions_are_kept_on_this_device_until_they_are_cleared(page: Page, ask: Do, shown: Do) -> None:
    page.goto("/")
    ask(QUESTION)
    page.goto("/")
    page.get_by_text("Questions asked on this device (1)").click()
    page.locator("#asked").get_by_role("link", name=QUESTION).click()
    shown(QUESTION)
    page.get_by_text("Questions asked on this device (1)").click()
    page.get_by_role("button", name="Clear this list").click()
    expect(page.locator("#asked")).to_be_hidden()
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
