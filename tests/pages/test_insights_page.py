"""The page for admins shows what is asked, lacking and rated badly, as text; and says plainly when nothing is kept."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.feedback.store import FeedbackStore
from tests.pages.hostile_texts import PAYLOADS

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

PROJECT = Path(__file__).resolve().parents[2]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def logging_url(corpus_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server that keeps questions, of which a few were asked and rated."""
    home = Path(shutil.copytree(corpus_home, tmp_path_factory.mktemp("insights") / "home"))
    store = FeedbackStore(home, log_questions=True, days=30)
    for number in range(3):
        store.note(f"p{number}", question="Who pays for parking?", status="not_found")
    for number, payload in enumerate(PAYLOADS):
        store.note(f"h{number}", question=payload, status="answered", citations=1)
        store.rate(f"h{number}", "down", comment=payload)
    store.close()
    command = [sys.executable, "-m", "api.cli", "serve", "--home", str(home), "--port", "0", "--json"]
    environment = {**os.environ, "TURNWISE_LOG_QUESTIONS": "true", "TURNWISE_READER": "off"}
    with subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())["url"]
        server.terminate()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_lists_what_is_asked_lacking_and_rated_badly(browser: Browser, logging_url: str, theme: str) -> None:
    context = browser.new_context(color_scheme=theme, viewport={"width": 360, "height": 800})  # type: ignore[arg-type]
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(f"{logging_url}/insights?days=14")
    lacking = page.get_by_role("region", name="Most often not in these transcripts")
    expect(lacking.get_by_role("row").nth(1)).to_contain_text("Who pays for parking?")
    expect(lacking.get_by_role("row").nth(1).get_by_role("cell").last).to_have_text("3")
    shown = [" ".join(text.split()) for text in page.locator("td:first-child").all_inner_texts()]
    assert any(" ".join(PAYLOADS[0].split()) in text for text in shown)
    expect(page.get_by_label("Look back")).to_have_value("14")
    page.get_by_label("Look back").select_option("7")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/insights?days=7")
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert complaints == []
    context.close()


def test_the_page_says_plainly_that_questions_are_not_kept(page: Page) -> None:
    page.goto("/insights")
    expect(page.locator(".notice")).to_contain_text("Question logging is off")
    expect(page.get_by_role("table")).to_have_count(0)
    assert Axe().run(page, options={"runOnly": RULES}).response["violations"] == []


def test_days_beyond_reason_are_refused(page: Page, complaints: list[str]) -> None:
    assert (response := page.goto("/insights?days=0")) is not None
    assert response.status == 422
    complaints.clear()
