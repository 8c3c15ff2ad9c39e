"""txtai: Segmentation with a Chonkie chunker, and an Embeddings database with `hybrid=True`.

After txtai's pages on configuring embeddings and on chunking for retrieval-augmented generation. The chunker cuts as
that page's does (recursively); its size is set to what the model reads.
"""

from pathlib import Path
from typing import Any

from txtai import Embeddings
from txtai.pipeline import Segmentation

from benchmarks.peers.adapter import TOP_K, Passage, documents, model_folder, run

CHUNK_CHARACTERS = 1000


class TxtaiSystem:
    """BM25 and vectors, joined by txtai's own weighting."""

    def __init__(self) -> None:
        self._embeddings: Embeddings | None = None

    def ingest(self, transcripts: Path, folder: Path) -> dict[str, Any]:
        """Cut, index, save."""
        segment = Segmentation(chunker="recursive", chunk_size=CHUNK_CHARACTERS)
        rows = [
            {"id": f"{document.id}#{number}", "text": text, "title": document.title}
            for document in documents(transcripts)
            for number, text in enumerate(segment(document.text))
        ]
        embeddings = Embeddings(path=model_folder(), hybrid=True, content=True)
        embeddings.index((row["id"], row, None) for row in rows)
        embeddings.save(str(folder))
        return {"chunks": len(rows)}

    def open(self, folder: Path) -> None:
        """Load the database."""
        self._embeddings = Embeddings()
        self._embeddings.load(str(folder))

    def search(self, query: str) -> list[Passage]:
        """Search."""
        assert self._embeddings is not None, "open first"
        found = self._embeddings.search(query, TOP_K)
        return [Passage(source=row["id"].rpartition("#")[0], text=row["text"]) for row in found]


if __name__ == "__main__":
    run(TxtaiSystem())
