"""Fetching from a real server that is slow, huge, lying, forbidding or redirecting."""

import gzip
import re
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from rag.errors import ReadError
from rag.sources import Validators, addresses
from rag.sources.fetching import Fetcher, Limits, user_agent
from tests.rag.local_web import LocalWeb, local_web

LIMITS = Limits(size=100_000, step_s=1.0, total_s=1.5, redirects=3)
ONE_MEGABYTE = 1_000_000


@pytest.fixture
def web() -> Iterator[LocalWeb]:
    with local_web() as server:
        yield server


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(allow_private=True, limits=LIMITS) as made:
        yield made


def refused(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(ReadError) as caught:
        fetcher.fetch(url)
    assert url in str(caught.value)
    return str(caught.value)


def test_a_document_comes_with_its_type_and_version_and_is_not_sent_twice(web: LocalWeb, fetcher: Fetcher) -> None:
    url = web.put("/talk.vtt", "WEBVTT\n", "Text/VTT; charset=utf-8", Last_Modified="Mon, 06 May 2024 07:08:09 GMT")
    answer = fetcher.fetch(url)
    assert answer is not None
    assert (answer.data, answer.media_type, answer.url) == (b"WEBVTT\n", "text/vtt", url)
    assert answer.validators.last_modified == "Mon, 06 May 2024 07:08:09 GMT"
    assert fetcher.fetch(url, answer.validators) is None
    assert fetcher.fetch(url, Validators(etag='"old"')) is not None
    assert web.requests() == [("/talk.vtt", 200), ("/talk.vtt", 304), ("/talk.vtt", 200)]


def test_we_say_who_we_are(web: LocalWeb, fetcher: Fetcher) -> None:
    fetcher.fetch(web.put("/a", "text"))
    assert {headers["User-Agent"] for headers in web.headers_seen} == {user_agent()}
    assert user_agent().startswith("turnwise")


def test_robots_txt_is_asked_once_and_obeyed(web: LocalWeb, fetcher: Fetcher) -> None:
    web.put(
        "/robots.txt", "User-agent: *\nDisallow: /\n\nUser-agent: Turnwise\nDisallow: /private/*.html$\n", "text/plain"
    )
    page, hidden = web.put("/page.html", "text"), web.put("/private/page.html", "text")
    assert fetcher.fetch(page) is not None
    assert "robots.txt" in refused(fetcher, hidden)
    assert "robots.txt" in refused(fetcher, web.redirect("/there", hidden))
    assert web.requests() == [("/page.html", 200), ("/there", 302)]
    assert len(web.headers_seen) == 3


def test_a_site_whose_robots_txt_is_broken_is_left_alone_and_one_without_is_not(
    web: LocalWeb, fetcher: Fetcher
) -> None:
    assert fetcher.fetch(web.put("/page", "text")) is not None
    web.fail("/robots.txt", 503)
    with Fetcher(allow_private=True, limits=LIMITS) as other:
        assert "503" in refused(other, web.url + "/page")


def test_this_machine_is_refused_unless_allowed(web: LocalWeb) -> None:
    url = web.put("/page", "text")
    with Fetcher(limits=LIMITS) as careful:
        for host in ("127.0.0.1", "localhost", "0x7f000001", "[::ffff:127.0.0.1]"):
            assert "--allow-private" in refused(careful, url.replace("127.0.0.1", host))
    assert web.requests() == []


def test_a_redirect_to_a_private_address_is_refused(web: LocalWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    # As if this one address of this machine were public, so that there is something to be redirected from.
    really = addresses.is_public
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1" or really(address))
    web.put("/page", "secret")
    with Fetcher(limits=LIMITS) as careful:
        assert careful.fetch(web.url + "/page") is not None
        for number, target in enumerate(("127.0.0.2", "169.254.169.254", "[::1]", "10.1.2.3")):
            url = web.redirect(f"/to/{number}", f"http://{target}:{web.server_port}/page")
            assert "--allow-private" in refused(careful, url)


@pytest.mark.parametrize("host", ["xn--", "xn--a", "xn--zzzzzzzzzzzz99999", "[::1", "a:b", "\N{SOFT HYPHEN}"])
def test_what_is_no_web_address_is_refused_as_that_asked_for_or_redirected_to(
    web: LocalWeb, fetcher: Fetcher, host: str
) -> None:
    assert "it is not a web address (" in refused(fetcher, f"http://{host}/")
    if host.isascii():  # as headers are
        assert re.search("no address|not a web address", refused(fetcher, web.redirect("/there", f"http://{host}/")))


def test_redirects_are_followed_so_far_and_only_on_the_web(web: LocalWeb, fetcher: Fetcher) -> None:
    page = web.put("/page", "text")
    answer = fetcher.fetch(web.redirect("/moved", "/page"))
    assert answer is not None
    assert answer.url == page
    assert "more than 3" in refused(fetcher, web.redirect("/round", "/round"))
    assert "not a web address" in refused(fetcher, web.redirect("/file", "file:///etc/passwd"))


@pytest.mark.parametrize("drips", ["head", "body"])
def test_a_server_that_sends_a_little_at_a_time_is_given_up(web: LocalWeb, fetcher: Fetcher, drips: str) -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        if drips == "body":
            request.send_response(200)
            request.send_header("Content-Length", "1000")
            request.end_headers()
        for _ in range(100):
            request.wfile.write(b"X-Header: x\r\n" if drips == "head" else b".")
            request.wfile.flush()
            time.sleep(0.1)

    web.pages["/slow"] = drip
    started = time.monotonic()
    assert "in time" in refused(fetcher, web.url + "/slow")
    assert time.monotonic() - started < 4


def test_a_server_that_says_nothing_is_given_up(web: LocalWeb, fetcher: Fetcher) -> None:
    web.pages["/silent"] = lambda request: time.sleep(3)
    assert "in time" in refused(fetcher, web.url + "/silent")


def test_too_large_a_body_is_refused_whether_it_is_announced_or_not(web: LocalWeb, fetcher: Fetcher) -> None:
    def unannounced(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        for _ in range(200):
            request.wfile.write(b"x" * 10_000)

    web.pages["/unannounced"] = unannounced
    assert "100,000 bytes" in refused(fetcher, web.url + "/unannounced")
    assert "100,001 bytes" in refused(fetcher, web.put("/announced", "x" * 100_001))
    assert fetcher.fetch(web.put("/fits", "x" * 100_000)) is not None


def test_packed_bodies_are_unpacked_and_bombs_are_not(web: LocalWeb, fetcher: Fetcher) -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"two")
    answer = fetcher.fetch(web.put("/packed", packed, Content_Encoding="gzip"))
    assert answer is not None
    assert answer.data == b"one two"
    bomb = gzip.compress(bytes(300 * ONE_MEGABYTE), compresslevel=1)
    web_limits = Limits(size=10 * ONE_MEGABYTE)
    with Fetcher(allow_private=True, limits=web_limits) as roomy:
        assert "larger than" in refused(roomy, web.put("/bomb", bomb, Content_Encoding="gzip"))
    assert "damaged" in refused(fetcher, web.put("/no-gzip", b"plain", Content_Encoding="gzip"))
    assert "cut off" in refused(fetcher, web.put("/cut", packed[:-4], Content_Encoding="gzip"))
    assert "br" in refused(fetcher, web.put("/brotli", b"x", Content_Encoding="br"))


def test_a_recording_is_not_a_transcript(web: LocalWeb, fetcher: Fetcher) -> None:
    assert "audio/mpeg" in refused(fetcher, web.put("/episode.mp3", b"ID3", "audio/mpeg"))


def test_errors_of_server_and_network_name_the_address(web: LocalWeb, fetcher: Fetcher) -> None:
    assert "404" in refused(fetcher, web.url + "/nowhere")
    assert "500" in refused(fetcher, web.fail("/broken", 500))
    with local_web() as other:
        gone = other.url + "/page"
    refused(fetcher, gone)
    refused(fetcher, "http://no-such-host.invalid/")
    assert "password" in refused(fetcher, web.url.replace("//", "//ann:secret@"))
    refused(fetcher, "http://[broken/")
