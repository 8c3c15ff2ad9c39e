"""Scripts and styles of a page are put together while they are served, and nothing of them is lost or changed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from api.page_files import STATIC, page, part

PAGES = sorted(path.stem for path in STATIC.glob("*.html") if 'type="module"' in path.read_text("utf-8"))
"""Those of which modules are put together."""
MAX_BYTES = 130 * 1024
"""What a page with its scripts and styles may weigh where nothing is compressed."""


def written(folder: Path, **scripts: str) -> Path:
    """Write a page with these scripts, of which `start` is the first."""
    for name in ("css", "js"):
        (folder / name).mkdir()
    (folder / "one.html").write_text('<script type="module" src="/static/js/start.js"></script>', "utf-8")
    for name, code in scripts.items():
        (folder / "js" / f"{name}.js").write_text(code, "utf-8")
    return folder


def run(script: str) -> str:
    """Return what a module prints."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed; the browser tests still run what is put together")
    command = [node, "--input-type=module", "--eval", script]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_one_script_and_one_style_for_the_screen(name: str) -> None:
    html = page(name)
    assert len(re.findall(r'<script type="module" src="/static/together/\w+-[0-9a-f]{16}\.js"></script>', html)) == 1
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"( media="print")?>', html)
    assert [address for address, paper in sheets if not paper] == [
        f"/static/together/{name}-{part(name, 'css')[1]}.css"
    ]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light_even_uncompressed(name: str) -> None:
    whole = page(name) + part(name, "css")[0] + part(name, "js")[0]
    assert len(whole.encode()) + (STATIC / "css" / "print.css").stat().st_size < MAX_BYTES


@pytest.mark.parametrize("name", PAGES)
def test_every_line_of_code_and_style_is_in_it(name: str) -> None:
    script, style = part(name, "js")[0], part(name, "css")[0]
    assert not re.search(r"^\s*(?:import|export)\b", script, re.M)
    html = (STATIC / f"{name}.html").read_text("utf-8")
    for sheet in re.findall(r'href="/static/css/(\w+)\.css">', html):
        rules = re.sub(r"/\*.*?\*/", "", (STATIC / "css" / f"{sheet}.css").read_text("utf-8"), flags=re.S)
        assert all(line in style for line in rules.splitlines() if line.strip()), sheet


def test_modules_see_what_they_import_and_nothing_else(tmp_path: Path) -> None:
    site = written(
        tmp_path,
        start='import { add as plus } from "./sums.js";\nimport { word } from "./words.js";\nconst here = 1;\n'
        "console.log(plus(here, 2), word, typeof hidden, await Promise.resolve(4));\n",
        sums='/** Adds. */\nimport { word } from "./words.js";\nconst hidden = word.length;\n'
        "// A comment.\nexport function add(a, b) {\n  return a + b + hidden;\n}\n",
        words='export const word = "// no /* comment */";\nexport class Odd {}\nexport async function* none() {}\n',
    )
    script = part("one", "js", site)[0]
    assert run(script).split() == ["22", *"// no /* comment */".split(), "undefined", "4"]
    assert script.count("class Odd") == 1
    assert "Adds." not in script


def test_what_is_edited_is_seen_and_gets_another_address(tmp_path: Path) -> None:
    site = written(tmp_path, start="console.log(1);\n")
    before = page("one", site)
    (site / "js" / "start.js").write_text("console.log(2);\n", "utf-8")
    os.utime(site / "js" / "start.js", ns=(0, (site / "one.html").stat().st_mtime_ns + 10**9))
    assert page("one", site) != before
    assert part("one", "js", site)[0] == "console.log(2);\n"


@pytest.mark.parametrize(
    ("code", "complaint"),
    [('import { start } from "./start.js";\n', "circle"), ('import x from "./y.js";\n', 'says "import x from')],
)
def test_what_cannot_be_put_together_is_named(tmp_path: Path, code: str, complaint: str) -> None:
    site = written(tmp_path, start='import { odd } from "./odd.js";\n', odd=code)
    with pytest.raises(ValueError, match=complaint):
        page("one", site)


def test_browsers_keep_what_is_of_now_and_ask_again_for_what_is_not(server_url: str) -> None:
    content, digest = part("ask", "js")
    now = httpx.get(f"{server_url}/static/together/ask-{digest}.js")
    assert now.text == content
    assert now.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert now.headers["Content-Type"].startswith("text/javascript")
    before = httpx.get(f"{server_url}/static/together/ask-0000000000000000.js")
    assert before.text == content
    assert before.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["nothing-0.js", "ask-0.html", "..%2Fask-0.js", "ask.js"])
def test_there_is_nothing_else_to_be_had(server_url: str, name: str) -> None:
    assert httpx.get(f"{server_url}/static/together/{name}").status_code == 404
