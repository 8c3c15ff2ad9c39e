"""Nothing that was asked, said, named or linked is ever parsed as HTML, run, or followed to another scheme."""

from collections.abc import Callable

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Page, expect

from tests.pages.widget.acting import TITLE, a_widget, ask
from tests.pages.widget.stage import Reply, ScriptedServer, an_answer

HACK = "window.hacked=1"
MARKUP = [
    f"<script>{HACK}</script>",
    f"</script><script>{HACK}</script>",
    f"<img src=x onerror={HACK}>",
    f'"><img src=x onerror="{HACK}">',
    f"'><svg onload={HACK}>",
    f"<svg><script>{HACK}</script></svg>",
    f"<svg><animate onbegin={HACK} attributeName=x dur=1s>",
    f"<body onload={HACK}>",
    f"<iframe srcdoc='<script>parent.{HACK}</script>'></iframe>",
    f"<iframe src=javascript:parent.{HACK}></iframe>",
    f"<details open ontoggle={HACK}>",
    f"<video><source onerror={HACK}></video>",
    f"<audio src=x onerror={HACK}>",
    f"<input autofocus onfocus={HACK}>",
    f"<select autofocus onfocus={HACK}>",
    f"<textarea autofocus onfocus={HACK}></textarea>",
    f"</textarea><img src=x onerror={HACK}>",
    f"</title><img src=x onerror={HACK}>",
    f"</style><script>{HACK}</script>",
    f"<style>@import 'javascript:{HACK}'</style>",
    f"<math><mtext></mtext><mglyph><style></math><img src=x onerror={HACK}>",
    f"<noscript><p title='</noscript><img src=x onerror={HACK}>'>",
    f"<template><script>{HACK}</script></template>",
    f"<slot name=x onslotchange={HACK}></slot>",
    f"<turnwise-chat endpoint='javascript:{HACK}'></turnwise-chat>",
    f"<a href='javascript:{HACK}'>press</a>",
    f"<form action='javascript:{HACK}'><button>press</button></form>",
    f"<object data='javascript:{HACK}'></object>",
    f"<embed src='javascript:{HACK}'>",
    f"<link rel=stylesheet href='javascript:{HACK}'>",
    f"<meta http-equiv=refresh content='0;url=javascript:{HACK}'>",
    f"<base href='javascript:{HACK}//'>",
    f"<marquee onstart={HACK}>",
    f"&lt;script&gt;{HACK}&lt;/script&gt;",
    f"&#60;img src=x onerror={HACK}&#62;",
    f"${{{HACK}}} {{{{{HACK}}}}} <%= {HACK} %>",
    f"[press](javascript:{HACK}) ![x](x onerror={HACK})",
]
ADDRESSES = [
    f"javascript:{HACK}",
    f" JaVaScRiPt:{HACK}",
    f"java\tscript:{HACK}",
    f"data:text/html,<script>{HACK}</script>",
]
LINKS = [*ADDRESSES, "//evil.example/transcripts/a", "/transcripts/../../v1/ask", "https://evil.example/transcripts/a"]


def test_there_are_forty_attempts() -> None:
    assert len({*MARKUP, *ADDRESSES}) >= 40


def test_none_of_them_is_more_than_text(api: ScriptedServer, open_host: Callable[..., Page]) -> None:
    page = open_host(a_widget(api.url, mode="inline"))
    panel = page.get_by_role("region", name=TITLE)
    for number, payload in enumerate([*MARKUP, *ADDRESSES]):
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
            "at => [...at.querySelectorAll('*')].filter(one => !one.closest('.icon'))"
            ".map(one => [one.localName, ...one.getAttributeNames().filter(name => name.startsWith('on'))].join(' '))"
        )
        assert set(inside) <= {
            "article", "h3", "h4", "div", "span", "p", "b", "q", "button", "mark", "blockquote", "cite", "section", "ul",
            "li", "a",
        }  # fmt: skip
        assert exchange.locator("a").evaluate_all("links => links.map(link => link.href)") == [], payload
    page.evaluate("() => new Promise((done) => setTimeout(done, 100))")
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.querySelectorAll('iframe, base, object, img').length") == 0


@pytest.mark.parametrize("address", ["https://example.org/a?b=c", "http://example.org/"])
def test_web_addresses_do_lead_on(address: str, api: ScriptedServer, open_host: Callable[..., Page]) -> None:
    api.replies = [Reply(an_answer("So it was.", url=address))]
    page = open_host(a_widget(api.url + "/some/folder/", mode="inline"))
    api.replies = [Reply(an_answer("So it was.", url=address))]
    page.evaluate("(url) => one.setAttribute('endpoint', url)", api.url)
    exchange = ask(page.get_by_role("region", name=TITLE), "Was it so?")
    exchange.get_by_role("button", name="Quote 1, show source").click()
    hrefs = exchange.locator("a").evaluate_all("links => links.map(link => link.href)")
    assert hrefs == [f"{api.url}/transcripts/tea#turn-3:0-10", address]
