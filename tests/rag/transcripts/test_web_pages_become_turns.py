"""Web pages: labels in every shape, metadata, and what on a page nobody said. All pages are made up."""

import datetime as dt
import html
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import ReadError
from rag.transcripts.readers import read_transcripts
from rag.transcripts.types import Transcript

NAV = "<nav><a href=/>Home</a> <a href=/pods>Podcasts</a></nav>"
SIDE = "<aside><h3>More episodes</h3><p>Ann Lee: an earlier talk that nobody hears here.</p></aside>"
FOOT = "<footer><p>Contact: us at the office. Terms: yours.</p><script>track('Ann Lee: no')</script></footer>"


def read(page: str, source: str = "talk.html") -> Transcript:
    [transcript] = read_transcripts(page.encode(), source=source)
    return transcript


def said(page: str) -> list[tuple[str | None, str]]:
    return [(turn.speaker, turn.text) for turn in read(page).turns]


def site(main: str, head: str = "<title>Talk | Site</title>") -> str:
    body = f"<body>{NAV}<main>{main}</main>{SIDE}{FOOT}</body>"
    return f"<!doctype html><html><head>{head}<style>p {{}}</style></head>{body}</html>"


TALK = [
    ("Ann Lee", "Good morning & welcome, Bo."),
    ("Bo Ek", "Thanks."),
    ("Ann Lee", "What changed?"),
    ("Bo Ek", "Little."),
]
SHAPES = {
    "bracketed": "<p>[{0}] {1}</p>",
    "bracketed with a colon": "<p>[{0}:] {1}</p>",
    "colon": "<p>{0}: {1}</p>",
    "bold with the colon": "<p><b>{0}:</b> {1}</p>",
    "bold before the colon": "<p><strong>{0}</strong>: {1}</p>",
    "bold without a colon": "<p><strong>{0}</strong> {1}</p>",
    "bold by style": "<p><span style='font-weight: 700'>{0}</span><br>{1}</p>",
    "own line": "<p>{0}</p><p>{1}</p>",
    "own line by a break": "<p><b>{0}</b><br>{1}</p>",
    "heading": "<h3>{0}</h3><p>{1}</p>",
    "list of definitions": "<dl><dt>{0}</dt><dd>{1}</dd></dl>",
    "blocks with classes": "<div class=turn><div class=name>{0}</div><div class=text>{1}</div></div>",
    "table": "<table><tr><td>{0}</td><td>{1}</td></tr></table>",
    "cite": "<cite>{0}</cite><p>{1}</p>",
    "cite with a colon": "<cite>{0}:</cite><p>{1}</p>",
    "name and time": "<p>{0}  0:10</p><p>{1}</p>",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_labels_of_every_shape_are_found_and_the_rest_of_the_page_is_nobodys(shape: str) -> None:
    body = "".join(SHAPES[shape].format(name, text.replace("&", "&amp;")) for name, text in TALK)
    body = body.replace("</table><table>", "")
    page = site(f"<h1>Talk</h1>{body}<p><a href=#>Top</a></p>")
    assert said(page) == TALK
    assert read(page).title == "Talk"


@pytest.mark.parametrize(
    "row",
    [
        "<tr><td>0:0{2}</td><td>{0}</td><td>{1}</td></tr>",
        "<tr><td>{0}</td><td><time>0:0{2}</time></td><td>{1}</td></tr>",
        "<tr><td>[0:0{2} - 0:09]</td><td><b>{0}:</b></td><td><p>{1}</p></td></tr>",
        "<tr><td>{1}</td><td>{0}</td><td>0:0{2}</td></tr>",
    ],
)
def test_a_tables_columns_may_come_in_any_order_with_a_head_or_without(row: str) -> None:
    rows = "".join(row.format(name, text.replace("&", "&amp;"), n) for n, (name, text) in enumerate(TALK))
    for head in ("", "<tr><th>Time</th><th>Speaker</th><th>Text</th></tr>"):
        turns = read(site(f"<table>{head}{rows}</table>")).turns
        assert [(turn.speaker, turn.text, turn.start_ms) for turn in turns] == [
            (name, text, 1_000 * n) for n, (name, text) in enumerate(TALK)
        ]


def test_a_table_of_figures_is_no_conversation() -> None:
    figures = "<table><tr><td>Falls</td><td>12</td></tr><tr><td>Sores</td><td>7</td></tr></table>"
    page = site(f"<p>Ann Lee: These are they.</p>{figures}<p>Bo Ek: I see.</p><p>Ann Lee: Yes.</p>")
    assert [speaker for speaker, _ in said(page)] == ["Ann Lee", "Bo Ek", "Ann Lee"]


@pytest.mark.parametrize("clock", ["<time>0:53</time>", "<span>(0:53)</span>", "<div><time>00:00:53</time></div>"])
def test_a_time_beside_the_name_starts_the_turn_and_is_not_in_its_text(clock: str) -> None:
    body = f"<cite>Ann:</cite>{clock}<p>One.</p><cite>Bo:</cite><time>1:02:03</time><p>Two.</p>"
    turns = read(body).turns
    assert [(turn.speaker, turn.text, turn.start_ms) for turn in turns] == [
        ("Ann", "One.", 53_000),
        ("Bo", "Two.", 3_723_000),
    ]


def test_stage_notes_in_brackets_are_speech_and_no_speakers() -> None:
    page = site("<p>[Ann Lee] One.</p><p>[Laughter]</p><p>[Bo Ek] Two [inaudible] three.</p><p>[Music]</p>")
    assert said(page) == [("Ann Lee", "One.\n\n[Laughter]"), ("Bo Ek", "Two [inaudible] three.\n\n[Music]")]


LINKED = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebPage", "name": "A site's page", "datePublished": "2001-01-01"},
        {
            "@type": ["PodcastEpisode"],
            "name": "Counting what counts",
            "datePublished": "2024-03-05T09:00:00+00:00",
            "url": "https://example.org/pods/7",
            "actor": [
                {
                    "@type": "Person",
                    "name": "Bo Ek",
                    "jobTitle": "ward manager",
                    "worksFor": {"name": "Northwood Trust"},
                },
                {"@type": "Organization", "name": "Ann Lee"},
            ],
        },
    ],
}


def test_title_date_address_and_guests_come_from_the_pages_metadata() -> None:
    head = (
        "<title>Counting what counts | Site</title><link rel=canonical href='https://example.org/pods/counting'>"
        "<meta property='article:modified_time' content='2025-01-01'>"
        f"<script type='application/ld+json'>{json.dumps(LINKED)}</script>"
    )
    talk = read(site("<h1>Counting what counts</h1>" + "".join(f"<p>{n}: {t}</p>" for n, t in TALK), head))
    assert (talk.title, talk.date, talk.url) == (
        "Counting what counts",
        dt.date(2024, 3, 5),
        "https://example.org/pods/counting",
    )
    assert [(s.name, s.role, s.organisation) for s in talk.speakers] == [
        ("Ann Lee", None, None),
        ("Bo Ek", "ward manager", "Northwood Trust"),
    ]


@pytest.mark.parametrize(
    ("head", "title", "date"),
    [
        ("<meta property='og:title' content='Our talk'><meta name=date content=2024-03-05>", "Our talk", (2024, 3, 5)),
        ("<meta property='article:published_time' content='2024-03-05T10:00:00Z'><title>T</title>", "T", (2024, 3, 5)),
        ("<title>A &amp; B</title><script type='application/ld+json'>{broken</script>", "A & B", None),
        ("<title>T</title><meta property='article:modified_time' content='2024-03-05'>", "T", None),
    ],
)  # fmt: skip
def test_other_metadata_serve_where_there_is_no_linked_data(
    head: str, title: str, date: tuple[int, int, int] | None
) -> None:
    talk = read(site("".join(f"<p>{n}: {t}</p>" for n, t in TALK), head))
    assert (talk.title, talk.date) == (title, dt.date(*date) if date else None)


def test_a_date_on_the_page_is_read_and_two_different_ones_are_not() -> None:
    talk = "".join(f"<p>{n}: {t}</p>" for n, t in TALK)
    assert read(site(f"<h1>T</h1><p>5 March 2024</p>{talk}")).date == dt.date(2024, 3, 5)
    assert read(site(f"<time datetime=2024-03-05>last week</time>{talk}")).date == dt.date(2024, 3, 5)
    both = "<time datetime=2024-03-05>a</time><time datetime=2024-03-06>b</time>"
    assert read(site(f"{both}{talk}")).date is None


def test_an_address_that_is_no_web_address_is_not_kept() -> None:
    head = "<title>T</title><link rel=canonical href='javascript:alert(1)'><meta property=og:url content='/pods'>"
    assert read(site("".join(f"<p>{n}: {t}</p>" for n, t in TALK), head)).url is None


def test_scripts_styles_and_hidden_code_are_never_text() -> None:
    noise = "<script>var a='Ann Lee: no';</script><style>.x{}</style>"
    noise += "<template><p>Bo Ek: no</p></template><noscript>no</noscript>"
    page = site("".join(f"<p>{n}: {t}{noise}</p>{noise}" for n, t in (("Ann Lee", "One."), ("Bo Ek", "Two."))))
    assert said(page) == [("Ann Lee", "One."), ("Bo Ek", "Two.")]


def test_comments_below_a_talk_are_not_the_last_speakers() -> None:
    comments = "<section id=comments><h2>Comments</h2><p>I liked that very much.</p></section>"
    talk = "".join(f"<p>{n}: {t} {'And so we went on. ' * 20}</p>" for n, t in TALK)
    page = f"<html><body><div><article>{talk}</article>{comments}</div></body></html>"
    assert "liked" not in said(page)[-1][1]


def test_a_page_without_names_gives_a_turn_a_paragraph_of_its_text_alone() -> None:
    body = [f"We counted falls every day of week {n}, and wrote them on the wall." for n in range(6)]
    page = site("<h1>T</h1>" + "".join(f"<p>{text}</p>" for text in body))
    assert said(page) == [(None, text) for text in body]


def test_a_transcript_kept_in_preformatted_text_is_read_line_by_line() -> None:
    assert said(site("<pre>Ann Lee: One\ngoes on.\n\nBo Ek: Two.\n\nAnn Lee: Three.</pre>")) == [
        ("Ann Lee", "One goes on."),
        ("Bo Ek", "Two."),
        ("Ann Lee", "Three."),
    ]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece", ["<div>", "<b>", "<table><tr><td>", "<p>Ann: x", "<cite>", "&amp;", "<!--", "<br>", "</p>"]
)
def test_pages_nested_or_broken_without_end_are_read_or_refused_soon(piece: str) -> None:
    page = "<html><p>Ann Lee: One.<p>Bo Ek: Two." + piece * 20_000 + "<p>Ann Lee: Three."
    try:
        outcome = said(page)[0][1]
    except ReadError as error:
        outcome = str(error)
    assert outcome.startswith(("One.", "talk.html"))


TAGS = [
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<cite>",
    "</cite>",
    "<time>",
    "</time>",
    "<h2>",
]
TEXTS = st.one_of(
    st.sampled_from([*TAGS, "Ann: ", "[Bo] ", "0:10", "<br>", "<pre>", "\n", "<a>", "</a>"]), st.text(max_size=8)
)


@settings(max_examples=80, deadline=2_000)
@given(pieces=st.lists(TEXTS, max_size=40))
def test_no_word_of_a_turn_is_missing_from_the_page(pieces: list[str]) -> None:
    page = "<html><body><p>Ann: We said so.</p>" + "".join(pieces)
    try:
        turns = said(page)
    except ReadError:
        turns = []
    letters = "".join(filter(str.isalnum, html.unescape(re.sub(r"</?\w+>", "", page))))
    for _, text in turns:
        assert all(word in letters for word in text.split() if word.isalnum())
