"""What a visitor does with a widget."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

TITLE = "Ask the ward talks"
OVER_WITHIN_MS = 30_000
"""A question may be asked four times before the widget gives up."""
STEP_MS, FRAME_MS = 800, 20
"""How much of the widget's time passes at once, and how long a page has to do what is due then."""


def a_widget(endpoint: str, *, name: str = "one", title: str = TITLE, **attributes: str) -> str:
    """Return the element as a host page has it."""
    more = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in attributes.items())
    return f'<turnwise-chat id="{name}" endpoint="{endpoint}" title="{title}"{more}></turnwise-chat>'


def launch(page: Page, title: str = TITLE) -> Locator:
    """Open a widget by its launcher, and return its panel."""
    page.get_by_role("button", name=title).click()
    panel = page.get_by_role("dialog", name=title)
    expect(panel).to_be_visible()
    return panel


def ask(panel: Locator, question: str) -> Locator:
    """Ask, wait until that is over, and return the exchange."""
    field = panel.get_by_role("textbox")
    field.fill(question)
    field.press("Enter")
    exchange = panel.get_by_role("article").last
    expect(exchange.get_by_role("heading", level=3)).to_have_text(f"You asked: {question}")
    expect(exchange).not_to_have_attribute("aria-busy", "true", timeout=OVER_WITHIN_MS)
    return exchange


def ask_in_vain(page: Page, panel: Locator, question: str) -> Locator:
    """Ask a server that does not answer, let the pauses between tries pass quickly, and return the exchange."""
    page.clock.install()
    panel.get_by_role("textbox").fill(question)
    panel.get_by_role("button", name="Ask", exact=True).click()
    exchange = panel.get_by_role("article").last
    expect(exchange.get_by_role("heading", level=3)).to_have_text(f"You asked: {question}")
    while exchange.get_attribute("aria-busy") is not None:
        page.clock.fast_forward(STEP_MS)
        page.wait_for_timeout(FRAME_MS)
    page.clock.resume()
    return exchange


def heard(page: Page, what: str | None = None) -> list[dict[str, Any]]:
    """Return the events that reached the host page's document."""
    events: list[dict[str, Any]] = page.evaluate("window.heard")
    return [event for event in events if what in (None, event["what"])]


def focused(page: Page) -> str:
    """Return what has focus, in the widget too, by its name or text."""
    name: str = page.evaluate(
        "() => { let at = document.activeElement;"
        " while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;"
        " return at.getAttribute('aria-label') || at.id || at.textContent; }"
    )
    return name
