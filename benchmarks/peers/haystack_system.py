"""Haystack: DocumentSplitter, in-memory store, BM25 and embedding retrievers, joined by DocumentJoiner.

After Haystack's tutorial "Creating a Hybrid Retrieval Pipeline", which says to set `split_length` by what the model
reads (200 words are DocumentSplitter's default and about what all-MiniLM-L6-v2 takes in), and its guide on embedding
metadata (`meta_fields_to_embed`). The tutorial's cross-encoder is left out: nobody here has one.
"""

from pathlib import Path
from typing import Any

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from benchmarks.peers.adapter import TOP_K, Passage, documents, model_folder, run

SPLIT_WORDS = 200
OVERLAP_WORDS = 20
STORE = "store.json"


class HaystackSystem:
    """Two retrievers, reciprocal rank fusion."""

    def __init__(self) -> None:
        self._pipeline: Pipeline | None = None

    def ingest(self, transcripts: Path, folder: Path) -> dict[str, Any]:
        """Split, embed, write, save."""
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        pipeline = Pipeline()
        pipeline.add_component(
            "splitter", DocumentSplitter(split_by="word", split_length=SPLIT_WORDS, split_overlap=OVERLAP_WORDS)
        )
        pipeline.add_component(
            "embedder",
            SentenceTransformersDocumentEmbedder(
                model=model_folder(), meta_fields_to_embed=["title"], progress_bar=False
            ),
        )
        pipeline.add_component("writer", DocumentWriter(store))
        pipeline.connect("splitter", "embedder")
        pipeline.connect("embedder", "writer")
        read = [
            Document(content=document.text, meta={"title": document.title, "source": document.id})
            for document in documents(transcripts)
        ]
        pipeline.run({"splitter": {"documents": read}})
        folder.mkdir(parents=True, exist_ok=True)
        store.save_to_disk(str(folder / STORE))
        return {"chunks": store.count_documents()}

    def open(self, folder: Path) -> None:
        """Load the store and connect the retrievers."""
        store = InMemoryDocumentStore.load_from_disk(str(folder / STORE))
        pipeline = Pipeline()
        pipeline.add_component("embedder", SentenceTransformersTextEmbedder(model=model_folder(), progress_bar=False))
        pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=TOP_K))
        pipeline.add_component("lexical", InMemoryBM25Retriever(store, top_k=TOP_K))
        pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=TOP_K))
        pipeline.connect("embedder.embedding", "dense.query_embedding")
        pipeline.connect("lexical", "joiner")
        pipeline.connect("dense", "joiner")
        self._pipeline = pipeline

    def search(self, query: str) -> list[Passage]:
        """Retrieve."""
        assert self._pipeline is not None, "open first"
        result = self._pipeline.run({"embedder": {"text": query}, "lexical": {"query": query}})
        found = result["joiner"]["documents"]
        return [Passage(source=document.meta["source"], text=document.content) for document in found]


if __name__ == "__main__":
    run(HaystackSystem())
