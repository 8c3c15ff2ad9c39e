"""axe-core finds nothing in any state and theme; targets are large enough; motion and room are respected."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.pages.widget.acting import TITLE, a_widget, ask, launch
from tests.pages.widget.stage import Reply, ScriptedServer, an_answer

FIRST = "We were worried that the kettle would be forgotten, so we wrote down every time that somebody filled it."
SECOND = "Nobody spilled anything after that."
ANSWER = an_answer(FIRST, SECOND, related_questions=["Who moved the kettle?"], notice="One speaker was inferred.")
INFERRED = an_answer(FIRST, attribution="inferred", reason="She was named before.", url="https://example.org/tea")
NOT_FOUND = ANSWER | {
    "status": "not_found",
    "citations": [],
    "answer": "These transcripts do not answer this question.",
}
REFUSED = Reply(status=422, problem={"title": "No", "status": 422, "detail": "There is no such collection."})
SMALLEST_TARGET_PX = 24
"""WCAG 2.2, 2.5.8."""
Open = Callable[..., Page]
TESTER = Axe()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for pictures of the states, to be looked at; `TURNWISE_PICTURES` names another."""
    folder = Path(os.environ.get("TURNWISE_PICTURES") or tmp_path_factory.mktemp("widget-pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def is_clean(page: Page, pictures: Path, name: str) -> None:
    """Check a state in both themes, between which only colours differ."""
    for theme, only in (("dark", ["color-contrast"]), ("light", None)):
        page.emulate_media(color_scheme=theme)
        page.screenshot(path=pictures / f"{name}-{theme}.jpg")
        found = TESTER.run(page, options={"runOnly": only} if only else {}).response["violations"]
        assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found] == [], (name, theme)


def targets_are_large(panel: Locator) -> None:
    """Links within a line of text are excepted by the criterion; ours stand by themselves, so they count."""
    sizes = panel.locator("button, a, textarea").evaluate_all(
        "all => all.filter(one => one.checkVisibility()).map(one => { const box = one.getBoundingClientRect();"
        " return [one.textContent, box.width, box.height]; })"
    )
    assert [size for size in sizes if min(size[1:]) < SMALLEST_TARGET_PX] == []


def test_no_state_has_a_fault(api: ScriptedServer, open_host: Open, pictures: Path, complaints: list[str]) -> None:
    page = open_host(a_widget(api.url))
    is_clean(page, pictures, "launcher")
    panel = launch(page)
    panel.get_by_role("button", name="Ask", exact=True).click()
    is_clean(page, pictures, "empty-question")
    api.replies = [Reply(ANSWER, pause_s=4)]
    panel.get_by_role("textbox").fill("Where is the kettle?")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("button", name="Stop")).to_be_visible()
    is_clean(page, pictures, "asking")
    panel.get_by_role("button", name="Stop").click()
    is_clean(page, pictures, "stopped")
    panel.get_by_role("button", name="Start again").click()
    for name, reply in [("answered", Reply(ANSWER)), ("not-found", Reply(NOT_FOUND)), ("refused", REFUSED)]:
        api.replies = [reply]
        exchange = ask(panel, f"Where is the kettle, {name}?")
        is_clean(page, pictures, name)
    api.replies = [Reply(INFERRED)]
    exchange = ask(panel, "Who said so?")
    exchange.get_by_role("button", name="Quote 1, show source").click()
    is_clean(page, pictures, "source")
    targets_are_large(panel)
    page.context.set_offline(True)
    panel.get_by_role("textbox").fill("And now?")
    page.keyboard.press("Enter")
    expect(panel).to_contain_text("You are offline")
    is_clean(page, pictures, "offline")
    complaints.clear()


@pytest.mark.parametrize(("width", "height"), [(375, 700), (320, 256)], ids=["phone", "zoomed to 400%"])
def test_where_there_is_little_room_the_panel_takes_it_all(
    width: int, height: int, api: ScriptedServer, open_host: Open, pictures: Path
) -> None:
    api.replies = [Reply(ANSWER)]
    page = open_host("<a href='#x'>A link behind</a>" + a_widget(api.url), width=width, height=height)
    panel = launch(page)
    exchange = ask(panel, "Where is the kettle?")
    exchange.get_by_role("button", name="Quote 2, show source").click()
    is_clean(page, pictures, f"small-{width}")
    assert panel.bounding_box() == {"x": 0, "y": 0, "width": width, "height": height}
    assert panel.evaluate("at => at.matches(':modal')"), "what it covers can't be reached meanwhile"
    assert panel.evaluate("at => [at, ...at.querySelectorAll('.log')].every(one => one.scrollWidth <= one.clientWidth)")
    targets_are_large(panel)
    page.set_viewport_size({"width": 1100, "height": 800})
    # The window's new size reaches the page a moment after the call.
    page.wait_for_function("at => !at.matches(':modal')", arg=panel.element_handle())
    expect(panel).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=TITLE)).to_be_focused()


def test_a_name_without_a_break_widens_nothing(api: ScriptedServer, open_host: Open) -> None:
    name = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
    api.replies = [
        Reply(an_answer(FIRST, speaker=name, attribution="inferred", reason=f"{name} was named before.", notice=name))
    ]
    page = open_host(a_widget(api.url), width=320, height=640)
    panel = launch(page)
    ask(panel, "Where is the kettle?").get_by_role("button", name="Quote 1, show source").click()
    expect(panel.locator(".source")).to_contain_text(name)
    assert panel.locator(".log").evaluate("at => at.scrollWidth <= at.clientWidth")


def test_wider_spacing_of_text_cuts_nothing_off(api: ScriptedServer, open_host: Open, pictures: Path) -> None:
    api.replies = [Reply(INFERRED)]
    page = open_host(a_widget(api.url))
    panel = launch(page)
    ask(panel, "Where is the kettle?").get_by_role("button", name="Quote 1, show source").click()
    page.evaluate(
        "() => { const sheet = new CSSStyleSheet(); sheet.replaceSync('* { line-height: 1.5 !important;"
        " letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"
        " p { margin-block-end: 2em !important }');"
        " one.shadowRoot.adoptedStyleSheets.push(sheet); }"
    )
    page.screenshot(path=pictures / "text-spacing.jpg")
    cut = panel.evaluate(
        "at => [...at.querySelectorAll('h2, h3, p, button, a, label, .source, .composer')]"
        ".filter(one => one.checkVisibility() && getComputedStyle(one).display !== 'inline')"
        ".filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"
    )
    assert cut == []


def test_nothing_moves_for_those_who_asked_for_that(api: ScriptedServer, open_host: Open) -> None:
    api.replies = [Reply(ANSWER, pause_s=1.5)]
    page = open_host(a_widget(api.url, mode="inline"), reduced_motion="reduce")
    page.get_by_role("textbox").fill("Where is the kettle?")
    page.keyboard.press("Enter")
    moving = "at => getComputedStyle(at, '::before').animationName"
    assert page.locator(".progress").evaluate(moving) == "none"
    page.emulate_media(reduced_motion="no-preference")
    assert page.locator(".progress").evaluate(moving) == "breathe"


def test_without_colours_of_its_own_everything_still_has_an_edge(
    api: ScriptedServer, open_host: Open, pictures: Path
) -> None:
    api.replies = [Reply(INFERRED)]
    page = open_host(a_widget(api.url), forced_colors="active")
    panel = launch(page)
    exchange = ask(panel, "Where is the kettle?")
    exchange.get_by_role("button", name="Quote 1, show source").click()
    page.screenshot(path=pictures / "forced-colours.jpg")
    for control in panel.locator("button:visible:not(.link), textarea").all():
        assert control.evaluate("at => getComputedStyle(at).borderTopStyle") == "solid"
