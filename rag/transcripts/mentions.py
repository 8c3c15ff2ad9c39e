"""Words that are written as names: what speech recognition took for one, whatever it should have been."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.transcripts.common_words import is_common

LONGEST_RUN = 6
"""Words; more capitals in a row are a heading."""
SHORTEST_IN_LOWER_CASE = 4
_WORD = re.compile(r"[^\W\d_](?:[\w&]|['’-](?=\w))*")
_POSSESSIVE = re.compile(r"['’]s$")
_SENTENCE_END = re.compile(r"(?:^|[.?!:;…\n–—-])[\s\"“”‘'’(\[•*]*$")
_BEFORE = 12
"""Characters that are looked at for the end of the sentence before a word."""
_PRONOUN = re.compile(r"I(?:['’].*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A run of words written as a name: `text[start:end]`; a possessive ending is left out."""

    start: int
    end: int
    words: tuple[str, ...]


def mentions(text: str) -> Iterator[Mention]:
    """Yield the runs of capitalised words of a text, in order.

    A capital at the beginning of a sentence counts only for a word that is not a common one. In a text without any
    capitals, as automatic captions are, every word counts that is not common.
    """
    if text == text.lower():
        for found in _WORD.finditer(text):
            word = _POSSESSIVE.sub("", found.group())
            if len(word) >= SHORTEST_IN_LOWER_CASE and not is_common(word):
                yield Mention(start=found.start(), end=found.start() + len(word), words=(word,))
        return
    run: list[tuple[int, int]] = []
    for found in _WORD.finditer(text):
        adjoins = bool(run) and text[run[-1][1] : found.start()] == " " and len(run) < LONGEST_RUN
        if run and not adjoins:
            yield _mention(text, run)
            run = []
        if _is_name(text, found, opens=not run):
            word = _POSSESSIVE.sub("", found.group())
            run.append((found.start(), found.start() + len(word)))
        elif run:
            yield _mention(text, run)
            run = []
    if run:
        yield _mention(text, run)


def _is_name(text: str, found: re.Match[str], *, opens: bool) -> bool:
    word = found.group()
    if not word[0].isupper() or _PRONOUN.fullmatch(word):
        return False
    if opens and _SENTENCE_END.search(text[max(0, found.start() - _BEFORE) : found.start()]):
        return not is_common(_POSSESSIVE.sub("", word))
    return True


def _mention(text: str, run: list[tuple[int, int]]) -> Mention:
    return Mention(start=run[0][0], end=run[-1][1], words=tuple(text[a:b] for a, b in run))
