"""The owner's glossary, `names.toml`: the right form of names, and how they are pronounced or were misheard.

[[name]]
name = "Jönköping"
said = ["yurn-shopping"]    # optional: where the spelling doesn't lead to the sound
heard = ["Yolshipin"]       # optional: what was written instead, if known
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from rag.errors import InputError
from rag.transcripts.folding import fold_space

GLOSSARY_FILE = "names.toml"
LONGEST_NAME = 100
"""Characters."""
_KEYS = ("name", "said", "heard")
_EXAMPLE = '[[name]] and below it name = "Jönköping"'


@dataclass(frozen=True, slots=True, kw_only=True)
class GlossaryName:
    """A name in its right form."""

    name: str
    said: tuple[str, ...] = ()
    """Spellings that lead an English reader to the pronunciation."""
    heard: tuple[str, ...] = ()
    """What is known to have been written instead."""


@cache
def well_known() -> tuple[GlossaryName, ...]:
    """Return the names that come with the product: of places, people and methods of improvement."""
    file = resources.files("rag.mishearing") / "well_known.toml"
    return parse_glossary(file.read_text("utf-8"), source="well_known.toml")


def parse_glossary(text: str, *, source: str) -> tuple[GlossaryName, ...]:
    """Return the names of a glossary in TOML.

    Args:
        text: The file's content.
        source: What messages call the file.

    Raises:
        InputError: It is not TOML, or not a glossary; the message names the place and how to mend it.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{source} is not valid TOML: {error}. A name is written {_EXAMPLE}.") from error
    unknown = sorted(data.keys() - {"name"})
    if unknown:
        raise InputError(f"{source}: there is no {unknown[0]!r} in a glossary. A name is written {_EXAMPLE}.")
    entries = data.get("name", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InputError(f"{source}: 'name' stands outside of a [[name]]. A name is written {_EXAMPLE}.")
    return merged(_entry(entry, f"{source}, [[name]] number {number}") for number, entry in enumerate(entries, start=1))


def checked_name(name: str, heard: str) -> GlossaryName:
    """Return an entry of a glossary.

    Raises:
        InputError: A text is empty or too long, or the two are the same.
    """
    entry = GlossaryName(name=_text(name, "The name"), heard=(_text(heard, "What was heard"),))
    if entry.heard == (entry.name,):
        raise InputError(f"{name!r} is the right form already: give what was written instead, then the right form.")
    return entry


def merged(names: Iterable[GlossaryName]) -> tuple[GlossaryName, ...]:
    """Return names with those of the same spelling joined, in order of their first mention."""
    by_name: dict[str, GlossaryName] = {}
    for entry in names:
        before = by_name.get(entry.name, entry)
        by_name[entry.name] = GlossaryName(
            name=entry.name,
            said=tuple(dict.fromkeys((*before.said, *entry.said))),
            heard=tuple(dict.fromkeys((*before.heard, *entry.heard))),
        )
    return tuple(by_name.values())


def as_toml(names: Sequence[GlossaryName]) -> str:
    """Return a glossary in TOML."""
    return "\n".join("\n".join(["[[name]]", f"name = {_quoted(entry.name)}", *_lists(entry), ""]) for entry in names)


def _lists(entry: GlossaryName) -> list[str]:
    lists = {"said": entry.said, "heard": entry.heard}
    return [f"{key} = [{', '.join(map(_quoted, values))}]" for key, values in lists.items() if values]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _entry(entry: Mapping[str, Any], place: str) -> GlossaryName:
    if "name" not in entry:
        raise InputError(f'{place} has no name. Add the right form: name = "Jönköping".')
    name = _text(entry["name"], f"{place}: name")
    place = f"{place} ({name})"
    unknown = sorted(entry.keys() - set(_KEYS))
    if unknown:
        raise InputError(f"{place}: there is no {unknown[0]!r}; there are {', '.join(_KEYS)}.")
    return GlossaryName(name=name, said=_texts(entry, "said", place), heard=_texts(entry, "heard", place))


def _texts(entry: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    given = entry.get(key, [])
    listed = [given] if isinstance(given, str) else given
    if not isinstance(listed, list):
        raise InputError(f'{place}: {key} has to be a list of texts: {key} = ["…"].')
    return tuple(_text(item, f"{place}: {key}") for item in listed)


def _text(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise InputError(f'{place} has to be a text in quotation marks, as in "Jönköping".')
    text = fold_space(value)
    if not any(letter.isalpha() for letter in text):
        raise InputError(f"{place} holds no letters. Write it out or take it away.")
    if len(text) > LONGEST_NAME:
        raise InputError(f"{place} has {len(text)} characters; a name has at most {LONGEST_NAME}.")
    return text
