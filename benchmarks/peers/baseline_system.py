"""The plain baseline: BM25 and exact vector search over the same chunks, their z-scores added.

What one writes without a toolkit: LangChain's character splitter at the sizes of its own row, bm25s with its English
stop words and a stemmer, the model's vectors in one array. Every chunk gets both scores.
"""

import json
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import Stemmer
from langchain_text_splitters import RecursiveCharacterTextSplitter
from sentence_transformers import SentenceTransformer

from benchmarks.peers.adapter import TOP_K, Passage, documents, model_folder, run

CHUNK_CHARACTERS = 1000
OVERLAP_CHARACTERS = 200


class BaselineSystem:
    """Added z-scores, nothing else."""

    def __init__(self) -> None:
        self._model = SentenceTransformer(model_folder())
        self._stemmer = Stemmer.Stemmer("english")
        self._passages: list[Passage] = []
        self._vectors = np.zeros((0, 0), dtype=np.float32)
        self._words = bm25s.BM25()

    def ingest(self, transcripts: Path, folder: Path) -> dict[str, Any]:
        """Split, embed, save."""
        splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_CHARACTERS, chunk_overlap=OVERLAP_CHARACTERS)
        cut = [
            (document.id, text) for document in documents(transcripts) for text in splitter.split_text(document.text)
        ]
        texts = [text for _, text in cut]
        np.save(folder / "vectors.npy", self._model.encode(texts, normalize_embeddings=True))
        self._words.index(self._tokens(texts), show_progress=False)
        self._words.save(str(folder / "words"))
        (folder / "passages.json").write_text(json.dumps(cut), encoding="utf-8")
        return {"chunks": len(cut)}

    def open(self, folder: Path) -> None:
        """Load both."""
        cut = json.loads((folder / "passages.json").read_text("utf-8"))
        self._passages = [Passage(source=source, text=text) for source, text in cut]
        self._vectors = np.load(folder / "vectors.npy")
        self._words = bm25s.BM25.load(str(folder / "words"))

    def search(self, query: str) -> list[Passage]:
        """Score every chunk both ways and add."""
        dense = self._vectors @ self._model.encode(query, normalize_embeddings=True)
        lexical = self._words.get_scores(self._tokens([query], ids=False)[0])
        total = _z(dense) + _z(np.asarray(lexical))
        return [self._passages[n] for n in np.argsort(-total, kind="stable")[:TOP_K]]

    def _tokens(self, texts: list[str], *, ids: bool = True) -> Any:
        return bm25s.tokenize(texts, stopwords="en", stemmer=self._stemmer, return_ids=ids, show_progress=False)


def _z(scores: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    spread = float(scores.std())
    return (scores - scores.mean()) / spread if spread else np.zeros_like(scores)


if __name__ == "__main__":
    run(BaselineSystem())
