"""LangChain: RecursiveCharacterTextSplitter, FAISS and BM25Retriever, joined by EnsembleRetriever.

After LangChain's pages on retrieval-augmented generation (chunks of 1,000 characters, overlap 200) and on the ensemble
retriever (equal weights). BM25Retriever can't be saved: it is built anew from the documents that FAISS keeps, as part
of the start.
"""

from pathlib import Path
from typing import Any

from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from benchmarks.peers.adapter import TOP_K, Passage, documents, model_folder, run

CHUNK_CHARACTERS = 1000
OVERLAP_CHARACTERS = 200


class LangChainSystem:
    """Two retrievers, weighted reciprocal rank fusion."""

    def __init__(self) -> None:
        self._embeddings = HuggingFaceEmbeddings(model_name=model_folder())
        self._retriever: EnsembleRetriever | None = None

    def ingest(self, transcripts: Path, folder: Path) -> dict[str, Any]:
        """Split, embed, save."""
        read = [
            Document(page_content=document.text, metadata={"title": document.title, "source": document.id})
            for document in documents(transcripts)
        ]
        splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_CHARACTERS, chunk_overlap=OVERLAP_CHARACTERS)
        chunks = splitter.split_documents(read)
        FAISS.from_documents(chunks, self._embeddings).save_local(str(folder))
        return {"chunks": len(chunks)}

    def open(self, folder: Path) -> None:
        """Load the vectors, build BM25, join them."""
        # FAISS keeps its documents as a pickle; this one was written by the line above.
        store = FAISS.load_local(str(folder), self._embeddings, allow_dangerous_deserialization=True)
        kept = [store.docstore.search(key) for key in store.index_to_docstore_id.values()]
        lexical = BM25Retriever.from_documents(kept, k=TOP_K)
        dense = store.as_retriever(search_kwargs={"k": TOP_K})
        self._retriever = EnsembleRetriever(retrievers=[lexical, dense], weights=[0.5, 0.5])

    def search(self, query: str) -> list[Passage]:
        """Retrieve."""
        assert self._retriever is not None, "open first"
        found = self._retriever.invoke(query)
        return [Passage(source=document.metadata["source"], text=document.page_content) for document in found]


if __name__ == "__main__":
    run(LangChainSystem())
