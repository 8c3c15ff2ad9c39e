"""What a question asks for: its kind, whose words, and what an answer has to hold."""

import pytest

from rag.answering.expectations import Expects
from rag.answering.questions import Kind, analyse
from rag.library import SpeakerEntry

SPEAKERS = [
    SpeakerEntry(name=name, aliases=aliases, roles=(), turn_count=3)
    for name, aliases in [("Dr Ann Lee", ("Annie",)), ("Bo Ek", ()), ("Ingrid Nåvik", ()), ("Bo Strand", ())]
]


@pytest.mark.parametrize(
    ("question", "voices", "named"),
    [
        ("What did Ann Lee say about huddles?", {"ann lee"}, {"ann lee"}),
        ("What does ingrid navik think of targets?", {"ingrid navik"}, {"ingrid navik"}),
        ("According to Dr Lee, why did it fail?", {"ann lee"}, {"ann lee"}),
        ("What is Ingrid's view on noon discharges?", {"ingrid navik"}, {"ingrid navik"}),
        ("How did Annie's ward improve?", set(), {"ann lee"}),
        ("What did Bo say?", set(), set()),
        ("What did Bo Ek say?", {"bo ek"}, {"bo ek"}),
        ("Who said that trust matters?", set(), set()),
    ],
)
def test_names_and_whose_words_are_asked_for(question: str, voices: set[str], named: set[str]) -> None:
    understood = analyse(question, SPEAKERS)
    assert understood.voices == voices
    assert understood.named == named


@pytest.mark.parametrize(
    ("question", "expects"),
    [
        ("How many wards took part?", Expects.NUMBER),
        ("How long did it take?", Expects.DURATION),
        ("When did the huddles start?", Expects.TIME),
        ("Who led the work?", Expects.NAME),
        ("Why did it work?", Expects.ANYTHING),
    ],
)
def test_what_an_answer_has_to_hold(question: str, expects: Expects) -> None:
    assert analyse(question, SPEAKERS).expects is expects


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What is a run chart?", Kind.POINT),
        ("What are the three steps?", Kind.SEQUENCE),
        ("How did the ward do it?", Kind.SEQUENCE),
        ("Who disagrees with targets?", Kind.COMPARISON),
        ("What is different at system level compared with one ward?", Kind.COMPARISON),
        ("What did Ann Lee say is different about systems?", Kind.SEQUENCE),
    ],
)
def test_the_kind_decides_the_layout(question: str, kind: Kind) -> None:
    assert analyse(question, SPEAKERS).kind is kind
