"""The command line: `turnwise COMMAND`.

Exit codes: 0 all done; 1 some inputs failed; 2 wrong usage; 3 the index is missing, locked or damaged.
With `--json`, standard output holds exactly one JSON document: the command's own, or a problem document (RFC 9457) if
it failed. Progress, logs and the line that says what went wrong go to standard error.
Heavy packages are imported by the commands that need them, so that `--help` is quick.
"""

import atexit
import gc
import os
import sys
from io import TextIOWrapper

NEW_OBJECTS = 50_000
"""After which Python looks for what is no longer used; of its own accord it does every few hundred or thousand, all
through the imports."""
USUAL = gc.get_threshold()
"""What a server, which goes on for long, sets back."""


def main() -> None:
    """Run the command that the arguments name, and exit."""
    _open_what_is_closed()
    gc.set_threshold(NEW_OBJECTS)
    # Else Python looks through all that was imported once more at its end: a fifth of a short command's time.
    atexit.register(gc.freeze)
    from api.cli.program import app  # noqa: PLC0415 - keeps `import api.cli` free of cost

    app()


def _open_what_is_closed() -> None:
    """Let what is printed to a closed stream go nowhere, before a file of ours is opened under its number."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what this terminal has no letter for is shown as "?"
            stream.reconfigure(errors="replace")
