"""Labels that aren't written with a capital on each word are labels; prose before a colon never is."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.transcripts.readers import read_transcripts
from rag.transcripts.readers.further_labels import with_further_labels
from rag.transcripts.readers.labels import accept_colon_labels, colon_labels
from rag.transcripts.readers.lines import split_lines
from rag.transcripts.readers.spoken_labels import sense_of
from rag.transcripts.roles import split_label
from rag.transcripts.types import Attribution, Turn

WITHIN_S = 5.0
"""Of the processor's time."""
SPEECH = "The programme has seven places this year."
ONCE = (
    "Programme lead Ishbel Tan",
    "Chief executive Orla Penn",
    "Ward sister Jo Bly",
    "Clinical safety officer Dr Magee",
    "Night porter Callum Reid",
    "Vice-chair Morag Ure",
    "Programme lead Grace",
    "Consultant anaesthetist Dr de Vries",
    "Ward sister O’Neil",
    "GP partner Bethan Uzoma",
    "Head of nursing Ann Lee",
    "Patient representative Cat O'Shea",
    "Audience member",
    "Audience member 2",
    "Second audience member",
    "Member of the public",
    "Unidentified speaker",
    "Woman in the second row",
    "Man at the back",
    "Voice from the floor",
    "Director of nursing",
    "Chair of the board",
    "Deputy head of estates",
    "Lead nurse",
    "Hospital porter",
    "Podcast host",
)
"""Known for a label where it stands once."""
WITH_ROLE = ("Eilidh Baird-Osman, lay member", "Ann McKay, patient representative", "Hamish Duthie, Chief officer")
RECURRING = ("The ward sister", "audience member", "interviewer")
"""Known where it recurs."""
PROSE = (
    "One thing I learned",
    "There are two reasons",
    "Here's the thing",
    "As she put it",
    "For example",
    "Key points",
    "Note",
    "Part one",
    "Chapter two",
    "My advice to any chief executive",
    "Ask the ward sister",
    "Bottom line",
    "Quoting chief executive Orla Penn",
    "According to chief executive Orla Penn",
    "Dear nurse",
    "Imagine a nurse",
    "What the patient said",
    "Our programme lead Ishbel Tan",
    "I asked Ward sister Jo Bly",
    "Two words",
    "Two nurses",
    "The best nurse",
    "Good nurse",
    "And then the doctor said",
    "Meet ward sister Jo Bly",
    "Lesson learned",
    "It was 12",
    "Thanks doctor",
    "In the words of the chief executive",
    "So said Orla",
    "Every patient",
    "One nurse",
    "At 9",
    "The chief executive said",
    "Then chief executive Orla Penn",
    "Northwood Trust, in short",
    "Long story short",
    "Patient story",
    "Nurse staffing",
    "Primary driver",
    "Patient voice",
    "Listener question",
    "Theory of change",
)


def turns(text: str, source: str = "talk.txt") -> list[Turn]:
    [transcript] = read_transcripts(text.encode(), source=source)
    return list(transcript.turns)


def said(text: str) -> list[tuple[str | None, str]]:
    return [(turn.speaker, turn.text) for turn in turns(text)]


def name(label: str) -> str:
    """Return the name under which a label is shown: without the role, where a first and a last name are left."""
    return split_label(label)[0]


@pytest.mark.parametrize("label", [*ONCE, *WITH_ROLE])
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_a_role_or_a_name_with_one_is_a_label_where_it_stands_once(label: str, gap: str) -> None:
    talk = gap.join(["Ann Lee: Welcome.", f"{label}: {SPEECH}", "Ann Lee: Good.", "Bo Ek: Yes.", "Ann Lee: Bye."])
    assert said(talk)[:3] == [("Ann Lee", "Welcome."), (name(label), SPEECH), ("Ann Lee", "Good.")]


@pytest.mark.parametrize("label", [*ONCE, *WITH_ROLE, *RECURRING])
@pytest.mark.parametrize("between", [": ", ":\n", ":\n\n"])
def test_a_role_or_a_name_with_one_is_a_label_where_it_recurs(label: str, between: str) -> None:
    talk = "\n\n".join(["Ann Lee: Welcome.", f"{label}{between}{SPEECH}", "Ann Lee: Good.", f"{label}{between}Yes."])
    assert said(talk) == [("Ann Lee", "Welcome."), (name(label), SPEECH), ("Ann Lee", "Good."), (name(label), "Yes.")]


@pytest.mark.parametrize("label", [*ONCE, *WITH_ROLE])
def test_the_same_labels_recur_on_lines_of_their_own(label: str) -> None:
    talk = "\n\n".join(["Ann Lee", "Welcome.", label, SPEECH, "Ann Lee", "Good.", label, "Yes."])
    assert [speaker for speaker, _ in said(talk)] == ["Ann Lee", name(label)] * 2


def test_a_text_in_which_all_labels_are_roles_is_a_conversation() -> None:
    talk = f"Programme lead Ishbel Tan: {SPEECH}\n\nAudience member: Why?\n\n" * 2
    assert [speaker for speaker, _ in said(talk)] == ["Ishbel Tan", "Audience member"] * 2


@pytest.mark.parametrize("label", PROSE)
@pytest.mark.parametrize("times", [1, 2])
def test_prose_before_a_colon_is_the_speakers_own(label: str, times: int) -> None:
    talk = f"Ann Lee: Welcome.\n\n{label}: {SPEECH}\n\nBo Ek: Yes.\n\n" * times + "Ann Lee: So.\n\nBo Ek: Bye."
    assert said(talk)[0] == ("Ann Lee", f"Welcome.\n\n{label}: {SPEECH}")
    assert {speaker for speaker, _ in said(talk)} == {"Ann Lee", "Bo Ek"}


@pytest.mark.parametrize("line", ["Clinical lead: Ann Lee", "- Ward manager: one", "See https://x.org/ward: yes."])
def test_lists_and_addresses_are_no_speakers(line: str) -> None:
    assert said(f"Ann Lee: Welcome.\n\n{line}\n\nBo Ek: Yes.\n\nAnn Lee: So.")[0] == ("Ann Lee", f"Welcome.\n\n{line}")


def test_a_list_of_roles_within_a_paragraph_is_speech() -> None:
    told = "We had two.\nWard manager: one of ours.\nStaff nurse: one of theirs."
    assert said(f"Ann Lee: {told}\n\nBo Ek: Yes.\n\nAnn Lee: So.")[0] == ("Ann Lee", told.replace("\n", " "))


def test_an_unusual_name_that_recurs_often_from_turn_to_turn_is_a_speaker() -> None:
    talk = f"Ann Lee: Welcome.\n\nBothy crew: {SPEECH}\n\n" * 3
    assert [speaker for speaker, _ in said(talk)] == ["Ann Lee", "Bothy crew"] * 3


@pytest.mark.parametrize(("label", "times"), [("Bothy crew", 2), ("Patient story", 3)])
def test_what_may_be_a_speaker_or_a_refrain_is_given_to_nobody_and_loses_no_word(label: str, times: int) -> None:
    found = turns(f"Ann Lee: Welcome.\n\n{label}: {SPEECH}\n\n" * times)
    assert [turn.speaker for turn in found] == ["Ann Lee", None] * times
    assert found[1].text == f"{label}: {SPEECH}"
    assert found[1].attribution is Attribution.UNKNOWN
    assert f"“{label}” (line 3)" in (found[1].attribution_reason or "")


@pytest.mark.parametrize("label", ["4", "Side note", "And then", "cost"])
def test_numbers_and_asides_that_recur_are_no_speakers(label: str) -> None:
    found = turns(f"Ann Lee: Welcome.\n\n{label}: {SPEECH}\n\nBo Ek: Yes.\n\n" * 3)
    assert {turn.speaker for turn in found} - {None} == {"Ann Lee", "Bo Ek"}
    assert [turn.text for turn in found if turn.speaker is None] == (
        [f"{label}: {SPEECH}"] * 3 if label == "Side note" else []
    )


def test_a_refrain_within_one_turn_is_speech() -> None:
    told = "\n\n".join(["Welcome.", *[f"Bothy crew: {SPEECH}"] * 4])
    assert said(f"Ann Lee: {told}\n\nBo Ek: Yes.\n\nAnn Lee: So.")[0] == ("Ann Lee", told)


def test_captions_have_such_labels_too() -> None:
    cues = [("Ann Lee", "Hello."), ("Programme lead Bo Tan", SPEECH), ("Ann Lee", "So."), ("Audience member", "Why?")]
    captions = "\n\n".join(
        f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{label}: {text}" for n, (label, text) in enumerate(cues, start=1)
    )
    expected = [(name(label), text) for label, text in cues]
    assert [(turn.speaker, turn.text) for turn in turns(captions, "talk.srt")] == expected


PIECES = st.sampled_from(["Ann", "ward", "sister", ",", "the", ".", "of", "2", "’s", "Dr", "one", "-", "(", ")", " "])


@given(st.lists(PIECES))
def test_any_text_has_a_sense_or_none(pieces: list[str]) -> None:
    assert sense_of(" ".join(pieces)) in {None, "named", "role", "phrase", "common"}
    assert sense_of("".join(pieces)) in {None, "named", "role", "phrase", "common"}


@pytest.mark.parametrize("label", ["Programme lead Bo Tan", "Audience member"])
@pytest.mark.parametrize("shape", ["[{}] {}", "{} 0:0{n}\n{}"])
def test_brackets_and_times_show_such_labels_too(label: str, shape: str) -> None:
    spoken = [("Ann Lee", "Hello."), (label, SPEECH), ("Ann Lee", "So."), (label, "Yes.")]
    talk = "\n\n".join(shape.format(*each, n=n) for n, each in enumerate(spoken, start=1))
    assert said(talk) == [(name(speaker), text) for speaker, text in spoken]


def test_what_the_audience_does_is_no_label() -> None:
    talk = "[Ann Lee] Hello.\n\n[Audience laughs] Good.\n\n[Bo Ek] Yes.\n\n[Audience] So.\n\n[Ann Lee] Bye."
    assert {speaker for speaker, _ in said(talk)} == {"Ann Lee", "Bo Ek"}


def test_many_such_labels_take_no_minutes() -> None:
    talk = "\n\n".join(f"Ward sister Name{n} Surname{n}: {SPEECH}\n\nSome crew{n}: {SPEECH}" for n in range(5_000))
    lines = split_lines(talk)
    possible = colon_labels(lines)
    started = time.process_time()
    with_further_labels(possible, accept_colon_labels(possible, listed=frozenset(), prose=talk))
    assert time.process_time() - started < WITHIN_S


@pytest.mark.parametrize("stamp", ["[{}]", "({})", "{}", "{} -"])
def test_what_stands_between_a_time_and_a_colon_is_a_label_in_any_case(stamp: str) -> None:
    lines = [
        ("sarah", "ok the beds are full"),
        ("TOM B", "yeah by six"),
        ("sarah", "we moved the call"),
        ("jo", "when"),
    ]
    stamps = [stamp.format(f"00:{n:02}") for n in range(1, 5)]
    text = "\n".join(f"{at} {label}: {words}" for at, (label, words) in zip(stamps, lines, strict=True))
    assert said(text) == lines


def test_a_line_or_two_that_begin_with_a_time_are_no_convention() -> None:
    text = "Ann Lee: Welcome.\n\nBo Ek: We met twice.\n\n10:30 agenda: beds.\n\nAnn Lee: So.\n\nBo Ek: Yes."
    assert "agenda" not in {speaker for speaker, _ in said(text)}
