"""One conversation, written in each format by the test, must come back with its words, turns and speakers."""

import datetime as dt
import html
import json
import textwrap
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.transcripts.readers import ReadOptions, read_transcripts, readers
from rag.transcripts.types import Attribution, Transcript
from tests.rag.transcripts.made_files import PdfLine, docx_of, empty_docx, pdf_of, run, with_body

Conversation = list[tuple[str, list[str]]]

NAMES = ("Ann Lee", "Bob O’Neil", "María José de la Cruz", "Dr. Wen Zhao")
WORDS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzéüßø"), min_size=1, max_size=9)
SENTENCES = st.lists(WORDS, min_size=1, max_size=40).map(lambda words: "Zz " + " ".join(words) + ".")
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=3)


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    """Draw 3 to 9 turns whose neighbours differ, each speaker speaking at least once."""
    said = draw(st.lists(PARAGRAPHS, min_size=3, max_size=9))
    place = draw(st.integers(0, 3))
    turns = []
    for paragraphs in said:
        turns.append((NAMES[place], paragraphs))
        place = (place + draw(st.integers(1, 3))) % 4
    # Two turns each, so that a name on its own line recurs.
    return turns + [(name, ["Zz last."]) for name in NAMES for _ in (0, 1)]


def as_page(turns: Conversation) -> str:
    body = "\n\n".join(f"    {name}\n\n" + "\n\n".join(f"    {p}" for p in said) for name, said in turns)
    return f"Audio\n\nA fine title\n\n6 December 2023\n\nRelated reading\n\n{body}\n\nSubscribe Arrow pointing right"


def as_plain(turns: Conversation) -> str:
    return "\n\n".join(f"{name}: " + "\n\n".join(said) for name, said in turns)


def as_markdown(turns: Conversation) -> str:
    body = "\n\n## A heading\n\n".join(f"**{name}:** " + "\n\n".join(said) for name, said in turns)
    return f"---\ntitle: A fine title\ndate: 2023-12-06\n---\n\nNobody says this.\n\n{body}\n"


def clock(second: int, mark: str) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}{mark}000"


def as_webvtt(turns: Conversation) -> str:
    cues = [f"<v {name}>{p}" for name, said in turns for p in said]
    return "WEBVTT\n\n" + "\n\n".join(f"{clock(i, '.')} --> {clock(i + 1, '.')}\n{cue}" for i, cue in enumerate(cues))


def as_srt(turns: Conversation) -> str:
    cues = [f"{name}: {p}" if i == 0 else p for name, said in turns for i, p in enumerate(said)]
    return "\n\n".join(f"{i + 1}\n{clock(i, ',')} --> {clock(i + 1, ',')}\n{cue}" for i, cue in enumerate(cues))


def as_native(turns: Conversation) -> str:
    return json.dumps({"title": "T", "turns": [{"speaker": n, "text": "\n\n".join(said)} for n, said in turns]})


def timed(turns: Conversation) -> list[tuple[int, str, str]]:
    """Return paragraphs with the second in which each begins."""
    return [(second, name, p) for second, (name, p) in enumerate((n, p) for n, said in turns for p in said)]


def as_podcast_json(turns: Conversation) -> str:
    words = [(second, name, word) for second, name, p in timed(turns) for word in p.split()]
    segments = [{"speaker": n, "startTime": s, "endTime": s + 0.5, "body": word} for s, n, word in words]
    return json.dumps({"version": "1.0.0", "segments": segments})


def as_whisperx(turns: Conversation) -> str:
    segments = [{"start": s, "end": s + 1.0, "text": f" {p}", "speaker": name} for s, name, p in timed(turns)]
    return json.dumps({"segments": segments, "word_segments": []})


def as_assemblyai(turns: Conversation) -> str:
    entries = [{"speaker": n, "start": s * 1000, "end": s * 1000 + 900, "text": p} for s, n, p in timed(turns)]
    return json.dumps({"id": "x", "status": "completed", "utterances": entries, "text": "…"})


def as_deepgram(turns: Conversation) -> str:
    entries = [{"speaker": n, "start": s, "end": s + 0.9, "transcript": p} for s, n, p in timed(turns)]
    return json.dumps({"metadata": {}, "results": {"channels": [], "utterances": entries}})


def as_google(turns: Conversation) -> str:
    words = [
        {"startTime": f"{s}.100s", "endTime": f"{s}.900s", "word": word, "speakerLabel": name}
        for s, name, p in timed(turns)
        for word in p.split()
    ]
    return json.dumps({"results": [{"alternatives": [{"transcript": "…", "words": words}]}]})


def as_timed_names(turns: Conversation) -> str:
    blocks = (f"{name}  {second}:05  \n" + "\n\n".join(said) for second, (name, said) in enumerate(turns))
    return "\n\n".join(blocks) + "\n\nTranscribed by https://otter.ai\n"


def page(body: str) -> str:
    head = "<!DOCTYPE html><html><head><title>A fine title</title><script>nobody(says);</script></head>"
    return f"{head}<body><nav><a href=/>Home</a></nav><main><h1>A fine title</h1>{body}</main><footer>© Us</footer>"


def paragraphs(said: list[str]) -> str:
    return "".join(f"<p>{html.escape(p)}</p>\n" for p in said)


def as_html_bold(turns: Conversation) -> str:
    return page("".join(paragraphs(said).replace("<p>", f"<p><strong>{n}:</strong> ", 1) for n, said in turns))


def as_html_bracketed(turns: Conversation) -> str:
    return page("".join(paragraphs(said).replace("<p>", f"<p>[{n}] ", 1) for n, said in turns))


def as_html_cite(turns: Conversation) -> str:
    return "\n".join(f"<cite>{n}:</cite>\n<time>{s}:00</time>\n{paragraphs(said)}" for s, (n, said) in enumerate(turns))


def as_html_own_line(turns: Conversation) -> str:
    return page("".join(f"<h4>{n}</h4><div>{paragraphs(said)}</div>" for n, said in turns))


def as_html_table(turns: Conversation) -> str:
    rows = (f"<tr><td>{s}:00<td><b>{n}</b><td>{paragraphs(said)}" for s, (n, said) in enumerate(turns))
    return page(f"<table><tr><th>Time<th>Speaker<th>Text{''.join(rows)}</table>")


def as_docx(turns: Conversation) -> bytes:
    return docx_of([p if index else f"**{n}: **{p}" for n, said in turns for index, p in enumerate(said)])


def as_docx_teams(turns: Conversation) -> bytes:
    paragraph = "<w:p>" + run("{}") + "<w:r><w:br/></w:r>" + run("{}") + "</w:p>"
    blocks = (
        paragraph.format(f"{n}   {s}:05", said[0]) + "".join(f"<w:p>{run(p)}</w:p>" for p in said[1:])
        for s, (n, said) in enumerate(turns)
    )
    return with_body(empty_docx(), "".join(blocks))


def as_docx_table(turns: Conversation) -> bytes:
    cell = "<w:tc>{}</w:tc>"
    rows = (
        "<w:tr>" + cell.format(f"<w:p>{run(n)}</w:p>") + cell.format("".join(f"<w:p>{run(p)}</w:p>" for p in said))
        + "</w:tr>"
        for n, said in turns
    )  # fmt: skip
    return with_body(empty_docx(), f"<w:tbl>{''.join(rows)}</w:tbl>")


def as_pdf(turns: Conversation) -> bytes:
    pages: list[list[PdfLine]] = [[]]
    baseline = 780
    for name, said in turns:
        blocks = [textwrap.wrap(p if index else f"{name}: {p}", 90) for index, p in enumerate(said)]
        if baseline - 14 * sum(len(lines) + 1 for lines in blocks) < 60:
            pages.append([])
            baseline = 780
        for lines in blocks:
            for number, line in enumerate(lines):
                bold = line.replace(f"{name}:", f"**{name}:**", 1) if lines is blocks[0] and number == 0 else line
                pages[-1].append((50, baseline, bold))
                baseline -= 14
            baseline -= 14
    numbered = [[(280.0, 810.0, "A fine title"), *lines, (290.0, 30.0, str(n))] for n, lines in enumerate(pages, 1)]
    return pdf_of(numbered if len(pages) > 2 else pages)


WRITERS: dict[str, Callable[[Conversation], str | bytes]] = {
    "page": as_page,
    "plain": as_plain,
    "markdown": as_markdown,
    "webvtt": as_webvtt,
    "srt": as_srt,
    "native": as_native,
    "podcast-json": as_podcast_json,
    "whisper": as_whisperx,
    "assemblyai": as_assemblyai,
    "deepgram": as_deepgram,
    "google-speech": as_google,
    "timed-names": as_timed_names,
    "html: bold": as_html_bold,
    "html: bracketed": as_html_bracketed,
    "html: cite": as_html_cite,
    "html: own line": as_html_own_line,
    "html: table": as_html_table,
    "docx: bold": as_docx,
    "docx: Teams": as_docx_teams,
    "docx: table": as_docx_table,
    "pdf": as_pdf,
}
"""By the name of the reader and, where it reads several shapes, the shape."""
TEXTS = [form for form in WRITERS if not form.startswith(("docx", "pdf"))]
JSONS = {"native", "podcast-json", "whisper", "assemblyai", "deepgram", "google-speech"}
WITHOUT_SPEAKERS = {"unlabelled", "timed-lines"}
WITH_PARAGRAPHS = {"page", "plain", "markdown", "native", "timed-names", "html", "docx", "pdf"}


def read(data: str | bytes, source: str = "talk.dat", options: ReadOptions | None = None) -> Transcript:
    written = data.encode() if isinstance(data, str) else data
    [transcript] = read_transcripts(written, source=source, options=options or ReadOptions())
    return transcript


def reader_of(form: str) -> str:
    return form.partition(":")[0]


def joined(turns: Conversation, separator: str, *, one_to_one: bool) -> list[tuple[str, str]]:
    """Return the turns expected: neighbours of one speaker joined, unless the format maps one to one."""
    expected: list[tuple[str, str]] = []
    for name, said in turns:
        if expected and expected[-1][0] == name and not one_to_one:
            expected[-1] = (name, separator.join([expected[-1][1], *said]))
        else:
            expected.append((name, separator.join(said)))
    return expected


def test_every_reader_has_a_writer_here() -> None:
    assert {reader.names[0] for reader in readers()} == {*map(reader_of, WRITERS), *WITHOUT_SPEAKERS}


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=15, deadline=None)
@given(turns=conversations())
def test_all_words_come_back_in_the_right_turn_of_the_right_speaker(form: str, turns: Conversation) -> None:
    transcript = read(WRITERS[form](turns))
    separator = "\n\n" if reader_of(form) in WITH_PARAGRAPHS else " "
    expected = joined(turns, separator, one_to_one=form == "native")
    assert [(turn.speaker, turn.text) for turn in transcript.turns] == expected
    assert {turn.attribution for turn in transcript.turns} == {Attribution.LABELLED}
    assert [s.name for s in transcript.speakers] == list(dict.fromkeys(name for name, _ in turns))


@settings(max_examples=15, deadline=None)
@example(said=["Zz a.", "Zz a.", f"Zz {'aaaa ' * 20}a."])  # one paragraph longer than all the others
@given(said=st.lists(SENTENCES, min_size=3, max_size=9))
def test_without_speakers_every_paragraph_is_a_turn_of_nobody_known(said: list[str]) -> None:
    said = [*said, "Zz this is enough to be speech."]
    forms = {
        "text": "\n\n".join(said),
        "markdown": "---\ntitle: T\n---\n# T\n\n" + "\n\n".join(said),
        "html": page(paragraphs(said)),
        "docx": docx_of(["# T", *said]),
        "whisper": json.dumps(
            {"segments": [{"text": p, "start": 9 * n, "end": 9 * n + 1} for n, p in enumerate(said)]}
        ),
    }
    for data in forms.values():
        turns = read(data).turns
        assert [(turn.speaker, turn.attribution, turn.text) for turn in turns] == [
            (None, Attribution.UNKNOWN, p) for p in said
        ]


@settings(max_examples=30, deadline=None)
@given(said=st.lists(SENTENCES, min_size=4, max_size=9))
def test_lines_that_begin_with_a_time_give_all_words_and_the_first_times(said: list[str]) -> None:
    turns = read("\n\n".join(f"{clock(7 * n, '.')[:8]} {p}" for n, p in enumerate(said))).turns
    assert " ".join(turn.text for turn in turns) == " ".join(said)
    assert turns[0].start_ms == 0
    assert {turn.start_ms for turn in turns} <= {7_000 * n for n in range(len(said))}
    assert {turn.speaker for turn in turns} == {None}


TALK: Conversation = [
    ("Ann Lee", ["One."]),
    ("Bob Day", ["Two.", "Three."]),
    ("Ann Lee", ["Four."]),
    ("Bob Day", ["X."]),
]


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("suffix", ["txt", "md", "vtt", "srt", "json", "html", ""])
def test_content_and_not_the_suffix_decides_the_format(form: str, suffix: str) -> None:
    assert [t.speaker for t in read(WRITERS[form](TALK), f"talk.{suffix}").turns] == [name for name, _ in TALK]


ENCODINGS = ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-16-be-with-mark", "cp1252"]


@pytest.mark.parametrize("form", TEXTS)
@pytest.mark.parametrize(
    ("encoding", "line_end"), [*((encoding, "\r\n") for encoding in ENCODINGS), ("utf-8", "\r"), ("utf-16", "\n")]
)
def test_encodings_and_line_ends_change_nothing(form: str, encoding: str, line_end: str) -> None:
    talk = [(name, [p.replace("One", "Café – “one”") for p in said]) for name, said in TALK]
    text = WRITERS[form](talk)
    assert isinstance(text, str)
    written = text if form in JSONS else text.replace("\n", line_end)
    mark = encoding == "utf-16-be-with-mark"
    data = b"\xfe\xff" + written.encode("utf-16-be") if mark else written.encode(encoding)
    [transcript] = read_transcripts(data, source="talk.dat")
    assert transcript == read(text)


@pytest.mark.parametrize("form", WRITERS)
def test_the_owners_options_go_before_the_source(form: str) -> None:
    options = ReadOptions(collection="mine", title="My title", date=dt.date(2020, 2, 3), format=reader_of(form))
    transcript = read(WRITERS[form](TALK), options=options)
    assert (transcript.collection, transcript.title, transcript.date) == ("mine", "My title", dt.date(2020, 2, 3))
    assert transcript.id == "2020-02-03-my-title"
    assert transcript.source == "talk.dat"


@pytest.mark.parametrize("form", WRITERS)
def test_a_corrected_text_keeps_its_id(form: str) -> None:
    corrected = [(name, [p.replace("Two", "Too") for p in said]) for name, said in TALK]
    assert read(WRITERS[form](corrected)).id == read(WRITERS[form](TALK)).id
