"""Several labels of one person are one speaker; two people are never one on a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.transcripts.readers import read_transcripts
from rag.transcripts.speakers import fits, is_full, person_key, same_speakers, unclear_names


def labels(*names: str) -> list[str | None]:
    """Return labels in the order of speech, each followed by the host's."""
    return [label for name in names for label in (name, "Ann Lee")]


def test_titles_capitals_and_first_names_are_one_speaker() -> None:
    found = same_speakers(labels("Sir Carl Ham", "Carl Ham", "Prof Carl Ham", "CARL", "Sir Carl Ham"))
    assert {found.get(name, name) for name in ("Sir Carl Ham", "Carl Ham", "Prof Carl Ham", "CARL")} == {"Sir Carl Ham"}


@pytest.mark.parametrize(
    ("names", "apart"),
    [
        (("Carl", "Carl Ham", "Carl Moss"), "Carl"),
        (("Dr Smith", "Ada Smith", "Ben Smith"), "Dr Smith"),
        (("Mr Lee Park", "Ms Lee Park"), "Mr Lee Park"),
        (("Mr Ross", "Mrs Ross"), "Mr Ross"),
        (("Mrs Ham", "Sir Carl Ham"), "Mrs Ham"),
        (("Speaker 1", "Speaker 2"), "Speaker 1"),
        (("Jo", "Joanna Reed"), "Jo"),
    ],
)
def test_what_could_be_two_people_stays_apart(names: tuple[str, ...], apart: str) -> None:
    found = same_speakers(labels(*names))
    assert apart not in found
    assert len({found.get(name, name) for name in names}) == len(names)


def test_two_labels_that_talk_to_one_another_are_two_people() -> None:
    assert same_speakers(["Carl Ham", "Carl", "Carl Ham", "Carl", "Ann Lee"]) == {}


@pytest.mark.parametrize(
    ("label", "listed", "prose", "name"),
    [
        ("Carl", ["Carl Ham"], [], "Carl Ham"),
        ("Dr Ham", ["Carl Ham"], [], "Carl Ham"),
        ("Carl", [], ["Today Carl Ham of the City Trust joins us."], "Carl Ham"),
        ("Carl", ["Carl Ham", "Carl Moss"], [], "Carl"),
        ("Carl", [], ["Carl Ham and Carl Moss join us."], "Carl"),
        ("CARL HAM", ["Carl Ham"], [], "Carl Ham"),
        ("Carl", [], ["Today carl rides again."], "Carl"),
    ],
)
def test_lists_and_introductions_complete_a_first_name(
    label: str, listed: list[str], prose: list[str], name: str
) -> None:
    assert same_speakers(labels(label), listed, prose).get(label, label) == name


def test_a_page_gives_one_speaker_with_aliases_and_roles() -> None:
    text = (
        "Guests: Carl Ham (chief nurse, City Trust)\n\n"
        "Ann Lee: Hello.\n\nCARL: Hello.\n\nAnn Lee: Well?\n\nSir Carl Ham: Well.\n\nAnn Lee: So.\n\nCARL: So.\n"
    )
    [transcript] = read_transcripts(text.encode(), source="talk.txt")
    [ann, carl] = sorted(transcript.speakers, key=lambda speaker: speaker.name)
    assert (ann.name, carl.name, carl.role) == ("Ann Lee", "Carl Ham", "chief nurse")
    assert set(carl.aliases) == {"CARL", "Sir Carl Ham"}
    assert {turn.speaker for turn in transcript.turns} == {"Ann Lee", "Carl Ham"}


def test_names_that_may_be_several_peoples_are_listed() -> None:
    found = unclear_names(["Carl", "Carl Ham", "Carl Moss", "Dr Smith", "Ada Smith", "Bo Ek", "Speaker 1", "Zoe"])
    assert [(each.name, each.may_be) for each in found] == [
        ("Carl", ("Carl Ham", "Carl Moss")),
        ("Dr Smith", ("Ada Smith",)),
    ]


NAMES = st.sampled_from(
    ["Carl", "CARL", "Carl Ham", "Sir Carl Ham", "Carl Moss", "Dr Ham", "Mrs Ham", "Ann Lee", "Ann", "Speaker 1", "Q"]
)


@given(st.lists(NAMES, max_size=30))
def test_merging_gives_no_label_a_person_it_does_not_fit(spoken: list[str]) -> None:
    found = same_speakers(spoken)
    for label, name in found.items():
        assert label != name
        assert name not in found
        assert person_key(label) == person_key(name) or (is_full(name) and name in fits(label, [name]))


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("Sir Carl", "Prof. Sir Carl Ham"),
        ("Dame Ada", "Dame Ada Moss"),
        ("Amy-Lou", "Amy-Lou St. John"),
        ("Rev. Mwangi-Pryce", "Revd Joan Mwangi-Pryce"),
        ("C. Ham", "Carl Ham"),
    ],
)
def test_a_title_with_a_first_name_a_double_name_and_an_initial_are_parts(part: str, whole: str) -> None:
    assert same_speakers(labels(whole, part)) == {part: whole}
    assert not is_full(part)


@pytest.mark.parametrize(
    "names",
    [
        ("Sir Carl", "Carl Ham"),
        ("Dr Carl", "Dr Carl Ham"),
        ("C. Ham", "Carl Ham", "Cora Ham"),
        ("D. Ham", "Carl Ham"),
        ("Amy-Lou", "Amy Lane"),
        ("Q. A", "Quinn Asher"),
    ],
)
def test_other_parts_with_titles_and_initials_stay_apart(names: tuple[str, ...]) -> None:
    assert same_speakers(labels(*names)) == {}
