"""The ask page and the reader in a real browser, against the real server over `corpus/`."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Browser, Page, Route, expect

QUESTION = "How did the ward get Parkinson's tablets given on time?"
OTHER_QUESTION = "What happens at a safety huddle?"
UNANSWERABLE = "What is the melting point of tungsten in a vacuum furnace?"
HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>"\'><svg onload=window.hacked=1>'


@pytest.fixture
def complaints() -> list[str]:
    """Return what the browser complained of; a test that provokes a complaint checks and clears it."""
    return []


@pytest.fixture
def page(browser: Browser, server_url: str, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(base_url=server_url, viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server_url)
    context.set_default_timeout(15_000)
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def ask_api(page: Page, question: str) -> dict[str, Any]:
    """Ask as the page does, and return the reply."""
    response = page.request.post("/v1/ask", data={"question": question, "filters": {}})
    assert response.ok, response.text()
    reply: dict[str, Any] = response.json()
    return reply


def ask(page: Page, question: str) -> None:
    """Ask on the page, and wait for the answer."""
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    answer_shown(page, question)


def answer_shown(page: Page, question: str) -> None:
    """Wait until the answer to the question is there."""
    expect(page.get_by_role("heading", level=2, name=f"You asked: {question}")).to_be_visible()
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "false")


def quotes_on(page: Page) -> list[str]:
    """Return the quotations of the answer, in the order shown."""
    return page.locator("#answer [data-quote]").all_text_contents()


def first_transcript(page: Page) -> dict[str, Any]:
    """Return some transcript with its turns."""
    listed = page.request.get("/v1/transcripts").json()["transcripts"]
    transcript: dict[str, Any] = page.request.get(f"/v1/transcripts/{quote(listed[0]['id'], safe='')}").json()
    return transcript


def serve_instead(page: Page, transcript: dict[str, Any]) -> None:
    """Give the page this transcript in place of the one with its id."""

    def fulfil(route: Route) -> None:
        route.fulfill(content_type="application/json", body=json.dumps(transcript))

    page.route(f"**/v1/transcripts/{quote(transcript['id'], safe='')}", fulfil)


def test_a_newcomer_sees_what_to_do_and_what_can_be_asked(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask what was said")
    expect(page.get_by_role("search").get_by_label("Your question")).to_be_editable()
    listed = page.request.get("/v1/transcripts").json()["transcripts"]
    collection = page.get_by_role("region", name="In this collection")
    for transcript in listed[:12]:
        expect(collection.get_by_role("link", name=transcript["title"], exact=True).first).to_be_visible()


def test_a_visitor_without_a_question_is_told_what_to_ask(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="What can I ask about?").click()
    answer_shown(page, "What can I ask about?")
    reply = ask_api(page, "What can I ask about?")
    assert reply["status"] == "about"
    expect(page.locator("#answer")).to_contain_text(reply["answer"].splitlines()[0])


def test_every_sentence_of_the_answer_is_shown_once_in_its_order(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    reply = ask_api(page, QUESTION)
    assert reply["status"] == "answered"
    cited = {citation["n"]: citation["quote"] for citation in reply["citations"]}
    first_uses = dict.fromkeys(n for sentence in reply["sentences"] for n in sentence["citations"])
    assert quotes_on(page) == [cited[n] for n in first_uses]


@pytest.mark.parametrize("which", ["first", "last"])
def test_a_citation_leads_to_its_words_marked_in_the_transcript(page: Page, which: str) -> None:
    page.goto("/")
    ask(page, QUESTION)
    citations = ask_api(page, QUESTION)["citations"]
    citation = citations[0 if which == "first" else -1]
    page.get_by_role("link", name=f"Quote {citation['n']}, read in context").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(citation["title"])
    mark = page.locator("mark")
    expect(mark).to_have_count(1)
    assert mark.text_content() == citation["quote"]
    expect(mark).to_be_in_viewport()
    expect(mark).to_be_focused()
    expect(page.locator(f"#turn-{citation['turn']}")).to_contain_text(citation["speaker"] or "Speaker not known")


def test_the_whole_way_goes_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    field = page.get_by_label("Your question")
    for _ in range(6):
        page.keyboard.press("Tab")
        if field.evaluate("field => field === document.activeElement"):
            break
    expect(field).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    answer_shown(page, QUESTION)
    expect(page.locator("#answer-heading")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Quote 1, read in context")).to_be_focused()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_be_focused()
    page.get_by_role("link", name="Back to your answer").focus()
    page.keyboard.press("Enter")
    answer_shown(page, QUESTION)


def test_the_answer_is_announced_politely_once_it_is_there(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"Answer ready: \d+ quotes? from \d+ conversation"))


def test_an_empty_question_is_explained_at_the_field(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Ask", exact=True).click()
    field = page.get_by_label("Your question")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("Enter a question")


def test_what_is_not_there_is_said_plainly_with_the_nearest_passages(page: Page) -> None:
    page.goto("/")
    ask(page, UNANSWERABLE)
    reply = ask_api(page, UNANSWERABLE)
    assert reply["status"] == "not_found"
    answer = page.locator("#answer")
    expect(answer).to_contain_text(reply["answer"])
    assert quotes_on(page) == []
    nearest = page.get_by_role("region", name="Nearest passages")
    expect(nearest).to_contain_text("they do not answer it")
    nearest.get_by_role("link", name="Read in context").first.click()
    turn = page.locator(".turn.is-here")
    expect(turn).to_be_in_viewport()


def test_a_shared_link_asks_the_question(page: Page) -> None:
    page.goto(f"/?q={quote(QUESTION)}")
    answer_shown(page, QUESTION)
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    assert quotes_on(page) == [citation["quote"] for citation in ask_api(page, QUESTION)["citations"]]


def test_asking_puts_the_question_into_the_address_and_back_goes_back(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    first = quotes_on(page)
    expect(page).to_have_url(re.compile(r"/\?q=How\+did\+the\+ward"))
    ask(page, OTHER_QUESTION)
    page.go_back()
    answer_shown(page, QUESTION)
    assert quotes_on(page) == first
    page.go_back()
    expect(page.locator("#answer")).to_be_hidden()
    expect(page.get_by_label("Your question")).to_have_value("")
    page.go_forward()
    answer_shown(page, QUESTION)


def test_back_from_the_reader_shows_the_answer_again(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    shown = quotes_on(page)
    page.get_by_role("link", name="Quote 1, read in context").click()
    expect(page.locator("mark")).to_be_visible()
    page.go_back()
    answer_shown(page, QUESTION)
    assert quotes_on(page) == shown


def test_following_the_skip_link_keeps_the_answer(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    shown = quotes_on(page)
    page.get_by_role("link", name="Skip to main content").press("Enter")
    assert quotes_on(page) == shown
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)


def test_filters_go_with_the_question_and_into_the_address(page: Page) -> None:
    transcript = first_transcript(page)
    page.goto("/")
    page.get_by_text("Narrow the search").click()
    page.get_by_label("Conversation", exact=True).select_option(transcript["id"])
    page.get_by_label("Your question").fill(QUESTION)
    with page.expect_request("**/v1/ask") as sent:
        page.get_by_role("button", name="Ask", exact=True).click()
    assert sent.value.post_data_json == {"question": QUESTION, "filters": {"transcript_ids": [transcript["id"]]}}
    answer_shown(page, QUESTION)
    page.reload()
    answer_shown(page, QUESTION)
    expect(page.get_by_label("Conversation", exact=True)).to_have_value(transcript["id"])


def test_the_copied_answer_carries_its_sources(page: Page, server_url: str) -> None:
    page.goto("/")
    ask(page, QUESTION)
    page.get_by_role("button", name="Copy answer with sources").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    reply = ask_api(page, QUESTION)
    assert reply["answer"] in copied
    for citation in reply["citations"]:
        assert server_url + citation["link"] in copied


@pytest.mark.parametrize("by", ["field", "address"])
def test_a_hostile_question_is_only_ever_text(page: Page, by: str) -> None:
    if by == "field":
        page.goto("/")
        ask(page, HOSTILE)
    else:
        page.goto(f"/?q={quote(HOSTILE)}")
        answer_shown(page, HOSTILE)
    assert page.locator("#answer-heading").text_content() == f"You asked: {HOSTILE}"
    assert page.locator("main img, main script, main svg").count() == 0
    assert page.evaluate("window.hacked") is None


def test_hostile_titles_names_and_words_are_only_ever_text(page: Page) -> None:
    transcript = first_transcript(page)
    transcript |= {"title": HOSTILE, "url": "javascript:window.hacked=1"}
    transcript["speakers"] = [{"name": HOSTILE, "role": HOSTILE, "organisation": HOSTILE, "aliases": []}]
    for turn in transcript["turns"]:
        turn |= {"speaker": HOSTILE, "role": HOSTILE, "text": HOSTILE}
        turn |= {"attribution": "inferred", "attribution_reason": HOSTILE}
    serve_instead(page, transcript)
    page.goto(f"/transcripts/{quote(transcript['id'], safe='')}#turn-0:0-9")
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    expect(page.locator("mark")).to_have_text(HOSTILE[:9])
    assert page.locator("main img, main script, main svg").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.evaluate("window.hacked") is None


def test_offsets_count_code_points_across_emoji_and_paragraphs(page: Page) -> None:
    transcript = first_transcript(page)
    said, text = "𝔘nd after 🧪 that", "👩‍⚕️🙂 First.\n\nThen 🎉 “𝔘nd after 🧪 that” we stopped."
    transcript["turns"][0] |= {"text": text}
    serve_instead(page, transcript)
    start = text.index(said)
    page.goto(f"/transcripts/{quote(transcript['id'], safe='')}#turn-0:{start}-{start + len(said)}")
    expect(page.locator("mark")).to_have_count(1)
    assert page.locator("mark").text_content() == said
    assert page.locator("#turn-0 .turn-text p").first.text_content() == text.split("\n\n", maxsplit=1)[0]


def test_a_changed_address_moves_the_mark(page: Page) -> None:
    transcript = first_transcript(page)
    page.goto(f"/transcripts/{quote(transcript['id'], safe='')}#turn-0:0-5")
    expect(page.locator("mark")).to_have_text(transcript["turns"][0]["text"][:5])
    page.evaluate("location.hash = '#turn-1:0-4'")
    expect(page.locator("mark")).to_have_count(1)
    expect(page.locator("#turn-1 mark")).to_have_text(transcript["turns"][1]["text"][:4])


@pytest.mark.parametrize("target", ["#turn-99999:0-5", "#turn-0:5-2", "#turn-0:0-99999999", "#%"])
def test_an_address_that_points_nowhere_still_opens_the_conversation(page: Page, target: str) -> None:
    transcript = first_transcript(page)
    page.goto(f"/transcripts/{quote(transcript['id'], safe='')}{target}")
    expect(page.get_by_role("heading", level=1)).to_have_text(transcript["title"])
    expect(page.locator("section.turn")).to_have_count(len(transcript["turns"]))
    expect(page.locator("mark")).to_have_count(0)


def test_the_reader_shows_every_word_of_every_turn(page: Page) -> None:
    transcript = first_transcript(page)
    page.goto(f"/transcripts/{quote(transcript['id'], safe='')}")
    expect(page.locator("section.turn")).to_have_count(len(transcript["turns"]))
    shown = page.locator("section.turn").evaluate_all(
        "turns => turns.map(turn => [...turn.querySelectorAll('.turn-text p:not(.turn-empty)')]"
        ".map(paragraph => paragraph.textContent).join('\\n\\n'))"
    )
    assert shown == [turn["text"] for turn in transcript["turns"]]


def test_a_turn_is_copied_with_its_source(page: Page) -> None:
    transcript = first_transcript(page)
    page.goto(f"/transcripts/{quote(transcript['id'], safe='')}")
    page.locator("#turn-1").get_by_role("button", name="Copy with source").click()
    expect(page.locator("#turn-1").get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert transcript["turns"][1]["text"] in copied
    assert transcript["title"] in copied
    assert copied.endswith("#turn-1")


def test_an_unknown_conversation_is_explained(page: Page, complaints: list[str]) -> None:
    page.goto("/transcripts/there-is-no-such-conversation")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such conversation")
    page.get_by_role("link", name="Go to the ask page").click()
    expect(page.get_by_label("Your question")).to_be_visible()
    # The browser itself reports the 404 of the page and of its data; nothing else may be wrong.
    assert complaints
    assert all("404" in complaint for complaint in complaints)
    complaints.clear()


def test_a_lost_connection_is_explained_and_the_question_kept(page: Page, complaints: list[str]) -> None:
    page.goto("/")
    expect(page.get_by_role("region", name="In this collection").get_by_role("link").first).to_be_visible()
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
    expect(page.get_by_role("heading", name="Turnwise is warming up")).to_be_visible()
    expect(page.locator("#answer [data-quote]").first).to_be_visible()
    assert all("503" in complaint for complaint in complaints)
    complaints.clear()


@pytest.mark.parametrize("width", [320, 390, 1920])
def test_nothing_runs_off_the_side(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    page.goto(f"/?q={quote(QUESTION)}")
    answer_shown(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("link", name="Quote 1, read in context").click()
    expect(page.locator("mark")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
