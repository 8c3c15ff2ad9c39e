"""What a path, a glob or an address names: sources."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ReadError
from rag.sources.feeds import Episode, is_feed, read_feed
from rag.sources.files import find_files, load_file, location_of, path_of, storable
from rag.sources.source import Content, Source, Validators
from rag.transcripts.readers import Provenance

if TYPE_CHECKING:
    from rag.sources.fetching import Answer, Fetcher

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_GENERIC = frozenset({"application/octet-stream", "text/plain", "binary/octet-stream", ""})
"""Media types by which servers send what they don't know: the feed's word goes before them."""


def find_sources(name: str, fetcher: "Fetcher") -> Iterator[Source]:
    """Yield what a path, a glob or an address names; where that is nothing, a source whose loading says why."""
    if is_address(name):
        yield page_source(name, fetcher)
        return
    try:
        files = find_files(_path_named(name))
    except ReadError as error:
        yield Source(name=storable(name), load=partial(_refuse, str(error)))
        return
    for file in files:
        yield Source(name=storable(str(file)), load=partial(_load_file, file), location=location_of(file))


def _path_named(name: str) -> Path:
    scheme = _SCHEME.match(name)
    if scheme is None:
        return Path(name)
    if scheme.group(1).lower() != "file":
        raise ReadError(f"Addresses that begin with {scheme.group()} are not read: give one with https://, or a path.")
    return path_of(name)


def page_source(url: str, fetcher: "Fetcher") -> Source:
    """Return the source at a web address."""
    return Source(name=url, load=partial(_load_page, url, fetcher), location=url)


def is_address(name: str) -> bool:
    """Say whether a name is a web address rather than a path."""
    return name.lower().startswith(("http://", "https://"))


def documents(pairs: Sequence[tuple[str, bytes]]) -> list[Source]:
    """Return the sources for documents that are in memory: pairs of name and content."""
    return [Source(name=storable(name), load=partial(_in_memory, data)) for name, data in pairs]


def _refuse(reason: str, _: Validators) -> Content:
    raise ReadError(reason)


def _in_memory(data: bytes, _: Validators) -> Content:
    return Content(data=data)


def _load_file(file: Path, _: Validators) -> Content:
    return Content(data=load_file(file))


def _load_page(url: str, fetcher: "Fetcher", validators: Validators) -> Content | None:
    answer = fetcher.fetch(url, validators)
    if answer is None:
        return None
    if not is_feed(answer.data):
        return _content(answer, Provenance(media_type=answer.media_type or None))
    episodes = tuple(_episode(episode, url, fetcher) for episode in read_feed(answer.data, url=answer.url))
    return Content(data=answer.data, validators=answer.validators, episodes=episodes)


def _episode(episode: Episode, feed: str, fetcher: "Fetcher") -> Source:
    load: Callable[[Validators], Content | None] = partial(_load_episode, episode, fetcher)
    return Source(name=episode.url, load=load, location=episode.url, stated=repr(episode), feed=feed)


def _load_episode(episode: Episode, fetcher: "Fetcher", validators: Validators) -> Content | None:
    try:
        answer = fetcher.fetch(episode.url, validators)
    except ReadError as error:
        raise ReadError(f"The transcript of the episode {episode.provenance.title!r}: {error}") from error
    if answer is None:
        return None
    generic = answer.media_type in _GENERIC
    media_type = (episode.media_type if generic else answer.media_type) or None
    return _content(answer, replace(episode.provenance, media_type=media_type))


def _content(answer: "Answer", provenance: Provenance) -> Content:
    return Content(
        data=answer.data, provenance=replace(provenance, fetched_url=answer.url), validators=answer.validators
    )
