"""What sounds alike, and how well mishearings are told: on pairs that were not used for the fit."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.misheard_names import Pair, pairs, vocabulary_of
from rag.mishearing.glossary import GlossaryName
from rag.mishearing.matching import Matcher, targets_of
from rag.mishearing.sounds import sounds, unlikeness
from rag.mishearing.vocabulary import Vocabulary

CORPUS = Path(__file__).resolve().parents[3] / "corpus"
WORDS = st.text("abcdefghijklmnopqrstuvwxyzöøåé -'", max_size=15)


def vocabulary(*runs: str, speakers: str = "", terms: dict[str, int] | None = None) -> Vocabulary:
    return Vocabulary(
        runs={tuple(run.split()): 1 for run in runs}, speakers=frozenset(speakers.split()), terms=terms or {}
    )


def heard(name: str, *runs: str, said: str = "", speakers: str = "", terms: dict[str, int] | None = None) -> list[str]:
    targets = targets_of([GlossaryName(name=name, said=(said,) if said else ())])
    matcher = Matcher(targets, vocabulary(*runs, speakers=speakers, terms=terms))
    return [m.form for target in targets for m in matcher.matches(target) if matcher.owner(m.form) == target]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cincinnati", "Sincinatti"),
        ("Philip", "Fillip"),
        ("Knox", "Nocks"),
        ("Bicester", "Bister"),
        ("McIvor", "Mackivor"),
        ("McGee", "Maghee"),
        ("Siân", "Sian"),
        ("wright", "rite"),
        ("Kowalchik", "kovalchik"),
    ],
)
def test_spellings_that_are_said_alike_sound_nearly_alike(one: str, other: str) -> None:
    assert unlikeness(sounds(one), sounds(other)) < 0.06


@given(WORDS, WORDS)
def test_unlikeness_is_symmetric_and_bounded(one: str, other: str) -> None:
    a, b = sounds(one), sounds(other)
    assert unlikeness(a, b) == pytest.approx(unlikeness(b, a))
    assert unlikeness(a, a) == 0
    assert 0 <= unlikeness(a, b) <= 1.5


def test_words_torn_apart_are_joined_and_a_neighbour_in_common_tells() -> None:
    assert heard("Wellmarsh", "Well Marsh") == ["Well Marsh"]
    assert heard("Orla Pritchett", "Orla Pickett") == ["Pickett"]
    assert heard("Pritchett", "Orla Prickert", "Orla Pritchett") == ["Prickert"]


def test_what_is_right_in_itself_is_left_alone() -> None:
    assert heard("Dorset", "Dorothy", "Dorset County", "Horse", "DORSA") == []
    assert heard("Stenner", "Stenna", speakers="stenna") == []
    assert heard("Leister", "Leicester") == [], "a well-known name is not a mishearing"
    assert heard("Brennan", "Brennen", terms={"brennen": 9}) == [], "written without a capital as well"
    assert heard("Northumbria", "North Cumbria") == []


def test_a_form_that_two_names_are_as_near_to_is_left_alone() -> None:
    targets = targets_of([GlossaryName(name="Marlowby"), GlossaryName(name="Marloby")])
    assert Matcher(targets, vocabulary("Marlobie")).owner("Marlobie") is None


def test_a_pronunciation_leads_where_the_spelling_does_not() -> None:
    assert heard("Csorvath", "Chorvat") == []
    assert heard("Csorvath", "Chorvat", said="chor-vat") == ["Chorvat"]


@pytest.mark.parametrize(("half", "least"), [(0, 0.8), (1, 0.78)])
def test_mishearings_are_told_among_the_names_of_our_own_conversations(half: int, least: float) -> None:
    chosen: list[Pair] = pairs()[half::2]
    targets = targets_of(entry for entry, _ in chosen)
    matcher = Matcher(targets, vocabulary_of(CORPUS, [form for _, form in chosen]))
    wanted = {(entry.name, form) for entry, form in chosen}
    told = {
        (target.name, m.form) for target in targets for m in matcher.matches(target) if matcher.owner(m.form) == target
    }
    wrong = {(name, form) for name, form in told if not any(form in f and (name in n) for n, f in wanted)}
    assert not wrong
    assert len(told & wanted) / len(wanted) >= least
