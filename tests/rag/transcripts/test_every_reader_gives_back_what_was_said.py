"""One conversation, written in each format by the test, must come back with its words, turns and speakers."""

import datetime as dt
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.transcripts.readers import ReadOptions, read_transcripts, readers
from rag.transcripts.types import Attribution, Transcript

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


WRITERS: dict[str, Callable[[Conversation], str]] = {
    "page": as_page,
    "plain": as_plain,
    "markdown": as_markdown,
    "webvtt": as_webvtt,
    "srt": as_srt,
    "native": as_native,
}
WITH_PARAGRAPHS = {"page", "plain", "markdown", "native"}


def read(text: str, source: str = "talk.dat", options: ReadOptions | None = None) -> Transcript:
    [transcript] = read_transcripts(text.encode(), source=source, options=options or ReadOptions())
    return transcript


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
    assert {reader.names[0] for reader in readers()} == set(WRITERS)


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=30, deadline=None)
@given(turns=conversations())
def test_all_words_come_back_in_the_right_turn_of_the_right_speaker(form: str, turns: Conversation) -> None:
    transcript = read(WRITERS[form](turns))
    separator = "\n\n" if form in WITH_PARAGRAPHS else " "
    expected = joined(turns, separator, one_to_one=form == "native")
    assert [(turn.speaker, turn.text) for turn in transcript.turns] == expected
    assert {turn.attribution for turn in transcript.turns} == {Attribution.LABELLED}
    assert [s.name for s in transcript.speakers] == list(dict.fromkeys(name for name, _ in turns))


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


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-with-mark", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_change_nothing(form: str, encoding: str, line_end: str) -> None:
    talk = [(name, [p.replace("One", "Café – “one”") for p in said]) for name, said in TALK]
    text = WRITERS[form](talk)
    written = text if form == "native" else text.replace("\n", line_end)
    mark = encoding == "utf-16-le-with-mark"
    data = b"\xff\xfe" + written.encode("utf-16-le") if mark else written.encode(encoding)
    [transcript] = read_transcripts(data, source="talk.dat")
    assert transcript == read(text)


@pytest.mark.parametrize("form", WRITERS)
def test_the_owners_options_go_before_the_source(form: str) -> None:
    options = ReadOptions(collection="mine", title="My title", date=dt.date(2020, 2, 3), format=form)
    transcript = read(WRITERS[form](TALK), options=options)
    assert (transcript.collection, transcript.title, transcript.date) == ("mine", "My title", dt.date(2020, 2, 3))
    assert transcript.id == "2020-02-03-my-title"
    assert transcript.source == "talk.dat"


@pytest.mark.parametrize("form", WRITERS)
def test_a_corrected_text_keeps_its_id(form: str) -> None:
    corrected = [(name, [p.replace("Two", "Too") for p in said]) for name, said in TALK]
    assert read(WRITERS[form](corrected)).id == read(WRITERS[form](TALK)).id
