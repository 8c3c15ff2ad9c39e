"""A label in the middle of a line begins a turn where it can be nothing else; prose is never parted."""

import pytest

from rag.transcripts.readers import read_transcripts

BEFORE = "Tom: We met at the lift.\n\nSarah: I came late, as usual.\n\n"
AFTER = "\n\nSarah: Yes, I think so.\n\nTom: Good, that is all for now.\n"
Said = list[tuple[str | None, str]]


def said(text: str, source: str = "talk.txt") -> Said:
    [transcript] = read_transcripts(text.encode(), source=source)
    return [(turn.speaker, turn.text) for turn in transcript.turns]


@pytest.mark.parametrize(
    ("line", "own", "others"),
    [
        ("we said so SARAH: I agree", "we said so", "I agree"),
        ("We said so. Sarah: I agree with that.", "We said so.", "I agree with that."),
        ("Who said so? SARAH: Nobody.", "Who said so?", "Nobody."),
    ],
)
def test_a_label_within_a_line_begins_a_turn(line: str, own: str, others: str) -> None:
    turns = said(f"{BEFORE}Tom: {line}{AFTER}")
    assert turns[2:4] == [("Tom", own), ("Sarah", f"{others}\n\nYes, I think so.")]


def test_labels_in_capitals_stay_as_they_are_written() -> None:
    text = "Tom: We rang at once. SARAH: I agree.\n\nSARAH: The engineer came.\n\nTom: He mended it SARAH: and left.\n"
    assert said(text) == [
        ("Tom", "We rang at once."),
        ("SARAH", "I agree.\n\nThe engineer came."),
        ("Tom", "He mended it"),
        ("SARAH", "and left."),
    ]


@pytest.mark.parametrize(
    "line",
    [
        *("I asked Sarah: why are you late?", "The point: nobody oiled it. He said: call me."),
        *("As I told SARAH: go home.", "We met Dr. Sarah: she left.", "The lift was SARAH: a name."),
        *("He read it out. “Sarah: I never will go. Tom: no.”", "On the panel. Sarah: chair. Bo: clerk."),
        *("Thanks, Sarah: that was good of you.", "So it was. Tom: I said it again, twice."),
        *("It was said (by Mo. Sarah: I doubt it) twice.", "One thing. Note: we left early that day."),
        "We have two rules. Monday: we meet at nine o'clock.",
    ],
)  # fmt: skip
def test_prose_with_a_colon_is_not_parted(line: str) -> None:
    assert said(f"{BEFORE}Tom: {line}{AFTER}")[2] == ("Tom", line)


def test_a_label_that_labels_nothing_else_is_none() -> None:
    assert said(f"{BEFORE}Tom: We said so. MARIA: I agree with that.{AFTER}")[2][0] == "Tom"


def test_a_role_in_capitals_is_part_of_its_sentence() -> None:
    text = "CHAIR: We begin.\n\nTom: We wrote, CHAIR: no answer came.\n\nCHAIR: So I see.\n\nTom: Well.\n"
    assert said(text)[1] == ("Tom", "We wrote, CHAIR: no answer came.")


def test_in_markdown_too() -> None:
    line = "Tom: So did I. Sarah: And where to, then?"
    assert said(f"{BEFORE}{line}{AFTER}", "talk.md")[2] == ("Tom", "So did I.")
