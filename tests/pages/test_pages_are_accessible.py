"""Every state of the pages in both themes: axe-core finds nothing, nothing runs off the side, the keyboard suffices.

Each state leaves a picture in a temporary folder, to be looked at: `pytest tests/pages -k state --basetemp FOLDER`.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

QUESTION = "How did the ward get Parkinson's tablets given on time?"
LIST_QUESTION = "What are the rules of a run chart?"
COMPARISON = "How do huddles in Norway and at home compare?"
UNANSWERABLE = "What is the melting point of tungsten in a vacuum furnace?"
CHARTS = "/transcripts/2023-10-19-signals-noise-and-a-pencil"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST_TARGET = 24
"""Pixels a side of what is pressed (WCAG 2.2, 2.5.8), where it does not stand in a line of text."""
AXE = Axe()


def empty(page: Page) -> None:
    page.goto("/")
    expect(page.locator("#examples button").first).to_be_visible()
    page.get_by_text("Narrow your search").click()


def asking(page: Page) -> None:
    page.route("**/v1/ask", lambda _: None)
    page.goto(f"/?q={quote(QUESTION)}")
    expect(page.locator(".loading").first).to_be_visible()


def answer(page: Page, question: str) -> None:
    page.goto(f"/?q={quote(question)}")
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "false")
    expect(page.locator(".conversations a").first).to_be_visible()


def answered(page: Page) -> None:
    answer(page, QUESTION)
    page.get_by_role("button", name="Report a wrong quote").first.click()
    page.get_by_text("Questions asked on this device").click()


def list_answer(page: Page) -> None:
    answer(page, LIST_QUESTION)


def comparison(page: Page) -> None:
    answer(page, COMPARISON)


def followed_up(page: Page) -> None:
    answer(page, QUESTION)
    page.get_by_label("Ask a follow-up").fill("Who measured it?")
    page.get_by_label("Ask a follow-up").press("Enter")
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "false")


def not_found(page: Page) -> None:
    answer(page, UNANSWERABLE)


def error(page: Page) -> None:
    page.goto(f"/?q={quote(QUESTION)}&speaker=Nobody")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def offline(page: Page) -> None:
    page.route("**/v1/ask", lambda route: route.abort("internetdisconnected"))
    page.goto(f"/?q={quote(QUESTION)}")
    expect(page.get_by_role("heading", name="Turnwise cannot be reached")).to_be_visible()


def long_quote(page: Page) -> None:
    reply = page.request.post("/v1/ask", data={"question": QUESTION}).json()
    text = " ".join([reply["citations"][0]["quote"]] * 12)
    reply["citations"][0]["quote"] = text
    reply["sentences"][0]["text"] = f"{reply['citations'][0]['speaker']}: “{text}” [1]"
    page.route("**/v1/ask", lambda route: route.fulfill(json=reply))
    answer(page, QUESTION)


def beside(page: Page) -> None:
    answer(page, QUESTION)
    page.get_by_role("link", name="Quote 1, read in context").click()
    expect(page.locator("#beside mark")).to_be_visible()


def checked(page: Page) -> None:
    page.goto(f"/?check={quote('A shift is seven or more points in a row, all above or all below the median.')}")
    expect(page.locator(".comparison").first).to_be_visible()


def reading(page: Page) -> None:
    page.goto(f"{CHARTS}#turn-8:0-20")
    expect(page.locator("mark")).to_be_visible()
    page.get_by_text("Questions in this conversation").click()


STATES: dict[str, Callable[[Page], None]] = {
    one.__name__: one
    for one in (
        empty,
        asking,
        answered,
        list_answer,
        comparison,
        followed_up,
        not_found,
        error,
        offline,
        long_quote,
        beside,
        checked,
        reading,
    )
}
SIZES = ((320, 256), (390, 844), (1920, 1080))
"""320 by 256 pixels are what a window of 1,280 by 1,024 has at 400% (WCAG 2.2, 1.4.10); a phone; a wide screen."""
PICTURED_SMALL = {"answered", "checked", "reading"}
FAILING = {"error", "offline"}
"""States in which the browser itself reports the failed request."""


def violations(page: Page, only: object) -> list[str]:
    found: dict[str, Any] = AXE.run(page, options={"runOnly": only, "resultTypes": ["violations"]}).response
    return [f"{v['id']}: {[node['target'] for node in v['nodes']][:4]}" for v in found["violations"]]


def too_small(page: Page) -> list[str]:
    """Return what is pressed and too small to be hit."""
    small: list[str] = page.evaluate(
        """smallest => [...document.querySelectorAll("button, select, input, textarea, summary, [role=tab], a.marker")]
          .filter(one => one.checkVisibility())
          .map(one => [one.textContent.trim().slice(0, 40), one.getBoundingClientRect()])
          .filter(([, box]) => box.width > 0 && (box.width < smallest || box.height < smallest))
          .map(([name, box]) => `${name}: ${box.width} by ${box.height}`)""",
        SMALLEST_TARGET,
    )
    return small


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_accessible_in_both_themes_and_at_every_width(
    page: Page, state: str, pictures: Path, complaints: list[str]
) -> None:
    STATES[state](page)
    # Only colours differ between the themes.
    for theme, only in (("light", {"type": "tag", "values": RULES}), ("dark", ["color-contrast"])):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.screenshot(path=pictures / f"{state}-{theme}.jpg", full_page=state != "beside")
        assert violations(page, only) == []
    assert too_small(page) == []
    page.emulate_media(color_scheme="light")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        if state in PICTURED_SMALL:
            page.screenshot(path=pictures / f"{state}-{width}.jpg")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
    if state in FAILING:
        complaints.clear()


def test_text_can_be_spaced_out_without_being_cut(page: Page) -> None:
    """The spacing of WCAG 2.2, 1.4.12; `overflow: hidden` in a box that does not grow is what would cut it."""
    answer(page, QUESTION)
    page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important;"
            + " word-spacing: .16em !important } p { margin-bottom: 2em !important }");
          document.adoptedStyleSheets = [sheet];
        }"""
    )
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    cut = page.evaluate(
        """[...document.querySelectorAll("button, p, h2, h3, a")].filter(one => one.checkVisibility()
          && !one.closest(".visually-hidden") && getComputedStyle(one).overflow === "hidden"
          && one.scrollHeight > one.clientHeight + 1).length"""
    )
    assert cut == 0


@pytest.mark.parametrize("media", ["screen", "print"])
def test_a_name_without_a_break_widens_nothing(page: Page, media: Literal["screen", "print"]) -> None:
    name = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
    reply = page.request.post("/v1/ask", data={"question": QUESTION}).json()
    changed = json.dumps(reply).replace(reply["citations"][0]["speaker"], name)
    page.route("**/v1/ask", lambda route: route.fulfill(content_type="application/json", body=changed))
    page.set_viewport_size({"width": 320, "height": 640})
    answer(page, QUESTION)
    expect(page.locator("#answer")).to_contain_text(name)
    page.emulate_media(media=media)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_forced_colours_keep_the_mark_and_the_chosen_tab(page: Page, pictures: Path) -> None:
    page.emulate_media(forced_colors="active")
    beside(page)
    page.screenshot(path=pictures / "forced-colours.jpg")
    mark = page.locator("#beside mark").evaluate("mark => getComputedStyle(mark).backgroundColor")
    around = page.locator("#beside .turn-text").first.evaluate("text => getComputedStyle(text).backgroundColor")
    assert mark != around


def test_nothing_moves_for_who_wants_no_motion(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    asking(page)
    assert page.locator(".loading").first.evaluate("one => getComputedStyle(one).animationName") == "none"


def test_a_printed_answer_leaves_a_picture(page: Page, pictures: Path) -> None:
    answer(page, QUESTION)
    printed = pictures / "printed.pdf"
    page.pdf(path=printed, format="A4")
    assert printed.read_bytes().startswith(b"%PDF")


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
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#answer-heading")).to_be_focused()
    page.keyboard.press("Tab")
    marker = page.get_by_role("link", name="Quote 1, read in context")
    expect(marker).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    expect(page.locator("#beside mark")).to_be_focused()
    page.keyboard.press("Escape")
    expect(marker).to_be_focused()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "follow-up":
            break
    page.keyboard.type("Who measured it?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2, name="You asked: Who measured it?")).to_be_focused()


def test_there_is_one_live_region_and_it_is_polite(page: Page) -> None:
    beside(page)
    regions = page.locator("[aria-live], [role=status], [role=alert], [role=log]")
    expect(regions).to_have_count(1)
    expect(regions).to_have_attribute("role", "status")
