"""`add` of a web page and of a podcast feed, from a real server: once, again, and after changes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.embedded import EmbeddedEngine
from rag.ingestion import Ingestion, IngestResult
from rag.library import Library
from rag.transcripts.types import Speaker, Transcript
from tests.rag.add_in_a_child import ingestion_of, open_engine
from tests.rag.local_web import LocalWeb, local_web

TALK = "WEBVTT\n\n00:00.000 --> 00:02.000\n<v Ann>Where did the beds go?\n\n00:02.000 --> 00:04.000\n<v BO EK>{}\n"
PAGE = "# Walk\n\n**Ottoline Quayle:** We planted a rowan by the gate.\n\n**Bram Oke:** Which gate was {} by?\n"
ITEM = (
    "<item><title>{title}</title><pubDate>Mon, 06 May 2024 08:00:00 GMT</pubDate><link>{link}</link>{people}"
    '<podcast:transcript url="{url}" type="text/vtt"/></item>'
)
PEOPLE = '<podcast:person>Ann Lee</podcast:person><podcast:person role="guest">Bo Ek</podcast:person>'


@pytest.fixture
def web() -> Iterator[LocalWeb]:
    with local_web() as server:
        yield server


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    opened = open_engine(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def ingestion(engine: EmbeddedEngine) -> Ingestion:
    return ingestion_of(engine)


def put_feed(web: LocalWeb, *names: str, said: str = "To the corridor.") -> str:
    items = []
    for name in names:
        url = web.put(f"/{name}.vtt", TALK.format(said), "text/vtt")
        items.append(ITEM.format(title=f"Beds {name}", link=f"/{name}", people=PEOPLE, url=url))
    return write_feed(web, items)


def write_feed(web: LocalWeb, items: list[str]) -> str:
    namespace = 'xmlns:podcast="https://podcastindex.org/namespace/1.0"'
    feed = f'<rss version="2.0" {namespace}><channel><title>The Huddle</title>{"".join(items)}</channel></rss>'
    return web.put("/feed.xml", feed, "application/rss+xml")


def add(ingestion: Ingestion, *sources: str, **options: bool) -> list[IngestResult]:
    return ingestion.add(sources, allow_private=True, **options)


def outcomes(results: list[IngestResult]) -> list[str]:
    return [result.outcome.value for result in results]


def stored(engine: EmbeddedEngine) -> list[Transcript]:
    library = Library(engine)
    return [library.transcript(summary.id) for summary in library.transcripts()]


def test_a_page_is_added_once_and_again_only_when_it_changes(
    web: LocalWeb, engine: EmbeddedEngine, ingestion: Ingestion
) -> None:
    url = web.put("/walk.md", PAGE.format("it"), "text/markdown")
    assert outcomes(add(ingestion, url)) == ["added"]
    assert outcomes(add(ingestion, url)) == ["unchanged"]
    web.put("/walk.md", PAGE.format("the rowan"), "text/markdown")
    assert outcomes(add(ingestion, url)) == ["replaced"]
    assert [status for _, status in web.requests()] == [200, 304, 200]
    (transcript,) = stored(engine)
    assert (transcript.url, transcript.source) == (url, url)
    assert "the rowan" in transcript.turns[1].text


def test_a_page_that_redirects_goes_by_the_address_where_it_is(
    web: LocalWeb, engine: EmbeddedEngine, ingestion: Ingestion
) -> None:
    page = web.put("/walk.md", PAGE.format("it"), "text/markdown")
    short = web.redirect("/w", "/walk.md")
    add(ingestion, short)
    (transcript,) = stored(engine)
    assert (transcript.url, transcript.source) == (page, short)


def test_what_was_removed_is_fetched_anew_and_leaves_no_trace_until_then(
    web: LocalWeb, engine: EmbeddedEngine, ingestion: Ingestion
) -> None:
    url = web.put("/zanthoxylum.md", PAGE.format("it"), "text/markdown")
    (result,) = add(ingestion, url)
    Library(engine).remove([result.transcript_id or ""])
    assert engine.notes() == {}
    assert outcomes(add(ingestion, url)) == ["added"]
    assert [status for _, status in web.requests()] == [200, 200]


def test_other_options_and_an_owners_word_make_it_read_again(web: LocalWeb, ingestion: Ingestion) -> None:
    url = web.put("/walk.md", PAGE.format("it"), "text/markdown")
    (result,) = add(ingestion, url)
    ingestion.attribute(result.transcript_id or "", 1, "Bram Oakes")
    assert outcomes(add(ingestion, url)) == ["unchanged"]
    assert outcomes(add(ingestion, url)) == ["unchanged"]
    assert [status for _, status in web.requests()] == [200, 200, 304]


def test_episodes_have_the_title_day_page_and_people_of_their_item(
    web: LocalWeb, engine: EmbeddedEngine, ingestion: Ingestion
) -> None:
    feed = put_feed(web, "one")
    assert outcomes(add(ingestion, feed)) == ["added"]
    (transcript,) = stored(engine)
    assert transcript.id == "2024-05-06-beds-one"
    assert transcript.title == "Beds one"
    assert transcript.url == f"{web.url}/one"
    assert [turn.speaker for turn in transcript.turns] == ["Ann Lee", "Bo Ek"]
    assert [(s.name, s.role) for s in transcript.speakers] == [("Ann Lee", "host"), ("Bo Ek", "guest")]


def test_a_first_name_means_nobody_where_only_the_series_lists_people(
    web: LocalWeb, engine: EmbeddedEngine, ingestion: Ingestion
) -> None:
    url = web.put("/one.vtt", TALK.format("There."), "text/vtt")
    add(ingestion, write_feed(web, [PEOPLE, ITEM.format(title="One", link="/one", people="", url=url)]))
    (transcript,) = stored(engine)
    assert [turn.speaker for turn in transcript.turns] == ["Ann", "Bo Ek"]
    assert transcript.speaker("Bo Ek") == Speaker(name="Bo Ek", role="guest", aliases=("BO EK",))


def test_an_unchanged_feed_costs_one_request_and_a_changed_one_only_what_changed(
    web: LocalWeb, ingestion: Ingestion
) -> None:
    feed = put_feed(web, "one", "two")
    assert outcomes(add(ingestion, feed)) == ["added", "added"]
    assert len(web.requests()) == 3
    assert outcomes(add(ingestion, feed)) == ["unchanged", "unchanged"]
    assert web.requests() == [("/feed.xml", 304)]
    put_feed(web, "one", "two", "three")
    assert outcomes(add(ingestion, feed)) == ["unchanged", "unchanged", "added"]
    assert sorted(web.requests()) == [("/feed.xml", 200), ("/one.vtt", 304), ("/three.vtt", 200), ("/two.vtt", 304)]


def test_one_episode_that_fails_is_named_and_tried_again_and_the_others_are_kept(
    web: LocalWeb, engine: EmbeddedEngine, ingestion: Ingestion
) -> None:
    feed = put_feed(web, "one", "two", "three")
    web.fail("/two.vtt", 500)
    results = add(ingestion, feed)
    assert sorted(outcomes(results)) == ["added", "added", "failed"]
    (failure,) = [result for result in results if result.outcome == "failed"]
    assert failure.source == f"{web.url}/two.vtt"
    assert "'Beds two'" in (failure.reason or "")
    assert "500" in (failure.reason or "")
    web.put("/two.vtt", TALK.format("Home."), "text/vtt")
    assert sorted(outcomes(add(ingestion, feed))) == ["added", "unchanged", "unchanged"]
    assert len(stored(engine)) == 3


def test_pruning_a_feed_removes_its_own_lost_episodes_and_nothing_else(
    web: LocalWeb, engine: EmbeddedEngine, ingestion: Ingestion
) -> None:
    page = web.put("/walk.md", PAGE.format("it"), "text/markdown")
    add(ingestion, put_feed(web, "one", "two"), page)
    feed = put_feed(web, "two")
    assert outcomes(add(ingestion, feed)) == ["unchanged"]
    (told, would) = add(ingestion, feed, prune=True, dry_run=True)
    assert (told.outcome, would.outcome, would.transcript_id) == ("unchanged", "removed", "2024-05-06-beds-one")
    assert len(stored(engine)) == 3
    assert outcomes(add(ingestion, feed, prune=True)) == ["unchanged", "removed"]
    assert [transcript.id for transcript in stored(engine)] == ["2024-05-06-beds-two", "walk"]


def test_without_leave_a_page_of_this_machine_is_not_read(web: LocalWeb, ingestion: Ingestion) -> None:
    (result,) = ingestion.add([web.put("/walk.md", PAGE.format("it"))])
    assert result.outcome == "failed"
    assert "--allow-private" in (result.reason or "")
    assert web.requests() == []
