"""The tab that says whether words were said, against the real server."""

from urllib.parse import quote

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Page, expect

SAID = "A shift is six or more points in a row, all above or all below the median."
NEARLY = "A shift is seven or more points in a row, all above or all below the median."
NEVER = "Tungsten melts at three thousand degrees in our furnace."


def check(page: Page, words: str) -> None:
    """Check words by the tab, and wait for the verdict."""
    page.get_by_role("tab", name="Check a quote").click()
    page.get_by_label("The words to check").fill(words)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("heading", level=2, name="You checked:")).to_be_focused()
    expect(page.locator("#checked")).to_have_attribute("aria-busy", "false")


def test_words_that_were_said_are_confirmed_with_who_said_them_and_where(page: Page) -> None:
    page.goto("/")
    check(page, SAID)
    result = page.locator("#checked")
    expect(result.get_by_role("heading", name="Yes, this was said")).to_be_visible()
    expect(result).to_contain_text("Priya Venkataraghavan")
    expect(result).to_contain_text("19 October 2023")
    result.get_by_role("link", name="Read in context").first.click()
    expect(page.locator("#beside mark")).to_contain_text("A shift is six or more points")
    expect(page.get_by_role("status")).not_to_be_empty()


def test_words_that_were_nearly_said_are_compared_word_by_word(page: Page) -> None:
    page.goto("/")
    check(page, NEARLY)
    result = page.locator("#checked")
    expect(result.get_by_role("heading", name="Nearly: something close was said")).to_be_visible()
    match = page.request.post("/v1/quote", data={"quote": NEARLY}).json()["matches"][0]
    assert result.locator("[data-quote]").first.text_content() == match["quote"]
    rows = result.locator(".comparison").first.locator("tbody tr")
    expect(rows).to_have_count(len(match["differences"]))
    expect(rows.first.locator("ins")).to_have_text("six")
    expect(rows.first.locator("del")).to_have_text("seven")
    expect(result.locator("blockquote ins").first).to_have_text("six")


def test_on_paper_a_checked_quote_stands_alone(page: Page) -> None:
    page.goto(f"/?check={quote(SAID)}")
    expect(page.get_by_role("heading", name="Yes, this was said")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_text("Briefing, printed ")).to_be_visible()
    expect(page.get_by_role("heading", name="Yes, this was said")).to_be_visible()
    for absent in (".collection", ".opening", "#check-form"):
        expect(page.locator(absent)).to_be_hidden()


def test_words_that_nobody_said_are_denied_plainly(page: Page) -> None:
    page.goto("/")
    check(page, NEVER)
    expect(page.get_by_role("heading", name="No, this was not found")).to_be_visible()
    expect(page.locator("#checked ins")).to_have_count(0)


def test_a_check_has_an_address_of_its_own_and_back_leads_out_of_it(page: Page) -> None:
    page.goto(f"/?check={quote(SAID)}")
    expect(page.get_by_role("heading", name="Yes, this was said")).to_be_visible()
    expect(page.get_by_role("tab", name="Check a quote")).to_have_attribute("aria-selected", "true")
    check(page, NEVER)
    page.go_back()
    expect(page.get_by_role("heading", name="Yes, this was said")).to_be_visible()


def test_the_tabs_follow_the_arrow_keys(page: Page) -> None:
    page.goto("/")
    ask_tab, check_tab = (page.get_by_role("tab", name=name) for name in ("Ask a question", "Check a quote"))
    ask_tab.focus()
    page.keyboard.press("ArrowRight")
    expect(check_tab).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Check a quote")).to_be_visible()
    expect(page.get_by_label("Your question")).to_be_hidden()
    page.keyboard.press("Home")
    expect(ask_tab).to_be_focused()
    expect(page.get_by_label("Your question")).to_be_visible()


def test_no_words_to_check_are_explained_at_the_field(page: Page) -> None:
    page.goto("/")
    page.get_by_role("tab", name="Check a quote").click()
    page.get_by_role("button", name="Check", exact=True).click()
    field = page.get_by_label("The words to check")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description("Enter the words to check")
