"""What is a label, what is metadata, what is furniture, and what is speech after all."""

import datetime as dt

import pytest

from rag.transcripts.dates import parse_date
from rag.transcripts.identity import title_from_stem, transcript_id
from rag.transcripts.readers import read_transcripts
from rag.transcripts.types import Transcript


def read(text: str, source: str = "talk.txt") -> Transcript:
    [transcript] = read_transcripts(text.encode(), source=source)
    return transcript


def said(text: str) -> list[tuple[str | None, str]]:
    return [(turn.speaker, turn.text) for turn in read(text).turns]


@pytest.mark.parametrize(
    "line",
    ["Note: this is important.", "Three things: a, b.", "Remember: act.", "Step 2: study.", "Plan: x.", "I said: go.",
     "It was 12:30 then.", "https://example.org/x", "The aim: fewer falls.", "Why? Because: x."],
)  # fmt: skip
def test_an_ordinary_colon_in_speech_makes_no_speaker(line: str) -> None:
    talk = f"Ann: First.\n\n{line}\n\nBob: Yes.\n\nAnn: Good.\n\nBob: Right."
    assert said(talk)[0] == ("Ann", f"First.\n\n{line}")


def test_a_word_that_is_used_in_lower_case_is_no_one_time_speaker() -> None:
    assert said("Ann: The huddles work.\n\nHuddles: they do.\n\nBob: Why huddles?\n\nAnn: Yes.")[0][0] == "Ann"
    assert len(said("Ann: The huddles work.\n\nHuddles: they do.\n\nBob: Why huddles?\n\nAnn: Yes.")) == 3


def test_a_person_who_speaks_once_is_a_speaker() -> None:
    assert [name for name, _ in said("Ann: Hi.\nBob: Hello.\nAnn: Bye.")] == ["Ann", "Bob", "Ann"]


def test_unpunctuated_turns_on_neighbouring_lines_are_parted() -> None:
    talk = "Ann: hi\nand more\nBob: yo\nAnn: so\nBob: ok"
    assert said(talk) == [("Ann", "hi and more"), ("Bob", "yo"), ("Ann", "so"), ("Bob", "ok")]


@pytest.mark.parametrize(
    "label", ["The Chair", "Speaker 2", "Dr. Jane O’Neil-Smith", "Mireille B. Reece, Psy.D", "李雷", "Q", "Interviewer"]
)
def test_names_and_roles_of_many_kinds_are_labels(label: str) -> None:
    assert [name for name, _ in said(f"{label}: Yes.\n\nAnn: No.\n\n{label}: Maybe.\n\nAnn: So.")][::2] == [label] * 2


@pytest.mark.parametrize(
    "line",
    ["[00:01:02] Ann Lee: Hi.", "Ann Lee (00:01:02): Hi.", "Ann Lee [1:02]: Hi.", "00:01:02 - Ann Lee: Hi.",
     "Ann Lee: [00:01:02] Hi.", "Ann Lee: 00:01:02\n\nHi."],
)  # fmt: skip
def test_times_in_labels_become_start_times(line: str) -> None:
    first = read(f"{line}\n\nBob Day: Yes.\n\nAnn Lee: Bye.").turns[0]
    assert (first.speaker, first.text, first.start_ms) == ("Ann Lee", "Hi.", 62_000)


def test_metadata_lines_are_read_and_are_nobodys_speech() -> None:
    talk = read(
        "Title: On flow\nDate: 5 March 2024\nCollection: ours\nURL: https://example.org/1\n"
        "Guests: Ann Lee, chief nurse at City Trust; Bob Day\n\nThis conversation is made up.\n\n"
        "Ann Lee: Hello.\n\nBob Day: Hi.\n"
    )
    assert (talk.title, talk.date, talk.collection, talk.url) == (
        "On flow",
        dt.date(2024, 3, 5),
        "ours",
        "https://example.org/1",
    )
    assert [turn.text for turn in talk.turns] == ["Hello.", "Hi."]
    assert [(s.name, s.role) for s in talk.speakers] == [("Ann Lee", "chief nurse"), ("Bob Day", None)]


def test_host_may_be_metadata_and_a_label_too() -> None:
    talk = read("Host: Ann Lee\nGuest: Bob Day\n\nHost: Welcome.\n\nGuest: Thanks.\n\nHost: Bye.")
    assert [(t.speaker, t.text) for t in talk.turns] == [("Host", "Welcome."), ("Guest", "Thanks."), ("Host", "Bye.")]


def test_front_matter_gives_people_with_roles_and_their_aliases_name_them() -> None:
    talk = read(
        "---\ntitle: T\ndate: 2024-03-05\nspeakers:\n"
        "  - {name: Ann Lee, role: nurse, organisation: City, aliases: [Annie]}\n"
        "  - Bob Day (chair, Board)\n---\n"
        "A disclaimer.\n\n**Annie:** Hi.\n\n## Two\n\nStill *me*.\n\n**Bob Day**: Yo.\n"
    )
    assert [(t.speaker, t.text) for t in talk.turns] == [("Ann Lee", "Hi.\n\nStill me."), ("Bob Day", "Yo.")]
    assert [(s.name, s.role, s.organisation) for s in talk.speakers] == [
        ("Ann Lee", "nurse", "City"),
        ("Bob Day", "chair", "Board"),
    ]


def test_markdown_markup_goes_and_list_numbers_and_stage_notes_stay() -> None:
    first = "**Ann:** A [link](http://x.y), `code`, \\[laughs\\]."
    text = first + "\n\n1. One\n2. *Two*\n\n- dash\n\n> quoted\n\n---\n\n**Bob:** <b>B</b>"
    assert said(text) == [("Ann", "A link, code, [laughs].\n\n1. One\n\n2. Two\n\ndash\n\nquoted"), ("Bob", "B")]


def test_wrapped_lines_are_folded_and_list_items_are_paragraphs() -> None:
    text = "Ann: This goes\n  on here:\n1. first\n2. second\n\nThen\u00a0this.\n\nBob: Yes."
    assert said(text)[0] == ("Ann", "This goes on here:\n\n1. first\n\n2. second\n\nThen this.")


FURNITURE = "Subscribe for new episodes.\n\nRelated reading\n\nSome article\n\n© 2024 Somebody"


def test_furniture_after_the_last_turn_is_cut_also_without_indent() -> None:
    page = f"Ann Lee\n\nOne.\n\nBob Day\n\nTwo.\n\nAnn Lee\n\nThree.\n\nBob Day\n\nFour.\n\n{FURNITURE}"
    assert said(page)[-1] == ("Bob Day", "Four.")
    plain = f"Ann: One.\n\nBob: Two.\n\n{FURNITURE}"
    assert said(plain)[-1] == ("Bob", "Two.")


def test_speech_after_something_like_furniture_is_kept() -> None:
    long = "And so we went on. " * 30
    assert said(f"Ann: One.\n\nBob: Two.\n\nRelated reading\n\n{long}")[-1][1].endswith("we went on.")
    assert (
        said("Ann: One.\n\nBob: Two.\n\nSubscribe if you like us, and tell a friend about us.")[-1][1].count("\n\n")
        == 1
    )


def test_a_guest_who_speaks_once_on_a_page_is_known_by_the_introduction() -> None:
    page = "Ann Lee\n\nWelcome, Cy Fox and all.\n\nCy Fox\n\nHello.\n\nAnn Lee\n\nQuality Improvement\n\nGood."
    assert said(page)[1:] == [("Cy Fox", "Hello."), ("Ann Lee", "Quality Improvement\n\nGood.")]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("6 December 2023", (2023, 12, 6)), ("December 6, 2023", (2023, 12, 6)), ("2023-12-06", (2023, 12, 6)),
        ("Published on Wednesday 6th Dec. 2023", (2023, 12, 6)), ("2023-12-06T10:00:00Z", (2023, 12, 6)),
        ("06/12/2023", None), ("31 February 2023", None), ("6 December 2023 was a Wednesday", None), ("", None),
    ],
)  # fmt: skip
def test_dates_are_read_where_they_are_unambiguous(text: str, date: tuple[int, int, int] | None) -> None:
    assert parse_date(text) == (dt.date(*date) if date else None)


def test_ids_are_short_ascii_slugs_and_differ_for_titles_without_latin_letters() -> None:
    assert transcript_id("Jönköping’s “way”", dt.date(2024, 1, 2)) == "2024-01-02-jonkopings-way"
    long = transcript_id("word " * 40, None)
    assert len(long) <= 80
    assert long.endswith("word")
    assert transcript_id("会話", None) != transcript_id("対話", None)


def test_a_file_name_gives_title_and_date_when_nothing_else_does() -> None:
    assert title_from_stem("2024-03-05_safety-huddles") == ("Safety huddles", dt.date(2024, 3, 5))
    held = ("Falls huddle, 14:02", dt.date(2026, 3, 5))
    assert title_from_stem("Falls huddle-20260305_140211-Meeting Recording") == held
    assert title_from_stem("Falls huddle-20260305_140211UTC-Meeting Transcript 2")[0] == "Falls huddle, 14:02, part 2"
    assert title_from_stem("falls-huddle-20260305_140211") == held
    assert title_from_stem("Falls huddle-20261305_140211")[1] is None
    talk = read("Ann: Hi.\n\nBob: Yo.", "folder/2024-03-05_safety-huddles.txt")
    assert (talk.id, talk.title) == ("2024-03-05-safety-huddles", "Safety huddles")


def test_a_list_read_out_and_a_scene_quoted_are_the_speakers_where_labels_are_bold() -> None:
    talk = (
        "**Ann Lee:** This week:\n\n- **Wednesday**: Bo Ek\n- [Friday](x): Cy Fox\n\n> Except: not so.\n\n"
        "Ross: My tea!\n\nRoss: No!\n\n**Bo Ek:** Fine.\n\n**Ann Lee:** Good.\n\n**Bo Ek:** Yes."
    )
    assert [speaker for speaker, _ in said(talk)] == ["Ann Lee", "Bo Ek", "Ann Lee", "Bo Ek"]
    assert "Wednesday: Bo Ek" in said(talk)[0][1]


def test_turns_that_are_items_of_a_list_are_turns() -> None:
    assert [speaker for speaker, _ in said("- **Ann:** One.\n- **Bob:** Two.\n- **Ann:** Three.\n")] == [
        "Ann",
        "Bob",
        "Ann",
    ]


def test_a_break_in_a_programme_is_nobody() -> None:
    said_between = "**Break:** [12:36] to [13:39]\n\n**Bo Ek:** Two.\n\n**Jingle:** La la."
    talk = f"**Ann Lee:** One.\n\n{said_between}\n\n**Ann Lee:** Three."
    assert said(talk) == [("Ann Lee", "One."), ("Bo Ek", "Two."), (None, "La la."), ("Ann Lee", "Three.")]


def test_an_interviewer_in_bold_type_and_a_guest_in_plain_are_both_speakers() -> None:
    talk = "\n\n".join(["**Ann: What then?**", "Bo: We went on."] * 4)
    assert [speaker for speaker, _ in said(talk)] == ["Ann", "Bo"] * 4
