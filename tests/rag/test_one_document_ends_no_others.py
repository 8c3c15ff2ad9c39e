"""A file whose name is not Unicode is read all the same, and what one document breaks on ends the work on no other."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from index.embedded import EmbeddedEngine
from rag.chunking import Chunker
from rag.errors import InputError
from rag.ingestion import Ingestion, IngestResult
from rag.library import Library
from rag.settings import Settings
from tests.rag.add_in_a_child import HashEmbedder, ingestion_of, open_engine

TALK = "Ann Lee: Where did the beds go?\n\nBo Ek: {said}\n"
BO = '[[speaker]]\nname = "Bodil Ek"\naliases = ["Bo Ek"]\n'


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    opened = open_engine(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "talks"
    made.mkdir()
    for name in ("first", "last"):
        (made / f"{name}.txt").write_text(TALK.format(said=f"To the {name} corridor."), "utf-8")
    return made


@pytest.fixture
def odd(folder: Path) -> Path:
    path = Path(os.fsdecode(os.fsencode(folder) + b"/bad\xff\xfename.txt"))
    try:
        path.write_text(TALK.format(said="By post."), "utf-8")
    except OSError:
        pytest.skip("this file system refuses names that are not Unicode")
    return path


def outcomes(results: list[IngestResult]) -> dict[str, str]:
    return {Path(result.source).stem: result.outcome.value for result in results}


def test_a_name_that_is_not_unicode_is_shown_with_replacements_and_read_once(
    engine: EmbeddedEngine, folder: Path, odd: Path
) -> None:
    shown = "bad\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}name"
    assert outcomes(ingestion_of(engine).add([str(folder)])) == {"first": "added", "last": "added", shown: "added"}
    transcript = Library(engine).transcript("badname")
    assert (transcript.title, transcript.turns[1].text) == (shown.capitalize(), "By post.")
    assert transcript.source == str(folder / f"{shown}.txt")
    assert set(outcomes(ingestion_of(engine).add([str(folder), str(odd)])).values()) == {"unchanged"}


def test_such_a_file_is_pruned_when_it_is_gone_and_not_before(engine: EmbeddedEngine, folder: Path, odd: Path) -> None:
    ingestion = ingestion_of(engine)
    ingestion.add([str(folder)])
    assert set(outcomes(ingestion.add([str(folder)], prune=True)).values()) == {"unchanged"}
    odd.unlink()
    removed = [r.transcript_id for r in ingestion.add([str(folder)], prune=True) if r.outcome == "removed"]
    assert removed == ["badname"]


def test_the_owners_word_holds_for_such_a_file_and_in_such_a_folder(
    engine: EmbeddedEngine, folder: Path, odd: Path
) -> None:
    deep = Path(os.fsdecode(os.fsencode(folder) + b"/d\xe9p"))
    deep.mkdir()
    odd.rename(deep / odd.name)
    (deep / "speakers.toml").write_text(BO, "utf-8")
    ingestion_of(engine).add([str(folder)])
    assert Library(engine).transcript("badname").turns[1].speaker == "Bodil Ek"
    (deep / "speakers.toml").write_text("broken", "utf-8")
    failed = [r for r in ingestion_of(engine).add([str(folder)]) if r.outcome == "failed"]
    assert "d\N{REPLACEMENT CHARACTER}p" in (failed[0].reason or "")


def test_what_is_missing_by_such_a_name_is_said_to_be(engine: EmbeddedEngine, odd: Path) -> None:
    odd.unlink()
    [result] = ingestion_of(engine).add([str(odd)])
    assert result.outcome == "failed"
    assert f"{result.source} {result.reason}".encode()


def test_the_command_reads_it_and_prints_its_document(
    turnwise_process: Callable[..., "subprocess.CompletedProcess[str]"], odd: Path
) -> None:
    done = turnwise_process("add", odd.parent, "--home", odd.parent.parent / "home", "--json")
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["results"]) == 3


def test_a_speaker_whose_name_is_not_unicode_is_refused(engine: EmbeddedEngine, folder: Path) -> None:
    ingestion = ingestion_of(engine)
    ingestion.add([str(folder)])
    with pytest.raises(InputError, match="not Unicode text"):
        ingestion.attribute("first", 0, os.fsdecode(b"Ren\xe9"))


class Breaks(HashEmbedder):
    """Breaks on one text, as a model's library may."""

    def embed_with_parts(self, texts, parts):  # type: ignore[no-untyped-def]
        if any("By post" in text for text in texts):
            raise ValueError("what a text")
        return super().embed_with_parts(texts, parts)


def test_what_embedding_breaks_on_is_named_and_the_others_are_stored(
    engine: EmbeddedEngine, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "middle.txt").write_text(TALK.format(said="By post."), "utf-8")
    ingestion = Ingestion(engine=engine, embedder=Breaks(), max_tokens=Settings().chunk_tokens)
    results = ingestion.add([str(folder)])
    assert outcomes(results) == {"first": "added", "middle": "failed", "last": "added"}
    [failed] = [result for result in results if result.outcome == "failed"]
    assert "what a text" in (failed.reason or "")
    assert "storing middle broke" in caplog.text
    assert {document.id for document in engine.documents()} == {"first", "last"}
    # It is tried again, and nothing says that it was read.
    assert outcomes(ingestion_of(engine).add([str(folder)])) == {
        "first": "unchanged",
        "middle": "added",
        "last": "unchanged",
    }


def test_what_cutting_breaks_on_is_named_and_the_others_are_stored(
    engine: EmbeddedEngine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = Chunker.chunk

    def chunk(self: Chunker, transcript):  # type: ignore[no-untyped-def]
        if transcript.id == "first":
            raise IndexError("too many")
        return really(self, transcript)

    monkeypatch.setattr(Chunker, "chunk", chunk)
    assert outcomes(ingestion_of(engine).add([str(folder)])) == {"first": "failed", "last": "added"}


class TooLong(HashEmbedder):
    """Gives one text a vector that is not of unit length: the engine refuses that."""

    def embed_with_parts(self, texts, parts):  # type: ignore[no-untyped-def]
        vectors, within = super().embed_with_parts(texts, parts)
        return np.stack([v * (2 if "By post" in text else 1) for text, v in zip(texts, vectors, strict=True)]), within


def test_what_the_engine_refuses_of_one_document_is_named_and_the_others_are_stored(
    engine: EmbeddedEngine, folder: Path
) -> None:
    (folder / "middle.txt").write_text(TALK.format(said="By post."), "utf-8")
    ingestion = Ingestion(engine=engine, embedder=TooLong(), max_tokens=Settings().chunk_tokens)
    results = ingestion.add([str(folder)])
    assert outcomes(results) == {"first": "added", "middle": "failed", "last": "added"}
    [failed] = [result for result in results if result.outcome == "failed"]
    assert "its vector has length 2, not 1" in (failed.reason or "")
