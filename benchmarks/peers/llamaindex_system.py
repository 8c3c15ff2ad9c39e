"""LlamaIndex: SentenceSplitter, VectorStoreIndex and BM25Retriever, fused by QueryFusionRetriever.

After LlamaIndex's page "Reciprocal Rerank Fusion Retriever" (chunks of 256 tokens, which the model can read; the
library's DEFAULT_CHUNK_OVERLAP; `num_queries=1`, since no language model is there to write further queries). Metadata
is embedded with the text, as the library does unless told not to.
"""

import logging
from pathlib import Path
from typing import Any

from llama_index.core import Document, Settings, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.constants import DEFAULT_CHUNK_OVERLAP
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import MetadataMode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever

from benchmarks.peers.adapter import TOP_K, Passage, documents, model_folder, run

CHUNK_TOKENS = 256


class LlamaIndexSystem:
    """Two retrievers, reciprocal rank fusion."""

    def __init__(self) -> None:
        logging.getLogger("llama_index").setLevel(logging.ERROR)
        Settings.embed_model = HuggingFaceEmbedding(model_name=model_folder())
        Settings.llm = MockLLM()
        self._retriever: QueryFusionRetriever | None = None

    def ingest(self, transcripts: Path, folder: Path) -> dict[str, Any]:
        """Split, embed, index both ways, save both."""
        read = [
            Document(
                text=document.text,
                metadata={"title": document.title, "source": document.id},
                excluded_embed_metadata_keys=["source"],
            )
            for document in documents(transcripts)
        ]
        splitter = SentenceSplitter(chunk_size=CHUNK_TOKENS, chunk_overlap=DEFAULT_CHUNK_OVERLAP)
        index = VectorStoreIndex.from_documents(read, transformations=[splitter])
        index.storage_context.persist(str(folder / "index"))
        nodes = list(index.docstore.docs.values())
        BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=TOP_K).persist(str(folder / "bm25"))
        return {"chunks": len(nodes)}

    def open(self, folder: Path) -> None:
        """Load both indexes and join them."""
        storage = StorageContext.from_defaults(persist_dir=str(folder / "index"))
        dense = load_index_from_storage(storage).as_retriever(similarity_top_k=TOP_K)
        lexical = BM25Retriever.from_persist_dir(str(folder / "bm25"))
        lexical.similarity_top_k = min(TOP_K, len(lexical.corpus))
        self._retriever = QueryFusionRetriever(
            [dense, lexical], similarity_top_k=TOP_K, num_queries=1, mode="reciprocal_rerank", use_async=False
        )

    def search(self, query: str) -> list[Passage]:
        """Retrieve."""
        assert self._retriever is not None, "open first"
        return [
            Passage(source=found.node.metadata["source"], text=found.node.get_content(MetadataMode.NONE))
            for found in self._retriever.retrieve(query)
        ]


if __name__ == "__main__":
    run(LlamaIndexSystem())
