"""RSS and Atom feeds of the podcast namespace: which transcript of an episode is taken, and what is known of it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ReadError
from rag.sources.feeds import Episode, is_feed, read_feed
from rag.transcripts.types import Speaker

URL = "https://pod.example/feeds/main.xml"
NAMESPACE = 'xmlns:podcast="https://podcastindex.org/namespace/1.0"'


def rss(items: str, channel: str = "", namespace: str = NAMESPACE) -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- made -->\n<rss version="2.0" {namespace}>'
    return f"{head}<channel><title>The Huddle</title>{channel}{items}</channel></rss>".encode()


def only(items: str, channel: str = "") -> Episode:
    (episode,) = read_feed(rss(f"<item>{items}</item>", channel), url=URL)
    return episode


def transcript(url: str, kind: str) -> str:
    return f'<podcast:transcript url="{url}" type="{kind}"/>'


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        (["text/plain", "text/html", "application/x-subrip", "text/vtt", "application/json"], "application/json"),
        (["text/plain", "text/html", "application/srt", "text/vtt"], "text/vtt"),
        (["text/html", "text/plain", "application/x-subrip"], "application/x-subrip"),
        (["text/plain", "text/html"], "text/html"),
        (["application/pdf", "text/plain; charset=utf-8"], "text/plain"),
    ],
)
def test_the_richest_type_is_taken_whatever_the_order(offered: list[str], taken: str) -> None:
    episode = only("".join(transcript(f"t{number}", kind) for number, kind in enumerate(offered)))
    number = next(i for i, kind in enumerate(offered) if kind.startswith(taken))
    assert episode.media_type == taken
    assert episode.url == f"https://pod.example/feeds/t{number}"


def test_a_type_that_is_missing_is_told_from_the_ending() -> None:
    assert only(transcript("a.txt", "") + transcript("/b.vtt?x=1", "")).url == "https://pod.example/b.vtt?x=1"


def test_an_item_gives_title_day_page_and_people() -> None:
    found = only(
        "<itunes:title xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>No</itunes:title>"
        "<title> Beds &amp;amp; \n corridors </title><pubDate>Mon, 06 May 2024 23:30:00 -0700</pubDate>"
        "<link>/episodes/4</link>"
        '<podcast:person role="Guest">Bo  Ek</podcast:person><podcast:person>Ann Lee</podcast:person>'
        '<podcast:person group="Audio Post-Production" role="editor">Cy Moe</podcast:person>'
        + transcript("https://cdn.example/4.json", "application/json"),
        channel="<podcast:person>Somebody Else</podcast:person>",
    ).provenance
    assert found.title == "Beds & corridors"
    assert found.date == dt.date(2024, 5, 6)
    assert found.url == "https://pod.example/episodes/4"
    assert found.people == (Speaker(name="Bo Ek", role="guest"), Speaker(name="Ann Lee", role="host"))
    assert found.is_own_list


def test_the_people_of_the_series_stand_in_where_an_episode_lists_none() -> None:
    found = only(transcript("t", "text/vtt"), channel="<podcast:person>Ann Lee</podcast:person>").provenance
    assert found.people == (Speaker(name="Ann Lee", role="host"),)
    assert not found.is_own_list


def test_the_first_name_of_the_namespace_and_atom_are_read_too() -> None:
    old = 'xmlns:podcast="https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"'
    assert read_feed(rss(f"<item>{transcript('t', 'text/vtt')}</item>", namespace=old), url=URL)
    atom = (
        f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACE}><title>Feed</title><entry><title>One</title>'
        '<link rel="enclosure" href="/one.mp3"/><link href="/one"/><published>2024-05-06T07:08:09Z</published>'
        f"{transcript('/one.vtt', 'text/vtt')}</entry></feed>"
    ).encode()
    (episode,) = read_feed(atom, url=URL)
    found = episode.provenance
    assert (found.title, found.date, found.url) == ("One", dt.date(2024, 5, 6), "https://pod.example/one")


def test_episodes_without_a_transcript_are_left_out_and_a_feed_of_only_such_is_refused() -> None:
    items = f"<item><title>A</title></item><item>{transcript('t', 'text/vtt')}</item><item>{transcript('', '')}</item>"
    assert len(read_feed(rss(items), url=URL)) == 1
    with pytest.raises(ReadError, match="2 episodes, and none has a <podcast:transcript>"):
        read_feed(rss("<item/><item/>"), url=URL)


def test_a_broken_feed_and_one_with_entities_are_refused_by_name() -> None:
    with pytest.raises(ReadError, match=r"pod\.example.*line 3"):
        read_feed(rss("<item>"), url=URL)
    bomb = b'<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><rss><channel><item>&b;</item></channel></rss>'
    with pytest.raises(ReadError, match="entities"):
        read_feed(bomb, url=URL)


@pytest.mark.parametrize(
    "data",
    [
        b'<rss version="2.0">',
        b'\xef\xbb\xbf\n <?xml version="1.0"?><!-- <html> --><rss>',
        b'<feed xmlns="http://www.w3.org/2005/Atom">',
        b'<!DOCTYPE rss PUBLIC "-//x">\n<rss >',
        b"<rdf:RDF >",
    ],
)
def test_feeds_are_told_by_their_first_tag(data: bytes) -> None:
    assert is_feed(data)


@pytest.mark.parametrize("data", [b"", b"<html><feed>", b"WEBVTT\n<rss>", b"<feeder>", b"Ann: <rss> it is"])
def test_what_only_mentions_feeds_is_none(data: bytes) -> None:
    assert not is_feed(data)


@given(st.binary(max_size=300))
def test_rubbish_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(ReadError, match=URL):
        read_feed(b"<rss>" + data, url=URL)
