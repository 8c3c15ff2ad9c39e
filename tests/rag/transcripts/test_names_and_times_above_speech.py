"""Text exports with times: Otter's names above speech, lines that begin with a time, brackets, numbered speakers."""

import pytest

from rag.errors import ReadError
from rag.transcripts.readers import read_transcripts
from rag.transcripts.types import Transcript

Shown = list[tuple[str | None, str, int | None]]


def read(text: str, source: str = "talk.txt") -> Transcript:
    [transcript] = read_transcripts(text.encode(), source=source)
    return transcript


def shown(text: str) -> Shown:
    return [(turn.speaker, turn.text, turn.start_ms) for turn in read(text).turns]


OTTER = """On flow
Mon, Mar 04, 2024 3:05PM • 31:20

SUMMARY KEYWORDS
beds, flow

Ann Lee  00:05
Shall we begin? We said
nine o'clock.

Speaker 2  00:12
Yes.

And I have a list.

1:02:03
Who was that?

Transcribed by https://otter.ai
"""


def test_otters_text_gives_names_times_and_those_it_did_not_identify() -> None:
    assert shown(OTTER) == [
        ("Ann Lee", "Shall we begin? We said nine o'clock.", 5_000),
        ("Speaker 2", "Yes.\n\nAnd I have a list.", 12_000),
        (None, "Who was that?", 3_723_000),
    ]
    assert [turn.attribution.value for turn in read(OTTER).turns] == ["labelled", "labelled", "unknown"]
    assert (read(OTTER).title, str(read(OTTER).date)) == ("On flow", "2024-03-04")


def test_a_person_who_speaks_once_is_a_speaker_where_a_time_stands_beside_the_name() -> None:
    text = "Ann Lee  0:05\nOne.\n\nBo Ek  0:10\nTwo.\n\nCy Fox (guest)  0:12\nThree.\n"
    assert [speaker for speaker, _, _ in shown(text)] == ["Ann Lee", "Bo Ek", "Cy Fox (guest)"]


@pytest.mark.parametrize(
    "line", ["We stopped at 10:30", "The train leaves at  9:15.", "See you at 12:00", "Agenda  items for 2:00 are here"]
)
def test_a_time_of_day_in_speech_makes_no_speaker(line: str) -> None:
    text = f"Ann Lee  0:05\nOne.\n{line}\n\nBo Ek  0:10\nTwo.\n\nAnn Lee  0:20\nThree.\n"
    assert [speaker for speaker, _, _ in shown(text)] == ["Ann Lee", "Bo Ek", "Ann Lee"]
    assert " ".join(line.split()) in shown(text)[0][1]


def test_lines_that_begin_with_a_time_are_joined_and_keep_the_first_time() -> None:
    text = "00:00:00 One day we\n\n00:00:04 began to count.\n\n01:00:05 And then?\n"
    assert shown(text) == [(None, "One day we began to count. And then?", 0)]
    long = "".join(f"0:{n:02} Every line ends a sentence of some length here.\n" for n in range(60))
    assert len(shown(long)) > 3
    assert " ".join(text for _, text, _ in shown(long)) == " ".join(line[5:] for line in long.splitlines())


def test_a_name_after_the_time_is_read_as_a_name() -> None:
    text = "00:00:01 Ann: One.\n00:00:05 Bo: Two.\n00:00:09 Ann: Three.\n"
    assert shown(text) == [("Ann", "One.", 1_000), ("Bo", "Two.", 5_000), ("Ann", "Three.", 9_000)]


def test_a_time_right_after_the_colon_belongs_to_the_label() -> None:
    text = "Ann Lee: 0:01\n\nOne.\n\nBo Ek:0:05\n\nTwo.\n\nAnn Lee:00:00:09\n\nThree.\n"
    assert shown(text) == [("Ann Lee", "One.", 1_000), ("Bo Ek", "Two.", 5_000), ("Ann Lee", "Three.", 9_000)]


def test_names_in_brackets_are_speakers_in_plain_text_too_and_stage_notes_are_not() -> None:
    text = "[Ann Lee] One.\n[laughter]\n\n[Bo Ek 0:10]: Two.\n\n[Applause] [Ann Lee] is kind.\n\n[Ann Lee:] Three."
    assert shown(text) == [
        ("Ann Lee", "One. [laughter]", None),
        ("Bo Ek", "Two.\n\n[Applause] [Ann Lee] is kind.", 10_000),
        ("Ann Lee", "Three.", None),
    ]


@pytest.mark.parametrize(
    ("label", "name"), [("SPEAKER_00", "Speaker 0"), ("Speaker 1", "Speaker 1"), ("spk_12", "Speaker 12")]
)
def test_numbered_labels_are_shown_alike_and_are_labelled(label: str, name: str) -> None:
    vtt = f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v {label}>One.\n\n00:02.000 --> 00:03.000\n<v Ann>Two.\n"
    assert [(turn.speaker, turn.attribution.value) for turn in read(vtt).turns] == [
        (name, "labelled"),
        ("Ann", "labelled"),
    ]


def test_whisperx_captions_put_their_numbered_speakers_in_brackets() -> None:
    cues = ["[SPEAKER_01]: One and", "[SPEAKER_01]: two.", "[SPEAKER_00]: Three."]
    text = "\n\n".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{cue}" for n, cue in enumerate(cues, start=1))
    assert shown(text) == [("Speaker 1", "One and two.", 1_000), ("Speaker 0", "Three.", 3_000)]


def test_teams_captions_name_a_voice_in_each_cue_and_an_empty_voice_is_nobody() -> None:
    cues = ["<v Ann Lee>One.</v>", "<v >Who knows?</v>", "<v>Nor this.</v>", "<v Bo Ek>Two.</v>", "And more."]
    blocks = (f"4f1c/{n}-0\n00:00:0{n}.000 --> 00:00:0{n}.900\n{cue}" for n, cue in enumerate(cues))
    turns = read("WEBVTT\n\n" + "\n\n".join(blocks)).turns
    assert [(turn.speaker, turn.attribution.value, turn.text) for turn in turns] == [
        ("Ann Lee", "labelled", "One."),
        (None, "unknown", "Who knows? Nor this."),
        ("Bo Ek", "labelled", "Two."),
        ("Bo Ek", "inherited", "And more."),
    ]


def test_zooms_captions_begin_with_the_name() -> None:
    cues = ["Ann Lee: Good morning.", "Ann Lee: And welcome.", "Bo Ek: Thanks."]
    blocks = (f"{n}\n00:00:0{n}.000 --> 00:00:0{n}.900\n{cue}" for n, cue in enumerate(cues, start=1))
    assert shown("WEBVTT\n\n" + "\n\n".join(blocks)) == [
        ("Ann Lee", "Good morning. And welcome.", 1_000),
        ("Bo Ek", "Thanks.", 3_000),
    ]


def test_text_without_speakers_gives_its_paragraphs_and_its_header() -> None:
    talk = read("Title: On flow\nDate: 5 March 2024\n\nWe began in the winter.\n\nAnd we stopped in spring.\n")
    assert (talk.title, str(talk.date), talk.speakers) == ("On flow", "2024-03-05", ())
    assert [turn.text for turn in talk.turns] == ["We began in the winter.", "And we stopped in spring."]


def test_broken_captions_are_not_taken_for_prose() -> None:
    with pytest.raises(ReadError):
        read("00:01.000 -> 00:02.000 ->\n\n12.000 --> 00:02.000\nwe were saying so many words here\n")


def test_a_time_may_be_glued_to_the_name() -> None:
    text = "Ann Lee00:05\nShall we begin?\n\nBo Ek00:12\nYes.\n\nAnn Lee0:20\nGood.\n"
    assert shown(text) == [("Ann Lee", "Shall we begin?", 5000), ("Bo Ek", "Yes.", 12000), ("Ann Lee", "Good.", 20000)]
