"""WebVTT and SRT: cues joined by speaker, voices inherited, unlabelled speech parted sensibly, times kept."""

from pathlib import Path

import pytest

from rag.transcripts.readers import read_transcripts
from rag.transcripts.readers.cues import LONGEST_UNLABELLED, SENSIBLE_LENGTH
from rag.transcripts.types import Transcript

FORMATS = Path(__file__).resolve().parents[3].parent / "shared" / "formats"


def read(text: str) -> Transcript:
    [transcript] = read_transcripts(text.encode(), source="talk.vtt")
    return transcript


def vtt(*cues: tuple[float, float, str]) -> str:
    blocks = (f"00:{a:06.3f} --> 00:{b:06.3f}\n{text}" for a, b, text in cues)
    return "WEBVTT\n\n" + "\n\n".join(blocks)


def shown(transcript: Transcript) -> list[tuple[str | None, str, str]]:
    return [(turn.speaker, turn.attribution.value, turn.text) for turn in transcript.turns]


def test_cues_of_one_voice_are_one_turn_from_the_first_start_to_the_last_end() -> None:
    talk = read(vtt((1, 2, "<v Ann Lee>One"), (2, 3.5, "<v.loud Ann Lee>two.</v>"), (9, 10, "<v Bob>Three.")))
    assert shown(talk) == [("Ann Lee", "labelled", "One two."), ("Bob", "labelled", "Three.")]
    assert (talk.turns[0].start_ms, talk.turns[0].end_ms) == (1_000, 3_500)


def test_a_cue_without_a_voice_inherits_the_one_before() -> None:
    talk = read(
        vtt((0, 1, "Before anybody."), (1, 2, "<v Ann>One and"), (2, 3, "two."), (3, 4, "Three."), (4, 5, "Four."))
    )
    assert shown(talk) == [
        (None, "unknown", "Before anybody."),
        ("Ann", "labelled", "One and two."),
        ("Ann", "inherited", "Three. Four."),
    ]


def test_two_voices_in_one_cue_are_two_turns_and_tags_and_references_are_resolved() -> None:
    talk = read(vtt((1, 2, "<v Ann>R&amp;D <i>is</i> <00:01.500><c.x>fun</c></v>\n<v Bob>3 < 4")))
    assert shown(talk) == [("Ann", "labelled", "R&D is fun"), ("Bob", "labelled", "3 < 4")]


def test_notes_at_the_head_give_title_and_people() -> None:
    text = "WEBVTT\n\nNOTE\nTitle: Huddles\nDate: 2024-02-03\nSpeakers: Ann Lee (nurse, City)\n\n"
    talk = read(text + vtt((1, 2, "<v Ann Lee>One.")).removeprefix("WEBVTT\n\n"))
    assert talk.id == "2024-02-03-huddles"
    assert (talk.speakers[0].role, talk.speakers[0].organisation) == ("nurse", "City")


def test_unlabelled_cues_part_at_pauses_and_at_sentence_ends_once_long() -> None:
    talk = read(vtt((1, 2, "One."), (2.5, 3, "Two."), (5.5, 6, "Three.")))
    assert shown(talk) == [(None, "unknown", "One. Two."), (None, "unknown", "Three.")]
    long = read(vtt(*((n / 2, n / 2 + 0.5, "Fifteen letters.") for n in range(100))))
    assert all(SENSIBLE_LENGTH <= len(t.text) < SENSIBLE_LENGTH + 20 for t in long.turns[:-1])
    endless = read(vtt(*((n / 8, (n + 1) / 8, "no end of it") for n in range(400))))
    assert all(len(t.text) < LONGEST_UNLABELLED + 20 for t in endless.turns)
    assert " ".join(t.text for t in endless.turns) == " ".join(["no end of it"] * 400)


def test_srt_labels_hold_until_the_next_and_dashes_part_speakers() -> None:
    cues = ["Ann: One\ngoes on", "and on.", "- Bob: <i>Two</i>\n- Ann: Three.", "Note: no label.", "Bob: End."]
    text = "\n\n".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},500\n{cue}" for n, cue in enumerate(cues, start=1))
    talk = read(text)
    assert shown(talk) == [
        ("Ann", "labelled", "One goes on and on."),
        ("Bob", "labelled", "Two"),
        ("Ann", "labelled", "Three. Note: no label."),
        ("Bob", "labelled", "End."),
    ]
    assert (talk.turns[0].start_ms, talk.turns[0].end_ms) == (1_000, 2_500)


REAL = {
    "01_changelog_brain-science-5.md": {"Mireille B. Reece, Psy.D", "Adam Stacoviak"},
    "02_changelog_600.md": {"Jerod Santo", "Benn Stancil"},
    "04_bitcoin_chaincode_name_time_header.md": {"Mark Erhardt", "Caralie Chrisco", "Adam Jonas"},
    "09_talkpython_youtube.vtt": set(),
    "10_podcastns_v_speaker.vtt": {"Sarah", "Gillian"},
    "11_podcastns.srt": {"Travis", "Sarah", "Gilon"},
    "14_virtualcoffee_3_1.srt": {"Bekah", "Dan", "Jono"},
}


@pytest.mark.parametrize("name", REAL)
def test_real_files_give_their_speakers_and_no_others(name: str) -> None:
    path = FORMATS / name
    if not path.exists():
        pytest.skip("the sample files are not beside the checkout")
    [transcript] = read_transcripts(path.read_bytes(), source=name)
    assert {speaker.name for speaker in transcript.speakers} == REAL[name]
    assert all(turn.text for turn in transcript.turns)
