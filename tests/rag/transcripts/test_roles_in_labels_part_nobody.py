"""A role in a label, and a part of a name, make no second person of anybody; native labels stay as they are."""

import json

import pytest

from rag.transcripts.labels_with_roles import positions_in
from rag.transcripts.owner import StatedSpeaker, with_owners_word
from rag.transcripts.readers import read_transcripts
from rag.transcripts.types import Transcript

OFFICER = "Hamish Duthie, Chief Officer"


WHOLE = (
    "Waxwing",
    "Programme lead Grace",
    "Head of nursing Ann Lee",
    "Former ward sister Jo Bly",
    "Nora Cook Smith",
    "Mother of Ann Lee",
)
"""Labels out of which no role is taken."""


def native(*labels: str | None, speakers: list[object] | None = None) -> Transcript:
    """Return what native JSON of these labels is read as; a host speaks between them."""
    turns = [{"speaker": name, "text": f"{n}  words."} for n, label in enumerate(labels) for name in (label, "Ann Lee")]
    document = {"title": "T", "speakers": speakers, "turns": turns}
    [transcript] = read_transcripts(json.dumps(document).encode(), source="talk.json")
    return transcript


def plain(*labels: str) -> Transcript:
    text = "\n\n".join(f"{name}: {n} words." for n, label in enumerate(labels) for name in (label, "Ann Lee"))
    [transcript] = read_transcripts(text.encode(), source="talk.txt")
    return transcript


def names(transcript: Transcript) -> list[str | None]:
    return [turn.speaker for turn in transcript.turns][::2]


@pytest.mark.parametrize(
    ("label", "other", "name"),
    [
        (OFFICER, "Hamish Duthie", "Hamish Duthie"),
        ("Eilidh Baird-Osman, lay member", "Eilidh Baird-Osman", "Eilidh Baird-Osman"),
        ("Bo Ek (ward manager)", "Bo Ek", "Bo Ek"),
        ("Councillor Aske", "Councillor Bryn Aske", "Councillor Bryn Aske"),
        ("Hamish", OFFICER, "Hamish Duthie"),
        ("Programme lead Ishbel Tan", "Ishbel Tan", "Ishbel Tan"),
        ("Ward sister Jo van Bly", "Jo van Bly", "Jo van Bly"),
    ],
)
def test_a_label_with_a_role_and_one_without_are_one_person(label: str, other: str, name: str) -> None:
    transcript = plain(label, other, label)
    assert names(transcript) == [name] * 3
    assert [speaker.name for speaker in transcript.speakers].count(name) == 1
    assert len(transcript.speakers) == 2


def test_the_role_is_kept() -> None:
    [hamish, _] = plain(OFFICER, "Hamish Duthie").speakers
    assert (hamish.name, hamish.role) == ("Hamish Duthie", "Chief Officer")


def test_native_labels_stay_as_they_are() -> None:
    transcript = native(OFFICER, None, "Hamish Duthie", "Bo", "Bo Ek", speakers=["Bo Ek"])
    assert names(transcript) == [OFFICER, None, "Hamish Duthie", "Bo", "Bo Ek"]


@pytest.mark.parametrize("label", ["Smith, John", "Jones, Jr", "Ann Smith, Porter", "Mireille B. Reece, Psy.D", *WHOLE])
@pytest.mark.parametrize("read", [native, plain])
def test_what_is_no_role_stays_in_the_name(read: object, label: str) -> None:
    assert names(read(label, label)) == [label] * 2  # type: ignore[operator]


@pytest.mark.parametrize(
    "labels", [("Bo", "Bo Ek", "Bo Dahl"), ("Chair", "Deputy Chair"), ("Dr Ek", "Ada Ek", "Bo Ek")]
)
@pytest.mark.parametrize("read", [native, plain])
def test_who_may_be_several_stays_apart(read: object, labels: tuple[str, ...]) -> None:
    assert names(read(*labels)) == list(labels)  # type: ignore[operator]


def test_two_roles_that_talk_to_one_another_are_two_people() -> None:
    labels = ["Jo Smith, chair", "Jo Smith, ward nurse"] * 2
    assert positions_in(labels, ()) == {}
    assert set(positions_in([labels[0], "Ann Lee", labels[1]], ())) == set(labels)


@pytest.mark.parametrize("stated", [StatedSpeaker(name=OFFICER), StatedSpeaker(name="H. Duthie", aliases=(OFFICER,))])
def test_the_owners_file_may_tell_the_role_with_the_name(stated: StatedSpeaker) -> None:
    transcript = plain(OFFICER, "Hamish Duthie")
    assert names(with_owners_word(transcript, [stated])) == [stated.name] * 2


def test_two_of_one_name_in_the_owners_file_are_not_guessed() -> None:
    stated = [StatedSpeaker(name="Jo Smith, chair"), StatedSpeaker(name="Jo Smith, ward nurse")]
    assert names(with_owners_word(native("Jo Smith"), stated)) == ["Jo Smith"]
