"""An `add` that reads on while it stores makes the same index, and tells of nothing before it is there."""

import json
from pathlib import Path

import pytest

from rag.errors import WorkersError
from rag.ingestion import IngestEvent, Ingestion
from rag.settings import Settings
from tests.rag.add_in_a_child import HashEmbedder, open_engine
from tests.rag.killed_adds import state_of, write_transcripts

FILES = 12
AT_ONCE = 8
"""Chunks: two to four files."""


class LostAfterTwoBatches(HashEmbedder):
    """Fails at its third batch, as workers do that are gone for good."""

    batches = 0

    def embed_with_parts(self, texts, parts):  # type: ignore[no-untyped-def]
        self.batches += 1
        if self.batches > 2:
            raise WorkersError("they are gone")
        return super().embed_with_parts(texts, parts)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    write_transcripts(tmp_path / "files", FILES)
    return tmp_path / "files"


def test_the_index_is_the_same_and_what_is_told_is_there(tmp_path: Path, files: Path) -> None:
    one_after_the_other, overlapping = open_engine(tmp_path / "one"), open_engine(tmp_path / "both")
    max_tokens = Settings().chunk_tokens
    Ingestion(engine=one_after_the_other, embedder=HashEmbedder(), max_tokens=max_tokens).add([str(files)])
    told = []

    def look(event: IngestEvent) -> None:
        if event.result is not None and event.result.transcript_id is not None:
            told.append(event.result.transcript_id)
            assert overlapping.document(event.result.transcript_id) is not None
            assert overlapping.search_text(f"marker{int(told[-1].rsplit('-', 1)[1])}x5", 1)

    ingestion = Ingestion(engine=overlapping, embedder=HashEmbedder(), max_tokens=max_tokens, at_once=AT_ONCE)
    results = ingestion.add([str(files)], on_event=look)
    assert len(told) == len(results) == FILES
    assert state_of(overlapping) == state_of(one_after_the_other)
    assert {result.outcome for result in ingestion.add([str(files)])} == {"unchanged"}
    one_after_the_other.close()
    overlapping.close()


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_loss_while_it_reads_on_is_raised_and_the_next_add_does_the_rest(
    tmp_path: Path, files: Path, elsewhere: bool
) -> None:
    engine = open_engine(tmp_path / "home")
    max_tokens = Settings().chunk_tokens
    told = []
    ingestion = Ingestion(
        engine=engine, embedder=LostAfterTwoBatches(), max_tokens=max_tokens, at_once=AT_ONCE, elsewhere=elsewhere
    )
    with pytest.raises(WorkersError, match="they are gone"):
        ingestion.add([str(files)], on_event=lambda event: told.append(event.result) if event.result else None)
    stored = {document.id for document in engine.documents()}
    assert 0 < len(stored) < FILES
    assert stored == {result.transcript_id for result in told}
    outcomes = [
        result.outcome
        for result in Ingestion(engine=engine, embedder=HashEmbedder(), max_tokens=max_tokens).add([str(files)])
    ]
    assert (outcomes.count("unchanged"), outcomes.count("added")) == (len(stored), FILES - len(stored))
    engine.close()


def test_many_transcripts_of_one_file_are_stored_in_batches_and_told_of_when_found(tmp_path: Path) -> None:
    lines = [
        {"id": f"t{number}", "title": f"Talk {number}", "turns": [{"speaker": "Ann Lee", "text": f"Marker{number}."}]}
        for number in range(2 * AT_ONCE + 3)
    ]
    file = tmp_path / "talks.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines) + "\n", "utf-8")
    engine = open_engine(tmp_path / "home")
    batches: list[int] = []
    told: list[str] = []

    class Counting(HashEmbedder):
        def embed_with_parts(self, texts, parts):  # type: ignore[no-untyped-def]
            batches.append(len(texts))
            return super().embed_with_parts(texts, parts)

    def look(event: IngestEvent) -> None:
        if event.result is not None and event.result.transcript_id is not None:
            told.append(event.result.transcript_id)
            assert engine.search_text(f"marker{told[-1][1:]}", 1)

    ingestion = Ingestion(engine=engine, embedder=Counting(), max_tokens=Settings().chunk_tokens, at_once=AT_ONCE)
    ingestion.add([str(file)], on_event=look)
    assert batches == [AT_ONCE, AT_ONCE, 3]
    assert told == [line["id"] for line in lines]
    assert {result.outcome for result in ingestion.add([str(file)])} == {"unchanged"}
    engine.close()
