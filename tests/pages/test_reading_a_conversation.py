"""The reader in a real browser: every word, its marks, its contents, and finding words."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Page, expect

CHARTS = "2023-10-19-signals-noise-and-a-pencil"
"""A conversation with times, a host and guests with roles (corpus/)."""

Serve = Callable[[str, dict[str, Any]], None]


def address(transcript: dict[str, Any]) -> str:
    """Return the reader's address of a transcript."""
    return f"/transcripts/{quote(transcript['id'], safe='')}"


def test_offsets_count_code_points_across_emoji_and_paragraphs(
    page: Page, transcript: dict[str, Any], serve_instead: Serve
) -> None:
    said, text = "𝔘nd after 🧪 that", "👩‍⚕️🙂 First.\n\nThen 🎉 “𝔘nd after 🧪 that” we stopped."
    transcript["turns"][0] |= {"text": text}
    serve_instead("**/v1/transcripts/*", transcript)
    start = text.index(said)
    page.goto(f"{address(transcript)}#turn-0:{start}-{start + len(said)}")
    expect(page.locator("mark")).to_have_count(1)
    assert page.locator("mark").text_content() == said
    assert page.locator("#turn-0 .turn-text p").first.text_content() == text.split("\n\n", maxsplit=1)[0]


def test_a_changed_address_moves_the_mark(page: Page, transcript: dict[str, Any]) -> None:
    page.goto(f"{address(transcript)}#turn-0:0-5")
    expect(page.locator("mark")).to_have_text(transcript["turns"][0]["text"][:5])
    page.evaluate("location.hash = '#turn-1:0-4'")
    expect(page.locator("mark")).to_have_count(1)
    expect(page.locator("#turn-1 mark")).to_have_text(transcript["turns"][1]["text"][:4])


def test_an_address_that_points_nowhere_still_opens_the_conversation(page: Page, transcript: dict[str, Any]) -> None:
    for target in ("#turn-99999:0-5", "#turn-0:5-2", "#turn-0:0-99999999", "#%"):
        page.goto("about:blank")
        page.goto(address(transcript) + target)
        expect(page.get_by_role("heading", level=1)).to_have_text(transcript["title"])
        expect(page.locator("article.turn")).to_have_count(len(transcript["turns"]))
        expect(page.locator("mark")).to_have_count(0)


def test_the_reader_shows_every_word_of_every_turn(page: Page, transcript: dict[str, Any]) -> None:
    page.goto(address(transcript))
    expect(page.locator("article.turn")).to_have_count(len(transcript["turns"]))
    shown = page.locator("article.turn").evaluate_all(
        "turns => turns.map(turn => [...turn.querySelectorAll('.turn-text p:not(.turn-empty)')]"
        ".map(paragraph => paragraph.textContent).join('\\n\\n'))"
    )
    assert shown == [turn["text"] for turn in transcript["turns"]]


def test_the_head_names_the_date_and_everybody_with_their_role(page: Page) -> None:
    transcript = page.request.get(f"/v1/transcripts/{CHARTS}").json()
    page.goto(f"/transcripts/{CHARTS}")
    expect(page.locator(".reader-head time")).to_have_text("19 October 2023")
    people = page.get_by_role("list", name="Speakers")
    for speaker in transcript["speakers"]:
        expect(people).to_contain_text(speaker["name"])
        if speaker["role"]:
            expect(people).to_contain_text(speaker["role"])


def test_the_hosts_questions_are_the_table_of_contents(page: Page) -> None:
    turns = page.request.get(f"/v1/transcripts/{CHARTS}").json()["turns"]
    page.goto(f"/transcripts/{CHARTS}")
    page.get_by_text("Questions in this conversation").click()
    entries = page.locator(".contents a")
    for question, link in zip(entries.all_text_contents(), entries.all(), strict=True):
        turn = int((link.get_attribute("href") or "").rpartition("#turn-")[2])
        assert question in turns[turn]["text"]
        assert turns[turn]["speaker"] == "Rowan Adeyemi"
    entries.last.click()
    expect(page.locator(".turn.is-here .turn-who")).to_be_focused()
    expect(page.locator(".turn.is-here")).to_be_in_viewport()


def test_words_are_found_whatever_their_case_and_marked_without_changing_the_text(page: Page) -> None:
    turns = page.request.get(f"/v1/transcripts/{CHARTS}").json()["turns"]
    count = sum(len(re.findall("median", turn["text"], re.IGNORECASE)) for turn in turns)
    page.goto(f"/transcripts/{CHARTS}")
    field = page.get_by_label("Find in this conversation")
    field.fill("MEDIAN")
    expect(page.locator(".find-count")).to_have_text(f"1 of {count}")
    field.press("Enter")
    expect(page.locator(".find-count")).to_have_text(f"2 of {count}")
    field.press("Shift+Enter")
    expect(page.locator(".find-count")).to_have_text(f"1 of {count}")
    assert page.evaluate("CSS.highlights.get('found').size") == count
    field.fill("there is no such (word")
    expect(page.locator(".find-count")).to_have_text("Not found")


def test_a_turn_is_copied_with_its_source(page: Page, transcript: dict[str, Any]) -> None:
    page.goto(address(transcript))
    page.locator("#turn-1").get_by_role("button", name="Copy with source").click()
    expect(page.locator("#turn-1").get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert transcript["turns"][1]["text"] in copied
    assert transcript["title"] in copied
    assert copied.endswith("#turn-1")


def test_a_recording_plays_from_where_a_turn_begins(
    page: Page, transcript: dict[str, Any], serve_instead: Serve
) -> None:
    transcript |= {"url": "https://media.example.org/talks/7.mp3?of=2024"}
    transcript["turns"][0] |= {"start_time": 3675.9}
    transcript["turns"][1] |= {"start_time": None}
    serve_instead("**/v1/transcripts/*", transcript)
    page.goto(address(transcript))
    play = page.locator("#turn-0").get_by_role("link", name="Play from 1:01:15")
    expect(play).to_have_attribute("href", "https://media.example.org/talks/7.mp3?of=2024#t=3675")
    expect(page.locator("#turn-1").get_by_role("link", name="Play from")).to_have_count(0)


def test_an_unknown_conversation_is_explained(page: Page, complaints: list[str]) -> None:
    page.goto("/transcripts/there-is-no-such-conversation")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such conversation")
    page.get_by_role("link", name="Go to the ask page").click()
    expect(page.get_by_label("Your question")).to_be_visible()
    # The browser itself reports the 404 of the page and of its data; nothing else may be wrong.
    assert complaints
    assert all("404" in complaint for complaint in complaints)
    complaints.clear()
