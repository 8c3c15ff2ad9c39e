"""Forty attempts to run code, in every text that reaches a page: each is shown as it stands and does nothing."""

import json
from typing import Any
from urllib.parse import quote

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Page, expect

from tests.pages.hostile_texts import PAYLOADS

FOREIGN = "main script, main img, main svg, main iframe, main object, main embed, main video, main audio, main math"


def nothing_ran(page: Page) -> None:
    """Check that no text became code, markup or an address."""
    assert page.evaluate("window.hacked") is None
    assert page.locator(FOREIGN).count() == 0
    assert page.locator("a:not([href^='/']):not([href^='#']):not([href^='http'])").count() == 0
    assert page.locator("[onerror], [onload], [onfocus], [ontoggle], [style]").count() == 0


def hostile_reply(question: str) -> dict[str, Any]:
    """Return a reply in which every text is hostile, one payload a citation."""
    citations = [
        {
            "n": n,
            "quote": text,
            "transcript_id": "x",
            "turn": 0,
            "start": 0,
            "end": len(text),
            "speaker": text,
            "role": text,
            "organisation": text,
            "attribution": "inferred",
            "attribution_reason": text,
            "gloss": [{"start": 0, "end": 2, "name": text}],
            "title": text,
            "date": text,
            "url": text,
            "link": text,
            "start_time": 1.0,
            "end_time": None,
        }
        for n, text in enumerate(PAYLOADS, 1)
    ]
    sentences: list[dict[str, Any]] = []
    answer = ""
    for citation in citations:
        text = f"{citation['speaker']}: “{citation['quote']}” [{citation['n']}]"
        sentences.append(
            {"text": text, "start": len(answer), "end": len(answer) + len(text), "citations": [citation["n"]]}
        )
        answer += f"{text}\n"
    return {
        "question": question,
        "standalone_question": f"{question} {PAYLOADS[0]}",
        "request_id": PAYLOADS[1],
        "status": "answered",
        "confidence": 1.0,
        "generator": "extractive",
        "notice": PAYLOADS[2],
        "answer": answer,
        "sentences": sentences,
        "citations": citations,
        "passages": [],
        "related_questions": list(PAYLOADS[:5]),
        "index_version": "x",
        "timings_ms": {},
    }


def test_hostile_questions_are_only_ever_text(page: Page) -> None:
    page.route(
        "**/v1/ask",
        lambda route: route.fulfill(
            content_type="application/json",
            body=json.dumps(
                hostile_reply(route.request.post_data_json["question"]) | {"citations": [], "sentences": []}
            ),
        ),
    )
    page.goto("/")
    field = page.get_by_label("Your question")
    for payload in PAYLOADS:
        field.fill(payload)
        field.press("Enter")
        expect(page.locator("#answer[aria-busy=false] #answer-heading")).to_have_text(f"You asked: {payload}")
        assert page.evaluate("document.title") == f"{payload}: Turnwise"
    nothing_ran(page)
    page.goto(f"/?q={quote(PAYLOADS[3])}&then={quote(PAYLOADS[4])}&speaker={quote(PAYLOADS[5])}")
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "false")
    nothing_ran(page)


def test_hostile_answers_are_only_ever_text(page: Page) -> None:
    page.route(
        "**/v1/ask",
        lambda route: route.fulfill(content_type="application/json", body=json.dumps(hostile_reply("Anything?"))),
    )
    page.goto("/?q=Anything%3F")
    expect(page.locator("#answer [data-quote]")).to_have_count(len(PAYLOADS))
    assert page.locator("#answer [data-quote]").all_text_contents() == list(PAYLOADS)
    for form in ("Plain text", "Markdown", "For Word or email"):
        page.get_by_role("button", name=form, exact=True).click()
    nothing_ran(page)
    html = page.evaluate(
        "navigator.clipboard.read().then(items => items[0].types.includes('text/html')"
        " ? items[0].getType('text/html').then(blob => blob.text()) : '')"
    )
    assert "<script" not in html
    assert "<img" not in html


def test_hostile_transcripts_are_only_ever_text(page: Page) -> None:
    turns = [
        {
            "turn": number,
            "speaker": text,
            "role": text,
            "attribution": "inferred",
            "attribution_reason": text,
            "start_time": 1.0,
            "end_time": 2.0,
            "text": f"{text}?",
        }
        for number, text in enumerate(PAYLOADS)
    ]
    transcript = {
        "id": "hostile",
        "title": PAYLOADS[0],
        "date": PAYLOADS[1],
        "collection": PAYLOADS[2],
        "url": "javascript:window.hacked=1",
        "speakers": [{"name": text, "role": text, "organisation": text, "aliases": []} for text in PAYLOADS],
        "turn_count": len(turns),
        "turns": turns,
    }
    page.route(
        "**/v1/transcripts/*",
        lambda route: route.fulfill(content_type="application/json", body=json.dumps(transcript)),
    )
    listed = page.request.get("/v1/transcripts").json()["transcripts"][0]
    page.goto(f"/transcripts/{quote(listed['id'], safe='')}#turn-1:0-9")
    expect(page.get_by_role("heading", level=1)).to_have_text(PAYLOADS[0])
    expect(page.locator("mark")).to_have_text(PAYLOADS[1][:9])
    shown = page.locator("article.turn .turn-text").all_text_contents()
    assert len(shown) == len(PAYLOADS)
    assert shown[0] == f"{PAYLOADS[0]}?"
    nothing_ran(page)


def test_hostile_titles_and_names_in_the_lists_are_only_ever_text(page: Page) -> None:
    listed = [
        {
            "id": text,
            "title": text,
            "date": None,
            "collection": text,
            "url": text,
            "speakers": [{"name": text, "role": text, "organisation": text, "aliases": []}],
            "turn_count": 1,
        }
        for text in PAYLOADS
    ]
    speakers = [{"name": text, "aliases": [], "roles": [], "turn_count": 1} for text in PAYLOADS]
    page.route("**/v1/transcripts", lambda route: route.fulfill(json={"transcripts": listed, "next": None}))
    page.route("**/v1/speakers", lambda route: route.fulfill(json={"speakers": speakers}))
    page.goto("/")
    page.get_by_role("button", name="Show all 40 conversations").click()
    assert page.locator(".conversations h3").all_text_contents() == list(PAYLOADS)
    expect(page.locator("#filter-speaker option")).to_have_count(len(PAYLOADS) + 1)
    nothing_ran(page)
