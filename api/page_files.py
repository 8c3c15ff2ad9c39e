"""A page's scripts and styles as one file each, put together while they are served: there is nothing to build.

In `static/` they stay small files that a browser can load as they are, and the page names them. Served that way, a
page would take fifty requests, one after another as deep as imports go; this makes it three. The address of what is put
together holds a digest of it, so that browsers keep it until it changes. What is edited is seen at the next load.
"""

import hashlib
import re
from functools import lru_cache
from pathlib import Path

STATIC = Path(__file__).resolve().parent / "static"
FOLDER = "/static/together"
MEDIA_TYPES = {"css": "text/css", "js": "text/javascript"}

_STYLE = re.compile(r'[ \t]*<link rel="stylesheet" href="/static/css/(\w+)\.css">\n')
"""A style of every medium: what is only for paper is loaded by itself, after what is seen."""
_SCRIPT = re.compile(r'(?<=<script type="module" src=")/static/js/(\w+)\.js(?=">)')
_IMPORT = re.compile(r'^import \{ (.+) \} from "\./(\w+)\.js";\n', re.M)
_EXPORT = re.compile(r"^export ((?:async )?function\*?|const|class) (\w+)", re.M)
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*", re.M)
_COMMENT = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/|//[^\n]*)[ \t]*\n", re.M | re.S)
"""Whole lines only: what stands beside code, or looks like a comment within a text, stays."""


def page(name: str, static: Path = STATIC) -> str:
    """Return a page that loads what is put together.

    Args:
        name: Of the HTML file, without its ending.
        static: The folder that holds it, with its styles in `css/` and its scripts in `js/`.

    Raises:
        ValueError: A script imports or exports in a way that this module does not know.
    """
    return _put_together(name, static, _newest(static))[0]


def part(name: str, kind: str, static: Path = STATIC) -> tuple[str, str]:
    """Return what a page loads, and its digest.

    Args:
        name: Of the page.
        kind: `css` or `js`.
        static: As `page`.

    Raises:
        KeyError: There is no such page, or it has nothing of that kind.
        ValueError: As `page`.
    """
    try:
        return _put_together(name, static, _newest(static))[1][kind]
    except FileNotFoundError as error:
        raise KeyError(name) from error


def _newest(static: Path) -> int:
    """Return when a file of a page was last changed, in nanoseconds: an edit is seen without starting again."""
    return max(file.stat().st_mtime_ns for pattern in ("*.html", "css/*", "js/*") for file in static.glob(pattern))


@lru_cache(maxsize=16)
def _put_together(name: str, static: Path, _changed: int) -> tuple[str, dict[str, tuple[str, str]]]:
    html = (static / f"{name}.html").read_text(encoding="utf-8")
    parts: dict[str, tuple[str, str]] = {}

    def address(kind: str, content: str) -> str:
        digest = hashlib.sha256(content.encode()).hexdigest()[:16]
        parts[kind] = content, digest
        return f"{FOLDER}/{name}-{digest}.{kind}"

    if first := _STYLE.search(html):
        sheet = "\n".join(_read(static / "css" / f"{style}.css") for style in _STYLE.findall(html))
        link = f'  <link rel="stylesheet" href="{address("css", sheet)}">\n'
        html = html[: first.start()] + link + _STYLE.sub("", html[first.start() :])
    html = _SCRIPT.sub(lambda found: address("js", _script(static / "js", found[1])), html)
    return html, parts


def _read(file: Path) -> str:
    return _COMMENT.sub("", file.read_text(encoding="utf-8"))


def _script(folder: Path, entry: str) -> str:
    """Return a module and all that it imports as one module: each in a scope of its own, after what it uses."""
    written: dict[str, str] = {}

    def write(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise ValueError(f"The scripts import each other in a circle: {' → '.join((*path, name))}")
        if name in written:
            return
        code = _read(folder / f"{name}.js")
        for _, used in _IMPORT.findall(code):
            write(used, (*path, name))
        code = _IMPORT.sub(lambda found: f"const {{ {found[1].replace(' as ', ': ')} }} = ${found[2]};\n", code)
        given = [found[2] for found in _EXPORT.finditer(code)]
        code = _EXPORT.sub(r"\1 \2", code)
        if odd := _LEFT_OVER.search(code):
            raise ValueError(f'js/{name}.js says "{odd[0]}": only named imports and exports are put together.')
        if name == entry:
            written[name] = code
        else:
            written[name] = f"const ${name} = (() => {{\n{code}return {{ {', '.join(given)} }};\n}})();\n"

    write(entry, ())
    return "\n".join(written.values())
