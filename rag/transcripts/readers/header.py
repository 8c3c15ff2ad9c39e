"""What stands at the head of a source: title, date, collection, address and people, never speech."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from rag.transcripts.dates import parse_date
from rag.transcripts.folding import fold_space
from rag.transcripts.readers.furniture import is_furniture
from rag.transcripts.readers.lines import Line
from rag.transcripts.readers.names_like import METADATA_KEYS, is_name_like
from rag.transcripts.roles import split_person
from rag.transcripts.types import Speaker

LONGEST_TITLE = 200

_KEYS = {
    "title": "title", "pub_date": "date", "pubdate": "date", "datepublished": "date",
    "date": "date", "published": "date", "recorded": "date", "released": "date", "aired": "date",
    "collection": "collection", "url": "url", "link": "url", "website": "url", "guests": "people", "guest": "people",
    "hosts": "people", "host": "people", "speakers": "people", "speaker": "people", "participants": "people",
    "people": "people", "panel": "people", "panellists": "people", "panelists": "people", "present": "people",
    "with": "people", "moderator": "people", "moderators": "people", "presenter": "people", "interviewer": "people",
}  # fmt: skip
_LABELS_TOO = frozenset({"guest", "host", "speaker", "moderator", "presenter", "interviewer", "panel", "with"})
"""Keys that may also be the label of a speaker: metadata only where names follow."""
_PAIR = re.compile(r"(?:[-*•]\s+)?[*_]{0,2}(?P<key>[A-Za-z]{2,20})[*_]{0,2}\s*:[*_]{0,2}(?:\s+(?P<value>.*))?")
_KIND = re.compile(
    r"(?:audio|video|podcast|transcript|full transcript|episode(?: \d+)?|blog|article|interview|listen|watch|news|menu|"
    r"home|speakers|guests|participants|present)[:.]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the head of a source states."""

    title: str | None = None
    date: dt.date | None = None
    collection: str | None = None
    url: str | None = None
    people: tuple[Speaker, ...] = ()
    prose: tuple[str, ...] = ()
    """Paragraphs in which roles may be stated."""
    lines: frozenset[int] = field(default_factory=frozenset)
    """Numbers of the lines that state one thing each, as `Title: …` does."""

    @property
    def names(self) -> frozenset[str]:
        """Return all names and aliases of the people listed."""
        return frozenset(name for person in self.people for name in (person.name, *person.aliases))

    def canonical(self, label: str) -> str:
        """Return the name of the person listed whose alias a label is, else the label itself."""
        if any(person.name == label for person in self.people):
            return label
        return next((person.name for person in self.people if label in person.aliases), label)

    def or_else(self, other: "Header") -> "Header":
        """Return this header with what another states and this one doesn't."""
        known = self.names
        return Header(
            title=self.title or other.title,
            date=self.date or other.date,
            collection=self.collection or other.collection,
            url=self.url or other.url,
            people=(*self.people, *(person for person in other.people if person.name not in known)),
            prose=(*self.prose, *other.prose),
            lines=self.lines | other.lines,
        )


def read_pairs(lines: Sequence[Line]) -> Header:
    """Return what `Key: value` lines state at the head of a text, before anything that could be speech."""
    header = Header()
    seen: set[str] = set()
    for line in lines:
        match = _PAIR.fullmatch(line.text)
        if match is None:
            continue
        key, value = match["key"].lower(), (match["value"] or "").strip(" *_")
        meaning = _KEYS.get(key)
        if meaning is None and key not in METADATA_KEYS:
            break
        people = _people(value) if meaning == "people" else ()
        if key in _LABELS_TOO and (key in seen or not _is_list_of_people(value, people)):
            break
        seen.add(key)
        header = replace(_with(header, meaning, value, people), lines=header.lines | {line.number})
    return header


def read_mapping(data: Mapping[str, object]) -> Header:
    """Return what front matter states. People are names, or maps of name, role, organisation and aliases."""
    header = Header()
    for key, value in data.items():
        meaning = _KEYS.get(str(key).lower())
        if meaning == "people":
            header = _with(header, meaning, "", _listed(value))
        elif isinstance(value, dt.datetime):
            header = _with(header, meaning, value.date().isoformat())
        elif isinstance(value, str | dt.date | int | float):
            header = _with(header, meaning, fold_space(str(value)))
    return header


def read_preamble(header: Header, paragraphs: Sequence[str]) -> Header:
    """Add what free paragraphs before the first speaker state: title, date and prose about the people."""
    date, title = header.date, header.title
    prose: list[str] = []
    for text in paragraphs:
        stated = parse_date(text)
        if stated:
            date = date or stated
        elif is_furniture(text) or _KIND.fullmatch(text):
            continue
        elif title is None and not prose and len(text) <= LONGEST_TITLE and not text.endswith((".", ")", ":", "]")):
            title = text
        else:
            prose.append(text)
    return replace(header, date=date, title=title, prose=(*header.prose, *prose))


def _with(header: Header, meaning: str | None, value: str, people: tuple[Speaker, ...] = ()) -> Header:
    """Return a header with one more statement; the first of a kind stays."""
    if meaning == "people":
        known = {person.name for person in header.people}
        return replace(header, people=(*header.people, *(person for person in people if person.name not in known)))
    if meaning == "date":
        return replace(header, date=header.date or parse_date(value))
    return replace(
        header,
        title=header.title or (value if meaning == "title" else None) or None,
        url=header.url or (value if meaning == "url" else None) or None,
        collection=header.collection or (value if meaning == "collection" else None) or None,
    )


def _people(value: str) -> tuple[Speaker, ...]:
    """Return the people in a list such as "Ann Smith (chief nurse, City Trust); Bob Jones"."""
    whole = [_person(entry) for entry in re.split(r"\s*;\s*", value) if entry]
    if len(whole) == 1 and whole[0].role is None:
        # Commas part names unless brackets hold them.
        entries = [re.sub(r"^and\s+", "", part) for part in re.split(r",\s*(?![^(]*\))|\s+and\s+", value)]
        parted = [_person(entry) for entry in entries if entry]
        if len(parted) > 1 and all(is_name_like(person.name) for person in parted):
            whole = parted
    return tuple(person for person in whole if person.name)


def _is_list_of_people(value: str, people: Sequence[Speaker]) -> bool:
    """Say whether a value can only be names: "Ann Smith", "Ann (chair)", and not "Welcome." or "Hello"."""
    if value.endswith((".", "!", "?")):
        return False
    return bool(people) and all(
        is_name_like(person.name) and (" " in person.name or person.role is not None) for person in people
    )


def _listed(value: object) -> tuple[Speaker, ...]:
    if isinstance(value, str):
        return _people(fold_space(value))
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, list):
        return ()
    people: list[Speaker] = []
    for entry in value:
        if isinstance(entry, str) and entry.strip():
            people.append(_person(entry))
        elif isinstance(entry, Mapping) and (name := _text(entry.get("name"))):
            aliases = entry.get("aliases")
            people.append(
                Speaker(
                    name=name,
                    role=_text(entry.get("role")),
                    organisation=_text(entry.get("organisation") or entry.get("organization")),
                    aliases=tuple(
                        alias for each in (aliases if isinstance(aliases, list) else []) if (alias := _text(each))
                    ),
                )
            )
    return tuple(people)


def _person(entry: str) -> Speaker:
    name, position = split_person(entry)
    if position is None:
        return Speaker(name=name)
    return Speaker(name=name, role=position.role, organisation=position.organisation)


def _text(value: object) -> str | None:
    return fold_space(value) or None if isinstance(value, str) else None
