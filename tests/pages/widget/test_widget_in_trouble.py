"""A widget whose server breaks off, is busy, is gone or refuses; whose visitor is offline; whose token ends."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Locator, Page, expect

from tests.pages.widget.acting import TITLE, a_widget, ask, ask_in_vain, heard
from tests.pages.widget.stage import ForeignSite, Reply, ScriptedServer, an_answer

FIRST, SECOND = "The kettle was moved to the day room.", "Nobody spilled anything after that."
ANSWER = Reply(an_answer(FIRST, SECOND))
QUESTION = "Where is the kettle?"
Open = Callable[..., Page]


def problem(status: int, detail: str = "", **headers: str) -> Reply:
    document = {"type": "about:blank", "title": "A problem", "status": status, "detail": detail}
    return Reply(status=status, problem=document, headers=headers)


def inline(page: Page) -> Locator:
    return page.get_by_role("region", name=TITLE)


def lasting(seconds: float, name: str) -> dict[str, Any]:
    return {"token": name, "expires_at": (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()}


def test_an_answer_that_breaks_off_is_asked_for_again(
    api: ScriptedServer, open_host: Open, complaints: list[str]
) -> None:
    api.replies = [Reply(an_answer(FIRST, SECOND), breaks_after=20), ANSWER]
    page = open_host(a_widget(api.url, mode="inline"))
    exchange = ask(inline(page), QUESTION)
    expect(exchange.locator(".quote")).to_have_text([FIRST, SECOND])
    assert [asked.body for asked in api.asked] == [api.asked[0].body] * 2
    assert heard(page, "error") == []
    complaints.clear()  # the browser may report the connection that broke


def test_a_server_that_goes_down_mid_answer_is_named_and_tried_again_on_request(
    api: ScriptedServer, open_host: Open, complaints: list[str]
) -> None:
    api.replies = [Reply(an_answer(FIRST, SECOND), breaks_after=20)]
    page = open_host(a_widget(api.url, mode="inline"))
    exchange = ask_in_vain(page, inline(page), QUESTION)
    expect(exchange.get_by_role("heading", level=4)).to_have_text("The connection was lost")
    expect(exchange.locator(".quote").first).to_contain_text("The kettle")
    assert len(api.asked) == 4
    [told] = heard(page, "error")
    assert told["detail"]["kind"] == "lost"
    api.replies = [ANSWER]
    exchange.get_by_role("button", name="Try again").click()
    expect(exchange.locator(".quote")).to_have_text([FIRST, SECOND])
    expect(exchange.get_by_role("heading", level=4)).to_have_count(0)
    complaints.clear()


def test_a_server_that_is_gone_keeps_the_question_and_tells_the_developer_what_to_look_at(
    api: ScriptedServer, open_host: Open, complaints: list[str]
) -> None:
    api.replies = [ANSWER]
    page = open_host(a_widget(api.url, mode="inline"))
    api.stop()
    try:
        with page.expect_console_message(lambda said: said.type == "warning") as warning:
            exchange = ask_in_vain(page, inline(page), QUESTION)
        expect(exchange).to_contain_text("The service cannot be reached")
        assert f"TURNWISE_ALLOWED_ORIGINS={page.evaluate('location.origin')}" in warning.value.text
    finally:
        api.start()
    exchange.get_by_role("button", name="Try again").click()
    expect(exchange.locator(".quote")).to_have_count(2)
    assert all("ERR_CONNECTION_REFUSED" in complaint for complaint in complaints)
    complaints.clear()


def test_a_visitor_who_is_offline_is_told_and_answered_once_online(
    api: ScriptedServer, open_host: Open, complaints: list[str]
) -> None:
    api.replies = [ANSWER]
    page = open_host(a_widget(api.url, mode="inline"))
    page.context.set_offline(True)
    inline(page).get_by_role("textbox").fill(QUESTION)
    page.keyboard.press("Enter")
    exchange = page.get_by_role("article")
    expect(exchange).to_contain_text("You are offline. Your question is kept.")
    expect(page.locator("[aria-live]")).to_contain_text("You are offline")
    page.context.set_offline(False)
    expect(exchange.locator(".quote")).to_have_text([FIRST, SECOND])
    complaints.clear()


def test_a_busy_server_is_left_alone_as_long_as_it_asks(
    api: ScriptedServer, open_host: Open, complaints: list[str]
) -> None:
    api.replies = [problem(503, Retry_After="1"), problem(429, Retry_After="1"), ANSWER]
    page = open_host(a_widget(api.url, mode="inline"))
    exchange = ask(inline(page), QUESTION)
    expect(exchange.locator(".quote")).to_have_count(2)
    assert len(api.asked) == 3
    api.replies = [problem(429, Retry_After="600")]
    expect(ask(inline(page), QUESTION)).to_contain_text("The service is busy")
    assert len(api.asked) == 4
    complaints.clear()


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (problem(422, "There is no collection “wards”. There are: default."), "There is no collection “wards”."),
        (problem(401, "Say who asks."), "You cannot ask here yet"),
        (problem(403, "This needs the scope read."), "You cannot ask about these conversations"),
        (problem(500, "It broke.", **{"X-Request-ID": "abc123"}), "give this reference: abc123"),
        (Reply(an_answer(FIRST) | {"related_questions": None}), "Something went wrong"),
    ],
    ids=["422", "401", "403", "500", "nonsense"],
)
def test_what_does_not_pass_is_said_at_once(
    reply: Reply, words: str, api: ScriptedServer, open_host: Open, complaints: list[str]
) -> None:
    api.replies = [reply]
    page = open_host(a_widget(api.url, mode="inline"))
    expect(ask(inline(page), QUESTION)).to_contain_text(words)
    assert len(api.asked) == 1
    complaints.clear()


def test_a_token_is_renewed_before_it_ends(site: ForeignSite, api: ScriptedServer, open_host: Open) -> None:
    tokens = [lasting(10, "ends soon"), lasting(600, "lasts"), lasting(600, "never asked for")]
    site.token = lambda: tokens[site.tokens_given - 1]
    api.replies = [ANSWER]
    page = open_host(a_widget(api.url, mode="inline", token_url="/token"))
    for _ in range(3):
        ask(inline(page), QUESTION)
    assert [asked.authorization for asked in api.asked] == ["Bearer ends soon", "Bearer lasts", "Bearer lasts"]
    assert site.tokens_given == 2


def test_a_token_that_is_refused_is_renewed_once(
    site: ForeignSite, api: ScriptedServer, open_host: Open, complaints: list[str]
) -> None:
    site.token = lambda: lasting(600, f"token {site.tokens_given}")
    api.replies = [problem(401), ANSWER]
    page = open_host(a_widget(api.url, mode="inline", token_url="/token"))
    exchange = ask(inline(page), QUESTION)
    expect(exchange.locator(".quote")).to_have_count(2)
    assert [asked.authorization for asked in api.asked] == ["Bearer token 1", "Bearer token 2"]
    api.replies = [problem(401)]
    expect(ask(inline(page), QUESTION)).to_contain_text("You cannot ask here yet")
    assert len(api.asked) == 4
    complaints.clear()


def test_a_host_page_that_gives_no_token_is_said_so(
    site: ForeignSite, api: ScriptedServer, open_host: Open, complaints: list[str]
) -> None:
    page = open_host(a_widget(api.url, mode="inline", token_url="/token"))
    expect(ask(inline(page), QUESTION)).to_contain_text("You cannot ask here yet")
    assert api.asked == []
    site.token, api.replies = lambda: lasting(600, "at last"), [ANSWER]
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".quote")).to_have_count(2)
    complaints.clear()
