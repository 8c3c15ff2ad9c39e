"""`speakers.toml`: what the owner states goes before what was read; what is wrong in it is named with its line."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ReadError
from rag.transcripts.owner import with_owners_word
from rag.transcripts.owner_file import parse_speakers
from rag.transcripts.types import Speaker, Transcript, Turn

STATED = """
[[speaker]]
name = "Bo Ek"
aliases = ["Bo", "Mr Beck"]

[[speaker.role]]
role = "ward sister"
organisation = "Southwood Trust"
to = 2023-12-31

[[speaker.role]]
role = "matron"
organisation = "Northwood Trust"
from = 2024-01-01

[[speaker]]
name = "Di Roy"
"""


def talk(date: dt.date | None, *speakers: str) -> Transcript:
    return Transcript(
        id="talk",
        title="Talk",
        date=date,
        speakers=tuple(Speaker(name=name, role="guest") for name in dict.fromkeys(speakers)),
        turns=tuple(Turn(speaker=name, text=f"Turn of {name}.") for name in speakers),
    )


@pytest.mark.parametrize(
    ("date", "role", "organisation"),
    [
        (dt.date(2023, 12, 31), "ward sister", "Southwood Trust"),
        (dt.date(2024, 1, 1), "matron", "Northwood Trust"),
        (None, "guest", None),
    ],
)
def test_the_role_of_the_day_replaces_the_one_that_was_read(
    date: dt.date | None, role: str, organisation: str | None
) -> None:
    told = with_owners_word(talk(date, "Bo", "Ann Lee"), parse_speakers(STATED, source="speakers.toml"))
    assert told.speakers[0].name == "Bo Ek"
    assert (told.speakers[0].role, told.speakers[0].organisation) == (role, organisation)
    assert (told.speakers[1].name, told.speakers[1].role) == ("Ann Lee", "guest")


def test_all_labels_of_a_person_become_one_speaker_and_the_words_stay() -> None:
    read = talk(dt.date(2024, 5, 2), "Bo", "DI ROY", "Mr Beck", "Dr Bo Ek", "Beck")
    told = with_owners_word(read, parse_speakers(STATED, source="speakers.toml"))
    assert [turn.speaker for turn in told.turns] == ["Bo Ek", "Di Roy", "Bo Ek", "Bo Ek", "Beck"]
    assert [turn.text for turn in told.turns] == [turn.text for turn in read.turns]
    assert [speaker.name for speaker in told.speakers] == ["Bo Ek", "Di Roy", "Beck"]
    assert set(told.speakers[0].aliases) == {"Bo", "Mr Beck", "Dr Bo Ek"}


def test_a_transcript_that_nobody_stated_is_the_same() -> None:
    read = talk(None, "Ann Lee", "Cy Fox")
    assert with_owners_word(read, parse_speakers(STATED, source="speakers.toml")) is read


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[[speaker]]\nname = Bo", 2, "not valid TOML"),
        ('speaker = "Bo"', 1, "outside of a [[speaker]]"),
        (
            '[[speaker]]\nname = "Bo"\n\n[[person]]\nname = "Di"',
            4,
            "'person' is not a key of this file. A person is written [[speaker]]",
        ),
        ('[[speaker]]\nname = "Bo"\n\n[[speaker]]\naliases = []', 4, "has no name"),
        ('[[speaker]]\nname = "Bo"\nrole = "matron"', 3, "[[speaker.role]]"),
        ('[[speaker]]\nname = "Bo"\n[[speaker]]\nname = ""', 4, "no text"),
        (
            '[[speaker]]\nname = "Bo"\nalias = ["B"]',
            3,
            "'alias' is not a key of a [[speaker]]. Its keys are name, aliases, role",
        ),
        ('"Mo Farouk" = "chair"', 1, "'Mo Farouk' is not a key of this file. A person is written [[speaker]]"),
        ('[[speaker]]\nname = "Bo"\norganisation = "Northwood"', 3, "Write it below [[speaker.role]]"),
        ('[[speaker]]\n[[speaker.role]]\nname = "Bo"', 1, "has no name"),
        ('[[speaker]]\nname = "Bo"\n[[speaker.role]]\naliases = ["B"]', 4, "Write it above [[speaker.role]]"),
        ('[[speaker]]\nname = "Bo"\n[[speaker.role]]\ntitle = "x"', 4, "Its keys are role, organisation, from, to"),
        ('[[speaker]]\nname = "Bo"\naliases = "B"', 3, "not a list"),
        ('[[speaker]]\nname = "Bo"\n[[speaker.role]]\nrole = "x"\nfrom = "May"', 5, "from = 2024-03-31"),
        ('[[speaker]]\nname = "Bo"\n[[speaker.role]]\nfrom = 2024-01-01', 3, "the role is empty"),
        (
            '[[speaker]]\nname = "A B"\naliases = ["Bo"]\n[[speaker]]\nname = "C D"\naliases = ["bo"]',
            4,
            "A B and for C D",
        ),
        ('[[speaker]]\nname = "Bo"\n[[speaker.role]]\nrole = "x"\nfrom = 2024-01-01\nto = 2023-01-01', 5, "before"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_how_to_mend_it(text: str, line: int, words: str) -> None:
    with pytest.raises(ReadError, match=rf"speakers\.toml.*line {line}\b") as caught:
        parse_speakers(text, source="speakers.toml")
    assert words in str(caught.value)


@given(st.text(max_size=120))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        people = parse_speakers(text, source="speakers.toml")
    except ReadError:
        return
    assert all(person.name for person in people)
