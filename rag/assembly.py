"""The one place that picks concrete classes."""

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from index.embedded import EmbeddedEngine
from rag.answering.answerer import Answerer
from rag.embedding import Embedder, SentenceTransformerEmbedder
from rag.ingestion import Ingestion
from rag.library import Library
from rag.retrieval.reranking import FeatureReranker
from rag.retrieval.retriever import Retriever
from rag.settings import Settings
from rag.storage import engine_errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnwise:
    """The assembled product. Close it, or use it as a context manager."""

    settings: Settings
    engine: EmbeddedEngine
    embedder: Embedder
    library: Library
    ingestion: Ingestion
    retriever: Retriever
    answerer: Answerer

    def warm(self) -> None:
        """Load the model and the index, so that the first question is answered as fast as the next."""
        self.retriever.search("warm up", top_k=1)

    def close(self) -> None:
        """Release files and connections."""
        self.engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_turnwise(settings: Settings, *, read_only: bool = False) -> Turnwise:
    """Open the data folder that the settings name; writers make it where it is absent.

    Raises:
        IndexUnavailableError: The index is missing (read only), locked, damaged or of another model.
        ModelError: The model is absent.
    """
    embedder = SentenceTransformerEmbedder(settings.model, threads=settings.threads)
    with engine_errors():
        engine = EmbeddedEngine(
            settings.home,
            dimension=embedder.dimension,
            model=embedder.name,
            lock_timeout_s=settings.lock_timeout_s,
            read_only=read_only,
        )
    library = Library(engine)
    retriever = Retriever(engine=engine, embedder=embedder, library=library, reranker=FeatureReranker())
    return Turnwise(
        settings=settings,
        engine=engine,
        embedder=embedder,
        library=library,
        ingestion=Ingestion(engine=engine, embedder=embedder, max_tokens=settings.chunk_tokens),
        retriever=retriever,
        answerer=Answerer(retriever=retriever, library=library),
    )
