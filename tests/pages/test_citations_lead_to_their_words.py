"""From a number in the answer to its words: previewed, beside the answer on wide screens, else in the reader."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Page, expect

QUESTION = "How did the ward get Parkinson's tablets given on time?"

Replies = Callable[[str], dict[str, Any]]
Do = Callable[[str], None]


@pytest.mark.parametrize("which", ["first", "last"])
def test_on_a_narrow_screen_a_citation_leads_to_its_words_in_the_reader(
    narrow: Page, which: str, ask: Do, shown: Do, replies: Replies
) -> None:
    narrow.goto("/")
    ask(QUESTION)
    citations = replies(QUESTION)["citations"]
    citation = citations[0 if which == "first" else -1]
    narrow.get_by_role("link", name=f"Quote {citation['n']}, read in context").first.click()
    expect(narrow.get_by_role("heading", level=1)).to_have_text(citation["title"])
    mark = narrow.locator("mark")
    expect(mark).to_have_count(1)
    assert mark.text_content() == citation["quote"]
    expect(mark).to_be_in_viewport()
    expect(mark).to_be_focused()
    expect(narrow.locator(f"#turn-{citation['turn']}")).to_contain_text(citation["speaker"] or "Speaker not known")
    if which == "first":
        narrow.get_by_role("link", name="Back to your answer").click()
        expect(narrow.locator("#answer-heading")).to_be_focused()
        expect(narrow.locator("#answer-heading")).to_be_in_viewport()
    else:
        narrow.go_back()
    shown(QUESTION)


def test_on_a_wide_screen_every_citation_opens_marked_beside_the_answer(page: Page, ask: Do, replies: Replies) -> None:
    page.goto("/")
    ask(QUESTION)
    for citation in replies(QUESTION)["citations"]:
        page.get_by_role("link", name=f"Quote {citation['n']}, read in context").first.click()
        beside = page.get_by_role("complementary", name=citation["title"])
        mark = beside.locator("mark")
        expect(mark).to_have_text(citation["quote"])
        assert mark.text_content() == citation["quote"]
        expect(mark).to_be_in_viewport()
        expect(mark).to_be_focused()
        expect(page.locator("#answer-heading")).to_be_visible()
    assert re.search(r"/\?q=", page.url)


def test_closing_the_conversation_gives_the_focus_back(page: Page, ask: Do) -> None:
    page.goto("/")
    ask(QUESTION)
    marker = page.get_by_role("link", name="Quote 1, read in context")
    for way in ("Escape", "button"):
        marker.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#beside mark")).to_be_focused()
        if way == "Escape":
            page.keyboard.press("Escape")
        else:
            page.locator("#beside").get_by_role("button", name="Close").click()
        expect(page.locator("#beside")).to_be_hidden()
        expect(marker).to_be_focused()


def test_a_window_made_narrow_closes_the_conversation_and_keeps_the_answer(page: Page, ask: Do) -> None:
    page.goto("/")
    ask(QUESTION)
    page.get_by_role("link", name="Quote 1, read in context").click()
    expect(page.locator("#beside mark")).to_be_visible()
    page.set_viewport_size({"width": 600, "height": 800})
    expect(page.locator("#beside")).to_be_hidden()
    expect(page.locator("#answer-heading")).to_be_attached()


def test_a_number_previews_its_quote_on_hover_and_on_focus(page: Page, ask: Do, replies: Replies) -> None:
    page.goto("/")
    ask(QUESTION)
    citation = replies(QUESTION)["citations"][0]
    marker = page.get_by_role("link", name="Quote 1, read in context")
    preview = page.locator(".preview")
    page.locator("#answer-heading").focus()
    page.keyboard.press("Tab")
    expect(marker).to_be_focused()
    expect(preview).to_contain_text(citation["quote"][:60])
    page.keyboard.press("Escape")
    expect(preview).to_have_count(0)
    marker.hover()
    expect(preview).to_contain_text(citation["title"])
    preview.hover()
    page.wait_for_timeout(300)
    expect(preview).to_be_visible()
    page.mouse.move(5, 5)
    expect(preview).to_have_count(0)


def test_a_misheard_name_is_glossed_beside_the_quote_and_never_in_it(
    page: Page, shown: Do, serve_instead: Callable[[str, dict[str, Any]], None], replies: Replies
) -> None:
    reply = replies(QUESTION)
    citation = reply["citations"][0]
    said = citation["quote"].split()[0]
    citation |= {"gloss": [{"start": 0, "end": len(said), "name": "Pellingmere"}], "attribution": "inferred"}
    citation |= {"attribution_reason": "it answers the question before it"}
    serve_instead("**/v1/ask", reply)
    page.goto(f"/?q={quote(QUESTION)}")
    shown(QUESTION)
    first = page.locator(".statement").first
    assert first.locator("[data-quote]").text_content() == citation["quote"]
    expect(first.locator(".gloss")).to_contain_text(f"{said} [Pellingmere]")
    expect(first).to_contain_text("Speaker inferred: it answers the question before it")


def test_what_quotes_of_one_conversation_share_is_said_once(
    page: Page, shown: Do, serve_instead: Callable[[str, dict[str, Any]], None], replies: Replies
) -> None:
    reply = replies(QUESTION)
    first, second = (reply["citations"][0] | {"n": n, "role": "ward manager"} for n in (1, 2))
    elsewhere = first | {"n": 3, "transcript_id": "another", "title": "Another talk"}
    leads = (
        f"{first['speaker']}, ward manager, in “{first['title']}”",
        f"{first['speaker']}, in the same conversation",
        "Ann",
    )
    texts = [f"{lead}: “{first['quote']}” [{n}]" for n, lead in enumerate(leads, 1)]
    reply |= {"citations": [first, second, elsewhere], "answer": "\n".join(texts), "sentences": []}
    for n, text in enumerate(texts, 1):
        start = reply["answer"].index(text)
        reply["sentences"].append({"text": text, "start": start, "end": start + len(text), "citations": [n]})
    serve_instead("**/v1/ask", reply)
    page.goto(f"/?q={quote(QUESTION)}")
    shown(QUESTION)
    notes = page.locator("#answer .source")
    expect(notes).to_have_count(3)
    expect(notes.nth(1)).not_to_contain_text(first["title"])
    expect(notes.nth(1)).not_to_contain_text("ward manager")
    expect(notes.nth(2)).to_contain_text("Another talk")
    expect(notes.nth(2)).to_contain_text("ward manager")


def test_a_recording_with_a_time_can_be_played_from_there(
    page: Page, shown: Do, serve_instead: Callable[[str, dict[str, Any]], None], replies: Replies
) -> None:
    reply = replies(QUESTION)
    reply["citations"][0] |= {"url": "https://media.example.org/talk.mp3", "start_time": 75.4}
    serve_instead("**/v1/ask", reply)
    page.goto(f"/?q={quote(QUESTION)}")
    shown(QUESTION)
    play = page.get_by_role("link", name="Play from 01:15")
    expect(play).to_have_attribute("href", "https://media.example.org/talk.mp3#t=75")
