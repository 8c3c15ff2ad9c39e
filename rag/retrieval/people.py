"""Speakers whom a question names."""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from itertools import takewhile

from rag.library import SpeakerEntry
from rag.transcripts.common_words import is_common
from rag.transcripts.name_parts import is_ordinary, parts_of
from rag.transcripts.names import HONORIFICS, PARTICLES, fold, name_key
from rag.transcripts.role_words import is_role_word
from rag.transcripts.speakers import KNIGHTLY, contradict, titles_of

WORD = re.compile(r"\w+(?:'(?!s\b)\w+)*")
"""A word; the ending of a possessive is none."""
SHORTEST_PART = 3
"""Letters of a first or last name that can stand for a person."""
ALIKE = 0.75
"""Likeness (difflib's ratio) from which a word may be a name spelt wrongly."""
_ENDS = re.compile(r"(?:^|[.?!:;…\n–—])[\s\"“”‘'(\[]*$")
"""What stands before the first word of a sentence, whose capital says nothing."""
_ASKED = re.compile(
    r"\b(?:did|does|has|according to|in the (?:view|words) of|(?:cllr|dame|dr|mr|mrs|ms|mx|prof|rev|revd|sir)\.?)\s+$"
)
"""What stands before somebody who is asked for; of titles those that are no other words, as in "the doctor will"."""
_SMALL = PARTICLES | {"a", "about", "at", "by", "for", "from", "in", "on", "or", "the", "to", "with"}
"""Words that headlines write in lower case."""
_INSTRUCTS = frozenset({"paraphrase"})
"""Words that begin what is asked, and that are no common ones."""
_INITIALS = frozenset("BCDEFGHJKLMNOPQRSTUVWXYZ")
"""Letters that are no words."""
_SPEAKS = re.compile(
    r"['’]s\b|\s+(?:said|says|thinks|thought|argued|argues|told|tells|described|describes|explained|explains|believes|"
    r"believed|recommended|recommends|suggested|suggests|felt|feels|and\s+[a-z]+\s+(?:agree|disagree|differ))\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """A name in a question, and whom it may mean."""

    start: int
    """Where it begins in the folded question."""
    end: int
    name: str
    """As it is asked."""
    keys: frozenset[str]
    """Name keys of all whom it fits."""
    title: str = ""
    """The title before it, if it is only part of a name and nobody whom it fits is known to bear that."""

    @property
    def is_clear(self) -> bool:
        """Say whether it is clear who is meant."""
        return len(self.keys) == 1 and not self.title

    @property
    def who(self) -> str:
        """Return what is the same for two names that may mean the same people."""
        return "\n".join(sorted(self.keys))


def mentions(text: str, speakers: Sequence[SpeakerEntry]) -> Iterator[tuple[str, int, int]]:
    """Yield the name key of each speaker that a text names, with the place of the name in the folded text.

    A word that is ordinary too ("Grace", "Will", "Cook") names somebody only where it is written or asked as a name. Of
    several whom a name fits it is who is called nothing else, else nobody: for questions there is `asked_for`.
    """
    known = _spellings(_Same(tuple(speakers)))
    for spelling, start, end in _named_in(text, known):
        if spelling in known.keys:
            yield known.keys[spelling], start, end


def asked_for(question: str, speakers: Sequence[SpeakerEntry], present: frozenset[str] = frozenset()) -> list[Meant]:
    """Return whom a question names, in order, and wherever a name fits several people all of them.

    Whom a title contradicts ("Mrs Ham", of Sir Carl Ham) is not meant, and who bears the title goes before who doesn't;
    nor is anyone whose first or last name stands in another's full name ("Ruth Goldberg", of Ruth Pell). A name that is
    part of a longer one counts for nothing, and who is named in full is meant by the short name too.

    Args:
        question: As it is asked.
        speakers: Everybody there is.
        present: Name keys of those who are looked for, where not all are: of several they go before others.
    """
    known = _spellings(_Same(tuple(speakers)))
    words = [match.span() for match in WORD.finditer(fold(question))]
    begins, ends = ({span[side]: place for place, span in enumerate(words)} for side in (0, 1))
    written = _as_written(question)
    found: list[Meant] = []
    for spelling, start, end in _named_in(question, known):
        titles, around, name = frozenset[str](), list[str](), spelling
        if len(written) == len(words):
            first, last = begins[start], ends[end]
            titles, name = _titles_before(written[:first]), " ".join(written[first : last + 1])
            around = _around(question, written, first, known.may) if first == last else []
        keys = frozenset(
            key
            for key in known.may[spelling]
            if not contradict(titles, known.titles[key]) and not _is_anothers(around, known.words[key])
        )
        bearing = frozenset(key for key in keys if titles & known.titles[key])
        if keys:
            doubtful = not bearing and " " not in spelling and bool(titles & KNIGHTLY)
            title = " ".join(sorted(titles & KNIGHTLY)).title() if doubtful else ""
            found.append(Meant(start=start, end=end, name=name, keys=bearing or keys, title=title))
    whole = [each for each in found if not any(_holds(other, each) for other in found)]
    clear = frozenset[str]().union(*(each.keys for each in whole if each.is_clear))
    told = (replace(each, keys=each.keys & clear or each.keys) for each in whole)
    return [replace(each, keys=each.keys & present or each.keys) for each in told]


def named(question: str, speakers: Sequence[SpeakerEntry]) -> frozenset[str]:
    """Return the name keys of the speakers that a question names, or may name."""
    return frozenset[str]().union(*(meant.keys for meant in asked_for(question, speakers)))


def spoken_as(keys: Set[str], speakers: Iterable[SpeakerEntry]) -> frozenset[str]:
    """Return the name keys of all labels under which people speak: "Bo Ek, chair" is Bo Ek too."""
    return frozenset[str](keys).union(
        *(each.labels for each in speakers if each.labels and name_key(each.name) in keys)
    )


def people_by_label(speakers: Iterable[SpeakerEntry]) -> dict[str, str]:
    """Return, by each label that tells more than a name, the key of the name."""
    return {label: name_key(entry.name) for entry in speakers for label in entry.labels}


def _named_in(text: str, known: "_Spellings") -> Iterator[tuple[str, int, int]]:
    """Yield the ways to name a speaker that stand in a text, with their places in it, folded."""
    folded = fold(text)
    words = [(match.group(), *match.span()) for match in WORD.finditer(folded)]
    written: list[str] | None = None
    for first in range(len(words)):
        if words[first][0] not in known.beginnings:
            continue
        for last in range(first, min(first + known.longest, len(words))):
            spelling = " ".join(word for word, _, _ in words[first : last + 1])
            if spelling not in known.may:
                continue
            if spelling in known.ordinary:
                written = _as_written(text) if written is None else written
                capital = len(written) == len(words) and written[first][0].isupper()
                if not _is_meant(folded, *words[first][1:], capital=capital):
                    continue
            yield spelling, words[first][1], words[last][2]


def _holds(one: Meant, other: Meant) -> bool:
    """Say whether a name is part of a longer one."""
    return one.start <= other.start and other.end <= one.end and other.end - other.start < one.end - one.start


def _titles_before(written: Sequence[str]) -> frozenset[str]:
    """Return the titles with which a run of words ends, folded."""
    before = takewhile(lambda word: word in HONORIFICS, map(fold, reversed(written)))
    return frozenset(before) - {"the"}


def _around(question: str, written: Sequence[str], place: int, names: Container[str]) -> list[str]:
    """Return the words with capitals that stand directly before and after a word of a name, as parts of it do.

    Before it a word of everyday English, or of a role, is none ("Did Finch"), unless it is a speaker's name within the
    question ("What did Penny Finch"); after it only where all words have capitals ("What Did Ruth Say?"), and what is
    all capitals never is ("Ruth CBE").
    """
    plain = _plain(question)
    spans = [match.span() for match in WORD.finditer(plain)]
    headline = not any(word.islower() and word not in _SMALL for word in written)

    def of_name(one: int, before: int, other: int) -> bool:
        word, between = written[one], plain[spans[before][1] : spans[other][0]]
        initial = len(word) == 1 and word in _INITIALS and between in (" ", ". ")
        if initial or between not in (" ", "-") or not word[0].isupper() or word.isupper():
            return initial
        folded = fold(word)
        if folded in HONORIFICS | _INSTRUCTS or is_role_word(folded):
            return one > place and not headline
        is_name = folded in names and one > 0
        return not is_common(folded) or (not headline and (is_name or one > place))

    low = high = place
    while low > 0 and of_name(low - 1, low - 1, low):
        low -= 1
    while high + 1 < len(written) and of_name(high + 1, high, high + 1):
        high += 1
    return [fold(word) for word in (*written[low:place], *written[place + 1 : high + 1])]


def _is_anothers(around: Sequence[str], own: Set[str]) -> bool:
    """Say whether beside a part of a person's name stands a name that nothing of theirs is like."""
    return bool(around) and not any(
        any(name.startswith(word) for name in own)
        if len(word) == 1
        else get_close_matches(word, own, n=1, cutoff=ALIKE)
        for word in around
    )


def _as_written(question: str) -> list[str]:
    """Return the words of a question with their capitals; as many as those of the folded one."""
    return WORD.findall(_plain(question))


def _plain(question: str) -> str:
    return unicodedata.normalize("NFC", question).replace("’", "'")


def _is_meant(folded: str, start: int, end: int, *, capital: bool) -> bool:
    """Say whether an ordinary word stands for a person: by its capital, a title before it, or as one who speaks."""
    before = folded[:start]
    titled = any(word.rstrip(".") in HONORIFICS - {"the"} for word in before.split()[-1:])
    if titled and capital:
        return True
    if not capital and end - start < SHORTEST_PART:
        return False
    speaks = _ASKED.search(before) is not None or _SPEAKS.match(folded, end) is not None
    return speaks if _ENDS.search(before) or not capital else True


class _Same:
    """Speakers, equal to themselves alone: to hash thousands of entries would take longer than the whole search."""

    __slots__ = ("speakers",)

    def __init__(self, speakers: tuple[SpeakerEntry, ...]) -> None:
        self.speakers = speakers

    def __hash__(self) -> int:
        return id(self.speakers)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.speakers is other.speakers


@dataclass(frozen=True, slots=True)
class _Spellings:
    """The ways to name each speaker."""

    keys: dict[str, str]
    """By way, the name key of whom it names."""
    may: dict[str, frozenset[str]]
    """By way, the name keys of all whom it may name."""
    titles: dict[str, frozenset[str]]
    """By name key, the titles that stand in its spellings."""
    words: dict[str, frozenset[str]]
    """By name key, the words of its spellings."""
    ordinary: frozenset[str]
    """Those that are ordinary words too."""
    longest: int
    """Words of the longest."""
    beginnings: frozenset[str]
    """Words that one begins with."""


@lru_cache(maxsize=32)
def _spellings(known: _Same) -> _Spellings:
    """Return the ways to name each speaker: whole names without honorifics, and parts that only one speaker bears.

    Parts are a first or last name, and the name in a label that tells a role too.
    """
    whole: dict[str, str] = {}
    parts: dict[str, set[str]] = {}
    may: dict[str, set[str]] = {}
    titles: dict[str, frozenset[str]] = {}
    words: dict[str, frozenset[str]] = {}
    for entry in known.speakers:
        key = name_key(entry.name)
        for spelling in (entry.name, *entry.aliases):
            whole[name_key(spelling)] = key
            may.setdefault(name_key(spelling), set()).add(key)
            titles[key] = titles.get(key, frozenset()) | titles_of(spelling)
            words[key] = words.get(key, frozenset()) | frozenset(name_key(spelling).split())
            for part in parts_of(spelling):
                parts.setdefault(part, set()).add(key)
    for part, keys in parts.items():
        if len(part) >= SHORTEST_PART:
            may.setdefault(part, set()).update(keys)
    unique = {part: next(iter(keys)) for part, keys in parts.items() if len(keys) == 1 and len(part) >= SHORTEST_PART}
    found = unique | whole
    return _Spellings(
        keys=found,
        may={spelling: frozenset(keys) for spelling, keys in may.items()},
        titles=titles,
        words=words,
        ordinary=frozenset(spelling for spelling in may if " " not in spelling and is_ordinary(spelling)),
        longest=max((len(spelling.split()) for spelling in may), default=0),
        beginnings=frozenset(spelling.partition(" ")[0] for spelling in may),
    )
