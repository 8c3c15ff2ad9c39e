"""The one place that picks concrete classes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

from index.embedded import EmbeddedEngine
from index.errors import SearchEngineError
from index.milvus.connection import MilvusAddress
from index.milvus.engine import MilvusEngine
from index.protocols import SearchEngine
from rag.embedding import Embedder, open_embedder
from rag.embedding.distributed import distributed
from rag.errors import SettingsError
from rag.ingestion import Ingestion
from rag.library import Library
from rag.mishearing.finding import MisheardNames
from rag.mishearing.glossaries import Glossaries
from rag.mishearing.glossary import well_known
from rag.mishearing.misspelling import Misspellings
from rag.mishearing.suggesting import Suggesting
from rag.mishearing.vocabulary import Vocabularies
from rag.quoting.checker import QuoteChecker
from rag.reading import Reader, open_reader
from rag.restriction import RestrictedEngine, Restriction
from rag.retrieval.known_chunks import REMEMBERED_BYTES
from rag.retrieval.reranking import FeatureReranker
from rag.retrieval.retriever import Retriever
from rag.settings import EMBEDDED, Settings
from rag.storage import COLLECTION, SPEAKER, TRANSCRIPT, engine_errors

if TYPE_CHECKING:
    from rag.answering.answerer import Answerer
    from rag.answering.generation.endpoint import ChatEndpoint

REMEMBERED_BY_A_VIEW = 8 * 1024**2
"""Bytes of chunks: a server keeps up to 32 views of the product, each for some readers."""


@dataclass(frozen=True, kw_only=True)
class Turnwise:
    """The assembled product, over all that is stored or over what somebody may read of it."""

    settings: Settings
    engine: SearchEngine
    embedder: Embedder
    library: Library
    ingestion: Ingestion
    retriever: Retriever
    quotes: QuoteChecker
    language_model: "ChatEndpoint | None"
    reader: Reader | None
    glossaries: Glossaries
    names: MisheardNames
    suggesting: Suggesting

    @cached_property
    def answerer(self) -> "Answerer":
        """Return what answers questions: made when it is first asked for, since most commands don't answer any."""
        from rag.answering.answerer import Answerer  # noqa: PLC0415 - a third of a short command's time
        from rag.answering.generation.writer import Writer  # noqa: PLC0415

        return Answerer(
            retriever=self.retriever,
            library=self.library,
            writer=Writer(
                generator=self.language_model,
                library=self.library,
                sentence_vectors=self.retriever.sentence_vectors,
                embed=self.retriever.embed_speech,
            ),
            reader=self.reader,
            generator=self.settings.generator,
            quotes=self.quotes,
        )

    def complete(self) -> Self:
        """Return this once all of it is made: where several threads ask, each might make an answerer of its own."""
        self.answerer  # noqa: B018
        return self

    def warm(self) -> None:
        """Load the model and the index, so that the first question is answered as fast as the next."""
        self.complete()
        if self.reader is not None:
            self.reader.prepare()
        self.retriever.search("warm up", top_k=1)
        if self.reader is not None:
            self.reader.load()
        if self.language_model is not None:
            self.language_model.prepare()

    def restricted(self, restriction: Restriction) -> "Turnwise":
        """Return the product without the collections that a restriction withholds; keep it, it has its own caches."""
        return assemble(
            self.settings,
            engine=RestrictedEngine(self.engine, restriction),
            embedder=self.embedder,
            language_model=self.language_model,
            reader=self.reader,
            remembered_bytes=REMEMBERED_BY_A_VIEW,
        ).complete()


@dataclass(frozen=True, kw_only=True)
class OpenTurnwise(Turnwise):
    """The assembled product over an open data folder. Close it, or use it as a context manager."""

    engine: EmbeddedEngine | MilvusEngine

    def close(self) -> None:
        """Release files and connections."""
        if self.language_model is not None:
            self.language_model.close()
        self.engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_turnwise(settings: Settings, *, read_only: bool = False) -> OpenTurnwise:
    """Open the data folder that the settings name; writers make it where it is absent.

    Raises:
        IndexUnavailableError: The index is missing (read only), locked, damaged or of another model.
        ModelError: The model is absent.
        SettingsError: A language model is only half set up.
    """
    language_model = language_model_of(settings)
    embedder = open_embedder(settings.model, backend=settings.embedding_backend, threads=settings.threads)
    with engine_errors():
        embedded = EmbeddedEngine(
            settings.home,
            dimension=embedder.dimension,
            model=embedder.name,
            lock_timeout_s=settings.lock_timeout_s,
            read_only=read_only,
            database=settings.database.get_secret_value() if settings.database else None,
            vector_index=settings.vector_index,
        )
        engine: EmbeddedEngine | MilvusEngine = embedded
        if settings.engine != EMBEDDED:
            engine = _with_milvus(embedded, settings, dimension=embedder.dimension, read_only=read_only)
    reader = open_reader(embedder, threads=settings.threads) if settings.reader == "auto" else None
    made = assemble(settings, engine=engine, embedder=embedder, language_model=language_model, reader=reader)
    parts = {part.name: getattr(made, part.name) for part in fields(made)}
    return OpenTurnwise(**{**parts, "engine": engine})


def _with_milvus(embedded: EmbeddedEngine, settings: Settings, *, dimension: int, read_only: bool) -> MilvusEngine:
    token = settings.engine_token
    address = MilvusAddress(
        uri=settings.engine, token=token.get_secret_value() if token else None, ca_file=settings.engine_ca_file
    )
    try:
        return MilvusEngine(
            embedded,
            address,
            dimension=dimension,
            fields=(SPEAKER, TRANSCRIPT, COLLECTION),
            collection=settings.engine_collection,
            replicas=settings.engine_replicas,
            timeout_s=settings.engine_timeout_s,
            read_only=read_only,
        )
    except SearchEngineError:
        embedded.close()
        raise


def assemble(
    settings: Settings,
    *,
    engine: SearchEngine,
    embedder: Embedder,
    language_model: "ChatEndpoint | None",
    reader: Reader | None,
    remembered_bytes: int = REMEMBERED_BYTES,
) -> Turnwise:
    """Build the product over an engine."""
    library = Library(engine)
    glossaries, vocabularies = Glossaries(engine, settings.home, well_known=well_known()), Vocabularies(engine)
    names = MisheardNames(engine=engine, glossaries=glossaries, vocabularies=vocabularies)
    retriever = Retriever(
        engine=engine,
        embedder=embedder,
        library=library,
        reranker=FeatureReranker(),
        names=names,
        spelling=Misspellings(vocabularies=vocabularies, glossaries=glossaries),
        remembered_bytes=remembered_bytes,
    )
    return Turnwise(
        settings=settings,
        engine=engine,
        embedder=embedder,
        library=library,
        ingestion=Ingestion(
            engine=engine,
            embedder=embedder,
            max_tokens=settings.chunk_tokens,
            glossaries=glossaries,
            home=settings.home,
        ),
        retriever=retriever,
        quotes=QuoteChecker(engine=engine, library=library),
        language_model=language_model,
        reader=reader,
        glossaries=glossaries,
        names=names,
        suggesting=Suggesting(engine=engine, library=library, glossaries=glossaries, vocabularies=vocabularies),
    )


@contextmanager
def ingestion_on_workers(turnwise: Turnwise, address: str) -> Iterator[Ingestion]:
    """Connect to a Ray cluster and yield what adds to the index with vectors that its workers make.

    Raises:
        InputError: The address has none of the known forms.
        WorkersError: The cluster can't be used, or a worker has another Python, Turnwise or model.
    """
    with distributed(turnwise.embedder, address) as embedder:
        yield Ingestion(
            engine=turnwise.engine,
            embedder=embedder,
            max_tokens=turnwise.settings.chunk_tokens,
            glossaries=turnwise.glossaries,
            home=turnwise.settings.home,
            at_once=embedder.at_once,
            elsewhere=True,
        )


def language_model_of(settings: Settings) -> "ChatEndpoint | None":
    """Return the endpoint that the settings name, not yet connected to, or None.

    Raises:
        SettingsError: An address without a model's name, or the reverse.
    """
    if settings.llm_base_url is None and settings.llm_model is None:
        return None
    if settings.llm_base_url is None or settings.llm_model is None:
        missing = "TURNWISE_LLM_BASE_URL" if settings.llm_base_url is None else "TURNWISE_LLM_MODEL"
        raise SettingsError(f"A language model needs an address and a name: {missing} is not set.")
    from rag.answering.generation.endpoint import ChatEndpoint  # noqa: PLC0415 - as the answerer

    return ChatEndpoint(
        base_url=settings.llm_base_url,
        model=settings.llm_model,
        api_key=settings.llm_api_key,
        context_tokens=settings.llm_context_tokens,
        answer_tokens=settings.llm_answer_tokens,
        connect_timeout_s=settings.llm_connect_timeout_s,
        first_token_timeout_s=settings.llm_first_token_timeout_s,
        timeout_s=settings.llm_timeout_s,
    )
