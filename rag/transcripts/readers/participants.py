"""Full names and roles of those who take part, where a feed lists them."""

from collections.abc import Iterable
from dataclasses import replace

from rag.transcripts.names import name_key
from rag.transcripts.readers.header import Header
from rag.transcripts.readers.source import Provenance
from rag.transcripts.types import Speaker


def with_participants(header: Header, provenance: Provenance, labels: Iterable[str | None]) -> Header:
    """Return a header that lists the people of a feed's item too, the labels that can only mean them as aliases.

    A full name means its person whatever its case and honorifics. A first name alone means the one person listed of
    that name, and only if the list is this conversation's own: a series lists its hosts, and a guest may share a name.
    """
    known = {name_key(person.name): person for person in header.people}
    for person in provenance.people:
        before = known.get(name_key(person.name))
        known[name_key(person.name)] = _merged(before, person) if before else person
    meant: dict[str, list[str]] = {}
    distinct = sorted({label for label in labels if label})
    for label in distinct:
        key = _meant(label, distinct, known, provenance)
        if key is not None and known[key].name != label:
            meant.setdefault(key, []).append(label)
    people = tuple(
        replace(person, aliases=tuple(dict.fromkeys((*person.aliases, *meant.get(key, ())))))
        if key in meant
        else person
        for key, person in known.items()
    )
    return replace(header, people=people)


def _meant(label: str, labels: Iterable[str], known: dict[str, Speaker], provenance: Provenance) -> str | None:
    key = name_key(label)
    listed = {name_key(person.name) for person in provenance.people}
    if key in listed:
        return key
    if " " in key or not provenance.is_own_list:
        return None
    same_first_name = {k for k in (*known, *map(name_key, labels)) if " " in k and k.split()[0] == key}
    return same_first_name.pop() if len(same_first_name) == 1 and same_first_name <= listed else None


def _merged(before: Speaker, person: Speaker) -> Speaker:
    return replace(before, role=before.role or person.role, organisation=before.organisation or person.organisation)
