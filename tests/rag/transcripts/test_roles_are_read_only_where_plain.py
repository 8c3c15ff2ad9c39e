"""Roles and organisations: those that are stated, and none that is past, doubtful or another's."""

import pytest

from rag.transcripts.readers import read_transcripts
from rag.transcripts.roles import Position, own_position, read_position, split_person, stated_positions


@pytest.mark.parametrize(
    ("text", "role", "organisation"),
    [
        ("chief executive of the City Trust.", "chief executive", "City Trust"),
        ("managing director of Q at the Health Fund.", "managing director of Q", "Health Fund"),
        (
            "professor of health policy at the University of Leeds, discusses",
            "professor of health policy",
            "University of Leeds",
        ),
        ("director of nursing and quality", "director of nursing and quality", None),
        ("deputy medical director for NHS Wales who joins us", "deputy medical director", "NHS Wales"),
        ("CEO, Anytown", None, None),
        ("former chief executive of the City Trust", None, None),
        ("joined by the director of the City Trust", None, None),
        ("friend of the chief executive", None, None),
        ("chief executive of the City Trust until last year", None, None),
        ("chief executive of Kent, Surrey and Sussex Trust", None, None),
        ("director of the ward where it all began", None, None),
    ],
)
def test_a_position_is_read_when_it_ends_cleanly(text: str, role: str | None, organisation: str | None) -> None:
    expected = Position(role=role, organisation=organisation) if role else None
    assert read_position(text) == expected


def test_two_people_in_one_sentence_keep_their_own_roles() -> None:
    prose = ["Ann Lee is chief nurse of City and District Trust and Bob Day, director of Flow at the Fund."]
    assert stated_positions(prose, ["Dr Ann Lee", "Bob Day"]) == {
        "Dr Ann Lee": Position(role="chief nurse", organisation="City and District Trust"),
        "Bob Day": Position(role="director of Flow", organisation="Fund"),
    }


@pytest.mark.parametrize(
    "prose",
    [
        "Ann Lee was chief nurse of the City Trust.",
        "Ann Lee, who was chief nurse of the City Trust, talks.",
        "Ann Lee, formerly chief nurse of the City Trust.",
        "Ann Lee is no longer chief nurse of the City Trust.",
        "Ann Lee has had several roles: chief nurse of the City Trust.",
        "Ann Leeson is chief nurse of the City Trust.",
        "Mary-Ann Lee is chief nurse of the City Trust.",
    ],
)
def test_past_roles_and_other_peoples_roles_are_left_out(prose: str) -> None:
    assert stated_positions([prose], ["Ann Lee"]) == {}


def test_people_introduce_themselves_by_full_or_first_name() -> None:
    expected = Position(role="chief nurse", organisation="City Trust")
    assert own_position("Hello. I'm Ann Lee chief nurse of the City Trust. Today", "Ann Lee") == expected
    assert own_position("I’m Ann, and I'm the chief nurse at City Trust.", "Ann Lee") == expected
    assert own_position("I'm Annette, chief nurse at City Trust.", "Ann Lee") is None
    assert own_position("I'm Ann, a chief nurse once told me.", "Ann Lee") is None


@pytest.mark.parametrize(
    ("entry", "name", "position"),
    [
        ("Ann Lee (chief nurse, City Trust)", "Ann Lee", Position(role="chief nurse", organisation="City Trust")),
        ("Ann Lee, chief nurse at City Trust", "Ann Lee", Position(role="chief nurse", organisation="City Trust")),
        ("Ann Lee – director", "Ann Lee", Position(role="director")),
        ("Ann Lee (former chief nurse, City Trust)", "Ann Lee (former chief nurse, City Trust)", None),
        ("Waxwing (Adam Gibson)", "Waxwing (Adam Gibson)", None),
        ("Mireille B. Reece, Psy.D", "Mireille B. Reece, Psy.D", None),
    ],
)
def test_an_entry_of_a_list_is_parted_into_name_and_position(entry: str, name: str, position: Position | None) -> None:
    assert split_person(entry) == (name, position)


def test_the_list_of_people_goes_before_prose_and_speech() -> None:
    text = (
        "Guests: Ann Lee (chief nurse, City Trust)\n\n"
        "Ann Lee is director of the Fund. Bob Day is director of the Fund.\n\n"
        "Bob Day: I'm Bob Day, chair of the Board.\n\nAnn Lee: Hello.\n"
    )
    [transcript] = read_transcripts(text.encode(), source="talk.txt")
    assert {s.name: (s.role, s.organisation) for s in transcript.speakers} == {
        "Bob Day": ("director", "Fund"),
        "Ann Lee": ("chief nurse", "City Trust"),
    }
