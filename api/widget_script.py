"""The widget as one classic script: its parts put together as they are, in a scope of their own.

So the parts stay small and checkable by themselves, and nobody needs a build step, neither here nor where it is used.
"""

import hashlib
from functools import cache
from pathlib import Path

PARTS = tuple("strings style settings text dom trouble tokens connection sources exchange panel element".split())
"""In the order in which each uses only what stands before it."""
FOLDER = Path(__file__).resolve().parent / "static" / "widget"
MEDIA_TYPE = "text/javascript"


@cache
def widget_script() -> tuple[str, str]:
    """Return the script and its entity tag (RFC 9110, section 8.8.3)."""
    parts = "\n".join((FOLDER / f"{part}.js").read_text(encoding="utf-8") for part in PARTS)
    script = f'(() => {{\n"use strict";\n{parts}}})();\n'
    return script, f'"{hashlib.sha256(script.encode()).hexdigest()[:32]}"'
