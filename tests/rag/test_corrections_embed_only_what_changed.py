"""A corrected transcript keeps the vectors of the chunks that the model would read as before."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from index.embedded import EmbeddedEngine
from rag.ingestion import Ingestion
from rag.sentence_vectors import unpack
from tests.rag.add_in_a_child import HashEmbedder, open_engine

TURNS = 40


class WritesDown(HashEmbedder):
    """Keeps the texts that it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def embed_with_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[npt.NDArray[np.float32], list[npt.NDArray[np.float32]]]:
        self.read += texts
        return super().embed_with_parts(texts, parts)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    opened = open_engine(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def embedder() -> WritesDown:
    return WritesDown()


@pytest.fixture
def ingestion(engine: EmbeddedEngine, embedder: WritesDown) -> Ingestion:
    return Ingestion(engine=engine, embedder=embedder, max_tokens=60)


def talk(*, title: str = "Beds", changed: int | None = None, before: str = "") -> str:
    turns = [
        f"{'Ann Lee' if n % 2 else 'Bo Ek'}: In week {n} we counted {n * 7} beds{' again' if n == changed else ''}. "
        f"Nobody had counted them before. The ward kept a chart of it for {n + 3} days."
        for n in range(TURNS)
    ]
    return f"Title: {title}\nDate: 2024-05-06\n\n" + "\n\n".join([*([before] if before else []), *turns]) + "\n"


def stored(engine: EmbeddedEngine) -> dict[str, tuple[bytes, list[float]]]:
    """Return what is stored of each chunk, by its id: its packed sentence vectors and its own."""
    [document] = engine.documents()
    ids = [record.id for record in engine.document_records(document.id)]
    attachments, rows = engine.attachments(ids), engine.vectors(ids)
    return {i: (attachments[i], row.tolist()) for i, row in zip(ids, rows, strict=True)}


def test_one_changed_word_embeds_one_chunk_and_stores_what_embedding_all_would(
    engine: EmbeddedEngine, ingestion: Ingestion, embedder: WritesDown, tmp_path: Path
) -> None:
    file = tmp_path / "talk.txt"
    file.write_text(talk(), "utf-8")
    ingestion.add([str(file)])
    chunks = len(embedder.read)
    assert chunks > 10
    embedder.read.clear()
    file.write_text(talk(changed=TURNS // 2), "utf-8")
    assert [result.outcome.value for result in ingestion.add([str(file)])] == ["replaced"]
    assert 1 <= len(embedder.read) <= 2
    assert any("again" in text for text in embedder.read)
    corrected = stored(engine)
    engine.remove([document.id for document in engine.documents()])
    ingestion.add([str(file)])
    assert stored(engine) == corrected


def test_turns_that_move_keep_their_vectors_under_their_new_numbers(
    engine: EmbeddedEngine, ingestion: Ingestion, embedder: WritesDown, tmp_path: Path
) -> None:
    file = tmp_path / "talk.txt"
    file.write_text(talk(), "utf-8")
    ingestion.add([str(file)])
    embedder.read.clear()
    opening = "Cy Dahl: " + "Let us begin with a round in which everybody says who they are and where they work. " * 3
    file.write_text(talk(before=opening), "utf-8")
    ingestion.add([str(file)])
    assert len(embedder.read) <= 3
    [document] = engine.documents()
    for record in engine.document_records(document.id):
        spans = unpack(engine.attachments([record.id])[record.id]).spans
        assert [f'"turn":{span.turn},' in record.body for span in spans] == [True] * len(spans)


def test_another_title_is_another_context_and_is_read_anew(
    ingestion: Ingestion, embedder: WritesDown, tmp_path: Path
) -> None:
    file = tmp_path / "talk.md"
    file.write_text(talk(), "utf-8")
    ingestion.add([str(file)])
    chunks = len(embedder.read)
    embedder.read.clear()
    file.write_text(talk(title="Beds and corridors"), "utf-8")
    ingestion.add([str(file)])
    assert len(embedder.read) == chunks
