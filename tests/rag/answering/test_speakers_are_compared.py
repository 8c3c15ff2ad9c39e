"""Where a question compares speakers, each is heard on what it is about, and who says nothing of it is not quoted."""

from typing import TYPE_CHECKING

import pytest

from rag.answering.analysis.sides import sides_of, tells_whether_they_agree, things_compared
from rag.answering.types import Status
from rag.library import SpeakerEntry

if TYPE_CHECKING:
    from rag.assembly import Turnwise

SPEAKERS = [
    SpeakerEntry(name=name, aliases=(), roles=(), turn_count=3) for name in ("Dr Ann Lee", "Sir Bo Ek", "Ingrid Nåvik")
]
SAYS = "What does Dr Ann Lee say about"


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How do Ann Lee and Bo Ek differ on boards in corridors?", f"{SAYS} boards in corridors?"),
        ("Do Ann Lee and Bo Ek agree that dangers should be fixed?", f"{SAYS} dangers should be fixed?"),
        ("Compare what Ann Lee and Bo Ek say about the Tuesday list.", f"{SAYS} the Tuesday list?"),
        ("Compare Ann Lee and Ingrid Nåvik on huddles", f"{SAYS} huddles?"),
        ("How does Ann Lee’s view of targets differ from Bo Ek’s?", f"{SAYS} targets?"),
        ("How do Dr Lee's and Sir Bo Ek's views on trust compare?", f"{SAYS} trust?"),
        ("Does Ann Lee agree with Bo Ek about targets?", f"{SAYS} targets?"),
        ("Who is right about data, Ann Lee or Bo Ek?", f"{SAYS} data?"),
        ("What do Ann Lee, Bo Ek and Ingrid Nåvik think about carers?", f"{SAYS} carers?"),
        ("What did Ann Lee and Bo Ek each find when they looked?", "What did Dr Ann Lee find when they looked?"),
        ("How do Ann Lee and Bo Ek each explain the fall in falls?", f"{SAYS} the fall in falls?"),
        ("Do Ann Lee and Bo Ek both think wards can learn from kitchens?", f"{SAYS} wards can learn from kitchens?"),
        ("Why does Ann Lee disagree with Bo Ek about targets?", None),
        ("Where do Ann Lee and Bo Ek disagree?", None),
        ("What do Ann Lee and Bo Ek have in common?", None),
        ("What did Bo Ek reply when Ann Lee asked?", None),
        ("What did Ann Lee say about trust?", None),
    ],
)
def test_what_is_asked_of_each(question: str, asked: str | None) -> None:
    sides = sides_of(question, SPEAKERS)
    assert (sides[0].question if sides else None) == asked
    assert len({side.speaker for side in sides}) == len(sides)


def test_all_who_are_named_are_sides() -> None:
    sides = sides_of("What do Ann Lee, Bo Ek and Ingrid Nåvik think about carers?", SPEAKERS)
    assert [side.speaker for side in sides] == ["Dr Ann Lee", "Sir Bo Ek", "Ingrid Nåvik"]
    assert {side.topic for side in sides} == {"carers"}


def test_each_is_quoted_on_what_it_is_about_and_kept_together(turnwise: "Turnwise") -> None:
    answer = turnwise.answerer.ask("Do Bernadette Osei-Kyle and Tomasz Wielgosz agree about the noon target?")
    voices = [citation.speaker for citation in answer.citations]
    assert set(voices) == {"Bernadette Osei-Kyle", "Tomasz Wielgosz"}
    assert voices == sorted(voices, key=voices.index)
    assert {(p.transcript_id, t.turn) for p in answer.passages for t in p.turns} >= {
        (citation.transcript_id, citation.turn) for citation in answer.citations
    }


@pytest.mark.parametrize(
    "question",
    [
        "Do Kofi Brathwaite and Maggie Thistlewood agree about ambulance handovers?",
        "How do Nadia Ferreira and Ingrid Nåvik differ on hand hygiene?",
        "Do Alun Prosser-Lloyd and Marcus Tellwright agree about vaccination?",
    ],
)
def test_nobody_is_compared_on_what_they_never_spoke_of(turnwise: "Turnwise", question: str) -> None:
    assert turnwise.answerer.ask(question).status is Status.NOT_FOUND


def test_who_says_nothing_of_it_is_told(turnwise: "Turnwise") -> None:
    answer = turnwise.answerer.ask("Compare what Maggie Thistlewood and Hesper Quayle say about Parkinson's tablets.")
    assert {citation.speaker for citation in answer.citations} == {"Maggie Thistlewood"}
    assert answer.notice == "I found nothing by Hesper Quayle that answers this."


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("How is care different from cure?", "care and cure"),
        ("How do a merger and a group differ?", "a merger and a group"),
        ("What's the difference between spread and scale?", "spread and scale"),
        ("compare the old ward with the new one", "the old ward with the new one"),
        ("What is different about systems?", ""),
        ("How do people differ?", ""),
        ("Which different measures were used?", ""),
    ],
)
def test_what_is_compared_of_things(question: str, things: str) -> None:
    assert things_compared(question) == things


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Where do Tomasz Wielgosz and Bernadette Osei-Kyle disagree?", "Where I disagree with Tomasz"),
        ("What do Maggie Thistlewood and Kofi Brathwaite disagree about?", "Where you part company"),
        ("Where do Fenella Marchetti and Joel Abara disagree?", None),
        ("What do Maggie Thistlewood and Hesper Quayle have in common?", None),
    ],
)
def test_whether_speakers_agree_is_only_answered_where_one_says_so(
    turnwise: "Turnwise", question: str, said: str | None
) -> None:
    answer = turnwise.answerer.ask(question)
    assert [citation.quote[: len(said or "")] for citation in answer.citations[:1]] == ([said] if said else [])
    assert answer.status is (Status.ANSWERED if said else Status.NOT_FOUND)


@pytest.mark.parametrize(
    ("text", "voices", "tells"),
    [
        ("Lee and Ek disagree about the noon target.", {"ann lee"}, True),
        ("You two see it differently.", {"ann lee", "bo ek"}, True),
        ("You two see it differently.", {"ann lee"}, False),
        ("Do you two disagree?", {"ann lee", "bo ek"}, False),
        ("I disagree with Lee.", {"ann lee", "bo ek"}, False),
        ("Lee and Ek are friends.", {"ann lee", "bo ek"}, False),
    ],
)
def test_who_asks_may_tell_that_two_disagree(text: str, voices: set[str], tells: bool) -> None:
    asked = "Where do Ann Lee and Bo Ek disagree?"
    assert tells_whether_they_agree(text, asked, {"ann lee", "bo ek"}, voices) is tells
