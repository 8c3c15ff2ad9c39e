"""What goes to standard output and to standard error, and in which form."""

import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from pydantic import BaseModel

PROSE_WIDTH = 100
"""Columns when the output is not a terminal: prose is still read by people."""
TABLE_WIDTH = 1000
"""Columns of a table that another program reads: nothing is cut."""
LONGEST_COMPLAINT = 2000
"""Characters: a message may quote what was given, and that may be anything."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What could command a terminal: escape sequences come from files that are not ours."""


def printable(text: str) -> str:
    """Return a text that is safe to show in a terminal."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text).encode("utf-8", "replace").decode("utf-8")


def prose_console() -> Console:
    """Return a console for running text: as wide as the terminal."""
    return Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else PROSE_WIDTH)


def table_console() -> Console:
    """Return a console for tables: nothing is cut where another program reads them."""
    return Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else TABLE_WIDTH)


def progress_console() -> Console:
    """Return a console on standard error."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def print_bytes(data: bytes) -> None:
    """Write to standard output as it is: UTF-8 whatever the terminal's settings are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def print_json(document: "BaseModel", *, exclude_none: bool = False) -> None:
    """Write the one JSON document of a command."""
    print_bytes(document.model_dump_json(indent=2, exclude_none=exclude_none).encode() + b"\n")


def complain(message: str) -> None:
    """Say on standard error, on one line, what went wrong."""
    line = " ".join(printable(message).split())
    if len(line) > LONGEST_COMPLAINT:
        line = f"{line[:LONGEST_COMPLAINT]}…"
    with suppress(OSError):  # the exit code tells it where nothing can be written
        sys.stderr.write(f"turnwise: {line}\n")
        sys.stderr.flush()


def say(message: str) -> None:
    """Say something on standard error that is no error."""
    with suppress(OSError):  # a log that is full ends nothing
        sys.stderr.write(f"{printable(message)}\n")
        sys.stderr.flush()
