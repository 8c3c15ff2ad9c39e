"""The script itself: light, classic, without ways to parse text as code; its colours contrast, its parts work."""

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from api.widget_script import FOLDER, PARTS, widget_script

MAX_BYTES = 30_000
"""What the script may weigh, compressed (issue: the widget)."""
TEXT, SHAPE = 4.5, 3.0
"""Least contrast of text, and of what shows a control or the focus (WCAG 2.2, 1.4.3 and 1.4.11)."""
PAIRS = [
    *[
        (ink, paper, TEXT)
        for ink in ("ink", "ink-quiet", "accent", "accent-strong", "alert")
        for paper in ("paper", "sheet")
    ],
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    ("on-marker", "marker", TEXT),
    ("on-mark", "mark", TEXT),
    *[(line, paper, SHAPE) for line in ("line-strong", "focus") for paper in ("paper", "sheet")],
]


def test_it_is_light() -> None:
    assert len(gzip.compress(widget_script()[0].encode())) < MAX_BYTES


def test_it_is_made_of_every_part_that_does_something() -> None:
    assert {path.stem for path in FOLDER.glob("*.js")} == {*PARTS, "types"}
    types = (FOLDER / "types.js").read_text(encoding="utf-8")
    assert re.fullmatch(r"/\*\*.*?\*/\s*", types, re.S), "types.js is not delivered, so it may only hold a comment"


def test_it_is_one_classic_script_that_parses_nothing() -> None:
    script = widget_script()[0]
    assert not re.search(r"^\s*(import|export)\b", script, re.M)
    ways_in = (
        r"innerHTML|outerHTML|insertAdjacentHTML|setHTML|document\.write|DOMParser|createContextualFragment"
        r"|eval\(|new Function|\.cssText|style="
    )
    assert not re.search(ways_in, script)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["LIGHT", "DARK"])
def test_its_colours_contrast_enough(theme: str) -> None:
    style = (FOLDER / "style.js").read_text(encoding="utf-8")
    tokens = style.partition(f"const {theme} = tokensOf({{")[2].partition("});")[0]
    colours = dict(re.findall(r'"?([\w-]+)"?: "#([0-9a-f]{6})"', tokens))
    for front, back, least in PAIRS:
        dark, light = sorted((_luminance(colours[front]), _luminance(colours[back])))
        assert (light + 0.05) / (dark + 0.05) >= least, (front, back)


def test_its_parts_do_their_work_by_themselves() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed; the browser tests still run the widget")
    script = Path(__file__).with_name("widget_parts.test.js")
    done = subprocess.run([node, "--test", str(script)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
