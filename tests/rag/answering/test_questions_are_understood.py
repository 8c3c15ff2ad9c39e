"""What a question asks for: its kind, whose words, and what an answer has to hold."""

import pytest

from rag.answering.analysis.expectations import Expects
from rag.answering.analysis.questions import Kind, analyse
from rag.library import SpeakerEntry
from rag.retrieval.core import core
from rag.retrieval.terms import term_set

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
    ("question", "topic"),
    [
        ("What did Ann Lee say about huddles?", "huddles"),
        ("So what does Ingrid Nåvik think of the Tuesday list?", "the Tuesday list"),
        ("What is Bo Ek’s view on noon discharges?", "noon discharges"),
        ("Dr Lee's advice on starting small", "starting small"),
        ("What did Ann Lee tell Bo Ek about trust?", "Bo Ek about trust"),
        ("Why does Ann Lee think that it failed?", ""),
        ("How many wards does Bo Ek say took part?", ""),
        ("What did Ann Lee say about it?", ""),
        ("What did Ann Lee say?", ""),
        ("Money is tight. What did Ann Lee say about that?", ""),
        ("What do Ann Lee and Bo Ek say about trust?", ""),
    ],
)
def test_what_somebodys_words_are_asked_about(question: str, topic: str) -> None:
    assert analyse(question, SPEAKERS).topic == topic


@pytest.mark.parametrize(
    ("question", "mentioned"),
    [
        ("Who mentioned the waiting list?", "waiting list"),
        ("Who brought up carers?", "carers"),
        ("What did Ann Lee say about carers?", "carers"),
        ("waiting lists", "waiting lists"),
        ("Did anyone mention carers at all?", "carers"),
        ("And is there anything on the waiting list?", "waiting list"),
        ("Were carers ever discussed?", "carers"),
        ("Does Ann Lee talk about carers?", "carers"),
        ("Was anything said about the waiting list?", "waiting list"),
        ("Is the waiting list long?", ""),
        ("Did Ann Lee cover for carers?", "for carers"),
        ("Who worries about carers?", ""),
        ("Do carers matter?", ""),
        ("the nurses on the ward were tired", ""),
    ],
)
def test_what_an_answer_need_only_mention(question: str, mentioned: str) -> None:
    assert analyse(question, SPEAKERS).mentioned == term_set(mentioned)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Who is Ann Lee?", "Dr Ann Lee"),
        ("so who's dr lee", "Dr Ann Lee"),
        ("Who was Ingrid Nåvik?", "Ingrid Nåvik"),
        ("Who is Ann Lee's deputy?", None),
        ("Who is with Ann Lee?", None),
        ("Who is Jo March?", None),
    ],
)
def test_who_is_to_be_introduced(question: str, name: str | None) -> None:
    who = analyse(question, SPEAKERS).introduced
    assert (who.name if who else None) == name


@pytest.mark.parametrize(
    ("question", "expects"),
    [
        ("How many wards took part?", Expects.NUMBER),
        ("How long did it take?", Expects.DURATION),
        ("What percentage of the beds were free?", Expects.SHARE),
        ("How much capital funding would the ward need?", Expects.MONEY),
        ("Money is tight. When did the huddles start?", Expects.TIME),
        ("Who said that trust matters?", Expects.ANYTHING),
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
        ("How do the two wards differ?", Kind.COMPARISON),
        ("What difference did the huddles make?", Kind.POINT),
        ("Which different people worked on it?", Kind.POINT),
    ],
)
def test_the_kind_decides_the_layout(question: str, kind: Kind) -> None:
    assert analyse(question, SPEAKERS).kind is kind


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Our beds are full every night. How did the ward free some?", "How did the ward free some?"),
        ("What is a huddle? My chair keeps on about it.", "What is a huddle?"),
        ("I heard of a ward with a new cupboard - how many steps are saved?", "how many steps are saved?"),
        ("The ward has a new cupboard. Does it help?", "The ward has a new cupboard. Does it help?"),
        ("How did the ward free beds? Why did it work?", "How did the ward free beds? Why did it work?"),
        ("The ward moved a cupboard. Why?", "The ward moved a cupboard. Why?"),
        ("bed days saved by huddles", "bed days saved by huddles"),
    ],
)
def test_what_is_asked_is_parted_from_what_is_told_around_it(question: str, asked: str) -> None:
    assert core(question) == asked


def test_whose_words_are_asked_for_is_in_what_is_asked() -> None:
    understood = analyse("Ann Lee says that huddles help. What did Bo Ek say about them?", SPEAKERS)
    assert understood.voices == {"bo ek"}
    assert understood.named == {"ann lee", "bo ek"}


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("How many people turned up?", "peopl"),
        ("How many patients live in the town?", "patient"),
        ("How many bed days were saved?", "day"),
        ("How many beds?", "bed"),
    ],
)
def test_what_is_counted(question: str, thing: str) -> None:
    assert analyse(question, SPEAKERS).counted == thing


@pytest.mark.parametrize(
    ("question", "position"),
    [
        ("Who disagrees with targets?", True),
        ("Which speakers agree that targets help?", True),
        ("does anybody oppose targets", True),
        ("Do Ann Lee and Bo Ek agree on targets?", False),
        ("What was agreed on targets?", False),
        ("Who set the targets?", False),
    ],
)
def test_whether_it_is_asked_who_holds_with_something(question: str, *, position: bool) -> None:
    assert analyse(question, SPEAKERS).position is position
