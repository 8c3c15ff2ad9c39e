"""A change of `speakers.toml` takes effect at the next `add`, though no transcript changed; a broken one harms none."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.embedded import EmbeddedEngine
from rag.ingestion import Ingestion, IngestResult
from rag.library import Library
from rag.mishearing.glossary import parse_glossary
from rag.transcripts.owner_file import parse_speakers
from tests.rag.add_in_a_child import HashEmbedder, open_engine

TALK = "Title: Beds {name}\nDate: 2024-05-06\n\nAnn Lee: Where did the beds go?\n\nBo: To the corridor.\n"
BO = '[[speaker]]\nname = "{name}"\naliases = ["Bo"]\n[[speaker.role]]\nrole = "matron"\nfrom = 2024-01-01\n'


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    opened = open_engine(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def ingestion(engine: EmbeddedEngine, tmp_path: Path) -> Ingestion:
    return Ingestion(engine=engine, embedder=HashEmbedder(), max_tokens=200, home=tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("one", "deep/two"):
        file = tmp_path / "talks" / f"{name}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(TALK.format(name=file.stem), "utf-8")
    return tmp_path / "talks"


def outcomes(results: list[IngestResult]) -> list[str]:
    return [result.outcome.value for result in results]


def people(engine: EmbeddedEngine) -> set[str]:
    return {entry.name for entry in Library(engine).speakers()}


def test_a_file_beside_the_transcripts_renames_and_a_nearer_one_goes_before_it(
    engine: EmbeddedEngine, ingestion: Ingestion, folder: Path
) -> None:
    assert outcomes(ingestion.add([str(folder)])) == ["added", "added"]
    (folder / "speakers.toml").write_text(BO.format(name="Bo Ek"), "utf-8")
    assert outcomes(ingestion.add([str(folder)])) == ["replaced", "replaced"]
    assert outcomes(ingestion.add([str(folder)])) == ["unchanged", "unchanged"]
    assert people(engine) == {"Ann Lee", "Bo Ek"}
    [bo] = [entry for entry in Library(engine).speakers() if entry.name == "Bo Ek"]
    assert bo.aliases == ("Bo",)
    assert {held.role for held in bo.roles} == {"matron"}
    (folder / "deep" / "speakers.toml").write_text(BO.format(name="Bodil Strand"), "utf-8")
    assert sorted(outcomes(ingestion.add([str(folder)]))) == ["replaced", "unchanged"]
    assert people(engine) == {"Ann Lee", "Bo Ek", "Bodil Strand"}


def test_the_data_folders_file_holds_for_uploads_too_and_its_loss_is_noticed(
    engine: EmbeddedEngine, ingestion: Ingestion, folder: Path, tmp_path: Path
) -> None:
    own = tmp_path / "home" / "speakers.toml"
    own.write_text(BO.format(name="Bo Ek"), "utf-8")
    ingestion.add_documents([("talk.txt", TALK.format(name="three").encode())])
    ingestion.add([str(folder)])
    assert people(engine) == {"Ann Lee", "Bo Ek"}
    own.unlink()
    assert outcomes(ingestion.add([str(folder)])) == ["replaced", "replaced"]
    assert people(engine) == {"Ann Lee", "Bo", "Bo Ek"}


def test_a_file_above_the_folder_added_is_not_looked_for(
    engine: EmbeddedEngine, ingestion: Ingestion, folder: Path
) -> None:
    (folder.parent / "speakers.toml").write_text("broken", "utf-8")
    (folder / "speakers.toml").write_text(BO.format(name="Bo Ek"), "utf-8")
    assert outcomes(ingestion.add([str(folder / "deep")])) == ["added"]
    assert people(engine) == {"Ann Lee", "Bo"}


def test_a_broken_file_is_named_with_its_line_and_what_is_stored_stays(
    engine: EmbeddedEngine, ingestion: Ingestion, folder: Path
) -> None:
    ingestion.add([str(folder)])
    (folder / "deep" / "speakers.toml").write_text('[[speaker]]\nnmae = "Bo"\n', "utf-8")
    results = ingestion.add([str(folder)])
    assert sorted(outcomes(results)) == ["failed", "unchanged"]
    [failed] = [result for result in results if result.reason]
    assert "line 2" in (failed.reason or "")
    assert people(engine) == {"Ann Lee", "Bo"}


def test_names_that_may_be_another_speakers_are_listed(ingestion: Ingestion, engine: EmbeddedEngine) -> None:
    pages = ["Ann Lee: Hello.\n\nBo: Hello.\n", "Bo Ek: Hello.\n\nMr Ross: Hello.\n", "Mrs Ross: Hello.\n\nCy: Hi.\n"]
    ingestion.add_documents([(f"{number}.txt", page.encode()) for number, page in enumerate(pages)])
    library = Library(engine)
    assert [(each.name, each.may_be) for each in library.unclear_speakers()] == [("Bo", ("Bo Ek",))]
    assert {"Bo", "Bo Ek", "Mr Ross", "Mrs Ross"} <= people(engine)


def test_the_forms_that_the_samples_page_shows_are_read_as_they_stand() -> None:
    page = (Path(__file__).resolve().parents[2] / "corpus" / "README.md").read_text("utf-8")
    stated, names = re.findall(r"^```toml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    [person] = parse_speakers(stated, source="speakers.toml")
    assert (person.name, person.aliases, len(person.roles)) == ("Bo Ek", ("Bo", "B. Ek"), 1)
    [name] = parse_glossary(names, source="names.toml")
    assert name.said
    assert name.heard
