"""Nothing that was asked, said, named or linked is ever parsed as HTML, run, or followed to another scheme."""

from collections.abc import Callable

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Page, expect

from tests.pages.hostile_texts import PAYLOADS
from tests.pages.widget.acting import TITLE, a_widget, ask
from tests.pages.widget.stage import Reply, ScriptedServer, an_answer

ADDRESSES = [
    "javascript:hacked=1",
    " JaVaScRiPt:hacked=1",
    "java\tscript:hacked=1",
    "data:text/html,<script>hacked=1</script>",
]
LINKS = [*ADDRESSES, "//evil.example/transcripts/a", "/transcripts/../../v1/ask", "https://evil.example/transcripts/a"]


def test_none_of_them_is_more_than_text(api: ScriptedServer, open_host: Callable[..., Page]) -> None:
    page = open_host(a_widget(api.url, mode="inline"))
    panel = page.get_by_role("region", name=TITLE)
    for number, payload in enumerate(PAYLOADS):
        said = f"They said {payload} and stopped."
        reply = an_answer(
            said, speaker=f"Dr {payload}", title=payload, attribution="inferred", reason=payload,
            notice=payload, related_questions=[payload], url=ADDRESSES[number % len(ADDRESSES)],
        )  # fmt: skip
        citation = reply["citations"][0]
        citation |= {"link": LINKS[number % len(LINKS)], "role": payload, "organisation": payload, "date": payload}
        citation["gloss"] = [{"start": 0, "end": 4, "name": payload}]
        reply["passages"][0]["link"] = LINKS[number % len(LINKS)]
        api.replies = [Reply(reply if number % 3 else reply | {"status": "not_found"})]
        exchange = ask(panel, payload.strip())
        exchange.get_by_role("button", name="Quote 1, show source").click()
        expect(exchange.locator("mark")).to_have_text(said)
        assert payload in (exchange.text_content() or "")
        inside = exchange.evaluate(
            "at => [...at.querySelectorAll('*')].filter(one => !one.closest('.icon')).map(one =>"
            " [one.localName, ...one.getAttributeNames().filter(name => name.startsWith('on'))].join(' '))"
        )
        assert set(inside) <= {
            "article", "h3", "h4", "div", "span", "p", "b", "q", "button", "mark", "blockquote", "cite", "section",
            "ul", "li", "a",
        }  # fmt: skip
        assert exchange.locator("a").evaluate_all("links => links.map(link => link.href)") == [], payload
    page.evaluate("() => new Promise((done) => setTimeout(done, 100))")
    assert page.evaluate("window.hacked ?? null") is None
    assert page.evaluate("document.querySelectorAll('iframe, base, object, img').length") == 0


@pytest.mark.parametrize("address", ["https://example.org/a?b=c", "http://example.org/"])
def test_web_addresses_do_lead_on(address: str, api: ScriptedServer, open_host: Callable[..., Page]) -> None:
    api.replies = [Reply(an_answer("So it was.", url=address))]
    page = open_host(a_widget(api.url, mode="inline"))
    exchange = ask(page.get_by_role("region", name=TITLE), "Was it so?")
    exchange.get_by_role("button", name="Quote 1, show source").click()
    hrefs = exchange.locator("a").evaluate_all("links => links.map(link => link.href)")
    assert hrefs == [f"{api.url}/transcripts/tea#turn-3:0-10", address]
