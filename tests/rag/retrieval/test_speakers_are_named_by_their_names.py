"""Which speakers a question names: by what they are called, and never by what they are."""

import pytest

from rag.library import SpeakerEntry
from rag.retrieval.people import mentions, named
from rag.transcripts.name_parts import parts_of

LABELS = (
    *("Programme lead Ishbel Ferrier", "Clinical safety officer Dr Magee", "Chief executive Orla Penn", "Nora Cook"),
    *("Deputy Chair", "Podcast Panel", "Will Smith", "Grace", "Sir Carl Ham", "Bothy crew", "A"),
    "Eilidh Baird-Osman, lay member",
)  # fmt: skip
SPEAKERS = tuple(SpeakerEntry(name=label, aliases=(), roles=(), turn_count=1) for label in LABELS)
FERRIER, MAGEE = "programme lead ishbel ferrier", "clinical safety officer magee"


@pytest.mark.parametrize(
    "question",
    [
        *("What makes a programme last?", "Is clinical work hard?", "Who is the executive?", "What is an officer?"),
        *("Who sat on the panel?", "Which podcast is it?", "What does a deputy do?", "Whose lead?", "Who is chief?"),
        *("Will this work?", "What will change?", "What a grace!", "What should we cook?", "Was the crew tired?"),
        *("Is a lay view worth a thing?", "Which member left?", "Was it safe? Will it be?", "What is Clinical Safety?"),
        "What does the doctor will?",
    ],
)  # fmt: skip
def test_a_role_or_a_common_word_names_nobody(question: str) -> None:
    assert named(question, SPEAKERS) == frozenset()


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("What does Ishbel Ferrier say?", FERRIER),
        ("what does ferrier think", FERRIER),
        ("Was Ishbel right?", FERRIER),
        ("What did Programme lead Ishbel Ferrier say?", FERRIER),
        ("What did Dr Magee say?", MAGEE),
        ("What was Magee's view?", MAGEE),
        ("What does Orla think?", "chief executive orla penn"),
        ("What did Eilidh Baird-Osman want?", "eilidh baird osman lay member"),
        ("How did Cook begin?", "nora cook"),
        ("what did nora cook say", "nora cook"),
        ("What would Will do?", "will smith"),
        ("what did will say", "will smith"),
        ("what did dr will say", "will smith"),
        ("It went on. Grace said so.", "grace"),
        ("Grace's view?", "grace"),
        ("Was Sir Carl Ham there?", "carl ham"),
        ("Did Ham agree?", "carl ham"),
        ("So what did “Ham” mean by Émile?", "carl ham"),
    ],
)
def test_a_name_names_its_speaker(question: str, key: str) -> None:
    assert named(question, SPEAKERS) == {key}


def test_the_place_of_a_name_is_that_in_the_folded_question() -> None:
    assert (FERRIER, 5, 19) in mentions("Does Ishbel Ferrier know?", SPEAKERS)


@pytest.mark.parametrize(
    ("label", "parts"),
    [
        ("Clinical safety officer Dr Magee", {"magee"}),
        ("Ward sister Jo Bly", {"jo bly", "jo", "bly"}),
        ("Hospital Porter", set()),
        ("Audience member", set()),
        ("Émile Zola", {"emile", "zola"}),
        ("orla penn", {"orla", "penn"}),
        ("Bothy crew", {"bothy"}),
        ("Mother of Ann Lee", set()),
        ("Woman with Ann Lee", set()),
        ("Member of the public", set()),
        ("Ann Lee from Leith", {"ann lee", "ann", "lee"}),
        ("Head of nursing Ann Lee", {"ann lee", "ann", "lee"}),
        ("Bo Ek (ward manager)", {"bo ek", "bo", "ek"}),
    ],
)
def test_parts_are_those_of_the_name(label: str, parts: set[str]) -> None:
    assert set(parts_of(label)) == parts
