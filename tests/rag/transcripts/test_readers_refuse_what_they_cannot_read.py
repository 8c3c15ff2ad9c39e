"""Bad sources: always a ReadError that names source, place, reason and remedy; never another error, never a hang."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.errors import InputError, ReadError
from rag.transcripts.readers import ReadOptions, read_transcripts, readers
from rag.transcripts.types import Transcript

GOOD = {
    "plain": "Title: T\n\nAnn Lee: One.\n\nBob Day (00:12): Two\n\nAnn Lee: Three.",
    "page": "T\n\n6 December 2023\n\n  • Ann Lee\n\n    One.\n\n    Bob Day\n\n    Two.\n\n    Ann Lee\n\n    Three.",
    "markdown": "---\ntitle: T\nspeakers: [Ann]\n---\n# T\n\n**Ann:** One *and* [two](x).\n\n**Bob:**\n\n1. Three\n",
    "webvtt": "WEBVTT\n\nNOTE x\n\n1\n00:01.000 --> 00:02.000\n<v Ann>One\n\n00:02.000 --> 00:03.000\n<b>two</b> &amp;",
    "srt": "1\n00:00:01,000 --> 00:00:02,000\nAnn: One\n\n2\n00:00:02,000 --> 00:00:03,000\n<i>two</i>\n",
    "native": json.dumps({"id": "a", "turns": [{"speaker": "Ann", "text": "One", "start_time": 1.5}]}),
    "podcast-json": json.dumps({"segments": [{"speaker": "Ann", "startTime": 0.5, "endTime": 1, "body": "One"}]}),
    "whisper": json.dumps(
        {"segments": [{"start": 0.5, "end": 1, "text": "One", "words": [{"word": "One", "speaker": "SPEAKER_00"}]}]}
    ),
    "assemblyai": json.dumps({"utterances": [{"speaker": "A", "start": 5, "end": 9, "text": "One", "words": []}]}),
    "deepgram": json.dumps(
        {"results": {"channels": [{"alternatives": [{"words": [{"word": "one", "start": 0.5, "speaker": 0}]}]}]}}
    ),
    "google-speech": json.dumps(
        {"results": [{"alternatives": [{"words": [{"word": "One", "startTime": "1.5s", "speakerTag": 1}]}]}]}
    ),
    "timed-names": "Ann Lee  0:05\nOne.\n\nBob Day  0:10\nTwo.\n\n0:15\nThree.",
    "timed-lines": "00:00:01 One\n\n00:00:02 two.\n\n00:00:03 Three.\nFour.",
    "unlabelled": "---\ntitle: T\n---\n\nOne day they said nothing at all.\n\nAnd then they did.",
    "html": "<html><title>T</title><script>x</script><p><b>Ann:</b> One &amp;<br>two.<p><cite>Bob</cite> "
    "<time>0:10</time><p>Three.<table><tr><td>Ann<td>x<tr><td>Bob<td>yyyy</table>",
}
"""A sound text in each format that is text."""
SRT_CUE = "{}\n00:00:0{},000 --> 00:00:0{},500\nhi\n\n\n"
SRT_BROKEN = SRT_CUE.format(1, 1, 1) + SRT_CUE.format(2, "x", 4) + SRT_CUE.format(3, 5, 5)


def refusal(data: bytes | str, source: str = "folder/talk.txt") -> str:
    with pytest.raises(ReadError) as caught:
        read_transcripts(data.encode() if isinstance(data, str) else data, source=source)
    message = str(caught.value)
    assert message.startswith(source)
    return message


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_source_is_refused_as_empty(data: bytes) -> None:
    assert "empty" in refusal(data)


@pytest.mark.parametrize("data", [b"Ann: hi\0\0\1", b"\x89PNG\r\n\x1a\n\0\0", bytes(range(256)) * 9, b"\xff\xfea"])
def test_binary_data_is_refused_as_such(data: bytes) -> None:
    assert "binary" in refusal(data) or "breaks that encoding" in refusal(data)


def test_known_binary_formats_are_named() -> None:
    assert "Office" in refusal(b"PK\x03\x04rest")
    assert "PDF" in refusal(b"%PDF-1.7 rest")


@pytest.mark.parametrize(
    "text",
    ["It was night.", "1 2 3\n\n4 5 6 7 8", "a = {b: c}; d(e);", "<?xml version='1.0'?><rss><a>b c d e f g</a></rss>"],
)
def test_what_is_no_running_speech_is_refused_with_an_example_of_how_to_mark_speakers(text: str) -> None:
    assert "Ann Smith: Good morning." in refusal(text)


def test_json_of_an_unknown_kind_is_refused_as_such() -> None:
    assert "no speech recogniser" in refusal('{"records": [{"voice": "Ann", "said": "One"}]}')


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"turns": [{"speaker": "A"', "line 1, column 27"),
        ('{"turns":\n [{"speaker" "A"}]}', "line 2, column 14"),
        ('{"turns": [{"text": "x"}]}\n{"turns": [', "line 2, column 12"),
        ('{"id": "a", "turns": [{}]}\n\n{"id": "a", "turns": [{}]}', "line 3"),
        ('{"turns": [{"text": "x"}]}\n{"turns": []}', "line 2"),
        ('{"turns": [{}, {"text": 3}]}', "turn 1"),
        ('{"turns": [{"start_time": "1"}]}', "start_time"),
        ('{"turns": [{"start_time": NaN}]}', "start_time"),
        ('{"turns": [{"end_time": -1}]}', "end_time"),
        ('{"turns": [{"attribution": ["x"]}]}', "attribution"),
        ('{"turns": {}}', "turns"),
        ('{"date": "2023-13-01", "turns": [{}]}', "2023-13-01"),
        ('{"id": "\\u0007", "turns": [{}]}', "id"),
        ('{"speakers": [{"role": "x"}], "turns": [{}]}', "name"),
        ('{"a":' * 50_000, "nested"),
        ('{"segments": [{"body": "x"}, {"body": 3}]}', "segments, entry 2"),
        ('{"segments": [{"body": "x", "startTime": "soon"}]}', "startTime"),
        ('{"segments": [{"body": "x"}, 7]}', "segments, entry 2"),
        ('{"segments": [{"text": "x", "start": -1}]}', "between 0 and"),
        ('{"segments": [{"text": "x", "start": 1e300}]}', "between 0 and"),
        ('{"segments": [{"text": " "}]}', "no speech"),
        ('{"utterances": [{"text": "x", "start": 1.5e12}]}', "utterances, entry 1"),
        ('{"status": "error", "error": "no sound", "audio_url": "x"}', "no sound"),
        ('{"status": "queued", "audio_url": "x"}', "queued"),
        ('{"results": {"channels": [{"alternatives": [{"words": [{"word": []}]}]}]}}', "words, entry 1"),
        ('{"results": [{"alternatives": [{"transcript": "x"}, 1]}]}', "alternatives, entry 2"),
        ("<html><body><script>let x = 1;</script></body></html>", "no text on the page"),
        ("<html><p>12 34</p></html>", "neither speakers nor running speech"),
        ("WEBVTT\n\n00:01 --> 00:02\nhi", "line 3"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nhi\n\n00:99.000 --> 01:02.000\nyo", "cues are sound"),
        ("WEBVTT\n", "no cues"),
        (
            SRT_BROKEN,
            "line 6: cue 2",
        ),
        ("1\n00:00:01,000 --> 00:00:02,000\n" + "7" * 50, "line 3"),
        ("---\ntitle: [A\nb: c: d\n---\n**Ann:** hi\n\n**Bob:** yo", "line 3"),
        ("---\na: &a [1]\nb: *a\n---\n**Ann:** hi\n\n**Bob:** yo", "aliases"),
    ],
)
def test_the_message_names_the_place(text: str, place: str) -> None:
    assert place in refusal(text)


def test_an_unknown_format_is_wrong_usage_and_the_known_ones_are_listed() -> None:
    with pytest.raises(InputError, match="markdown, native, page, pdf, plain, podcast-json, srt, timed-lines"):
        read_transcripts(b"Ann: hi", source="x", options=ReadOptions(format="rtf"))


@pytest.mark.parametrize("form", GOOD)
def test_a_named_format_refuses_binary_data_too(form: str) -> None:
    with pytest.raises(ReadError, match="binary"):
        read_transcripts(b"a\0b", source="x", options=ReadOptions(format=form))


def attempt(data: bytes, form: str | None = None) -> None:
    transcripts: list[Transcript] = []
    refused = ""
    try:
        transcripts = read_transcripts(data, source="x.txt", options=ReadOptions(format=form))
    except ReadError as error:
        refused = str(error)
    assert bool(transcripts) != refused.startswith("x.txt")
    if transcripts:
        for transcript in transcripts:
            assert transcript.turns
            for turn in transcript.turns:
                turn.text.encode("utf-8")
                assert "\n\n".join(" ".join(p.split()) for p in turn.text.split("\n\n")) == turn.text


def test_every_reader_of_text_has_a_sound_example_here() -> None:
    assert set(GOOD) == {reader.names[0] for reader in readers()} - {"docx", "pdf"}
    for form, text in GOOD.items():
        assert read_transcripts(text.encode(), source="x", options=ReadOptions(format=form))


@settings(max_examples=150, deadline=5_000)
@given(data=st.binary(max_size=400))
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    attempt(data)


MARKS = [
    *(
        "<p>",
        "</p>",
        "<b>",
        "<cite>Ann</cite>",
        "<time>0:05</time>",
        "<table><tr><td>",
        "<td>",
        "<html>",
        "<br>",
        "<pre>",
    ),
    *('"segments": [', '{"text": "a b"}', "[Ann Lee] ", "Ann Lee  0:05\n", "00:00:01 ", "&amp;", "</"),
    *("\n", "\n\n", "Ann Lee: ", "**Bob:** ", "---\n", "WEBVTT\n\n", "00:01.000 --> 00:02.000\n", "{", '"turns":', "["),
    *(
        "1\n00:00:01,000 --> 00:00:02,000\n",
        "<v Ann>",
        "    Ann Lee\n",
        "# ",
        "Guests: ",
        "6 May 2024\n",
        "&#0;",
        "\ud800",
    ),
]
PIECES = st.lists(st.one_of(st.sampled_from(MARKS), st.text(max_size=12)), max_size=30).map("".join)


@settings(max_examples=250, deadline=5_000)
@given(text=PIECES, form=st.sampled_from([None, *GOOD]))
@example(text="<!--" * 2_000, form="markdown")
def test_random_text_is_read_or_refused_in_every_format(text: str, form: str | None) -> None:
    attempt(text.encode("utf-8", "surrogatepass"), form)


@pytest.mark.parametrize("form", GOOD)
@settings(max_examples=60, deadline=5_000)
@given(draw=st.data())
def test_a_damaged_file_is_read_or_refused(form: str, draw: st.DataObject) -> None:
    text = GOOD[form]
    start = draw.draw(st.integers(0, len(text)))
    end = draw.draw(st.integers(start, min(len(text), start + 20)))
    attempt((text[:start] + draw.draw(st.text(max_size=5)) + text[end:]).encode("utf-8", "replace"), form)
    attempt(text[:start].encode(), None)


@pytest.mark.parametrize(
    "piece", ["\n", " ", "[", "*", "(", "9", "a", "-", "> ", "A:", "Ann ", "<", "1. ", ", and ", "`", "![", "\t"]
)
@pytest.mark.parametrize("form", GOOD)
@pytest.mark.timeout(20)
def test_monotonous_text_takes_no_unreasonable_time(piece: str, form: str) -> None:
    attempt((GOOD[form][:60] + piece * 8_000 + GOOD[form][60:]).encode(), form)
