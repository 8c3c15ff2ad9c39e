"""One person under several labels: which labels of a transcript are one speaker's, and which nobody can tell apart.

A guess is never made. Labels that differ by case, accents, punctuation or honorifics are one name. A first name, or a
last name, is a person's where exactly one full name in the transcript fits it; where several fit, or where the two
labels talk to one another, they stay apart.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.transcripts.names import HONORIFICS, fold, name_key
from rag.transcripts.role_words import is_role_word
from rag.transcripts.stretches import Stretch
from rag.transcripts.types import Speaker

EXCHANGES = 2
"""Times that two labels follow one another directly from which they are two people: nobody answers himself."""

_MALE = frozenset({"father", "lord", "mr", "sir"})
_FEMALE = frozenset({"baroness", "dame", "lady", "miss", "mrs", "ms", "sister"})
KNIGHTLY = frozenset({"dame", "sir"})
"""Titles that stand before a first name, and that nobody bears by the way."""
_INITIAL = re.compile(r"[^\W\d_]\.")
LAST_WITH_INITIAL = 2
"""Words of "C. Ham"."""
_NUMBERED = re.compile(r"(?:speaker|guest|host|interviewer|participant|voice|caller|audience)\b.*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """A part of a name that may be any of several people, or of one who is perhaps another."""

    name: str
    may_be: tuple[str, ...]


def same_speakers(
    labels: Sequence[str | None], listed: Iterable[str] = (), prose: Iterable[str] = ()
) -> dict[str, str]:
    """Return, by label, the name of its speaker, for the labels that have another's.

    Args:
        labels: In the order of speech, None where nobody is named.
        listed: Full names in the source's list of people; theirs is the preferred spelling.
        prose: Paragraphs that introduce the conversation.
    """
    counts = Counter(label for label in labels if label)
    people = list(dict.fromkeys(listed))
    groups = _groups(counts, people)
    names = {label: _spelling(group, counts, people) for group in groups for label in group}
    full = {name for name in (*names.values(), *people) if is_full(name)}
    spoken = [names[label] for label in labels if label]
    for part in sorted({name for name in names.values() if not is_full(name)}):
        fitting = fits(part, full) or _introduced(part, prose)
        if len(fitting) == 1 and not converse(spoken, part, fitting[0]):
            names = {label: fitting[0] if name == part else name for label, name in names.items()}
    return {label: name for label, name in names.items() if label != name}


def under_one_name(
    stretches: Sequence[Stretch], listed: Iterable[str], prose: Iterable[str]
) -> tuple[list[Stretch], dict[str, tuple[str, ...]]]:
    """Return stretches with each person under one name, and by name the other labels of the person."""
    names = same_speakers([stretch.speaker for stretch in stretches], listed, prose)
    aliases: dict[str, tuple[str, ...]] = {}
    for label, name in names.items():
        aliases[name] = (*aliases.get(name, ()), label)
    return [replace(each, speaker=names.get(each.speaker or "", each.speaker)) for each in stretches], aliases


def name_of(label: str, aliases: Mapping[str, Sequence[str]]) -> str:
    """Return the name of the person one of whose labels this is, else the label itself."""
    return next((name for name, labels in aliases.items() if label in labels), label)


def with_aliases(speakers: Iterable[Speaker], aliases: Mapping[str, Sequence[str]]) -> tuple[Speaker, ...]:
    """Return speakers with the labels that were found to be theirs."""
    return tuple(
        replace(speaker, aliases=tuple(dict.fromkeys((*speaker.aliases, *aliases.get(speaker.name, ())))))
        for speaker in speakers
    )


def unclear_names(names: Iterable[str]) -> list[Unclear]:
    """Return the parts of names among speakers that fit somebody's full name and are kept apart."""
    distinct = sorted(set(names))
    full = [name for name in distinct if is_full(name)]
    found = ((name, fits(name, full)) for name in distinct if not is_full(name))
    return [Unclear(name=name, may_be=tuple(people)) for name, people in found if people]


def person_key(name: str) -> str:
    """Return what two spellings of one person's name share: as `name_key`, but "Mr Lee" and "Mrs Lee" differ."""
    key = name_key(name)
    titles = titles_of(name)
    return key if " " in key or not titles else f"{' '.join(sorted(titles))} {key}"


def is_full(name: str) -> bool:
    """Say whether a name has a first and a last part: "Chris Ham", and not "Chris", "Dr Ham" or "Speaker 2".

    Nor have "Amy-Lou", "Rev. Mwangi-Pryce" and "C. Ham" both.
    """
    words = [word for word in name.split() if fold(word).strip(".,") not in HONORIFICS]
    return len(words) > 1 and " " in name_key(name) and not _NUMBERED.match(name) and _initial_of(name) is None


def fits(part: str, full: Iterable[str]) -> list[str]:
    """Return the full names of which a name can be a part: the first one or, with or without a title, the last.

    After "Sir" and "Dame" stands the first name of who is called so. An initial and the last name are a part too.
    """
    key, titles = name_key(part), titles_of(part)
    if is_full(part) or not key or _NUMBERED.match(part) or (is_role_word(key) and not titles):
        return []
    by_person: dict[str, str] = {}
    for name in sorted(full):
        own = titles_of(name)
        if not contradict(titles, own) and _is_part(part, name_key(name), knighted=bool(titles & own & KNIGHTLY)):
            by_person.setdefault(name_key(name), name)
    return list(by_person.values())


def _is_part(part: str, whole: str, *, knighted: bool) -> bool:
    """Say whether a name is the first or last one of a person, or the last one after an initial."""
    key, titles = name_key(part), titles_of(part)
    initial = _initial_of(part)
    if initial is not None:
        return whole.startswith(initial) and whole.endswith(key[1:])
    return whole.endswith(f" {key}") or (whole.startswith(f"{key} ") and (knighted or not titles))


def _initial_of(name: str) -> str | None:
    """Return the letter that stands for the first name before a last one, folded: that of "C. Ham"; else None."""
    words = [word for word in name.split() if fold(word).strip(".,") not in HONORIFICS]
    is_one = len(words) == LAST_WITH_INITIAL and _INITIAL.fullmatch(words[0]) and len(words[1]) > 1
    return fold(words[0][0]) if is_one else None


def _groups(counts: Mapping[str, int], people: Sequence[str]) -> list[list[str]]:
    """Return the labels by person: one name but for case, accents, punctuation and titles that don't contradict."""
    groups: list[list[str]] = []
    # By the first label of each, in order: a transcript may have thousands.
    by_person: dict[str, list[int]] = {}
    by_name: dict[str, list[int]] = {}
    for label in counts:
        key, person = name_key(label), person_key(label)
        same = {*by_person.get(person, ()), *(by_name.get(key, ()) if " " in key else ())}
        for number in sorted(same):
            if not any(contradict(titles_of(label), titles_of(other)) for other in groups[number]):
                groups[number].append(label)
                break
        else:
            by_person.setdefault(person, []).append(len(groups))
            by_name.setdefault(key, []).append(len(groups))
            groups.append([label])
    return _without_doubt(groups, people)


def _without_doubt(groups: list[list[str]], people: Sequence[str]) -> list[list[str]]:
    """Part groups of one name for which the list of people has two: "Mr Jo Lee" and "Ms Jo Lee"."""
    listed = Counter(name_key(name) for name in people)
    kept: list[list[str]] = []
    for group in groups:
        kept.extend([[label] for label in group] if listed[name_key(group[0])] > 1 else [group])
    return kept


def _spelling(group: Sequence[str], counts: Mapping[str, int], people: Sequence[str]) -> str:
    """Return how a person's name is best written: as listed; else not all in capitals, most often, at most length."""
    as_listed = [name for name in people if any(name_key(name) == name_key(label) for label in group)]
    if len(as_listed) == 1:
        return as_listed[0]
    return max(group, key=lambda label: (not label.isupper(), counts[label], len(label), label))


def _introduced(part: str, prose: Iterable[str]) -> list[str]:
    """Return the full names in an introduction that begin with a first name: "Chris Ham joins us" for "Chris"."""
    key = name_key(part)
    if titles_of(part) or not key.isalpha() or _NUMBERED.match(part):
        return []
    found: dict[str, str] = {}
    pattern = re.compile(rf"(?<![\w’'-])(?i:{re.escape(part)})(?: [A-Z][\w’'-]+){{1,2}}(?![\w’'-]| [A-Z])")
    for text in prose:
        for match in pattern.finditer(text):
            name = match.group()
            if all(word[0].isupper() for word in name.split()):
                found.setdefault(name_key(name), re.sub(r"['’]s$", "", name))
    return list(found.values())


def converse(spoken: Sequence[str], one: str, other: str) -> bool:
    """Say whether two names follow one another directly so often that they are two people."""
    return sum({before, after} == {one, other} for before, after in pairwise(spoken)) >= EXCHANGES


def titles_of(name: str) -> frozenset[str]:
    """Return the titles in a name, folded."""
    words = re.findall(r"[\w']+", fold(name))
    return frozenset(words[:-1]) & HONORIFICS


def contradict(one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether no one person bears all of some titles: "Mr" and "Mrs"."""
    return bool((one & _MALE and other & _FEMALE) or (one & _FEMALE and other & _MALE))
