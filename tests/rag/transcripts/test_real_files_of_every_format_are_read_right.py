"""The sample files of `shared/formats`: what a person finds who reads them, written down, against what is read.

Counts of turns, paragraphs and words were taken from the files with other means (a look, grep, a word count).
"""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rag.transcripts.readers import read_transcripts
from rag.transcripts.types import Attribution, Transcript

Times = tuple[int | None, int | None]
UNTIMED: Times = (None, None)


@dataclass(frozen=True, kw_only=True)
class Expected:
    turns: int
    paragraphs: int
    words: int
    speakers: list[str] = field(default_factory=list)
    first: str
    """How the first turn begins."""
    last: str
    """How the last turn ends."""
    first_times: Times = UNTIMED
    last_times: Times = UNTIMED
    title: str
    date: dt.date | None = None
    url: str | None = None


HEALTH_PAGE = "Transcript for audio podcast: "
SNF = "Adverse Events in Skilled Nursing Facilities"
FILES = {
    "01_changelog_brain-science-5.md": Expected(
        turns=149, paragraphs=163, words=7546, speakers=["Mireille B. Reece, Psy.D", "Adam Stacoviak"],
        first="Mental health seems to be", last="manage our own mental health.", title="01 changelog brain science 5",
    ),
    "02_changelog_600.md": Expected(
        turns=99, paragraphs=134, words=11727, speakers=["Jerod Santo", "Benn Stancil"],
        first="I am joined today by", last="all on the next one.", title="02 changelog 600",
    ),
    "03_changelog_news_recent.md": Expected(
        turns=1, paragraphs=46, words=1133, speakers=["Jerod Santo"],
        first="What up, nerds? I'm Jerod", last="let's talk again real soon.", title="03 changelog news recent",
    ),
    "04_bitcoin_chaincode_name_time_header.md": Expected(
        turns=95, paragraphs=99, words=5184, speakers=["Mark Erhardt", "Caralie Chrisco", "Adam Jonas"],
        first="Just to throw out a", last="Bye everyone.", first_times=(0, None), last_times=(2_148_000, None),
        title="Enterprise Wallets/UTXO Management", date=dt.date(2020, 11, 9),
    ),
    "05_bitcoin_name_on_own_line.md": Expected(
        turns=298, paragraphs=380, words=24652, speakers=["Stephan Livera", "Waxwing (Adam Gibson)"],
        first="Adam, welcome to the show.", last="It was great. Thank you.",
        title="Is Consumerism at Odds With Privacy in Bitcoin? JoinMarket, PayJoin, SNICKER", date=dt.date(2020, 2, 16),
    ),
    "06_conduit_yaml_no_speakers.md": Expected(
        turns=152, paragraphs=152, words=14154, first="From Relay F.O. you're listening", last="con did it if none",
        title="26: The Content Dragon Appears! 💙🐉", date=dt.date(2022, 6, 30), url="https://www.relay.fm/conduit/26",
    ),
    "07_talkpython_hms_lines.txt": Expected(
        turns=108, paragraphs=108, words=13020, first="In this episode, we'll be", last="Bye. you you Thank you.",
        first_times=(0, None), last_times=(3_658_000, None), title="07 talkpython hms lines",
    ),
    "08_talkpython_no_speakers.vtt": Expected(
        turns=94, paragraphs=94, words=11869, first="If you want to leverage", last="and write some Python code.",
        first_times=(20, 39_640), last_times=(3_801_240, 3_817_820), title="08 talkpython no speakers",
    ),
    "09_talkpython_youtube.vtt": Expected(
        turns=105, paragraphs=105, words=12694,
        first="Brent, welcome back to Talk", last="later. Cool. Bye. Bye, everyone.",
        first_times=(2_800, 42_860), last_times=(4_070_500, 4_104_180), title="09 talkpython youtube",
    ),
    "10_podcastns_v_speaker.vtt": Expected(
        turns=2, paragraphs=2, words=66, speakers=["Sarah", "Gillian"],
        first="In today's episode, you'll learn", last="we need a podcast trailer?",
        first_times=(0, 18_630), last_times=(19_080, 25_350), title="10 podcastns v speaker",
    ),
    "11_podcastns.srt": Expected(
        turns=10, paragraphs=10, words=2492, speakers=["Travis", "Sarah", "Gilon"],
        first="When you first get started", last="is to batch your episodes.",
        first_times=(179, 50_340), last_times=(691_490, 754_769), title="11 podcastns",
    ),
    "12_podcastns_words.json": Expected(
        turns=2, paragraphs=2, words=5, speakers=["Darth Vader", "Luke"], first="I am your father.", last="Nooooo",
        first_times=(500, 2_500), last_times=(2_750, 3_000), title="12 podcastns words",
    ),
    "13_podcastns_cite_time_p.html": Expected(
        turns=10, paragraphs=10, words=2492, speakers=["Travis", "Sarah", "Gilon"],
        first="When you first get started", last="is to batch your episodes.",
        first_times=(0, None), last_times=(691_000, None), title="13 podcastns cite time p",
    ),
    "14_virtualcoffee_3_1.srt": Expected(
        turns=238, paragraphs=238, words=12103, speakers=["Bekah", "Dan", "Jono"],
        first="Hello, and welcome back to", last="we'll see you next week.",
        first_times=(10_599, 31_100), last_times=(3_843_052, 3_848_963), title="14 virtualcoffee 3 1",
    ),
    "15_hhs_oig_page_bracket_speakers.html": Expected(
        turns=22, paragraphs=22, words=710, speakers=["Lyndsay Patty", "Jeremy Moore"],
        first="I am Lyndsay Patty, with", last="Thank you, Lyndsay.", title=HEALTH_PAGE + SNF,
    ),
    "16_hhs_oig_page_one_colon_speaker.html": Expected(
        turns=1, paragraphs=26, words=5373, speakers=["Daniel Levinson"],
        first="It's great to be back", last="this week. Thank you. [Applause]",
        title=HEALTH_PAGE + "2012 Health Care Compliance Association Compliance Institute Keynote Address",
    ),
    "21_DERIVED_from_15.docx": Expected(
        turns=22, paragraphs=22, words=710, speakers=["Lyndsay Patty", "Jeremy Moore"],
        first="I am Lyndsay Patty, with", last="Thank you, Lyndsay.", title=SNF,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def formats(shared: Path) -> Path:
    folder = shared / "formats"
    if not folder.is_dir():
        pytest.skip("the shared material has no sample files (../shared/formats)")
    return folder


def read(path: Path) -> Transcript:
    [transcript] = read_transcripts(path.read_bytes(), source=path.name)
    return transcript


def test_every_sample_file_has_its_expectation_here(formats: Path) -> None:
    assert {path.name for path in formats.iterdir()} - {"README.md"} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_gives_what_a_person_finds_in_it(formats: Path, name: str) -> None:
    talk, expected = read(formats / name), FILES[name]
    assert (talk.title, talk.date, talk.url) == (expected.title, expected.date, expected.url)
    assert [speaker.name for speaker in talk.speakers] == expected.speakers
    said = [paragraph for turn in talk.turns for paragraph in turn.text.split("\n\n")]
    assert len(talk.turns) == expected.turns
    assert len(said) == expected.paragraphs
    assert sum(len(paragraph.split()) for paragraph in said) == expected.words
    first, last = talk.turns[0], talk.turns[-1]
    assert first.text.startswith(expected.first)
    assert last.text.endswith(expected.last)
    assert (first.start_ms, first.end_ms) == expected.first_times
    assert (last.start_ms, last.end_ms) == expected.last_times
    attributions = {turn.attribution for turn in talk.turns}
    assert attributions == ({Attribution.LABELLED} if expected.speakers else {Attribution.UNKNOWN})


def test_two_speakers_in_turn_are_given_each_their_own(formats: Path) -> None:
    for name in ("15_hhs_oig_page_bracket_speakers.html", "21_DERIVED_from_15.docx"):
        speakers = [turn.speaker for turn in read(formats / name).turns]
        assert speakers == ["Lyndsay Patty", "Jeremy Moore"] * 11


def test_the_page_and_the_captions_of_one_episode_hold_the_same_turns(formats: Path) -> None:
    page, captions = read(formats / "13_podcastns_cite_time_p.html"), read(formats / "11_podcastns.srt")
    assert [(turn.speaker, turn.text) for turn in page.turns] == [(turn.speaker, turn.text) for turn in captions.turns]
    assert [turn.start_ms for turn in page.turns] == [
        0, 53_000, 102_000, 219_000, 263_000, 322_000, 376_000, 562_000, 617_000, 691_000,
    ]  # fmt: skip


def test_the_page_and_the_word_file_made_from_it_hold_the_same_words(formats: Path) -> None:
    page, word = read(formats / "15_hhs_oig_page_bracket_speakers.html"), read(formats / "21_DERIVED_from_15.docx")
    assert [turn.text for turn in page.turns] == [turn.text for turn in word.turns]
