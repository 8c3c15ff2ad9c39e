"""The record of a run: JSON Lines, a heading and then one line a question with the raw replies.

A record that exists is continued: what it holds is not asked again. It is bound to question set, target and settings,
so that replies to different things never end in one report. A last line that a killed run left half written is dropped.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from eval.errors import DatasetError
from eval.target.protocol import Timed

FORMAT = "turnwise-eval-record/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """What one question was answered; with an error, it has no replies."""

    id: str
    search: Timed | None = None
    ask: Timed | None = None
    error: str | None = None


@dataclass(slots=True, kw_only=True)
class Record:
    """The replies so far, and the file that they go to, if any."""

    replies: dict[str, Replies] = field(default_factory=dict)
    file: TextIO | None = None

    def append(self, replies: Replies) -> None:
        """Keep one question's replies."""
        self.write(_as_line(replies))

    def write(self, line: Mapping[str, Any]) -> None:
        """Write one line at once, so that a run that is killed loses only what is under way."""
        if self.file is not None:
            self.file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self.file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.file is not None:
            self.file.close()


def open_record(path: Path | None, heading: Mapping[str, Any]) -> Record:
    """Begin a record or continue one; without a path, nothing is written.

    Args:
        path: Where it is or is to be.
        heading: What the replies depend on.

    Raises:
        DatasetError: The file is no record, or one of something else; the message says of what.
    """
    if path is None:
        return Record()
    own = {"format": FORMAT, **heading}
    lines = _whole_lines(path)
    if lines:
        _check(path, _parsed(path, 1, lines[0]), own)
    replies = [_from_line(path, n, _parsed(path, n, line)) for n, line in enumerate(lines[1:], start=2)]
    kept = {reply.id: reply for reply in replies if reply.error is None}
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    with Record(file=fresh.open("w", encoding="utf-8", newline="\n")) as begun:
        begun.write(own)
        for reply in kept.values():
            begun.append(reply)
    fresh.replace(path)
    return Record(replies=kept, file=path.open("a", encoding="utf-8", newline="\n"))


def _whole_lines(path: Path) -> list[str]:
    if not path.exists():
        return []
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        text = path.read_bytes().rpartition(b"\n")[0].decode("utf-8", "replace") + "\n"
    return [line for line in text.split("\n")[:-1] if line.strip()]


def _parsed(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise DatasetError(f"{path}:{number}: not a line of a run record ({error.msg}).") from error
    if not isinstance(value, dict):
        raise DatasetError(f"{path}:{number}: not a line of a run record.")
    return value


def _check(path: Path, found: Mapping[str, Any], own: Mapping[str, Any]) -> None:
    if found.get("format") != FORMAT:
        raise DatasetError(f"{path}: not a run record. Name a new file, or one that an earlier run wrote.")
    different = [name for name in own if found.get(name) != own[name]]
    if different:
        pairs = "; ".join(f"{name} was {found.get(name)!r} and is {own[name]!r}" for name in different)
        raise DatasetError(f"{path} is the record of another run: {pairs}. Name another file.")


def _as_line(replies: Replies) -> dict[str, Any]:
    line: dict[str, Any] = {"id": replies.id}
    for call, timed in (("search", replies.search), ("ask", replies.ask)):
        if timed is not None:
            line |= {call: timed.document, f"{call}_wall_ms": timed.wall_ms}
    return line if replies.error is None else {**line, "error": replies.error}


def _from_line(path: Path, number: int, line: Mapping[str, Any]) -> Replies:
    def timed(call: str) -> Timed | None:
        return Timed(document=line[call], wall_ms=float(line[f"{call}_wall_ms"])) if call in line else None

    try:
        return Replies(id=line["id"], search=timed("search"), ask=timed("ask"), error=line.get("error"))
    except (KeyError, TypeError, ValueError) as error:
        raise DatasetError(f"{path}:{number}: not a line of a run record ({error!r}).") from error
