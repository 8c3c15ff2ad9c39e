"""A model's reply, as it streams in, cut into sentences with the passages that each cites."""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rag.answering.generation.cleaning import (
    OPEN_MARKER,
    is_small_talk,
    with_plain_markers,
    without_opening,
    without_wrappers,
)
from rag.answering.generation.prompt import DECLINED
from rag.transcripts.sentences import sentences

MOST_CHARACTERS = 20_000
"""Of a reply; what comes after is not read."""
_SQUARE = re.compile(r"\s*[\[【](?:passages?\s*)?\d{1,3}(?:\s*[,;–-]\s*(?:passages?\s*)?\d{1,3})*[\]】]", re.IGNORECASE)
_ONLY_MARKERS = re.compile(rf"(?:{_SQUARE.pattern})*\s*(?:[\[【][^\]】]{{0,40}})?[\s.]*", re.IGNORECASE)
_LEADING = re.compile(rf"(?:{_SQUARE.pattern})+\.?", re.IGNORECASE)
_SETTLED = re.compile(r"[.!?]['’”)\]】]*(?:\s*[\[【][^\]】]{1,40}[\]】]\.?)*\s+\S+\s+\S+\s$")
"""An end, and two words after it: then it is known whether a sentence ended there ("Dr." did not)."""
_LIST_SIGN = re.compile(r"^\s*(?:(?:[-*•–—>]|\(?\d{1,2}[.)]|\(?[a-h]\)|#{1,6})\s+)+")
_EMPHASIS = re.compile(r"\*+|__|`+")
_ENDS = re.compile(r"[.!?:][\"'’”)\]】]*$")
_ONE_QUOTE = re.compile(r"(?:(?<=^)|(?<=[\s(:]))['‘](?=\w)([^'‘’]*(?:\w['’]\w[^'‘’]*)*)['’](?=$|[\s.,;:!?)])")
_SINGLE_MARK = re.compile(r"(?<!\w)['‘’]|['‘’](?!\w)")
THOUGHTS = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "<reasoning>": "</reasoning>",
    "<analysis>": "</analysis>",
    "<reflection>": "</reflection>",
    "<scratchpad>": "</scratchpad>",
    "[think]": "[/think]",
    "◁think▷": "◁/think▷",
    "<|channel|>analysis<|message|>": "<|channel|>final<|message|>",
}
"""Where the reply of a reasoning model begins with what it thinks aloud, and where that ends."""
_THOUGHT_BEGINS = re.compile(rf"(?:{'|'.join(map(re.escape, THOUGHTS))})$", re.IGNORECASE)
_THOUGHT_ENDS = re.compile(rf"(?:{'|'.join(map(re.escape, THOUGHTS.values()))})$", re.IGNORECASE)
_LONGEST_SIGN = 40
"""Characters of what begins or ends thoughts."""
_IN_JSON = re.compile(r"\s*(?:```+\s*(?:json\s*)?)?\{", re.IGNORECASE)
_MAY_BE_JSON = re.compile(r"\s*(?:`{0,2}|```+\s*(?:j|js|jso|json\s*)?)", re.IGNORECASE)
_ANSWER_KEYS = ("answer", "final_answer", "response", "reply", "text", "sentence", "sentences", "content", "output")
"""Members of an object that hold an answer; the first that is there counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A sentence that a model wrote."""

    text: str
    """Without the numbers of passages."""
    passages: tuple[int, ...]
    """The numbers that it cites; empty where it cites none."""
    starts_over: bool = False
    """It is no sentence: what came before was only thought."""

    @property
    def declines(self) -> bool:
        """Say whether it is what the model was asked to reply where the passages don't answer."""
        return self.text.strip(" .!*'’“”").casefold() == DECLINED.casefold()

    @property
    def claims_nothing(self) -> bool:
        """Say whether it is small talk or a heading, which is neither shown nor counted."""
        return not self.declines and is_small_talk(self.text)


class DraftReader:
    """Reads a reply in pieces of any length. The same reply gives the same sentences, however it is cut."""

    def __init__(self) -> None:
        self._line = ""
        self._unread = ""
        self._read = 0
        self._thought_ends: str | None = None
        """What ends the thoughts that are being read; empty where there are none, None before that is known."""
        self._inner = False
        self._wrapped: bool | None = None
        """Whether the reply is an object of JSON; None before that is known."""
        self._opening = ""
        self._aside: str | None = None
        """The line up to thoughts that are being read amid the reply."""

    @property
    def full(self) -> bool:
        """Say whether the reply is longer than any answer."""
        return self._read >= MOST_CHARACTERS

    def feed(self, piece: str) -> Iterator[Draft]:
        """Yield the sentences that a piece completes."""
        piece = piece[: MOST_CHARACTERS - self._read]
        self._read += len(piece)
        for character in self._unwrapped(self._without_thoughts(piece)):
            yield from self._take(character)

    def finish(self, *, whole: bool) -> Iterator[Draft]:
        """Yield the last sentences; one without an end is left out unless the reply came whole."""
        rest_of_it = self._opening + (self._unread if self._thought_ends is None else "")
        for character in _answer_in(rest_of_it) if self._wrapped or _IN_JSON.match(rest_of_it) else rest_of_it:
            yield from self._take(character)
        rest = _cut(self._line if self._aside is None else self._aside)
        self._line = ""
        if rest and not whole and not _ENDS.search(rest[-1]):
            rest.pop()
        yield from _drafts(rest)

    def _without_thoughts(self, piece: str) -> str:
        """Return the piece without what a reasoning model thinks aloud at the beginning of its reply."""
        if self._thought_ends == "":
            return piece
        self._unread += piece
        if self._thought_ends is None:
            begun = self._unread.lstrip().casefold()
            if any(len(begun) < len(opening) and opening.startswith(begun) for opening in THOUGHTS):
                return ""
            opening = next((opening for opening in THOUGHTS if begun.startswith(opening)), "")
            self._thought_ends = THOUGHTS.get(opening, "")
        if self._thought_ends:
            end = re.search(re.escape(self._thought_ends), self._unread, re.IGNORECASE)
            if not end:
                return ""
            self._unread = self._unread[end.end() :]
            self._thought_ends = ""
        text, self._unread = self._unread, ""
        return text

    def _unwrapped(self, piece: str) -> str:
        """Return the piece; nothing of it where the reply is an object of JSON, which is read when it is whole."""
        if self._wrapped is False:
            return piece
        self._opening += piece
        if self._wrapped is None:
            if _MAY_BE_JSON.fullmatch(self._opening):
                return ""
            self._wrapped = bool(_IN_JSON.match(self._opening))
        if self._wrapped:
            return ""
        text, self._opening = self._opening, ""
        return text

    def _take(self, character: str) -> Iterator[Draft]:
        if character in "\r\n" and self._aside is None:
            rest = _cut(self._line)
            self._line = ""
            self._inner = False
            yield from _drafts(rest)
            return
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co"):
            return  # what can't be seen can't be read either
        character = self._mark(character)
        if character.isspace():
            character = " "
        self._line += character
        if character in ">]▷":
            yield from self._mind_thoughts()
        if (
            self._aside is None
            and character == " "
            and _SETTLED.search(self._line[-200:])
            and not OPEN_MARKER.search(self._line.rstrip())
        ):
            *done, last = _cut(self._line)
            if done and len(last.split()) > 1:
                yield from _drafts(done)
                self._line = last + " "

    def _mind_thoughts(self) -> Iterator[Draft]:
        """Leave out thoughts amid a reply; an end alone ends all so far, begun in the prompt."""
        end = self._line[-_LONGEST_SIGN:]
        if self._aside is None and (begun := _THOUGHT_BEGINS.search(end)):
            self._aside, self._line = self._line[: -len(begun.group())], ""
        elif _THOUGHT_ENDS.search(end):
            if self._aside is None:
                yield Draft(text="", passages=(), starts_over=True)
            self._line, self._aside, self._inner = self._aside or "", None, False

    def _mark(self, character: str) -> str:
        """Return a mark of quotation as “ or ”, or ‘ or ’ within another quotation."""
        if character not in '"“„«»':
            return character
        within = self._line.count("“") > self._line.count("”")
        if character == '"':
            before = self._line.rstrip("*_")[-1:]
            opens = not before or before in " (—–:[“‘>"
            if within and (opens or self._inner):
                self._inner = opens
                return "‘" if opens else "’"
            return "“" if opens else "”"
        if character == "„":
            return "“"
        # «so» and »so«; „so“ ends with the mark that begins “so”.
        return "”" if within else "“"


def _answer_in(text: str) -> str:
    """Return the answer that an object of JSON holds, or the text itself where there is none."""
    try:
        found, _ = json.JSONDecoder(strict=False).raw_decode(text, text.index("{"))
        return _as_text(found) or text
    except (ValueError, RecursionError):
        return text


def _as_text(value: Any) -> str:
    """Return a text, that of the member that holds the answer, or those of a list, a line each; else nothing."""
    if isinstance(value, list):
        return "\n".join(map(_as_text, value))
    if isinstance(value, dict):
        members = {key.casefold(): member for key, member in value.items()}
        return next((text for key in _ANSWER_KEYS if (text := _as_text(members.get(key)))), "")
    return value if isinstance(value, str) else ""


def _cut(line: str) -> list[str]:
    """Return the sentences of a line, each with the markers that follow its end."""
    line = with_plain_markers(without_wrappers(_EMPHASIS.sub("", _LIST_SIGN.sub("", line)))).strip()
    found: list[str] = []
    for sentence in sentences(line):
        text = sentence.text
        leading = _LEADING.match(text)
        if found and _ONLY_MARKERS.fullmatch(text):
            found[-1] = f"{found[-1]} {text}"
        elif found and leading:
            found[-1] = f"{found[-1]} {leading.group().strip()}"
            found.append(text[leading.end() :].strip())
        else:
            found.append(text)
    return [text for text in found if text]


def _drafts(texts: list[str]) -> Iterator[Draft]:
    for text in texts:
        numbers: dict[int, None] = {}
        for marker in _SQUARE.finditer(text):
            numbers.update(dict.fromkeys(_numbers(marker.group())))
        bare = " ".join(_SQUARE.sub("", text).split())
        bare = re.sub(r"([.!?])\.$", r"\1", re.sub(r"\s+([.,;:!?])", r"\1", bare))
        bare = without_opening(_with_double_marks(bare))
        if bare.strip(" .,;:!?"):
            yield Draft(text=bare, passages=tuple(numbers))


def _with_double_marks(text: str) -> str:
    """Return a sentence with its one quotation in single marks in double ones; where they may be else, as it is."""
    if "“" in text or "”" in text:
        return text
    found = [match for match in _ONE_QUOTE.finditer(text) if " " in match.group(1)]
    if len(found) != 1 or len(_SINGLE_MARK.findall(text)) != 2:  # noqa: PLR2004 - the two of the quotation
        return text
    return _ONE_QUOTE.sub(r"“\1”", text)


def _numbers(marker: str) -> Iterator[int]:
    """Yield the numbers of "[2]", "[1, 3]" and "[2–4]"."""
    for first, last in re.findall(r"(\d+)(?:\s*[–-]\s*(\d+))?", marker):
        yield from range(int(first), min(int(last or first), int(first) + 20) + 1)
