"""Podcast feeds: RSS and Atom with the tags of the podcast namespace (https://podcastindex.org/namespace/1.0)."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from rag.errors import ReadError
from rag.transcripts.folding import fold_space
from rag.transcripts.readers import Provenance
from rag.transcripts.types import Speaker

_PODCAST = (
    "https://podcastindex.org/namespace/1.0",
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
)
"""The namespace, and the name that it had at first; in lower case."""
_ATOM = "http://www.w3.org/2005/atom"
_ROOT = re.compile(rb"<(?:\w+:)?(rss|feed|RDF)[\s>]")
_PROLOG = re.compile(rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*>\s*)*", re.DOTALL)
_BOM = b"\xef\xbb\xbf"

_RICHEST = ("json", "vtt", "srt", "html", "plain")
"""What a transcript's type holds: JSON names speakers and times in fields of their own; WebVTT has a tag for the
speaker, who is often missing; SRT has times, and speakers only by custom; HTML has speakers, and times only by custom;
plain text may have neither."""
_KINDS = {
    "application/json": "json", "text/json": "json", "text/vtt": "vtt", "application/x-subrip": "srt",
    "application/srt": "srt", "text/srt": "srt", "application/x-srt": "srt", "text/html": "html",
    "application/xhtml+xml": "html", "text/plain": "plain", "text/markdown": "plain",
}  # fmt: skip
_SUFFIXES = {".json": "json", ".vtt": "vtt", ".srt": "srt", ".html": "html", ".htm": "html", ".txt": "plain"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """An item of a feed that has a transcript."""

    url: str
    """Of the transcript."""
    media_type: str
    """What the feed says that it is."""
    provenance: Provenance
    """Title, date, page and people of the item."""


def is_feed(data: bytes) -> bool:
    """Say whether a document is an RSS or Atom feed."""
    prolog = _PROLOG.match(data.removeprefix(_BOM))
    assert prolog is not None  # noqa: S101 - it matches nothing too
    return _ROOT.match(data.removeprefix(_BOM), prolog.end()) is not None


def read_feed(data: bytes, *, url: str) -> list[Episode]:
    """Return the episodes of a feed that have a transcript, in the feed's order.

    Args:
        data: The feed.
        url: Where it came from; what it links to may be relative to that.

    Raises:
        ReadError: It isn't well-formed, or no episode has a transcript.
    """
    try:
        root = fromstring(data.lstrip())
    except ParseError as error:
        raise ReadError(f"{url} is not a well-formed feed: {error}.") from error
    except (DefusedXmlException, ValueError, LookupError) as error:
        raise ReadError(f"{url} is not read: its XML defines entities or an unknown encoding ({error!r}).") from error
    channel = next((child for child in root if _name(child) == "channel"), root)
    series = _people(channel)
    items = [element for element in root.iter() if _name(element) in ("item", "entry")]
    episodes = [episode for item in items if (episode := _episode(item, series, url))]
    if not episodes:
        raise ReadError(
            f"{url} is a feed of {len(items)} episodes, and none has a <podcast:transcript>; "
            "add the transcripts' own pages or files instead."
        )
    return list({episode.url: episode for episode in episodes}.values())


def _episode(item: Element, series: tuple[Speaker, ...], base: str) -> Episode | None:
    offered = [(kind, link, media_type) for kind, link, media_type in _transcripts(item, base) if kind in _RICHEST]
    if not offered:
        return None
    _, link, media_type = min(offered, key=lambda offer: _RICHEST.index(offer[0]))
    own = _people(item)
    return Episode(
        url=link,
        media_type=media_type,
        provenance=Provenance(
            title=_text(item, "title") or None,
            date=_date(item),
            url=_link(item, base),
            people=own or series,
            is_own_list=bool(own),
        ),
    )


def _transcripts(item: Element, base: str) -> Iterator[tuple[str, str, str]]:
    for element in item:
        link = (element.get("url") or "").strip()
        if _is_podcast(element, "transcript") and link:
            media_type = (element.get("type") or "").partition(";")[0].strip().lower()
            path = link.partition("?")[0].lower()
            by_suffix = next((kind for suffix, kind in _SUFFIXES.items() if path.endswith(suffix)), "")
            yield _KINDS.get(media_type) or by_suffix, _absolute(base, link), media_type


def _people(element: Element) -> tuple[Speaker, ...]:
    """Return those who speak: group "cast", which is the default, as the role "host" is."""
    people: dict[str, Speaker] = {}
    for child in element:
        name = fold_space(unescape("".join(child.itertext())))
        group = (child.get("group") or "cast").strip().lower()
        if _is_podcast(child, "person") and name and group == "cast":
            people.setdefault(name, Speaker(name=name, role=fold_space(child.get("role") or "host").lower()))
    return tuple(people.values())


def _link(item: Element, base: str) -> str | None:
    for child in item:
        if _name(child) == "link" and child.get("rel", "alternate") == "alternate":
            link = (child.get("href") or child.text or "").strip()
            absolute = _absolute(base, link) if link else ""
            if absolute.lower().startswith(("http://", "https://")):
                return absolute
    return None


def _date(item: Element) -> dt.date | None:
    """Return the day on which an item appeared, where its author is."""
    written = _text(item, "pubdate")
    if written:
        try:
            return parsedate_to_datetime(written).date()
        except (ValueError, TypeError):
            return None
    for name in ("published", "date", "updated"):
        try:
            return dt.datetime.fromisoformat(_text(item, name)).date()
        except ValueError:
            continue
    return None


def _text(item: Element, name: str) -> str:
    return next((fold_space(unescape("".join(c.itertext()))) for c in item if _name(c) == name and _is_plain(c)), "")


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2].lower()


def _namespace(element: Element) -> str:
    return element.tag.rpartition("}")[0].removeprefix("{").rstrip("/").lower()


def _is_podcast(element: Element, name: str) -> bool:
    return _name(element) == name and _namespace(element) in _PODCAST


def _is_plain(element: Element) -> bool:
    """Say whether an element is the format's own: others have titles too, iTunes among them."""
    namespace = _namespace(element)
    return namespace in ("", _ATOM) or "purl.org" in namespace


def _absolute(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return link
