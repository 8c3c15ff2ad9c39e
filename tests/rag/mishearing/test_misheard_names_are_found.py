"""From a glossary of right forms to passages, glosses and answers, through the whole product."""

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from index.types import Filter
from rag.assembly import Turnwise, open_turnwise
from rag.reading import Reader, Window
from rag.retrieval.retriever import Retriever
from rag.retrieval.types import Filters, Mode
from rag.settings import load_settings

ALIKE = """door dorm dose dorsal course horse dressed doorstep source resort picture pitcher pickled pitch card chart
orchard record richer pilchard cinema since city sensitive sinister shopping shipping jumping young yolk coping hopping
dormant dosage corset morsel torso tourist assert desert dessert thirst richest perched parched pitched patchy preached
poacher prickly pilgrim sincerity sanity vicinity insanity sentinel sensing yearning yelping yapping joking""".split()
"""Common words that sound a little like Dorset, Pritchard, Cincinnati and Jönköping. The first two lines were looked at
while this was built, the others not before it was done."""
TALKS = [
    {
        "id": "talk-1",
        "title": "Winter on the coast",
        "collection": "open",
        "turns": [
            {"speaker": "Ann Lee", "text": "What did you learn from the visit to the island hospitals last winter?"},
            {
                "speaker": "Bo Ek",
                "text": "The team at Larnavick showed us how they hand over at night, and we copied the sheet that "
                "they use. Every bed has a card, and the card goes with the patient from the ward to the theatre.",
            },
            {"speaker": "Ann Lee", "text": "And who paid for the larger boat that now carries the dialysis patients?"},
            {
                "speaker": "Bo Ek",
                "text": "That was the shoe smith fund, which pays for transport where no road leads to a hospital.",
            },
        ],
    },
    {
        "id": "talk-2",
        "title": "Closed session",
        "collection": "closed",
        "turns": [{"speaker": "Cy Orr", "text": "Nobody outside should hear that Vellmore has asked for more money."}],
    },
    {
        "id": "talk-3",
        "title": "Relief crews",
        "collection": "open",
        "turns": [
            {"speaker": "Ann Lee", "text": "Whose timetable do the relief crews sail by?"},
            {
                "speaker": "Bo Ek",
                "text": "It was Morwenna McIvern who drew up the timetable, so that no crew sails two nights in a row. "
                "The pattern itself was borrowed from a lifeboat station near Trevanock.",
            },
        ],
    },
]
GLOSSARY = '[[name]]\nname = "Larnavik"\n[[name]]\nname = "Schusmith"\nheard = ["shoe smith"]\n'


@pytest.fixture(scope="module")
def turnwise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Turnwise]:

    folder = tmp_path_factory.mktemp("talks")
    (folder / "talks.jsonl").write_text("\n".join(map(json.dumps, TALKS)), "utf-8")
    (folder / "names.toml").write_text(GLOSSARY, "utf-8")
    with open_turnwise(load_settings(home=folder / ".home")) as opened:
        assert all(result.outcome == "added" for result in opened.ingestion.add([str(folder)]))
        yield opened


def turns_found(turnwise: Turnwise, query: str, mode: str = "lexical", **filters: tuple[str, ...]) -> list[str]:

    found = turnwise.retriever.search(query, mode=Mode(mode), filters=Filters(**filters), top_k=5)
    return [passage.text for passage in found.passages]


@pytest.mark.parametrize(
    "query", ["Larnavik", "larnavik", "Larnavik's wards", "What happens at Larnavik?", "Larnavick", "Schusmith"]
)
@pytest.mark.parametrize("mode", ["lexical", "hybrid"])
def test_the_right_form_finds_what_was_misheard(turnwise: Turnwise, query: str, mode: str) -> None:
    assert "Larnavick" in turns_found(turnwise, query, mode)[0]


def test_a_name_is_read_as_it_is_asked_for(turnwise: Turnwise, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    real = Reader.read

    def read(self: Reader, question: str, windows: Sequence[Window]) -> list[npt.NDArray[np.float32]]:
        shown.extend(text for window in windows for stretch in window.stretches for text in stretch.sentences)
        return real(self, question, windows)

    monkeypatch.setattr(Reader, "read", read)
    turnwise.answerer.ask("What did the team at Larnavik show them?")
    assert any(text.startswith("The team at Larnavik showed us") for text in shown)
    turnwise.answerer.ask("What did the team show them at night?")
    assert any(text.startswith("The team at Larnavick showed us") for text in shown)


def test_a_sentence_is_as_near_as_with_the_name_put_right(turnwise: Turnwise, monkeypatch: pytest.MonkeyPatch) -> None:
    def nearest(question: str) -> float:
        found = turnwise.answerer.evidence(question).candidates
        return max(c.features.cosine for c in found if "Larnavick" in c.sentence.text)

    embedded: list[str] = []
    real = Retriever.embed_speech

    def embed(self: Retriever, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        embedded.extend(texts)
        return real(self, texts)

    monkeypatch.setattr(Retriever, "embed_speech", embed)
    near = nearest("What did Larnavik show them about the night?")
    assert [text[:26] for text in embedded] == ["The team at Larnavik showe"]
    assert near > nearest("What did Schusmith show them about the night?")
    embedded.clear()
    turnwise.answerer.ask("What did the team show them at night?")
    assert embedded == []


@pytest.mark.parametrize(
    ("query", "asked", "form"),
    [
        ("What did Morwenna McKeevern draw up?", "mckeevern", "McIvern"),
        ("what did morwenna mckeevern draw up", "mckeevern", "McIvern"),
        ("What was borrowed from Trevannick?", "trevannick", "Trevanock"),
        ("What was Trevannick's pattern?", "trevannick", "Trevanock"),
        ("What was Trevannick’s pattern?", "trevannick", "Trevanock"),
        ("Whose is Morwenna McKeevern's timetable?", "mckeevern", "McIvern"),
    ],
)
def test_a_name_that_only_the_question_gives_finds_what_it_sounds_like(
    turnwise: Turnwise, query: str, asked: str, form: str
) -> None:
    assert [(e.asked, e.forms) for e in turnwise.names.expansions(query)] == [(asked, (form,))]
    assert form in turns_found(turnwise, query)[0]


@pytest.mark.parametrize(
    "query",
    [
        "What did Morwenna Stevenage draw up?",  # a word of its own
        "What did Ann Lee ask about McAllister?",  # sounds otherwise
        "was it borrowed from trevannick",  # may be any word
        "What did Morwenna McIvern draw up?",  # is said
    ],
)
def test_what_may_well_be_missing_stands_for_nothing(turnwise: Turnwise, query: str) -> None:
    assert turnwise.names.expansions(query) == ()


def test_a_name_that_only_the_question_gives_is_not_looked_for_where_one_may_not_read(turnwise: Turnwise) -> None:
    closed = Filter(any_of={"collection": frozenset({"closed"})})
    assert turnwise.names.expansions("What did Morwenna McKeevern draw up?", closed) == ()


def test_nobody_says_that_a_name_of_the_question_is_the_right_one(turnwise: Turnwise) -> None:
    answer = turnwise.answerer.ask("Which timetable did Morwenna McKeevern draw up?")
    assert answer.status == "answered"
    assert "Morwenna McIvern" in answer.citations[0].quote
    assert not answer.citations[0].gloss


def test_words_that_were_heard_for_a_name_are_found_only_together(turnwise: Turnwise) -> None:
    names = turnwise.names
    assert [e.forms for e in names.expansions("Schusmith fund")] == [("shoe smith",)]
    assert names.hits_as_heard("Schusmith") != {}
    assert names.gloss("The shoe of the smith.") == ()
    (right,) = names.gloss("It was the Shoe Smith fund.")
    assert (right.start, right.end, right.name) == (11, 21, "Schusmith")


def test_a_citation_carries_the_right_form_beside_the_unchanged_quote(turnwise: Turnwise) -> None:
    answer = turnwise.answerer.ask("What did the team at Larnavik show them about handing over at night?")
    assert answer.status == "answered"
    citation = next(c for c in answer.citations if "Larnavick" in c.quote)
    (gloss,) = citation.gloss
    assert citation.quote[gloss.start : gloss.end] == "Larnavick"
    assert gloss.name == "Larnavik"
    assert f"“{citation.quote}”" in answer.answer
    assert "(Larnavick [Larnavik])" in answer.answer
    assert "Larnavik]" not in citation.quote
    for sentence in answer.sentences:
        assert answer.answer[sentence.start : sentence.end] == sentence.text


def test_a_name_in_a_collection_that_may_not_be_read_tells_nothing(turnwise: Turnwise) -> None:

    turnwise.engine.write_notes({"names of /elsewhere": '[[name]]\nname = "Velmoor"'})
    turnwise.glossaries._looked_at = 0.0
    try:
        assert turnwise.names.expansions("Velmoor") != ()
        only_open = Filter(any_of={"collection": frozenset({"open"})})
        assert turnwise.names.expansions("Velmoor", only_open) == ()
        assert turns_found(turnwise, "Velmoor", collections=("open",)) == []
    finally:
        turnwise.engine.write_notes({"names of /elsewhere": None})
        turnwise.glossaries._looked_at = 0.0


def test_a_changed_glossary_takes_effect_without_embedding_anything(turnwise: Turnwise, tmp_path: Path) -> None:
    talks = turnwise.settings.home.parent
    version = turnwise.engine.version
    (talks / "names.toml").write_text('[[name]]\nname = "Oske"\nheard = ["island"]', "utf-8")
    try:
        results = turnwise.ingestion.add([str(talks)])
        assert {result.outcome for result in results} == {"unchanged"}
        assert turns_found(turnwise, "larnavik") == []
        assert turns_found(turnwise, "Oske") != []
        assert turnwise.engine.version == version
        (talks / "names.toml").write_text("[[name]]\nnome = 1", "utf-8")
        failed = [result for result in turnwise.ingestion.add([str(talks)]) if result.outcome == "failed"]
        assert [Path(result.source).name for result in failed] == ["names.toml"]
        assert turns_found(turnwise, "Oske") != [], "the glossary before it goes on"
    finally:
        (talks / "names.toml").write_text(GLOSSARY, "utf-8")
        turnwise.ingestion.add([str(talks)])


@pytest.fixture(scope="module")
def seeds(seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Turnwise]:

    home = shutil.copytree(seeds_home, tmp_path_factory.mktemp("seeds") / "home")
    with open_turnwise(load_settings(home=home)) as opened:
        yield opened


@pytest.fixture
def right_forms(seeds: Turnwise) -> Iterator[Turnwise]:
    names = ["Dorset", "Pritchard", "Cincinnati", "Jönköping"]
    text = "".join(f'[[name]]\nname = "{name}"\n' for name in names) + 'said = ["yurn-shopping"]\n'
    seeds.glossaries.file.write_text(text, "utf-8")
    seeds.glossaries._looked_at = 0.0
    yield seeds
    seeds.glossaries.file.unlink()
    seeds.glossaries._looked_at = 0.0


@pytest.mark.parametrize(
    ("query", "heard"),
    [
        ("Dorset", "Dorsa"),
        ("Pritchard", "Picard"),
        ("Cincinnati", "Sincinatti"),
        ("Jönköping", "Yolshipin"),
        ("Jönköping", "Yon Copping"),
        ("Jonkoping", "Yolshipin"),
        ("Jonkoping", "Yon Copping"),
    ],
)
@pytest.mark.parametrize("mode", ["lexical", "hybrid"])
def test_the_seeds_misheard_names_are_in_the_first_five(
    right_forms: Turnwise, query: str, heard: str, mode: str
) -> None:
    assert any(heard in text for text in turns_found(right_forms, query, mode))


def test_common_words_that_sound_alike_find_no_more_than_before(seeds: Turnwise) -> None:
    well_known, seeds.glossaries._well_known = seeds.glossaries._well_known, ()
    seeds.glossaries._looked_at = 0.0
    before = {word: turns_found(seeds, word) for word in ALIKE}
    seeds.glossaries._well_known = well_known
    text = "".join(f'[[name]]\nname = "{name}"\n' for name in ("Dorset", "Pritchard", "Cincinnati", "Jönköping"))
    seeds.glossaries.file.write_text(text, "utf-8")
    seeds.glossaries._looked_at = 0.0
    assert {word: turns_found(seeds, word) for word in ALIKE} == before
    assert not any(name in " ".join(before["pilchard"]) for name in ("Pritchard", "Picard"))
    seeds.glossaries.file.unlink()
    seeds.glossaries._looked_at = 0.0


def test_without_a_glossary_the_seeds_mishearings_of_known_names_are_suggested(seeds: Turnwise) -> None:
    found = {(s.heard, s.name): s for s in seeds.suggesting.suggestions()}
    assert {("Picard", "Pritchard"), ("Dorsa", "Dorset"), ("Sincinatti", "Cincinnati")} <= found.keys()
    assert len(found) <= 5
    picard = found["Picard", "Pritchard"]
    assert picard.companion == "amanda"
    assert "Picard" in picard.quote


@pytest.mark.parametrize(
    ("query", "heard"), [("Jönköping", "Yolshipin"), ("Cincinnati", "Sincinatti"), ("Dorset", "Dorsa")]
)
def test_without_a_glossary_well_known_names_are_found(seeds: Turnwise, query: str, heard: str) -> None:
    assert any(heard in text for text in turns_found(seeds, query, "lexical"))
