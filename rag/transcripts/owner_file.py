"""Reading `speakers.toml`, in which the owner states the people.

[[speaker]]
name = "Bo Ek"
aliases = ["Bo", "B. Ek"]

[[speaker.role]]
role = "ward manager"
organisation = "Northwood Trust"
from = 2023-04-01     # the first and the last day, each may be left out
to = 2024-12-31
"""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.errors import ReadError
from rag.transcripts.folding import fold_space
from rag.transcripts.names import name_key
from rag.transcripts.owner import StatedRole, StatedSpeaker, as_written

SPEAKERS_FILE = "speakers.toml"

_SPEAKER_KEYS = ("name", "aliases", "role")
_ROLE_KEYS = ("role", "organisation", "from", "to")
_ROLE = "[[speaker.role]]"
_EXAMPLE = '[[speaker]] and below it name = "Bo Ek"'


def parse_speakers(text: str, *, source: str) -> tuple[StatedSpeaker, ...]:
    """Return the people of a `speakers.toml`.

    Args:
        text: The file's content.
        source: What messages call the file.

    Raises:
        ReadError: It is not TOML, or doesn't state people; the message names the line and how to mend it.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ReadError(f"{source} is not valid TOML: {error}. A person is written {_EXAMPLE}.") from error
    file = _File(text=text, source=source)
    for key in data:
        if key != "speaker":
            raise file.error(f"{key!r} is not a key of this file", f"A person is written {_EXAMPLE}", key=key)
    entries = data.get("speaker", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise file.error("'speaker' stands outside of a [[speaker]]", f"A person is written {_EXAMPLE}", key="speaker")
    people = tuple(_person(entry, number, file) for number, entry in enumerate(entries, start=1))
    taken: dict[str, str] = {}
    for number, person in enumerate(people, start=1):
        for spelling in {name_key(person.name), *map(as_written, person.aliases)}:
            if taken.setdefault(spelling, person.name) != person.name:
                reason = f"{spelling!r} stands for {taken[spelling]} and for {person.name}"
                raise file.error(reason, "Leave it to one of them, or to neither", entry=number)
    return people


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    text: str
    source: str

    def error(
        self, reason: str, mend: str, *, entry: int | None = None, role: int | None = None, key: str | None = None
    ) -> ReadError:
        """Return an error that names the line: of the entry's role's key, as far as these are given."""
        lines = self.text.split("\n")
        place = _after(lines, r"\[\[\s*speaker\s*\]\]", entry, 0)
        place = _after(lines, r"\[\[\s*speaker\s*\.\s*role\s*\]\]", role, place)
        if key is not None:
            place = _after(lines, rf"(?:\[+\s*)?[\"']?{re.escape(key)}\b", 1, place if entry is None else place - 1)
        return ReadError(f"{self.source}, line {max(1, place)}: {reason}. {mend}.")


def _after(lines: Sequence[str], pattern: str, number: int | None, start: int) -> int:
    """Return the number, from 1, of the nth line after `start` that begins with a pattern; else `start`."""
    if number is None:
        return start
    found = [n for n, line in enumerate(lines, start=1) if n > start and re.match(rf"\s*{pattern}", line)]
    return found[number - 1] if len(found) >= number else start


def _person(entry: Mapping[str, Any], number: int, file: _File) -> StatedSpeaker:
    for key in entry:
        if key not in _SPEAKER_KEYS:
            mend = f"Write it below {_ROLE}" if key in _ROLE_KEYS else f"Its keys are {', '.join(_SPEAKER_KEYS)}"
            raise file.error(f"{key!r} is not a key of a [[speaker]]", mend, entry=number, key=key)
    if "name" not in entry:
        raise file.error("the person has no name", 'Add name = "Bo Ek"', entry=number)
    name = _text(entry["name"], file, "name", number)
    aliases = entry.get("aliases", [])
    if not isinstance(aliases, list):
        raise file.error("aliases is not a list", 'Write aliases = ["Bo"]', entry=number, key="aliases")
    roles = entry.get("role", [])
    if not isinstance(roles, list) or not all(isinstance(role, dict) for role in roles):
        mend = f'Write {_ROLE} and below it role = "ward manager"'
        raise file.error("role is not an entry of its own", mend, entry=number, key="role")
    return StatedSpeaker(
        name=name,
        aliases=tuple(_text(alias, file, "aliases", number) for alias in aliases),
        roles=tuple(_role(role, file, number, place) for place, role in enumerate(roles, start=1)),
    )


def _role(entry: Mapping[str, Any], file: _File, number: int, place: int) -> StatedRole:
    for key in entry:
        if key not in _ROLE_KEYS:
            mend = f"Write it above {_ROLE}" if key in _SPEAKER_KEYS else f"Its keys are {', '.join(_ROLE_KEYS)}"
            raise file.error(f"{key!r} is not a key of a {_ROLE}", mend, entry=number, role=place, key=key)
    texts = {
        key: _text(entry[key], file, key, number, place) if key in entry else None for key in ("role", "organisation")
    }
    days = {key: _day(entry[key], file, key, number, place) if key in entry else None for key in ("from", "to")}
    if texts["role"] is None and texts["organisation"] is None:
        raise file.error("the role is empty", 'Add role = "ward manager" or organisation', entry=number, role=place)
    if days["from"] and days["to"] and days["from"] > days["to"]:
        raise file.error("the role ends before it begins", "Exchange from and to", entry=number, role=place, key="from")
    return StatedRole(
        role=texts["role"], organisation=texts["organisation"], first_day=days["from"], last_day=days["to"]
    )


def _text(value: object, file: _File, key: str, entry: int, role: int | None = None) -> str:
    if not isinstance(value, str) or not fold_space(value):
        raise file.error(
            f"{key} holds no text", 'Write it in quotation marks, as "Bo Ek"', entry=entry, role=role, key=key
        )
    return fold_space(value)


def _day(value: object, file: _File, key: str, entry: int, role: int) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value.strip())
        except ValueError:
            pass
    elif isinstance(value, dt.date):
        return value
    raise file.error(f"{key} is not a day", f"Write {key} = 2024-03-31", entry=entry, role=role, key=key)
