"""Turnwise itself, through what `turnwise add` and `POST /v1/search` call; passages show speakers as the others' do."""

from pathlib import Path
from typing import Any

from benchmarks.peers.adapter import TOP_K, Passage, run, spoken
from rag.assembly import Turnwise, open_turnwise
from rag.settings import load_settings


class TurnwiseSystem:
    """Hybrid search with the shipped settings."""

    def __init__(self) -> None:
        self._turnwise: Turnwise | None = None

    def ingest(self, transcripts: Path, folder: Path) -> dict[str, Any]:
        """Add the transcripts."""
        with open_turnwise(load_settings(home=folder)) as turnwise:
            turnwise.ingestion.add([str(transcripts)])
            return {"transcripts": sum(1 for _ in turnwise.library.transcripts())}

    def open(self, folder: Path) -> None:
        """Open the index as a server does that only reads."""
        self._turnwise = open_turnwise(load_settings(home=folder), read_only=True)

    def search(self, query: str) -> list[Passage]:
        """Search in hybrid mode."""
        assert self._turnwise is not None, "open first"
        found = self._turnwise.retriever.search(query, top_k=TOP_K).passages
        return [
            Passage(
                source=passage.transcript_id,
                text="\n\n".join(spoken(stretch.speaker, stretch.text) for stretch in passage.turns),
            )
            for passage in found
        ]


if __name__ == "__main__":
    run(TurnwiseSystem())
