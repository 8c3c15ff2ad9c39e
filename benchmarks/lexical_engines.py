"""The engines that `benchmarks.lexical` compares, each behind the same four calls."""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import bm25s
import numpy as np
import Stemmer
import tantivy

from index.analysis import STOP_WORDS
from index.embedded import EmbeddedEngine
from index.types import Document, Record

DIMENSION = 384
"""Of the product's model, so that an update costs what it costs there; the vectors themselves are random."""
_WORD = re.compile(r"[^\W_]+")
Transcript = tuple[str, list[tuple[str, str]]]
"""An id, and chunks: their ids and texts."""


class LexicalEngine(Protocol):
    """Finds chunks by words."""

    def add(self, transcripts: Sequence[Transcript]) -> None:
        """Add transcripts, durably and so that they are found when this returns."""

    def search(self, query: str, limit: int) -> list[str]:
        """Return the ids of the best chunks, best first."""

    def close(self) -> None:
        """Release files."""


def content_words(query: str) -> list[str]:
    """Return a query's words without stop words, so that no engine spends time on those."""
    return list(dict.fromkeys(w for w in _WORD.findall(query.lower()) if w not in STOP_WORDS))


class Turnwise:
    """Ours: SQLite, segments of inverted lists and, unlike the others, the vectors as well."""

    def __init__(self, folder: Path) -> None:
        self._engine = EmbeddedEngine(folder, dimension=DIMENSION, model="random")
        self._random = np.random.default_rng(0)

    def add(self, transcripts: Sequence[Transcript]) -> None:
        """Add transcripts, durably and so that they are found when this returns."""
        for transcript_id, chunks in transcripts:
            matrix = self._random.normal(size=(len(chunks), DIMENSION))
            matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
            rows = matrix.astype(np.float32)
            records = [
                Record(id=i, body="{}", text=text, vector=row) for (i, text), row in zip(chunks, rows, strict=True)
            ]
            self._engine.replace(Document(id=transcript_id, fingerprint="", summary="{}", body="{}"), records)
        self._engine.refresh()

    def search(self, query: str, limit: int) -> list[str]:
        """Return the ids of the best chunks, best first."""
        return [hit.id for hit in self._engine.search_text(query, limit)]

    def close(self) -> None:
        """Release files."""
        self._engine.close()


class Fts5:
    """SQLite FTS5, Porter stems over unicode61, any word of the query, bm25()."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._connection = sqlite3.connect(folder / "fts.db")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS chunks USING fts5(id UNINDEXED, text, tokenize='porter unicode61')"
        )

    def add(self, transcripts: Sequence[Transcript]) -> None:
        """Add transcripts, durably and so that they are found when this returns."""
        with self._connection:
            for _, chunks in transcripts:
                self._connection.executemany("INSERT INTO chunks VALUES (?, ?)", chunks)

    def search(self, query: str, limit: int) -> list[str]:
        """Return the ids of the best chunks, best first."""
        words = " OR ".join(f'"{word}"' for word in content_words(query))
        found = "SELECT id FROM chunks WHERE chunks MATCH ? ORDER BY bm25(chunks) LIMIT ?"
        return [row[0] for row in self._connection.execute(found, (words, limit))] if words else []

    def close(self) -> None:
        """Release files."""
        self._connection.close()


class Bm25s:
    """bm25s with Snowball stems; it has no way to add, so an update scores and saves everything again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stemmer = Stemmer.Stemmer("english")
        self._ids: list[str] = []
        self._texts: list[str] = []
        if (folder / "chunks.json").exists():
            for i, text in json.loads((folder / "chunks.json").read_text(encoding="utf-8")):
                self._ids.append(i)
                self._texts.append(text)
            self._index: Any = bm25s.BM25.load(folder / "index", mmap=True)

    def add(self, transcripts: Sequence[Transcript]) -> None:
        """Add transcripts, durably and so that they are found when this returns."""
        for _, chunks in transcripts:
            self._ids += [i for i, _ in chunks]
            self._texts += [text for _, text in chunks]
        self._index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        self._index.index(self._tokens(self._texts), show_progress=False)
        self._folder.mkdir(exist_ok=True)
        beside = self._folder / "chunks.new"
        beside.write_text(json.dumps(list(zip(self._ids, self._texts, strict=True))), encoding="utf-8")
        beside.replace(self._folder / "chunks.json")
        self._index.save(self._folder / "index", show_progress=False)

    def search(self, query: str, limit: int) -> list[str]:
        """Return the ids of the best chunks, best first."""
        tokens = self._tokens([" ".join(content_words(query))])
        places, scores = self._index.retrieve(tokens, k=min(limit, len(self._ids)), show_progress=False)
        return [self._ids[p] for p, s in zip(places[0], scores[0], strict=True) if s > 0]

    def close(self) -> None:
        """Release files."""

    def _tokens(self, texts: list[str]) -> Any:
        return bm25s.tokenize(texts, stopwords=sorted(STOP_WORDS), stemmer=self._stemmer, show_progress=False)


class Tantivy:
    """tantivy with its English stemmer, any word of the query."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("id", stored=True, tokenizer_name="raw")
        schema.add_text_field("text", stored=False, tokenizer_name="en_stem")
        self._index = tantivy.Index(schema.build(), path=str(folder))

    def add(self, transcripts: Sequence[Transcript]) -> None:
        """Add transcripts, durably and so that they are found when this returns."""
        writer = self._index.writer(heap_size=100_000_000, num_threads=1)
        for _, chunks in transcripts:
            for i, text in chunks:
                writer.add_document(tantivy.Document(id=[i], text=[text]))
        writer.commit()
        # Waiting lets go of the writer's lock.
        writer.wait_merging_threads()
        self._index.reload()

    def search(self, query: str, limit: int) -> list[str]:
        """Return the ids of the best chunks, best first."""
        words = " ".join(content_words(query))
        if not words:
            return []
        searcher = self._index.searcher()
        hits = searcher.search(self._index.parse_query(words, ["text"]), limit).hits
        return [searcher.doc(address)["id"][0] for _, address in hits]

    def close(self) -> None:
        """Release files."""


ENGINES: dict[str, Callable[[Path], LexicalEngine]] = {
    "SQLite FTS5": Fts5,
    "bm25s": Bm25s,
    "tantivy": Tantivy,
    "Turnwise segments": Turnwise,
}


def folder_size_mb(folder: Path) -> float:
    """Return how much room a folder takes, in megabytes."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6


def emptied(folder: Path) -> Path:
    """Return a folder path at which nothing is."""
    shutil.rmtree(folder, ignore_errors=True)
    return folder
