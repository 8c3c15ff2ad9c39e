"""`add` of folders and files: only what changed is read, what vanished is pruned, and what is elsewhere stays."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.embedded import EmbeddedEngine
from rag.ingestion import IngestEvent, Ingestion, IngestResult, reading
from rag.library import Library
from rag.transcripts.readers import ReadOptions
from tests.rag.add_in_a_child import ingestion_of, open_engine
from tests.rag.killed_adds import PROJECT, state_of, write_transcripts

TALK = "Title: {title}\nDate: 2024-05-06\n\nAnn Lee: Where did the beds go?\n\nBo Ek: {said}\n"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    opened = open_engine(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def ingestion(engine: EmbeddedEngine) -> Ingestion:
    return ingestion_of(engine)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "talks"
    for name in ("one", "two", "deep/three"):
        write(made, name)
    return made


def write(folder: Path, name: str, *, title: str | None = None, said: str = "To the corridor.") -> Path:
    file = folder / f"{name}.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(TALK.format(title=title or f"Beds {file.stem}", said=said), "utf-8")
    return file


def outcomes(results: list[IngestResult]) -> list[str]:
    return sorted(result.outcome.value for result in results)


def ids(engine: EmbeddedEngine) -> list[str]:
    return [summary.id.removeprefix("2024-05-06-beds-") for summary in Library(engine).transcripts()]


def removed(results: list[IngestResult]) -> list[str]:
    return [
        (result.transcript_id or "").removeprefix("2024-05-06-beds-")
        for result in results
        if result.outcome == "removed"
    ]


def test_what_is_unchanged_is_not_even_parsed(
    ingestion: Ingestion, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingestion.add([str(folder)])
    read: list[str] = []
    really = reading.read_transcripts
    monkeypatch.setattr(
        reading, "read_transcripts", lambda data, **more: read.append(more["source"]) or really(data, **more)
    )
    assert outcomes(ingestion.add([str(folder)])) == ["unchanged"] * 3
    assert read == []
    changed = write(folder, "two", said="Home.")
    assert outcomes(ingestion.add([str(folder)])) == ["replaced", "unchanged", "unchanged"]
    assert read == [str(changed)]


def test_other_options_make_the_same_file_another_transcript(ingestion: Ingestion, folder: Path) -> None:
    file = str(folder / "one.txt")
    ingestion.add([file])
    assert outcomes(ingestion.add([file], ReadOptions(collection="board"))) == ["replaced"]
    assert outcomes(ingestion.add([file], ReadOptions(collection="board"))) == ["unchanged"]
    assert outcomes(ingestion.add([file])) == ["replaced"]


def test_a_file_that_is_named_twice_is_read_once(ingestion: Ingestion, folder: Path) -> None:
    assert outcomes(ingestion.add([str(folder), str(folder / "one.txt"), f"{folder}/*.txt"])) == ["added"] * 3


def test_pruning_removes_what_vanished_and_a_dry_run_says_so_first(
    ingestion: Ingestion, engine: EmbeddedEngine, folder: Path
) -> None:
    ingestion.add([str(folder)])
    (folder / "one.txt").unlink()
    shutil.rmtree(folder / "deep")
    assert outcomes(ingestion.add([str(folder)])) == ["unchanged"]
    before = state_of(engine)
    assert removed(ingestion.add([str(folder)], prune=True, dry_run=True)) == ["one", "three"]
    assert state_of(engine) == before
    assert removed(ingestion.add([str(folder)], prune=True)) == ["one", "three"]
    assert ids(engine) == ["two"]
    assert len(engine.notes()) == 1
    assert removed(ingestion.add([str(folder)], prune=True)) == []


def test_pruning_never_takes_what_came_from_elsewhere(
    ingestion: Ingestion, engine: EmbeddedEngine, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    lost = write(elsewhere / "talks", "lost")
    monkeypatch.chdir(elsewhere)
    ingestion.add(["talks"])
    lost.unlink()
    ingestion.add_documents([("upload.txt", TALK.format(title="Beds upload", said="By post.").encode())])
    monkeypatch.chdir(tmp_path)
    # From here "talks/lost.txt" would be in the folder that is pruned.
    assert removed(ingestion.add(["talks"], prune=True)) == []
    assert {"lost", "upload"} <= set(ids(engine))


def test_a_file_that_moved_or_lies_twice_is_not_pruned(
    ingestion: Ingestion, engine: EmbeddedEngine, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    ingestion.add([str(folder)])
    other.mkdir()
    (folder / "one.txt").rename(other / "renamed.txt")
    shutil.copy(folder / "two.txt", other / "copy.txt")
    assert outcomes(ingestion.add([str(other)])) == ["unchanged", "unchanged"]
    (folder / "two.txt").unlink()
    assert removed(ingestion.add([str(folder)], prune=True)) == []
    assert ids(engine) == ["one", "three", "two"]


def test_a_new_title_in_the_same_file_replaces_the_old_transcript(
    ingestion: Ingestion, engine: EmbeddedEngine, folder: Path
) -> None:
    ingestion.add([str(folder)])
    ingestion.attribute("2024-05-06-beds-one", 1, "Cy Noor")
    write(folder, "one", title="Beds first")
    expected = ["added", "removed", "unchanged", "unchanged"]
    before = state_of(engine)
    assert outcomes(ingestion.add([str(folder)], dry_run=True)) == expected
    assert state_of(engine) == before
    results = ingestion.add([str(folder)])
    assert outcomes(results) == expected
    assert removed(results) == ["one"]
    assert ids(engine) == ["first", "three", "two"]
    [gone] = [result for result in results if result.outcome == "removed"]
    assert gone.reason == "It is 2024-05-06-beds-first now, with another title or date."
    assert Library(engine).transcript("2024-05-06-beds-first").turns[1].speaker == "Cy Noor"
    assert not any("beds-one" in note for note in engine.notes().values())
    assert outcomes(ingestion.add([str(folder)], prune=True)) == ["unchanged"] * 3


def test_a_new_title_leaves_the_old_transcript_that_another_file_holds(
    ingestion: Ingestion, engine: EmbeddedEngine, folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.txt"
    shutil.copy(folder / "one.txt", copy)
    ingestion.add([str(folder), str(copy)])
    write(folder, "one", title="Beds first")
    assert removed(ingestion.add([str(folder)])) == []
    assert ids(engine) == ["first", "one", "three", "two"]


def test_another_conversation_in_the_same_file_leaves_the_old_one_until_it_is_pruned(
    ingestion: Ingestion, engine: EmbeddedEngine, folder: Path
) -> None:
    ingestion.add([str(folder)])
    (folder / "one.txt").write_text(
        "Title: Beds first\nDate: 2024-05-06\n\nCy Noor: Why is the soup cold?\n\nBo Ek: The lift was late.\n", "utf-8"
    )
    ingestion.add([str(folder)])
    ingestion.add([str(folder)])
    assert ids(engine) == ["first", "one", "three", "two"]
    assert removed(ingestion.add([str(folder)], prune=True)) == ["one"]
    assert ids(engine) == ["first", "three", "two"]


def test_a_folder_that_is_empty_or_missing_takes_nothing_with_it(
    ingestion: Ingestion, engine: EmbeddedEngine, folder: Path
) -> None:
    ingestion.add([str(folder)])
    away = folder.rename(folder.parent / "away")
    assert outcomes(ingestion.add([str(folder)], prune=True)) == ["failed"]
    folder.mkdir()
    assert outcomes(ingestion.add([str(folder)], prune=True)) == ["failed"]
    assert ids(engine) == ["one", "three", "two"]
    assert away.is_dir()


def test_a_dry_run_says_the_same_as_the_run_and_writes_nothing(
    ingestion: Ingestion, engine: EmbeddedEngine, folder: Path
) -> None:
    ingestion.add([str(folder / "one.txt"), str(folder / "two.txt")])
    write(folder, "two", said="Home.")
    (folder / "rubbish.txt").write_bytes(b"\0\1\2")
    before = state_of(engine)
    told = ingestion.add([str(folder)], dry_run=True)
    assert outcomes(told) == ["added", "failed", "replaced", "unchanged"]
    assert state_of(engine) == before
    assert sorted(ingestion.add([str(folder)]), key=str) == sorted(told, key=str)


def test_progress_counts_every_source_once_and_ends_at_the_total(ingestion: Ingestion, folder: Path) -> None:
    (folder / "rubbish.txt").write_bytes(b"\0\1\2")
    for _ in range(2):
        events: list[IngestEvent] = []
        results = ingestion.add([str(folder), str(folder)], on_event=events.append)
        told = [event.result for event in events if event.result]
        assert sorted(told, key=lambda r: r.source) == results == sorted(results, key=lambda r: r.source)
        done = [event.done for event in events]
        assert done == sorted(done)
        assert (events[-1].done, events[-1].total) == (4, 4)


def test_two_adds_at_once_make_what_one_makes(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    write_transcripts(folder, 16)
    command = [sys.executable, "-m", "tests.rag.add_in_a_child"]
    pair = [subprocess.Popen([*command, str(tmp_path / "two"), str(folder)], cwd=PROJECT) for _ in range(2)]
    assert [child.wait(timeout=120) for child in pair] == [0, 0]
    alone, together = open_engine(tmp_path / "one"), open_engine(tmp_path / "two")
    ingestion_of(alone).add([str(folder)])
    expected, found = state_of(alone), state_of(together)
    alone.close()
    together.close()
    assert found == expected
    assert found["problems"] == []


def test_a_file_may_be_named_by_its_address_and_other_schemes_are_refused(ingestion: Ingestion, tmp_path: Path) -> None:
    file = write(tmp_path, "a talk, with spaces")
    added, refused = (ingestion.add([name])[0] for name in (file.as_uri(), "ftp://beds.example/talk.txt"))
    assert (added.outcome, refused.outcome) == ("added", "failed")
    assert "ftp:// are not read" in (refused.reason or "")
    assert "File name too long" in (ingestion.add(["file:///" + "a" * 5000])[0].reason or "")
    assert outcomes(ingestion.add([str(file)])) == ["unchanged"]


def test_what_is_neither_a_file_nor_a_folder_is_refused_in_words(ingestion: Ingestion, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(tmp_path / "s"))
        for name in (str(tmp_path / "s"), "/dev/zero"):
            assert "is a socket or a device" in (ingestion.add([name])[0].reason or "")
