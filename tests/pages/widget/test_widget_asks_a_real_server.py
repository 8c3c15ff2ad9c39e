"""Two widgets on a page of another origin, under a strict policy, ask a real server that wants to know who asks."""

from collections.abc import Callable

import httpx
import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Page, expect

from tests.pages.widget.acting import TITLE, a_widget, ask, focused, heard, launch
from tests.pages.widget.conftest import RealServer
from tests.pages.widget.stage import ForeignSite

QUESTION = "How did the ward get Parkinson's tablets given on time?"
FOLLOW_UP = "And what did that mean for the antibiotics?"
UNANSWERABLE = "What is the melting point of tungsten in a vacuum furnace?"


@pytest.fixture
def host(site: ForeignSite, real_server: RealServer, open_host: Callable[..., Page]) -> Page:
    """Return a page with a widget in it and another one behind its launcher, both with tokens."""
    site.api, site.token = real_server.url, real_server.token
    within = a_widget(real_server.url, name="within", title="Talks", mode="inline", token_url="/token")
    return open_host(within + a_widget(real_server.url, name="behind", collection="default", token_url="/token"))


def test_two_widgets_ask_stream_cite_and_follow_up(host: Page, site: ForeignSite, real_server: RealServer) -> None:
    inline = host.get_by_role("region", name="Talks")
    with host.expect_response("**/v1/ask") as replied:
        exchange = ask(inline, QUESTION)
    assert replied.value.headers["content-type"].startswith("text/event-stream")
    [answered] = heard(host, "answer")
    assert (answered["from"], answered["composed"]) == ("within", True)
    answer = answered["detail"]["answer"]
    assert answer["status"] == "answered"
    assert exchange.locator(".quote").all_text_contents() == [citation["quote"] for citation in answer["citations"]]

    citation = answer["citations"][-1]
    marker = exchange.get_by_role("button", name=f"Quote {citation['n']}, show source")
    marker.click()
    source = exchange.get_by_role("group", name=f"Source of quote {citation['n']}")
    expect(source.locator("mark")).to_have_text(citation["quote"])
    for fact in (citation["speaker"], citation["role"], citation["title"]):
        expect(source).to_contain_text(fact)
    link = source.get_by_role("link", name="Read in context")
    assert link.get_attribute("href") == real_server.url + citation["link"]
    assert link.get_attribute("target") == "_blank"
    assert "noopener" in (link.get_attribute("rel") or "")
    read = httpx.get(
        real_server.url + citation["link"].partition("#")[0], headers={"Authorization": f"Bearer {real_server.key}"}
    )
    assert read.status_code == 200

    with host.expect_request("**/v1/ask") as sent:
        ask(inline, FOLLOW_UP)
    body = sent.value.post_data_json
    assert body == {
        "question": FOLLOW_UP,
        "history": [{"question": QUESTION, "answer": answer["answer"]}],
        "filters": {},
    }

    panel = launch(host)
    with host.expect_request("**/v1/ask") as sent:
        missing = ask(panel, UNANSWERABLE)
    assert sent.value.post_data_json["filters"] == {"collections": ["default"]}
    assert sent.value.post_data_json["history"] == []
    expect(missing).to_contain_text("do not answer this question")
    expect(missing.get_by_role("heading", name="Nearest passages")).to_be_visible()
    expect(missing.get_by_role("link", name="Read in context").first).to_be_visible()
    host.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert focused(host) == TITLE
    assert [event["what"] for event in heard(host)] == [
        "question", "answer", "citation", "question", "answer", "open", "question", "answer", "close",
    ]  # fmt: skip
    assert site.tokens_given == 1, "widgets of one page share a token while it holds"


def test_the_script_is_for_other_sites_and_not_sent_twice(real_server: RealServer) -> None:
    first = httpx.get(f"{real_server.url}/widget.js")
    assert first.status_code == 200
    assert first.headers["content-type"].startswith("text/javascript")
    assert first.headers["cross-origin-resource-policy"] == "cross-origin"
    assert first.headers["content-encoding"] == "gzip"
    again = httpx.get(f"{real_server.url}/widget.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
