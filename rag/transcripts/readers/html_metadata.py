"""What a page says about itself: title, date, canonical address, people.

Sources, the surest first: JSON-LD (schema.org), Open Graph and other `<meta>`, `<time datetime>`, headings. A date of
change is no date of the conversation, and nothing is guessed from addresses or titles.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from lxml import etree

from rag.transcripts.dates import parse_date
from rag.transcripts.folding import fold_space
from rag.transcripts.readers.header import LONGEST_TITLE, Header
from rag.transcripts.readers.names_like import is_name_like
from rag.transcripts.types import Speaker
from rag.transcripts.word_set import word_set

MOST_NODES = 10_000
"""Objects looked at in the JSON-LD of a page."""

_KINDS = frozenset(
    ("PodcastEpisode Episode RadioEpisode AudioObject VideoObject Article NewsArticle BlogPosting Interview Event "
     "WebPage CreativeWork").split()
)  # fmt: skip
_TITLES = ("og:title", "twitter:title", "dc.title", "citation_title")
_DATES = (
    "article:published_time", "og:published_time", "datepublished", "date", "dc.date", "dcterms.date", "dc.date.issued",
    "dcterms.created", "citation_date", "citation_publication_date", "pubdate", "publish-date", "publication_date",
    "parsely-pub-date", "sailthru.date",
)  # fmt: skip
_PEOPLE = word_set(
    "actor actors author contributor contributors creator guest guests host performer participant presenter"
)


def read_metadata(root: etree._Element) -> Header:
    """Return what the metadata of a page states."""
    header = Header()
    for node in _linked_data(root):
        header = header.or_else(_of_node(node))
    meta = _meta(root)
    date = next((found for key in _DATES if (found := parse_date(_day(meta.get(key, ""))))), None)
    title = _title(root, meta)
    stated = _line(header.title)
    return Header(
        # A heading is what readers see; the metadata often adds the site's name to it.
        title=stated if stated and not (title and title in stated) else title,
        date=header.date or date or _time_element(root),
        url=_canonical(root, meta) or header.url,
        people=header.people,
    )


def _title(root: etree._Element, meta: Mapping[str, str]) -> str | None:
    stated = next((found for key in _TITLES if (found := _line(meta.get(key)))), None)
    headings = [text for each in root.iter("h1") if (text := _line("".join(each.itertext())))]
    heading = headings[0] if len(set(headings)) == 1 or (headings and not stated) else None
    if stated and not (heading and heading in stated):
        in_stated = next((each for each in headings if each in stated), None)
        return in_stated or stated
    page = next((text for each in root.iter("title") if (text := _line("".join(each.itertext())))), None)
    return heading or page


def _canonical(root: etree._Element, meta: Mapping[str, str]) -> str | None:
    links = [
        link.get("href") or "" for link in root.iter("link") if "canonical" in (link.get("rel") or "").lower().split()
    ]
    return next((url for link in [*links, meta.get("og:url", "")] if (url := _address(link))), None)


def _meta(root: etree._Element) -> dict[str, str]:
    """Return the contents of `<meta>` by lower-case name or property, the first of each."""
    found: dict[str, str] = {}
    for each in root.iter("meta"):
        key = each.get("property") or each.get("name") or each.get("itemprop")
        if key:
            found.setdefault(key.strip().lower(), each.get("content") or "")
    return found


def _time_element(root: etree._Element) -> dt.date | None:
    dates = {date for each in root.iter("time") if (date := parse_date(_day(each.get("datetime") or "")))}
    return dates.pop() if len(dates) == 1 else None


def _linked_data(root: etree._Element) -> Iterator[Mapping[str, object]]:
    """Yield the objects of the page's JSON-LD that describe a conversation or the page, conversations first."""
    nodes: list[Mapping[str, object]] = []
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            left = [json.loads(script.text or "")]
        except (ValueError, RecursionError):
            continue
        while left and len(nodes) < MOST_NODES:
            node = left.pop()
            if isinstance(node, list):
                left.extend(reversed(node))
            elif isinstance(node, dict):
                nodes.append(node)
                left.extend(value for key in ("@graph", "mainEntity") if (value := node.get(key)))
    ranked = [(kinds, node) for node in nodes if (kinds := _KINDS & _types(node))]
    yield from (node for kinds, node in sorted(ranked, key=lambda pair: pair[0] <= {"WebPage", "CreativeWork"}))


def _types(node: Mapping[str, object]) -> frozenset[str]:
    kind = node.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return frozenset(each.rpartition("/")[2] for each in kinds if isinstance(each, str))


def _of_node(node: Mapping[str, object]) -> Header:
    dated = [node.get(key) for key in ("datePublished", "uploadDate", "startDate")]
    date = next((found for value in dated if isinstance(value, str) and (found := parse_date(_day(value)))), None)
    names = [_line(node.get(key)) for key in ("name", "headline")]
    people: dict[str, Speaker] = {}
    for key, value in node.items():
        if key.lower() in _PEOPLE:
            for person in _people(value):
                people.setdefault(person.name, person)
    url = node.get("url")
    return Header(
        title=next((name for name in names if name), None),
        date=date,
        url=_address(url) if isinstance(url, str) else None,
        people=tuple(people.values()),
    )


def _people(value: object) -> Iterator[Speaker]:
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, Mapping) or "Organization" in _types(each):
            continue
        name = _line(each.get("name"))
        if name and is_name_like(name):
            work = each.get("worksFor") or each.get("affiliation")
            organisation = work.get("name") if isinstance(work, Mapping) else work
            yield Speaker(name=name, role=_line(each.get("jobTitle")), organisation=_line(organisation))


def _address(url: str) -> str | None:
    """Return an absolute web address, or None."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in {"http", "https"} and parts.netloc else None


def _day(text: str) -> str:
    """Return a date without the time that ISO 8601 or RFC 3339 puts after it."""
    return text.strip()[:10] if text.strip()[4:5] == "-" else text


def _line(value: object) -> str | None:
    return fold_space(value)[:LONGEST_TITLE] or None if isinstance(value, str) else None
