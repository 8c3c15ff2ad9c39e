"""How a widget shows an answer, where focus goes, and what the host page is told."""

import re
from collections.abc import Callable

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Page, expect

from tests.pages.widget.acting import TITLE, a_widget, ask, focused, heard, launch
from tests.pages.widget.stage import ForeignSite, Reply, ScriptedServer, an_answer

FIRST, SECOND = "The kettle was moved to the day room.", "Nobody spilled anything after that."
ANSWER = an_answer(FIRST, SECOND, related_questions=["Who moved the kettle?"])
Open = Callable[..., Page]


def test_an_answer_streams_in_and_is_read_out_once_when_it_is_there(api: ScriptedServer, open_host: Open) -> None:
    api.replies = [Reply(ANSWER, pause_s=0.05)]
    page = open_host(a_widget(api.url, mode="inline"))
    page.evaluate(
        "() => { const live = one.shadowRoot.querySelector('[aria-live]'); window.said = [];"
        " new MutationObserver(() => live.textContent && said.push(live.textContent))"
        ".observe(live, {childList: true}); }"
    )
    page.get_by_role("textbox").fill("Where is the kettle?")
    page.keyboard.press("Enter")
    exchange = page.get_by_role("article")
    expect(exchange.locator(".quote").first).to_have_text(re.compile("^The kettle"))
    assert exchange.get_attribute("aria-busy") == "true"
    expect(exchange).not_to_have_attribute("aria-busy", "true")
    expect(exchange.locator(".quote")).to_have_text([FIRST, SECOND])
    expect(page.locator("[aria-live]")).to_have_text(re.compile("^Answer: "))
    expect(page.locator("[aria-live]")).to_have_count(1)
    assert page.evaluate("said") == [
        "Looking through the conversations",
        "Answer: " + ANSWER["answer"].replace("[1]", "Quote 1.").replace("[2]", "Quote 2."),
    ]
    # The one who speaks is introduced once.
    expect(exchange.locator(".lead")).to_have_text(["Ada Quill, ward sister, in “Tea at four”, 2 May 2024"])


def test_what_qualifies_an_answer_is_read_out_and_shown_before_it(api: ScriptedServer, open_host: Open) -> None:
    notice = "Not Bo Ray: these are Ada Quill's words."
    api.replies = [Reply(an_answer(FIRST, notice=notice))]
    page = open_host(a_widget(api.url))
    exchange = ask(launch(page), "Did Bo Ray say that the kettle was moved?")
    expect(page.locator("[aria-live]")).to_have_text(re.compile(f"^Answer: {re.escape(notice)} Ada Quill"))
    shown = [exchange.locator(part).bounding_box() for part in (".notice", ".quote")]
    assert shown[0] is not None
    assert shown[1] is not None
    assert shown[0]["y"] + shown[0]["height"] <= shown[1]["y"]


@pytest.mark.parametrize("width", [320, 390])
def test_the_way_out_stays_in_its_corner_however_narrow(api: ScriptedServer, open_host: Open, width: int) -> None:
    api.replies = [Reply(an_answer(FIRST))]
    page = open_host(a_widget(api.url), width=width, height=640)
    panel = launch(page)
    ask(panel, "Where is the kettle?")
    whole, way_out = panel.bounding_box(), panel.get_by_role("button", name="Close").first.bounding_box()
    assert whole is not None
    assert way_out is not None
    assert way_out["x"] + way_out["width"] > whole["x"] + whole["width"] - 32
    assert way_out["y"] < whole["y"] + 32


def test_a_source_opens_beneath_its_words_and_escape_goes_back_a_step_at_a_time(
    api: ScriptedServer, open_host: Open
) -> None:
    api.replies = [
        Reply(
            an_answer(
                SECOND, FIRST, attribution="inferred", reason="She was named before.", url="https://example.org/tea"
            )
        )
    ]
    page = open_host(a_widget(api.url))
    panel = launch(page)
    assert focused(page) == "field"
    exchange = ask(panel, "Where is the kettle?")
    marker = exchange.get_by_role("button", name="Quote 2, show source")
    marker.press("Enter")
    expect(marker).to_have_attribute("aria-expanded", "true")
    source = exchange.get_by_role("group", name="Source of quote 2")
    expect(source.locator("blockquote")).to_have_text(f"{SECOND} {FIRST}")
    expect(source.locator("mark")).to_have_text(FIRST)
    for fact in (
        "Ada Quill, ward sister",
        "Speaker inferred She was named before.",
        "Tea at four, 2 May 2024, 1:15 in the recording",
    ):
        expect(source).to_contain_text(fact)
    expect(source.get_by_role("link", name="Source page")).to_have_attribute("href", "https://example.org/tea")
    page.keyboard.press("Tab")
    assert focused(page).startswith("Read in context")
    page.keyboard.press("Escape")
    expect(source).to_be_hidden()
    expect(marker).to_be_focused()
    expect(panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert focused(page) == TITLE
    launch(page)
    expect(exchange.locator(".quote")).to_have_count(2)


def test_everything_goes_by_keyboard(api: ScriptedServer, open_host: Open) -> None:
    api.replies = [Reply(ANSWER)]
    page = open_host(a_widget(api.url))
    page.keyboard.press("Tab")
    assert focused(page) == TITLE
    page.keyboard.press("Enter")
    page.keyboard.type("Where is")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("the kettle?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article").locator(".quote")).to_have_count(2)
    assert api.asked[0].body["question"] == "Where is\nthe kettle?"
    stops = []
    for _ in range(6):
        page.keyboard.press("Shift+Tab")
        stops.append(focused(page))
        shown = page.evaluate(
            "(() => { const at = one.shadowRoot.activeElement; return getComputedStyle(at).outlineStyle; })()"
        )
        assert shown != "none", stops[-1]
    assert stops == [
        "Who moved the kettle?", "Quote 2, show source", "Quote 1, show source", "Questions and answers", "Close",
        "Start again",
    ]  # fmt: skip


def test_a_related_question_is_asked_and_focus_moves_on_to_it(api: ScriptedServer, open_host: Open) -> None:
    api.replies = [Reply(ANSWER)]
    page = open_host(a_widget(api.url, mode="inline"))
    ask(page.get_by_role("region", name=TITLE), "Where is the kettle?")
    page.get_by_role("button", name="Who moved the kettle?").click()
    expect(page.get_by_role("article")).to_have_count(2)
    expect(page.get_by_role("article").last.locator(".quote")).to_have_count(2)
    assert focused(page) == "You asked: Who moved the kettle?"


def test_at_most_twenty_exchanges_go_along_and_starting_again_forgets_them(
    api: ScriptedServer, open_host: Open
) -> None:
    api.replies = [Reply(an_answer(FIRST))]
    page = open_host(a_widget(api.url, mode="inline"))
    panel = page.get_by_role("region", name=TITLE)
    for number in range(22):
        ask(panel, f"Question {number}?")
    sent = [exchange["question"] for exchange in api.asked[-1].body["history"]]
    assert sent == [f"Question {number}?" for number in range(1, 21)]
    panel.get_by_role("button", name="Start again").click()
    expect(panel.get_by_role("article")).to_have_count(0)
    assert focused(page) == "field"
    ask(panel, "Anything else?")
    assert api.asked[-1].body["history"] == []


def test_an_empty_question_is_explained_at_the_field(api: ScriptedServer, open_host: Open) -> None:
    page = open_host(a_widget(api.url, mode="inline"))
    page.get_by_role("button", name="Ask", exact=True).click()
    field = page.get_by_role("textbox", name="Your question")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("Enter a question")
    assert api.asked == []


def test_stopping_says_that_the_answer_is_not_complete(api: ScriptedServer, open_host: Open) -> None:
    api.replies = [Reply(ANSWER, pause_s=0.3)]
    page = open_host(a_widget(api.url, mode="inline"))
    page.get_by_role("textbox").fill("Where is the kettle?")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("article")).to_contain_text("You stopped this answer")
    assert focused(page) == "You asked: Where is the kettle?"
    api.replies = [Reply(ANSWER)]
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("article").locator(".quote")).to_have_text([FIRST, SECOND])


def test_the_host_page_opens_asks_and_shows_sources_itself(
    site: ForeignSite, api: ScriptedServer, open_host: Open
) -> None:
    api.replies = [Reply(ANSWER)]
    page = open_host(
        '<button id="mine">My own button</button>' + a_widget(api.url, text_ask="Go", text_follow_up="And now?")
    )
    page.evaluate("document.addEventListener('turnwise-citation', (event) => event.preventDefault())")
    page.evaluate("mine.addEventListener('click', () => one.open())")
    page.get_by_role("button", name="My own button").click()
    assert focused(page) == "field"
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="My own button")).to_be_focused()
    page.evaluate("one.ask('  Where is the kettle?  ')")
    exchange = page.get_by_role("article")
    expect(exchange.locator(".quote")).to_have_count(2)
    exchange.get_by_role("button", name="Quote 1, show source").click()
    expect(exchange.get_by_role("group")).to_have_count(0)
    [shown] = heard(page, "citation")
    assert shown["detail"]["citation"]["quote"] == FIRST
    assert shown["detail"]["link"] == api.url + ANSWER["citations"][0]["link"]
    expect(page.get_by_role("button", name="Go", exact=True)).to_be_visible()
    expect(page.get_by_role("textbox", name="And now?")).to_be_visible()


def test_styles_pass_neither_in_nor_out(site: ForeignSite, api: ScriptedServer, open_host: Open) -> None:
    api.replies = [Reply(ANSWER)]
    site.css = (
        "* { color: red !important; font-size: 40px !important; text-transform: uppercase !important;"
        " text-decoration: underline !important; line-height: 3 !important } button { display: none !important }"
    )
    page = open_host("<p class='lead' id='para'>A paragraph</p>" + a_widget(api.url, mode="inline"))
    ask(page.get_by_role("region", name=TITLE), "Where is the kettle?")
    look = "(at) => { const s = getComputedStyle(at); return [s.color, s.fontSize, s.textTransform, s.display]; }"
    for part in (".quote", ".title", ".lead", ".button.main", "label"):
        colour, size, case, display = page.locator(f"#one {part}").first.evaluate(look)
        assert colour != "rgb(255, 0, 0)", part
        assert float(size.removesuffix("px")) < 24, part
        assert (case, display != "none") == ("none", True), part
    assert page.locator("#para").evaluate(look)[0] == "rgb(255, 0, 0)"
    assert page.evaluate("document.adoptedStyleSheets.length + document.querySelectorAll('style').length") == 0


def test_a_theme_of_the_host_page_reaches_in(site: ForeignSite, api: ScriptedServer, open_host: Open) -> None:
    site.css = "turnwise-chat { --turnwise-accent: rgb(90 0 90) } turnwise-chat::part(send) { border-radius: 20px }"
    page = open_host(a_widget(api.url, mode="inline", theme="light"), color_scheme="dark")
    send = page.get_by_role("button", name="Ask", exact=True)
    assert send.evaluate("(at) => getComputedStyle(at).backgroundColor") == "rgb(90, 0, 90)"
    assert send.evaluate("(at) => getComputedStyle(at).borderRadius") == "20px"
    assert page.locator("#one .title").evaluate("(at) => getComputedStyle(at).color") == "rgb(27, 36, 38)"
