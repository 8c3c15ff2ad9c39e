"""Two files that give the same id: the second is refused, whenever it is added; one that moved takes its id along."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.embedded import EmbeddedEngine
from rag.ingestion import Ingestion, IngestResult
from rag.library import Library
from rag.receipts import Receipts
from rag.sources.source import LARGEST_SOURCE
from rag.transcripts.readers import ReadOptions
from tests.rag.add_in_a_child import ingestion_of, open_engine
from tests.rag.local_web import local_web

HUDDLE = "2026-03-04-safety-huddle"
TALK = "Title: {title}\nDate: 2026-03-04\n\nAnn Lee: Where did the beds go?\n\nBo Ek: {said}\n"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    opened = open_engine(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def ingestion(engine: EmbeddedEngine) -> Ingestion:
    return ingestion_of(engine)


@pytest.fixture
def two(tmp_path: Path) -> Path:
    made = tmp_path / "two"
    write(made / "a" / "huddle.txt", "To the corridor.")
    write(made / "b" / "huddle.txt", "Home, all of them.")
    return made


def write(file: Path, said: str, *, title: str = "Safety huddle") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(TALK.format(title=title, said=said), "utf-8")
    return file


def outcomes(results: list[IngestResult]) -> list[str]:
    return [result.outcome.value for result in results]


def said(engine: EmbeddedEngine, transcript_id: str = HUDDLE) -> str:
    return Library(engine).transcript(transcript_id).turns[1].text


def test_a_second_file_is_refused_at_a_later_add_and_the_first_stays(
    engine: EmbeddedEngine, ingestion: Ingestion, two: Path
) -> None:
    assert outcomes(ingestion.add([str(two / "a")])) == ["added"]
    for dry_run in (True, False):
        [refused] = ingestion.add([str(two / "b")], dry_run=dry_run)
        assert refused.outcome == "failed"
        assert refused.reason == (
            f"{two / 'a' / 'huddle.txt'} has the same id, {HUDDLE}: give one another title or date, or delete one."
        )
    assert outcomes(ingestion.add([str(two)])) == ["unchanged", "failed"]
    assert said(engine) == "To the corridor."
    write(two / "b" / "huddle.txt", "Home, all of them.", title="Second huddle")
    assert outcomes(ingestion.add([str(two)])) == ["unchanged", "added"]


def test_so_is_one_of_that_name_and_of_no_date(ingestion: Ingestion, engine: EmbeddedEngine, tmp_path: Path) -> None:
    for month, words in (("jan", "Yes, in January."), ("feb", "No, in February.")):
        (tmp_path / month).mkdir()
        (tmp_path / month / "meeting.txt").write_text(f"Ann Lee: Is it cold?\n\nBo Ek: {words}\n", "utf-8")
    assert outcomes(ingestion.add([str(tmp_path / "jan")])) == ["added"]
    assert outcomes(ingestion.add([str(tmp_path / "feb")])) == ["failed"]
    assert said(engine, "meeting") == "Yes, in January."


def test_so_is_one_after_the_owner_confirmed_a_speaker_of_the_first(
    engine: EmbeddedEngine, ingestion: Ingestion, two: Path
) -> None:
    ingestion.add([str(two / "a")])
    ingestion.attribute(HUDDLE, 1, "Cy Dahl")
    assert outcomes(ingestion.add([str(two / "b")])) == ["failed"]
    assert said(engine) == "To the corridor."


def test_the_first_may_change_and_the_second_may_not_take_over(
    engine: EmbeddedEngine, ingestion: Ingestion, two: Path
) -> None:
    ingestion.add([str(two)])
    write(two / "a" / "huddle.txt", "To the lounge.")
    assert outcomes(ingestion.add([str(two / "b")])) == ["failed"]
    assert outcomes(ingestion.add([str(two)])) == ["replaced", "failed"]
    assert said(engine) == "To the lounge."


def test_a_file_that_moved_and_changed_replaces_and_so_does_the_second_where_the_first_went(
    engine: EmbeddedEngine, ingestion: Ingestion, two: Path
) -> None:
    ingestion.add([str(two / "a")])
    (two / "a").rename(two / "moved")
    write(two / "moved" / "huddle.txt", "To the lounge.")
    assert outcomes(ingestion.add([str(two / "moved")])) == ["replaced"]
    shutil.rmtree(two / "moved")
    assert outcomes(ingestion.add([str(two)])) == ["replaced"]
    assert said(engine) == "Home, all of them."


def test_a_file_whose_title_changed_since_leaves_its_id_to_another(
    engine: EmbeddedEngine, ingestion: Ingestion, two: Path
) -> None:
    ingestion.add([str(two / "a")])
    write(two / "a" / "huddle.txt", "To the lounge.", title="Late huddle")
    assert outcomes(ingestion.add([str(two / "b")])) == ["replaced"]
    assert outcomes(ingestion.add([str(two)])) == ["added", "unchanged"]
    assert said(engine) == "Home, all of them."


def test_what_was_read_with_other_options_and_changed_since_keeps_its_id(
    engine: EmbeddedEngine, ingestion: Ingestion, tmp_path: Path
) -> None:
    stated = ReadOptions(title="Beds")
    first = write(tmp_path / "first.txt", "To the corridor.")
    ingestion.add([str(first)], stated)
    write(first, "To the lounge.")
    assert outcomes(ingestion.add([str(write(tmp_path / "second.txt", "Home.", title="Beds"))])) == ["failed"]
    assert said(engine, "2026-03-04-beds") == "To the corridor."


def test_one_file_through_several_paths_is_one_file(
    engine: EmbeddedEngine, ingestion: Ingestion, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = two / "a" / "huddle.txt"
    (two / "linked").symlink_to(two / "a")
    (two / "link.txt").symlink_to(file)
    ingestion.add([str(file)])
    monkeypatch.chdir(two)
    for number, name in enumerate(("a/huddle.txt", "linked/huddle.txt", "link.txt", "../two/a/huddle.txt")):
        write(file, f"To corridor {number}.")
        assert outcomes(ingestion.add([name])) == ["replaced"]
        assert said(engine) == f"To corridor {number}."


def test_a_copy_that_says_the_same_is_no_second_conversation(ingestion: Ingestion, two: Path) -> None:
    shutil.copy(two / "a" / "huddle.txt", two / "b" / "huddle.txt")
    assert outcomes(ingestion.add([str(two)])) == ["added", "unchanged"]
    assert outcomes(ingestion.add([str(two)])) == ["unchanged", "unchanged"]
    write(two / "b" / "huddle.txt", "To the lounge.")
    assert outcomes(ingestion.add([str(two / "b")])) == ["failed"]


def test_what_an_earlier_version_let_overwrite_the_first_keeps_the_id(
    engine: EmbeddedEngine, ingestion: Ingestion, two: Path
) -> None:
    ingestion.add([str(two / "a")])
    [receipt] = Receipts(engine).all().values()
    Receipts(engine).change({receipt.location: None})
    ingestion.add([str(two / "b")])
    Receipts(engine).change({receipt.location: receipt})
    assert outcomes(ingestion.add([str(two)])) == ["failed", "unchanged"]
    write(two / "b" / "huddle.txt", "To the lounge.")
    assert outcomes(ingestion.add([str(two)])) == ["failed", "replaced"]
    assert said(engine) == "To the lounge."


def test_a_file_that_can_no_longer_be_read_holds_its_id(
    engine: EmbeddedEngine, ingestion: Ingestion, two: Path
) -> None:
    ingestion.add([str(two / "a")])
    os.truncate(two / "a" / "huddle.txt", LARGEST_SOURCE + 1)
    assert outcomes(ingestion.add([str(two / "b")])) == ["failed"]
    (two / "a" / "huddle.txt").write_bytes(b"\0\1\2")
    assert outcomes(ingestion.add([str(two / "b")])) == ["failed"]
    assert said(engine) == "To the corridor."


def test_a_page_does_not_replace_what_another_page_holds(engine: EmbeddedEngine, ingestion: Ingestion) -> None:
    page = TALK.format(title="Safety huddle", said="{said}")
    with local_web() as web:
        first = web.put("/first.txt", page.format(said="By wire."), "text/plain")
        second = web.put("/second.txt", page.format(said="By air."), "text/plain")
        assert outcomes(ingestion.add([first], allow_private=True)) == ["added"]
        [refused] = ingestion.add([second], allow_private=True)
        assert refused.outcome == "failed"
        assert refused.reason == (f"{first} has the same id, {HUDDLE}: give one another title or date, or delete one.")
        web.put("/first.txt", page.format(said="By post."), "text/plain")
        assert outcomes(ingestion.add([second], allow_private=True)) == ["failed"]
        web.fail("/first.txt", 503)
        assert outcomes(ingestion.add([second], allow_private=True)) == ["failed"]
        assert said(engine) == "By wire."


def test_what_moved_to_another_address_is_replaced(engine: EmbeddedEngine, ingestion: Ingestion) -> None:
    page = TALK.format(title="Safety huddle", said="{said}")
    with local_web() as web:
        addresses = [web.put(f"/{n}.txt", page.format(said=f"Version {n}."), "text/plain") for n in range(3)]
        ingestion.add([addresses[0]], allow_private=True)
        web.redirect("/0.txt", addresses[1])
        assert outcomes(ingestion.add([addresses[1]], allow_private=True)) == ["replaced"]
        web.fail("/1.txt", 410)
        web.fail("/0.txt", 404)
        assert outcomes(ingestion.add([addresses[2]], allow_private=True)) == ["replaced"]
    assert said(engine) == "Version 2."


def test_a_page_does_not_replace_what_a_file_holds_and_a_new_address_replaces_the_old_one(
    engine: EmbeddedEngine, ingestion: Ingestion, two: Path
) -> None:
    page = TALK.format(title="Safety huddle", said="{said}")
    with local_web() as web:
        old = web.put("/old.txt", page.format(said="By wire."), "text/plain")
        new = web.put("/new.txt", page.format(said="By air."), "text/plain")
        ingestion.add([str(two / "a")])
        assert outcomes(ingestion.add([old], allow_private=True)) == ["failed"]
        shutil.rmtree(two / "a")
        assert outcomes(ingestion.add([old, str(two / "b")], allow_private=True)) == ["replaced", "failed"]
        web.fail("/old.txt", 404)
        assert outcomes(ingestion.add([new], allow_private=True)) == ["replaced"]
    assert said(engine) == "By air."


def test_an_upload_of_that_id_replaces(engine: EmbeddedEngine, ingestion: Ingestion, two: Path) -> None:
    ingestion.add([str(two / "a")])
    uploaded = TALK.format(title="Safety huddle", said="By post.").encode()
    assert outcomes(ingestion.add_documents([("huddle.txt", uploaded)])) == ["replaced"]
    assert said(engine) == "By post."
