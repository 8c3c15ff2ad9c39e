"""The pages' colours have the contrast that WCAG asks for, and their files keep to the page policy."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "api" / "static"
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


def _themes() -> dict[str, dict[str, str]]:
    css = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    light_css, dark_css = css.split("@media (prefers-color-scheme: dark)")
    light = dict(re.findall(r"--([\w-]+):\s*#([0-9a-f]{6})", light_css))
    return {"light": light, "dark": light | dict(re.findall(r"--([\w-]+):\s*#([0-9a-f]{6})", dark_css))}


def _luminance(colour: str) -> float:
    """Return the relative luminance, 0..1, of an sRGB colour (WCAG 2.2, definition of relative luminance)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_colours_contrast_enough(theme: str, front: str, back: str, least: float) -> None:
    colours = _themes()[theme]
    dark, light = sorted((_luminance(colours[front]), _luminance(colours[back])))
    assert (light + 0.05) / (dark + 0.05) >= least


@pytest.mark.parametrize("page", ["ask.html", "transcript.html"])
def test_a_page_holds_no_inline_code_or_style_and_nothing_from_elsewhere(page: str) -> None:
    html = (STATIC / page).read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", html)
    assert all(tag.endswith("></script>") for tag in re.findall(r"<script.*?</script>", html, re.S))
    for address in re.findall(r'(?:src|href)="([^"#]+)"', html):
        assert address == "/" or (STATIC / address.removeprefix("/static/")).is_file(), address


@pytest.mark.parametrize("page", ["ask.html", "transcript.html"])
def test_the_words_of_a_page_are_those_of_the_one_file_of_strings(page: str) -> None:
    html = (STATIC / page).read_text(encoding="utf-8")
    strings = (STATIC / "js" / "strings.js").read_text(encoding="utf-8")
    said = re.findall(r'data-words="(\w+)">([^<]+)<', html)
    assert said
    for name, words in said:
        assert f'    {name}: "{words}",\n' in strings, name
    for words, name in re.findall(r'aria-label="([^"]+)" data-label="(\w+)"', html):
        assert f'    {name}: "{words}",\n' in strings, name


def test_no_script_parses_text_as_html() -> None:
    for script in (STATIC / "js").glob("*.js"):
        code = script.read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|eval\(|new Function", code
        ), script
